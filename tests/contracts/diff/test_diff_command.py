"""``docdouble diff``, the whole of it, over pages in real repositories."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from docdouble.contracts.cli.main import main
from docdouble.contracts.coverage.use import How, Use, UsedFact, UsedOperation
from docdouble.schemas.contract.facts import FactKind

Git = Callable[..., str]
GET, CREATE, LIST = (f"v1ContactEntity_{name}.md" for name in ("Get", "Create", "List"))
ALL = "git:main:docs"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["diff", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*arguments: str) -> str:
    """The last line that a comparison which can't be made prints."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.strip().splitlines()[-1].removeprefix("docdouble: ")


def edit(folder: Path, pages: str, *edits: tuple[str, str]) -> None:
    """Replace text in pages, and see that there was any."""
    for old, new in edits:
        matching = [path for path in folder.glob(pages) if old in path.read_text(encoding="utf-8")]
        assert matching
        for path in matching:
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def changed(project: Path) -> Path:
    """In the working tree: another type, a property that is gone, a new required parameter."""
    docs = project / "docs"
    edit(docs, "*.md", ("| ContactId | int32 |", "| ContactId | string |"), ('"ContactId": 31', '"ContactId": "31"'))
    edit(docs, "*.md", ("| Business | string | What it deals in |\n", ""), ('  "Business": "Food",\n', ""))
    edit(docs, LIST, ("| $select |", "| tenant | string | Whose **Required** |\n| $select |"))
    return project


def test_the_usual_call(changed: Path) -> None:
    result = run(ALL, "docs")
    assert (result.exit_code, result.stderr) == (1, "")
    headlines = [line for line in result.stdout.splitlines() if line[0] != " "]
    assert headlines == [
        "breaking: response-property-removed, 3 operations",
        "breaking: response-type-changed, 3 operations",
        "breaking: required-parameter-added, GET /api/v1/Contact",
        "breaking: request-type-changed, POST /api/v1/Contact",
        "risky: request-property-removed, POST /api/v1/Contact",
        "4 breaking, 1 risky, 0 safe changes from git:main:docs to docs",
        "failed: 4 breaking changes",
    ]
    assert "  old       v1ContactEntity_Create.md:28: | ContactId | int32 | Primary key |\n" in result.stdout
    assert "  new       v1ContactEntity_Create.md:28: | ContactId | string | Primary key |\n" in result.stdout


def test_nothing_changed(project: Path) -> None:
    result = run(ALL, "docs")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ["no changes from git:main:docs to docs", "passed: no breaking change"],
    )
    assert run(ALL, "docs", "--quiet").output == ""


@pytest.mark.parametrize(("old", "new"), [("git:HEAD~1:docs", "git:HEAD:docs"), ("git:v1:./docs", "git:main:docs/")])
def test_two_revisions(old: str, new: str, git: Git, changed: Path) -> None:
    git("tag", "v1")
    git("commit", "-q", "-a", "-m", "changed")
    result = run(old, new)
    assert result.exit_code == 1
    assert f"4 breaking, 1 risky, 0 safe changes from {old} to {new}" in result.stdout


def test_pages_documents_and_folders_can_be_compared_with_each_other(git: Git, project: Path) -> None:
    assert CliRunner().invoke(main, ["extract", "docs", "-o", "api.json"]).exit_code == 0
    git("add", ".")
    git("commit", "-q", "-m", "contract")
    assert "no changes" in run("git:HEAD:api.json", "docs").stdout
    assert "no changes" in run(f"{ALL}/{GET}", f"docs/{GET}").stdout
    assert "4 safe" in run(f"docs/{GET}", "docs", "--only", "id:*").stdout.replace(" changes", "")


def test_files_are_named_from_the_top_of_the_repository(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(changed / "docs")
    (log,) = json.loads(run("git:main:./", ".", "--format", "sarif").stdout)["runs"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["results"]}
    assert uris == {f"docs/{CREATE}", f"docs/{LIST}"}
    assert f"::error file=docs/{LIST},line=18,title=" in run("git:main:./", ".", "--format", "github").stdout


@pytest.mark.parametrize("form", ["text", "json", "markdown", "sarif", "github"])
def test_each_format_goes_to_a_file_and_the_counts_to_stdout(form: str, changed: Path) -> None:
    direct = run(ALL, "docs", "--format", form).stdout
    result = run(ALL, "docs", "--format", form, "-o", "out.txt")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "4 breaking, 1 risky, 0 safe changes from git:main:docs to docs",
        "failed: 4 breaking changes",
    ]
    assert (changed / "out.txt").read_text(encoding="utf-8") == direct
    assert run(ALL, "docs", "--format", form, "-o", "out.txt", "-q").output == ""


