"""Every fenced block of README.md and docs/ is run, from its own text."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
import requests
import yaml

from docdouble.contracts.checks import CHECKS
from docdouble.contracts.coverage.use_recorder import served_use
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import Contract, extract
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi

from .blocks import PAGES, ROOT, Block, Command, assert_shown, blocks, commands, named
from .shell import NOT_RUN, TOKEN, Shell

CONTACT = ROOT / "tests" / "fakeserver" / "contact"
HOTEL = Path(__file__).parent / "openapi.yaml"
ASSIGN = "v1AppointmentAgent_AssignTo"
ASSIGNS = f"""
import pytest

PATH = "/api/v1/Agents/Appointment/AssignTo"
ANY = {{"Authorization": "Bearer any"}}

def test_a_refusal(fake_client):
    assert fake_client.post(PATH, json={{"AppointmentId": 7}}, headers=ANY).json["AppointmentId"] == 7
    assert fake_client.post(PATH, json={{"AppointmentId": "7"}}, headers=ANY).status_code == 400

def test_an_id(fake_client):
    assert fake_client.post(PATH, json={{"AppointmentId": 8}}, headers=ANY).status_code == 200

@pytest.mark.contract(operation="{ASSIGN}")
def test_another(fake_client):
    assert fake_client.post(PATH, json={{"AppointmentId": 9}}, headers=ANY).status_code == 200
"""
READS_BUSINESS = """
def test_the_business(fake_client):
    assert "Business" in fake_client.get("/api/v1/Contact/5", headers={"Authorization": "Bearer any"}).json
"""
MANUAL = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.sockets


@pytest.fixture(scope="session")
def reference(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The contract of the reference pages about contacts, and of those about appointments."""
    pages = shared / "corpus" / "superoffice" / "pages"
    if not pages.is_dir():
        pytest.skip("the whole reference is not beside this checkout (../shared/corpus/superoffice/pages)")
    folder = tmp_path_factory.mktemp("reference")
    for part in ("rest/Contact", "agent/Contact_Agent", "rest/Appointment"):
        for page in (pages / part).glob("v1*.md"):
            shutil.copy(page, folder)
    return extract(str(folder)).contract


