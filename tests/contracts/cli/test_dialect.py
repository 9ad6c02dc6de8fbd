"""``docdouble dialect guess``, and what other commands say of guessed settings."""

import json
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.contracts.config.default_contract import contract_or_default

PAGE = "# Boats\n\n## Show a boat\n\n`GET /boats/{id}`\n\n## End\n\n`DELETE /boats/{id}`\n"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "boats.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "docs"


def test_a_guess_is_printed_or_written_once(pages: Path) -> None:
    printed = CliRunner().invoke(main, ["dialect", "guess", str(pages)])
    assert (printed.exit_code, printed.stdout.splitlines()[-1]) == (0, 'mark = "code" # 2 operations on 1 page')
    assert "2 operations on 1 page; 0 pages without any" in printed.stderr
    file = pages / "docdouble-dialect.toml"
    command = ["dialect", "guess", str(pages), "-o", str(file)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert file.read_text(encoding="utf-8") == printed.stdout
    again = CliRunner().invoke(main, command)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    assert CliRunner().invoke(main, [*command, "--force"]).exit_code == 0


def test_a_command_says_once_that_settings_are_guessed(pages: Path) -> None:
    notice = f"docdouble: {pages}: read by guessed settings; `docdouble dialect guess {pages} -o "
    listed = CliRunner().invoke(main, ["list", str(pages), "--no-cache"])
    assert listed.stderr.splitlines()[0].startswith(notice)
    CliRunner().invoke(main, ["dialect", "guess", str(pages), "-o", str(pages / "docdouble-dialect.toml")])
    assert CliRunner().invoke(main, ["list", str(pages), "--no-cache"]).stderr == ""


def test_the_command_that_is_named_for_a_single_page_writes_its_settings(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pages)
    for page in ("boats.md", str(pages / "boats.md")):
        named = CliRunner().invoke(main, ["list", page, "--no-cache"]).stderr.split("`")[1]
        assert CliRunner().invoke(main, named.split()[1:]).exit_code == 0
        assert CliRunner().invoke(main, ["list", page, "--no-cache"]).stderr == ""
        (pages / "docdouble-dialect.toml").unlink()


def test_init_writes_the_settings_that_it_guesses(pages: Path) -> None:
    done = CliRunner().invoke(main, ["init", str(pages.parent)])
    assert done.exit_code == 0
    assert "wrote   docs/docdouble-dialect.toml" in done.stdout
    assert 'source = "docs"' in (pages.parent / "docdouble.toml").read_text(encoding="utf-8")


def test_a_folder_without_an_operation_is_refused(pages: Path) -> None:
    (pages / "boats.md").write_text("# Boats\n\nSend `GET /boats`.\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["dialect", "guess", str(pages)])
    assert refused.exit_code == 2
    assert "seen: 1 requests in running text (GET /boats, boats.md:3)" in refused.stderr
    assert f"Settings in {pages / 'docdouble-dialect.toml'} can say what an operation line looks like" in refused.stderr
    of_page = CliRunner().invoke(main, ["list", str(pages / "boats.md")]).stderr
    assert of_page.partition("Settings in ")[2] == refused.stderr.partition("Settings in ")[2] != ""


MANY = """\
# Boats

| Method | Path |
|---|---|
| GET | /boats |
| GET | /boats/{id} |
| PUT | /boats/{id} |
| GET | /forgotten/{id} |

## List boats

`GET /boats`

### Query parameters

| Name | Type | Colour |
|---|---|---|
| kind | hexagon ~ 7 | red |
| limit | integer | blue |

## Show a boat

`GET /boats/{id}`

### Response

```json
{"id": 1}
```

```json
{"id": 1, ...}
```

```json
{"id": }
```

| Metric | Effect |
|---|---|
| speed | high |

## Change a boat

`PUT /boats/{id}`

```sh
curl https://a.test/boats/1
```
"""


def test_a_check_tells_what_is_not_understood(pages: Path) -> None:
    (pages / "boats.md").write_text(MANY, encoding="utf-8")
    (pages / "words.md").write_text("# Words\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["dialect", "check", str(pages)])
    with pytest.raises(orjson.JSONDecodeError) as refused:
        orjson.loads('{"id": }')
    reason = refused.value.msg  # versions of orjson say it in different words
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{pages}: 3 operations on 1 of 2 pages, by guessed settings",
        "pages without an operation: 1",
        "  words.md",
        "pages that can't be read: 0",
        "includes that can't be followed: 0",
        "headers of tables that nothing is read of: 2",
        "  Colour: 1 table, first boats.md:16",
        "  Metric | Effect: 1 table, first boats.md:39",
        "types that mean nothing: 1",
        "  'hexagon ~ 7': 1 time, first boats.md:18",
        "parameters without a type: 1 of 4",
        "samples: 1 strict, 1 mended, 1 unreadable",
        f"  boats.md:36: sample is no JSON: {reason}",
        "operations that are only listed: 1",
        "  GET /forgotten/{id}, boats.md:8",
        "other places that look like operations, not used: 2",
        "  4 rows of tables method|path (GET /boats, boats.md:5)",
        "  1 curl commands (GET https://a.test/boats/{boat_id}, boats.md:48)",
    ]


def test_a_check_as_json_and_by_a_file(pages: Path) -> None:
    CliRunner().invoke(main, ["dialect", "guess", str(pages), "-o", str(pages / "docdouble-dialect.toml")])
    done = CliRunner().invoke(main, ["dialect", "check", str(pages), "--json"])
    check = json.loads(done.stdout)
    assert (check["settings"], check["operations"], check["pages"]) == ("docdouble-dialect.toml", 2, 1)
    assert (check["parameters"], check["untyped_parameters"]) == (2, 0)


def test_a_check_of_an_installed_dialect_is_refused(pages: Path) -> None:
    page = (
        "# A\n\n```http\nGET /a\n```\n\n## Response body: \n\n| Property Name | Type |  Description |\n|---|---|---|\n"
    )
    (pages / "boats.md").write_text(page, encoding="utf-8")
    done = CliRunner().invoke(main, ["dialect", "check", str(pages)])
    assert (done.exit_code, "without a dialect that is installed" in done.stderr) == (2, True)


SETTINGS = 'extends = "base"\ntitle = "Harbour"\n[[operation]]\nmark = "code"\n[paths]\nprefix = "/v1"\n'


@pytest.fixture
def project(pages: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = pages.parent
    (folder / "settings").mkdir()
    (folder / "settings" / "harbour.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "docdouble.toml").write_text('source = "docs"\ndialect = "settings/harbour.toml"\n', encoding="utf-8")
    (folder / "other").mkdir()
    (folder / "other" / "boats.md").write_text(PAGE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(("sources", "path"), [([], "/v1/boats"), (["docs"], "/v1/boats"), (["other"], "/boats")])
def test_settings_elsewhere_are_those_of_the_source_that_is_named_with_them(
    project: Path, sources: list[str], path: str
) -> None:
    listed = CliRunner().invoke(main, ["list", *sources])
    assert [line.split()[2] for line in listed.stdout.splitlines()] == [f"{path}/{{id}}"] * 2
    assert ("guessed settings" in listed.stderr) == (path == "/boats")


def test_settings_elsewhere_that_change_are_read_again(project: Path) -> None:
    file = project / "settings" / "harbour.toml"
    for prefix in ("/v1", "/v2"):
        file.write_text(SETTINGS.replace("/v1", prefix), encoding="utf-8")
        assert f" {prefix}/boats" in CliRunner().invoke(main, ["list"]).stdout
        assert contract_or_default(None).operations[0].path.startswith(prefix) or prefix == "/v2"


def test_settings_elsewhere_are_checked(project: Path) -> None:
    assert "by harbour.toml" in CliRunner().invoke(main, ["dialect", "check", "docs"]).stdout
    assert "by guessed settings" in CliRunner().invoke(main, ["dialect", "check", "other"]).stdout


def test_settings_that_are_not_there_are_named_with_their_line(project: Path) -> None:
    (project / "settings" / "harbour.toml").unlink()
    listed = CliRunner().invoke(main, ["list"])
    assert listed.exit_code == 2
    assert listed.stderr.startswith("docdouble: docdouble.toml:2: dialect: ")


def test_where_settings_elsewhere_are_to_be_named_is_reported(pages: Path) -> None:
    for name, is_named in (("docdouble-dialect.toml", False), ("../harbour.toml", True)):
        path = pages / name
        written = CliRunner().invoke(main, ["dialect", "guess", str(pages), "-o", str(path)])
        assert (f'dialect = "{path.as_posix()}"' in written.stderr) == is_named
        path.unlink()
