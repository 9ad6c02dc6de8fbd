"""Every fenced block of README.md and docs/ is run, from its own text."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import fields
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
import requests
import yaml

from docdouble.contracts.checks import CHECKS
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import Contract, extract
from docdouble.schemas.dialects.family_settings import read_settings
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi

from .blocks import PAGES, Block, Command, assert_shown, blocks, commands, named
from .project import ASSIGN, CONTACT, HOTEL, change_pages, fake_of, prepare, with_repository
from .shell import NOT_RUN, TOKEN, Shell

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


Run = Callable[[Block, Shell, pytest.FixtureRequest], None]


def console(block: Block, shell: Shell, request: pytest.FixtureRequest) -> None:
    prepare(block.text, shell, request)
    for command in commands(block):
        shell.run(command)
    assert shell.tools


def workflow(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    with_repository(shell.pytester.path)
    for step in yaml.safe_load(block.text):
        if "run" in step:
            shell.run(Command(step["run"].replace("origin/$GITHUB_BASE_REF", "main"), ""))


def module_of_tests(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shell.pytester.makepyfile(block.text)
    passed = block.text.count("def test_")
    shell.pytester.runpytest_inprocess().assert_outcomes(passed=passed)


def control(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    url = shell.use(shell.app)
    body, headers = {"AppointmentId": 267}, {"Authorization": "Bearer any"}
    requests.post(f"{url}/api/v1/Agents/Appointment/AssignTo", json=body, headers=headers, timeout=60)
    exec(shell.addressed(block.text).replace("TOKEN", TOKEN), {})


PLAYWRIGHT = """
const hooks = [];
const sent = (method) => async (url, { headers, data }) => {
  const reply = await fetch(url, { method, headers, body: data && JSON.stringify(data) });
  return { ok: () => reply.ok, json: () => reply.json() };
};
const given = { page: { goto: async () => {} }, request: { get: sent("GET"), post: sent("POST") } };
const same = (value, expected) => { if (value !== expected) throw new Error(`${value} is not ${expected}`); };
const expect = (value) => ({ toBeTruthy: () => same(!!value, true), toBe: (expected) => same(value, expected) });
const test = async (name, body) => { for (const one of [...hooks, body]) await one(given); };
test.beforeEach = (hook) => hooks.push(hook);
"""
"""As much of Playwright as the example uses, without a browser."""


def javascript(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    shell.use(shell.app)
    text = shell.addressed(block.text).replace("TOKEN", TOKEN)
    path = shell.pytester.path / "example.mjs"
    path.write_text(re.sub(r"^import .*$", lambda _: PLAYWRIGHT, text, flags=re.MULTILINE), encoding="utf-8")
    completed = subprocess.run([node, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert (completed.returncode, completed.stderr) == (0, "")


def changes(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    for name in ("docs-old", "docs"):
        shutil.copytree(CONTACT, shell.pytester.path / name)
    change_pages(shell.pytester.path / "docs")
    printed = StringIO()
    with redirect_stdout(printed):
        exec(block.text, {})
    assert "breaking required-parameter-added v1ContactEntity_List " in printed.getvalue()


def script(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shutil.copytree(CONTACT, shell.pytester.path / "docs")
    printed = StringIO()
    with redirect_stdout(printed):
        exec(block.text, {})
    assert printed.getvalue().startswith("False [")


def verified(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shell.run(Command(named("main").strip(), block.text))


def rules_shown(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    (shell.pytester.path / "docdouble.toml").write_text(named("samples"), encoding="utf-8")
    shell.run(Command("docdouble show --sampling AssignTo superoffice", block.text))


def inferred(block: Block, shell: Shell, request: pytest.FixtureRequest) -> None:
    contract = request.getfixturevalue("reference")
    (shell.pytester.path / "contract.json").write_bytes(contract_file_bytes(to_openapi(contract)))
    shell.run(Command("docdouble list --resources contract.json", block.text))


def broken(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    shell.pytester.makepyfile(named("conforms"))
    shell.monkeypatch.setenv("DOCDOUBLE_MUTANT", f"wrong-type:{ASSIGN}:/AppointmentId")
    assert_shown(block.text, re.sub(r"^E +", "", shell.pytest([]), flags=re.MULTILINE))


def nothing_verified(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    reads = {f"/{name}": {"get": {"responses": {"200": {"description": ""}}}} for name in ("ships", "quays")}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "servers": [{"url": "/v1"}], "paths": reads}
    (shell.pytester.path / "harbour.json").write_text(json.dumps(document), encoding="utf-8")
    url = shell.use(shell.app)
    shell.pytester.makefile(".contract.toml", api=f'source = "harbour.json"\nurl = "{url}"\n')
    result = shell.pytester.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert_shown(block.text, result.stdout.str())


def misspelled(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    for line in block.text.splitlines():
        mistake = re.match(r"docdouble\.toml:(\d+): verify: key: '([\w-]+)'", line)
        assert mistake
        text = "[verify]" + "\n" * (int(mistake[1]) - 1) + f"{mistake[2]} = 1\n"
        (shell.pytester.path / "docdouble.toml").write_text(text, encoding="utf-8")
        with pytest.raises(AssertionError, match=re.escape(line)):
            shell.docdouble(["verify"])


def elsewhere(block: Block, shell: Shell, request: pytest.FixtureRequest) -> None:
    """Leave the block to a test of its own, below or where the comment says."""


def locustfile(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    """Run it by Locust itself for two seconds: all its tasks pass, and are judged."""
    if not find_spec("locust"):
        pytest.skip("Locust, of docdouble[load], is not installed")
    shutil.copy(HOTEL, shell.pytester.path)
    url = shell.use(fake_of(extract(str(HOTEL)).contract))
    (shell.pytester.path / "locustfile.py").write_text(block.text, encoding="utf-8")
    options = ("--headless", "--users", "3", "--spawn-rate", "3", "--run-time", "2s", "--only-summary", "--host", url)
    command = [sys.executable, "-m", "locust", *options]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "passed: no finding of severity error; 4 verified" in result.stdout
    assert json.loads(Path("report.json").read_bytes())["calls"] > 10


def family(block: Block, shell: Shell, _: pytest.FixtureRequest) -> None:
    (shell.pytester.path / "docs").mkdir()
    (shell.pytester.path / "docs" / "harbour.md").write_text(named("a family page"), encoding="utf-8")
    for command in commands(block):
        shell.run(command)


RUN: Mapping[str, Run] = {
    # by the name in the comment above the block
    "main": elsewhere,  # with what it shows
    "main shows": verified,
    "tests": elsewhere,  # it would run all tests, this one included
    "samples show": rules_shown,
    "writes": elsewhere,
    "writes show": elsewhere,
    "resources show": inferred,
    "control": control,
    "test_guests.py": elsewhere,
    "test_appointments.py": elsewhere,
    "test_worlds.py": elsewhere,
    "pytest.ini": elsewhere,
    "house_rules/checks.py": elsewhere,
    "house_rules/reports.py": elsewhere,
    "house_rules/samples.py": elsewhere,
    "conforms": module_of_tests,
    "conforms shows": broken,
    "session verdict": nothing_verified,
    "strategies": module_of_tests,
    "reading": module_of_tests,
    "diff": changes,
    "a script": script,
    "config shows": misspelled,
    "a locustfile": locustfile,
    "a family page": elsewhere,
    "a family read": family,
    "own dialect": elsewhere,  # below
    "a dialect": elsewhere,  # tests/docs/test_plug_ins.py
    "a behaviour": elsewhere,
    "a format": elsewhere,
    # else by its language
    "console": console,
    "sh": console,
    "toml": elsewhere,  # tests/contracts/config/test_json_schema.py reads each
    "yaml": workflow,
    "javascript": javascript,
}


def is_slow(block: Block) -> bool:
    """Tell whether a block verifies or runs tests."""
    return block.name == "main shows" or bool(
        re.search(r"docdouble (?:verify|load)|\bpytest\b|\.strategies|contract_user", block.text)
    )


@pytest.mark.parametrize(
    "block", [pytest.param(block, marks=[pytest.mark.slow] * is_slow(block), id=str(block)) for block in blocks()]
)
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


@pytest.mark.slow
def test_the_pytest_examples_pass(pytester: pytest.Pytester) -> None:
    for name in ("test_appointments.py", "test_worlds.py", "superoffice.contract.toml", "pytest.ini"):
        (pytester.path / name).write_text(named(name), encoding="utf-8")
    pytester.runpytest_inprocess().assert_outcomes(passed=3)


def test_what_is_written_with_curl_sticks() -> None:
    shell, curl = shutil.which("sh"), shutil.which("curl")
    if not shell or not curl:
        pytest.skip("sh and curl are not installed")
    contract = extract(str(CONTACT)).contract
    with running(FakeServer(contract, Settings(auth=False))) as url:
        script = named("writes").replace("http://127.0.0.1:4010", url).replace("\ncurl", "\necho; curl")
        output = subprocess.run([shell, "-ec", script], check=True, capture_output=True, text=True, timeout=60).stdout
    created, read, listed, patched, gone = map(json.loads, filter(None, output.splitlines()))
    assert (created["ContactId"], created["Name"], created["Business"]) == (26, "Fjord Ferries", "Shipping")
    assert read == created
    assert [row["name"] for row in listed["value"]] == ["Fjord Ferries"]
    assert patched == {**created, "Name": "Fjell Ferries", "UpdatedDate": patched["UpdatedDate"]}
    assert (gone["status"], gone["detail"]) == (404, "there is no contact 26")
    assert_shown(named("writes show"), output)


def test_every_check_is_described() -> None:
    row = r"^\| \[`([a-z0-9-]+)`\]\(\.\./contracts/checks/pages/\1\.md\) \| (.*?) \|$"
    rows = re.findall(row, MANUAL, re.MULTILINE)
    assert rows == [(check.id, check.promise) for check in CHECKS]


def test_the_settings_of_a_family_are_read() -> None:
    settings = read_settings(named("own dialect"), "docdouble-dialect.toml")
    assert {field.name for field in fields(settings)} == tomllib.loads(named("own dialect")).keys()
    assert settings.columns.name[-1] == "knob"


@pytest.mark.parametrize("name", ["main", "tests"])
def test_the_two_commands_are_one_line_each(name: str) -> None:
    assert named(name).count("\n") == 1