@pytest.fixture
def shell(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell in an empty folder, with a fake of the shipped contract and the contact pages that isn't running yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(pytester.path / "cache"))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    with ExitStack() as fakes:
        yield Shell(pytester, monkeypatch, fakes, fake_of(extract(["superoffice", str(CONTACT)]).contract))


def fake_of(contract: Contract) -> FakeServer:
    observer = served_use(contract, source="superoffice", only=(), skip=())
    return FakeServer(contract, Settings(), token=TOKEN, observer=observer)


Run = Callable[[Block, Shell, pytest.FixtureRequest], None]


def console(block: Block, shell: Shell, request: pytest.FixtureRequest) -> None:
    prepare(block.text, shell, request)
    for command in commands(block):
        shell.run(command)
    assert shell.ran


def prepare(text: str, shell: Shell, request: pytest.FixtureRequest) -> None:
    """Make what the commands name: pages, a repository, a document, tests, an image."""
    folder = shell.pytester.path
    if "openapi.yaml" in text:
        shutil.copy(HOTEL, folder)
        shell.app = fake_of(extract(str(HOTEL)).contract)
    elif "git:" in text:
        with_repository(folder)
    elif "docdouble init" in text:
        shutil.copytree(CONTACT, folder / "docs" / "reference")
        (folder / ".github").mkdir()
    elif "docs/reference" in text:
        (folder / "docs" / "reference").mkdir(parents=True)
        page = request.getfixturevalue("shared") / "seed" / f"{ASSIGN}.md"
        shutil.copy(page, folder / "docs" / "reference")
    elif "docs/" in text:
        (folder / "docs").mkdir()
        shutil.copy(CONTACT / "v1ContactEntity_Get.md", folder / "docs")
    elif "pytest" in text:
        (folder / "tests" / "api").mkdir(parents=True)
        (folder / "tests" / "api" / "test_assign.py").write_text(ASSIGNS, encoding="utf-8")
    if "contract.json --auth" in text or "/Image" in text:
        contract = request.getfixturevalue("reference")
        (folder / "contract.json").write_bytes(contract_file_bytes(to_openapi(contract)))
        (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        shell.app = fake_of(contract)
    if "tests/fakeserver/contact" in text:
        shutil.copytree(CONTACT, folder / "tests" / "fakeserver" / "contact")


def with_repository(folder: Path) -> None:
    """Contact pages in the branch main; in the working tree, a property is gone and a parameter is new."""
    shutil.copytree(CONTACT, folder / "docs")
    shutil.copytree(CONTACT, folder / "pages")
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
    for words in (("init", "-q", "-b", "main"), ("add", "docs"), (*who, "commit", "-q", "-m", "pages")):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    change(folder / "docs")
    (folder / "docdouble.toml").write_text('source = "pages"', encoding="utf-8")
    (folder / "test_business.py").write_text(READS_BUSINESS, encoding="utf-8")


def change(docs: Path) -> None:
    for page in docs.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        text = text.replace("| Business | string | What it deals in |\n", "").replace('  "Business": "Food",\n', "")
        if "List" in page.name:
            text = text.replace("| $select |", "| tenant | string |  Whose **Required** |\n| $select |")
        page.write_text(text, encoding="utf-8")


def workflow(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    with_repository(shell.pytester.path)
    for step in yaml.safe_load(block.text):
        if "run" in step:
            shell.run(Command(re.sub(r"origin/\$\{\{.*?\}\}", "main", step["run"]), ""))


def module_of_tests(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shell.pytester.makepyfile(block.text)
    passed = block.text.count("def test_")
    shell.pytester.runpytest_inprocess().assert_outcomes(passed=passed)


def control(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    url = shell.use(shell.app)
    body, headers = {"AppointmentId": 267}, {"Authorization": "Bearer any"}
    requests.post(f"{url}/api/v1/Agents/Appointment/AssignTo", json=body, headers=headers, timeout=60)
    exec(shell.addressed(block.text).replace("TOKEN", TOKEN), {})


def changes(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    for name in ("docs-old", "docs"):
        shutil.copytree(CONTACT, shell.pytester.path / name)
    change(shell.pytester.path / "docs")
    told = StringIO()
    with redirect_stdout(told):
        exec(block.text, {})
    assert "breaking required-parameter-added v1ContactEntity_List " in told.getvalue()


def verified(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shell.run(Command(named("main").strip(), block.text))


def sampled(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    (shell.pytester.path / "docdouble.toml").write_text(named("samples"), encoding="utf-8")
    shell.run(Command("docdouble show --sampling AssignTo", block.text))


def worked_out(block: Block, shell: Shell, request: pytest.FixtureRequest) -> None:
    contract = request.getfixturevalue("reference")
    (shell.pytester.path / "contract.json").write_bytes(contract_file_bytes(to_openapi(contract)))
    shell.run(Command("docdouble list --resources contract.json", block.text))


def broken(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shell.pytester.makepyfile(named("conforms"))
    shell.monkeypatch.setenv("DOCDOUBLE_MUTANT", f"wrong-type:{ASSIGN}:/AppointmentId")
    told = shell.pytest([])
    assert_shown(block.text, re.sub(r"^E +", "", told, flags=re.MULTILINE))


def misspelled(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    for line in block.text.splitlines():
        found = re.match(r"docdouble\.toml:(\d+): verify: key: '([\w-]+)'", line)
        assert found
        text = "[verify]" + "\n" * (int(found[1]) - 1) + f"{found[2]} = 1\n"
        (shell.pytester.path / "docdouble.toml").write_text(text, encoding="utf-8")
        with pytest.raises(AssertionError, match=re.escape(line)):
            shell.docdouble(["verify"])


def elsewhere(_: Block, __: Shell, ___: pytest.FixtureRequest) -> None:
    """Run by a test of its own, below or where the comment says."""


RUN: Mapping[str, Run] = {
    # by the name in the comment above the block
    "main": elsewhere,  # with what it shows
    "main shows": verified,
    "tests": elsewhere,  # it would run all tests, this one included
    "samples show": sampled,
    "writes": elsewhere,
    "writes show": elsewhere,
    "resources show": worked_out,
    "control": control,
    "test_guests.py": elsewhere,
    "test_appointments.py": elsewhere,
    "test_worlds.py": elsewhere,
    "conforms": module_of_tests,
    "conforms shows": broken,
    "strategies": module_of_tests,
    "reading": module_of_tests,
    "diff": changes,
    "config shows": misspelled,
    # else by its language
    "console": console,
    "sh": console,
    "toml": elsewhere,  # tests/contracts/config/test_json_schema.py reads each
    "yaml": workflow,
}


@pytest.mark.parametrize("block", blocks(), ids=str)
def test_a_block_runs(block: Block, shell: Shell, request: pytest.FixtureRequest) -> None:
    run = RUN.get(block.name) or RUN.get(block.language)
    assert run, f"{block}: nothing runs this {block.language} block named {block.name!r}: add it to RUN"
    run(block, shell, request)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_block_is_overlooked(page: Path) -> None:
    fences = re.findall(r"^\s*(?:```|~~~)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert 2 * len(blocks(page)) == len(fences)


def test_every_name_is_that_of_a_block() -> None:
    assert {name for name in RUN if " " in name} <= {block.name for block in blocks()}


def test_what_is_not_run_is_there() -> None:
    assert all(re.search(rf"(?:^|\$ |/){tool} ", MANUAL, re.MULTILINE) for tool in NOT_RUN)


def test_the_test_of_the_readme_passes(pytester: pytest.Pytester) -> None:
    shutil.copy(HOTEL, pytester.path)
    (pytester.path / "docdouble.toml").write_text('source = "openapi.yaml"', encoding="utf-8")
    pytester.makepyfile(named("test_guests.py"))
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_the_pytest_examples_pass(pytester: pytest.Pytester) -> None:
    for name in ("test_appointments.py", "test_worlds.py", "superoffice.contract.toml"):
        (pytester.path / name).write_text(named(name), encoding="utf-8")
    pytester.runpytest_inprocess().assert_outcomes(passed=3)


def test_what_is_written_with_curl_sticks() -> None:
    shell, curl = shutil.which("sh"), shutil.which("curl")
    if not shell or not curl:
        pytest.skip("sh and curl are not installed")
    contract = extract(str(CONTACT)).contract
    with running(FakeServer(contract, Settings(auth=False))) as url:
        script = named("writes").replace("http://127.0.0.1:4010", url).replace("\ncurl", "\necho; curl")
        told = subprocess.run([shell, "-ec", script], check=True, capture_output=True, text=True, timeout=60).stdout
    created, read, listed, patched, gone = map(json.loads, filter(None, told.splitlines()))
    assert (created["ContactId"], created["Name"], created["Business"]) == (26, "Fjord Ferries", "Shipping")
    assert read == created
    assert [row["name"] for row in listed["value"]] == ["Fjord Ferries"]
    assert patched == {**created, "Name": "Fjell Ferries", "UpdatedDate": patched["UpdatedDate"]}
    assert (gone["status"], gone["detail"]) == (404, "there is no contact 26")
    assert_shown(named("writes show"), told)


def test_every_check_is_described() -> None:
    row = r"^\| \[`([a-z0-9-]+)`\]\(\.\./contracts/checks/pages/\1\.md\) \| (.*?) \|$"
    rows = re.findall(row, MANUAL, re.MULTILINE)
    assert rows == [(check.id, check.promise) for check in CHECKS]


@pytest.mark.parametrize("name", ["main", "tests"])
def test_the_two_commands_are_one_line_each(name: str) -> None:
    assert named(name).count("\n") == 1