@pytest.mark.parametrize(
    ("fail_on", "risky", "safe"), [("breaking", 0, 0), ("risky", 1, 0), ("safe", 1, 1), ("never", 0, 0)]
)
def test_exit_codes(fail_on: str, risky: int, safe: int, project: Path) -> None:
    edit(project / "docs", LIST, ("| $select |", "| tenant | string | Whose |\n| $select |"))
    assert run("docs", ALL, "--fail-on", fail_on).exit_code == risky
    assert run(ALL, "docs", "--fail-on", fail_on).exit_code == safe
    assert run(ALL, ALL, "--fail-on", fail_on).exit_code == 0


def test_quiet_tells_only_what_fails(changed: Path) -> None:
    output = run(ALL, "docs", "--quiet").stdout
    assert "breaking: " in output
    assert "risky: " not in output
    assert run("git:HEAD:docs", ALL, "--quiet").output == ""


def test_only_and_skip_mean_operations_of_either_side(changed: Path) -> None:
    (changed / "docs" / "v1ContactEntity_Delete.md").unlink()
    assert "operation-removed" in run(ALL, "docs", "--only", "v1ContactEntity_Delete").stdout
    assert "operation-added" in run("docs", ALL, "--only", "DELETE /api/v1/Contact/{id}", "--all").stdout
    assert "operation-removed" not in run(ALL, "docs", "--skip", "*Delete").stdout
    assert refused(ALL, "docs", "--only", "Patsh") == "operation: 'Patsh' is not documented; did you mean 'Patch'?"


def test_a_resource_can_be_selected(changed: Path) -> None:
    assert "4 breaking" in run(ALL, "docs", "--only", "resource:*").stdout


def test_what_the_project_says_of_resources_need_not_fit_both_sides(changed: Path) -> None:
    (changed / "docdouble.toml").write_text('[resources.contact]\ndelete = ["v1ContactEntity_Delete"]\n')
    (changed / "docs" / "v1ContactEntity_Delete.md").unlink()
    assert "operation-removed" in run(ALL, "docs").stdout


# --- pages that can't be read ---------------------------------------------------------------------------------------


def test_what_can_not_be_read_is_not_gone(changed: Path) -> None:
    (changed / "docs" / "v1ContactEntity_Delete.md").write_bytes(b"\xff")
    result = run(ALL, "docs", "--only", "*Delete")
    assert result.stderr == "docdouble: docs: v1ContactEntity_Delete.md:1: byte 0xff is no UTF-8 text\n"
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == (
        "not compared: 1 operation whose page can't be read: DELETE /api/v1/Contact/{id}"
    )
    assert "operation-added" not in run("docs", ALL, "--all").stdout


def test_pages_without_an_operation_are_named_with_their_side(project: Path) -> None:
    (project / "docs" / "index.md").write_text("# Index\n")
    assert run(ALL, "docs").stderr == "docdouble: docs: 1 page without an operation: index.md\n"
    assert run(ALL, "docs", "-q").stderr == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("git:mian:docs", "docs", "git:mian:docs: 'mian' is not a revision of this repository; did you mean 'main'?"),
        (
            ALL,
            "dosc",
            "source: 'dosc' is not a page, a folder, an OpenAPI file, a shipped contract or git:REVISION:PATH",
        ),
        ("main:docs", "docs", "source: 'main:docs' is not a page, "),
        ("git:main:", "git:main:empty.md", "git:main:empty.md: 'empty.md' is not in the top folder of that revision"),
    ],
)
def test_sources_that_are_none(old: str, new: str, message: str, project: Path) -> None:
    assert refused(old, new).startswith(message)


def test_a_revision_without_its_prefix(project: Path) -> None:
    assert refused("main:docs", "docs").endswith("; did you mean 'git:main:docs'?")


def test_errors_in_a_revision_name_it_and_not_the_temporary_folder(git: Git, project: Path) -> None:
    (project / "bad").mkdir()
    (project / "bad" / "page.md").write_bytes(b"\xff")
    (project / "bad" / "api.json").write_text('{"openapi": "3.1.0", "paths": []}')
    git("add", ".")
    git("commit", "-q", "-m", "bad")
    for path in ("bad", "bad/page.md", "bad/api.json"):
        message = refused(f"git:main:{path}", "docs")
        assert message.startswith(f"git:main:{path}")
        assert "/tmp" not in message


