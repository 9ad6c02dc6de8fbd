"""``docdouble init`` in projects of several kinds."""

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from docdouble.contracts.cli.main import main
from docdouble.contracts.cli.scaffold.templates import TEMPLATES
from docdouble.contracts.config.config import project_config

HERE = Path(__file__).parents[3] / "fakeserver"

pytest_plugins = ["pytester"]


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pytester.path / ".cache"))
    return pytester.path


def with_document(project: Path, name: str = "openapi.yaml") -> None:
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "hotel.yaml", project / name)


def with_pages(project: Path) -> None:
    shutil.copytree(HERE / "contact", project / "docs" / "reference")
    (project / "README.md").write_text("# A project\n")


@pytest.mark.parametrize(
    ("make", "source", "test"),
    [
        (with_document, "openapi.yaml", "tests/test_hotel_desk_contract.py"),
        (with_pages, "docs/reference", "tests/test_superoffice_contract.py"),
        (lambda _: None, "superoffice", "tests/test_superoffice_contract.py"),
    ],
)
def test_the_first_test_passes(make, source: str, test: str, project: Path, pytester: pytest.Pytester) -> None:  # type: ignore[no-untyped-def]
    make(project)
    result = init()
    assert result.exit_code == 0, result.output
    assert f"source  {source}," in result.stdout
    assert f"wrote   docdouble.toml\nwrote   {test}\nnext    pytest {test}\n" in result.stdout
    assert project_config(Path()).source == source
    pytester.runpytest_inprocess(test, "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_nothing_is_overwritten(project: Path) -> None:
    with_document(project)
    (project / "test").mkdir()
    (project / "test" / "test_hotel_desk_contract.py").write_text("# mine\n")
    result = init("--with", "docker")
    assert "kept    test/test_hotel_desk_contract.py, which is there; this would have been written:\n" in result.stdout
    assert "        def test_room_list(fake_client):" in result.stdout
    assert "wrote   Dockerfile" in result.stdout
    assert (project / "test" / "test_hotel_desk_contract.py").read_text() == "# mine\n"
    assert not [line for line in init("--with", "docker").stdout.splitlines() if line.startswith("wrote")]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("docdouble.toml", 'source = "api/hotel.yaml"\n'),
        ("pyproject.toml", '[tool.docdouble]\nsource = "api/hotel.yaml"\n'),
    ],
)
def test_a_project_that_is_configured_stays_so(file: str, text: str, project: Path) -> None:
    with_document(project, "api/hotel.yaml")
    (project / file).write_text(text)
    result = init("--with", "docker")
    assert "source  api/hotel.yaml, 31 operations: as it is configured" in result.stdout
    assert (project / "docdouble.toml").exists() == (file == "docdouble.toml")
    assert f'COPY ["{file}", "./"]' in (project / "Dockerfile").read_text()


def test_what_stands_among_the_tests_is_taken_last(project: Path) -> None:
    with_document(project, "tests/fixtures/spec.yml")
    with_document(project, "src/deep/hotel.yml")
    (project / "broken.json").write_text('{"openapi": "3.1.0", "paths": 7}')
    result = init()
    assert "source  src/deep/hotel.yml, 31 operations\n        or tests/fixtures/spec.yml" in result.stdout
    assert "docdouble: passed over broken.json: broken.json" in result.stderr


def test_what_is_installed_or_ignored_is_not_looked_at(project: Path) -> None:
    with_document(project, "node_modules/thing/openapi.yaml")
    with_document(project, ".hidden/openapi.yaml")
    assert "source  superoffice, 1 operation: found no documentation here" in init().stdout


def test_files_that_are_no_text_are_passed_over(project: Path) -> None:
    (project / "a.yaml").write_bytes(b"openapi: 3.1.0\n\xff\xfe")
    (project / "b.md").write_bytes(b"\xff\n```http\n\xfe")
    result = init()
    assert result.exit_code == 0
    assert "passed over a.yaml: a.yaml:2: byte 0xff is no UTF-8 text" in result.stderr


