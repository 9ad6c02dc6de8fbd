"""What the README shows is run."""

import json
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from docdouble.contracts.checks import CHECKS
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import extract

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")

pytest_plugins = ["pytester"]


def snippet(name: str) -> str:
    found = re.search(rf"<!-- {re.escape(name)} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert found, f"the README has no snippet marked {name}"
    return found[1]


def test_the_pytest_examples_pass(pytester: pytest.Pytester) -> None:
    for name in ("test_appointments.py", "test_worlds.py", "superoffice.contract.toml"):
        (pytester.path / name).write_text(snippet(name), encoding="utf-8")
    pytester.runpytest_inprocess().assert_outcomes(passed=3)


@pytest.mark.sockets
def test_what_is_written_with_curl_sticks() -> None:
    shell, curl = which("sh"), which("curl")
    if not shell or not curl:
        pytest.skip("sh and curl are not installed")
    contract = extract(str(Path(__file__).parent / "fakeserver" / "contact")).contract
    with running(FakeServer(contract, Settings(auth=False))) as url:
        script = snippet("writes").replace("http://127.0.0.1:4010", url).replace("\ncurl", "\necho; curl")
        told = subprocess.run([shell, "-ec", script], check=True, capture_output=True, text=True, timeout=60).stdout
    created, read, listed, patched, gone = map(json.loads, filter(None, told.splitlines()))
    assert (created["ContactId"], created["Name"], created["Business"]) == (26, "Fjord Ferries", "Shipping")
    assert read == created
    assert [row["name"] for row in listed["value"]] == ["Fjord Ferries"]
    assert patched == {**created, "Name": "Fjell Ferries", "UpdatedDate": patched["UpdatedDate"]}
    assert (gone["status"], gone["detail"]) == (404, "there is no contact 26")


def test_every_check_is_described() -> None:
    rows = re.findall(r"^\| \[`([a-z0-9-]+)`\]\(contracts/checks/pages/\1\.md\) \| (.*?) \|$", README, re.MULTILINE)
    assert rows == [(check.id, check.promise) for check in CHECKS]


@pytest.mark.parametrize("name", ["main", "tests"])
def test_the_two_commands_are_one_line_each(name: str) -> None:
    assert snippet(name).count("\n") == 1