def test_the_file_to_write_is_checked_first(project: Path) -> None:
    assert refused("nowhere", "docs", "-o", "no/out.txt").startswith("--output: 'no/out.txt' is not a file in a folder")


# --- what a consumer uses -------------------------------------------------------------------------------------------


@pytest.fixture
def used(changed: Path) -> str:
    """The consumer reads one name of a contact, and lists contacts."""
    tests = frozenset({f"tests/test_book.py::test_{name}" for name in "abcdefg"})

    def touched(label: str, *facts: tuple[FactKind, str, How]) -> UsedOperation:
        known = {(FactKind.OPERATION, ""): UsedFact(How.SENT, tests)}
        return UsedOperation(label, 1, 9, known | {(part, name): UsedFact(how, tests) for part, name, how in facts})

    operations = {
        "v1ContactEntity_Get": touched(
            "GET /api/v1/Contact/{id}",
            (FactKind.RESPONSE, "200/ContactId", How.RECEIVED),
            (FactKind.RESPONSE, "200/Business", How.READ),
        ),
        "v1ContactEntity_List": touched("GET /api/v1/Contact"),
    }
    (changed / "coverage.json").write_text(json.dumps(Use("docs", operations).as_dict()), encoding="utf-8")
    return "coverage.json"


def test_only_what_is_used_is_kept_and_its_tests_are_named(used: str) -> None:
    result = run(ALL, "docs", "--used", used)
    tests = ", ".join(f"tests/test_book.py::test_{name}" for name in "abcde")
    assert result.exit_code == 1
    assert [re.sub(r" +", " ", line) for line in result.stdout.splitlines() if "by " in line or line[0] != " "] == [
        "breaking: required-parameter-added, GET /api/v1/Contact",
        f" called by {tests} and 2 more",
        "breaking: response-property-removed, GET /api/v1/Contact/{id}",
        f" read by {tests} and 2 more",
        "left out: 3 changes of what coverage.json doesn't touch",
        "2 breaking, 0 risky, 0 safe changes of what coverage.json touches from git:main:docs to docs",
        "failed: 2 breaking changes",
    ]


def test_json_names_all_tests(used: str) -> None:
    report: Any = json.loads(run(ALL, "docs", "--used", used, "--format", "json").stdout)
    assert [len(change["tests"]) for change in report["changes"]] == [7, 7]
    assert [change["in"][0]["how"] for change in report["changes"]] == ["called", "read"]


def test_what_nobody_uses_does_not_fail(used: str) -> None:
    result = run(ALL, "docs", "--used", used, "--only", "v1ContactEntity_Create")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "passed: no breaking change")


def test_where_no_reads_were_noted_the_output_says_so(used: str, changed: Path) -> None:
    text = (changed / used).read_text().replace('"read"', '"came"')
    (changed / used).write_text(text)
    result = run(ALL, "docs", "--used", used).stdout
    assert result.count(" and 2 more (nothing of these responses was seen being read)") == 2
    assert "  seen by   tests/" in result
    comment = run(ALL, "docs", "--used", used, "--format", "markdown").stdout
    assert "  - seen by `tests/" in comment
    assert comment.count(" and 2 more (nothing of these responses was seen being read)\n") == 2


def test_operations_that_are_not_in_the_old_contract_are_reported(used: str, changed: Path) -> None:
    text = (changed / used).read_text().replace("v1ContactEntity_List", "x").replace('GET /api/v1/Contact"', 'GET /x"')
    (changed / used).write_text(text)
    assert run(ALL, "docs", "--used", used).stderr == (
        "docdouble: coverage.json: 1 operation not in the old contract: GET /x\n"
    )


@pytest.mark.parametrize("content", ["no json", "{}", '{"docdouble": "use", "version": 7}'])
def test_a_coverage_file_that_is_none(content: str, project: Path) -> None:
    (project / "c.json").write_text(content)
    assert "c.json" in refused(ALL, "docs", "--used", "c.json")


def test_two_revisions_of_a_request_file(git: Git, project: Path) -> None:
    (project / "calls.http").write_text("GET https://a.test/boats\n###\nGET https://a.test/ports\n")
    git("add", ".")
    git("commit", "-q", "-m", "calls")
    (project / "calls.http").write_text("GET https://a.test/boats\n")
    result = run("git:main:calls.http", "calls.http")
    assert "GET /ports" in result.stdout