def test_links_are_not_followed_out_of_the_folder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with_document(elsewhere, "openapi.yaml")
    (project / "openapi.yaml").symlink_to(elsewhere / "openapi.yaml")
    (project / "tests").symlink_to(elsewhere)
    result = init()
    assert result.exit_code == 2
    assert "a link leads out of it" in result.stderr
    assert os.listdir(elsewhere) == ["openapi.yaml"]


def test_a_folder_that_is_none(project: Path) -> None:
    result = init("nowhere")
    assert (result.exit_code, result.stderr) == (2, "docdouble: FOLDER: 'nowhere' is not a folder that is there\n")


def test_another_folder(project: Path) -> None:
    with_document(project, "sub dir/openapi.yaml")
    result = init("sub dir", "--with", "github")
    assert "next    cd 'sub dir' && pytest tests/test_hotel_desk_contract.py" in result.stdout
    assert (project / "sub dir" / "docdouble.toml").is_file()


def test_the_schema_is_printed() -> None:
    shipped = HERE.parent.parent / "contracts" / "config" / "docdouble.schema.json"
    assert init("--print-schema").stdout == shipped.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Bob's docs", 'a "b" ${HOME}', "${{ secrets.A }} [x]", "a\nb\t\x1b[31m\u202e", '"""'])
def test_a_folder_may_have_any_name(name: str, project: Path, pytester: pytest.Pytester) -> None:
    with_document(project, f"{name}/openapi.yaml")
    result = init(*(word for extra in TEMPLATES for word in ("--with", extra)))
    assert result.exit_code == 0, result.output
    source = project_config(Path()).source
    assert (project / source).exists()
    workflow = yaml.safe_load((project / ".github" / "workflows" / "contract.yml").read_text("utf-8"))
    (named,) = (step["env"]["SOURCE"] for step in workflow["jobs"]["documentation"]["steps"] if "env" in step)
    assert named.replace("${{ '${{' }}", "${{") == source
    assert "documentation" in yaml.safe_load((project / ".gitlab-ci.yml").read_text("utf-8"))
    pytester.runpytest_inprocess("tests", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_name_that_is_no_text_is_refused(project: Path) -> None:
    with_document(project, os.fsdecode(b"d\xff") + "/openapi.yaml")
    result = init()
    assert result.exit_code == 2
    assert "a name in Unicode" in result.stderr
    assert not (project / "docdouble.toml").exists()


@pytest.mark.parametrize("text", ["a\nimport os", '"""', "\\", "\x00\r", "\u2028b", "{id}\nraise SystemExit"])
def test_the_first_test_is_python_whatever_a_document_says(text: str, project: Path, pytester: pytest.Pytester) -> None:
    operation = {"operationId": text, "summary": text, "responses": {"200": {"description": text}}}
    document = {
        "openapi": "3.2.0",
        "info": {"title": text, "version": text},
        "paths": {f"/a{text}": {"get": operation}},
    }
    (project / "openapi.json").write_text(json.dumps(document))
    assert init().exit_code == 0
    (test,) = (project / "tests").iterdir()
    lines = test.read_text("utf-8").splitlines()
    assert not [line for line in lines if line and not line.startswith((" ", "def ", '"""'))]
    pytester.runpytest_inprocess("tests", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_method_of_its_own_is_called_by_name(project: Path, pytester: pytest.Pytester) -> None:
    operation = {"operationId": "look", "responses": {"200": {"description": "ok"}}}
    document = {
        "openapi": "3.2.0",
        "info": {"title": "a", "version": "1"},
        "paths": {"/a": {"additionalOperations": {"LOOK-UP": operation}}},
    }
    (project / "openapi.json").write_text(json.dumps(document))
    assert init().exit_code == 0
    pytester.runpytest_inprocess("tests", "-p", "no:cacheprovider").assert_outcomes(passed=1)
