"""What the README shows is run."""

import re
from pathlib import Path

import pytest

from docdouble.contracts.checks import CHECKS

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")

pytest_plugins = ["pytester"]


def snippet(name: str) -> str:
    found = re.search(rf"<!-- {re.escape(name)} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert found, f"the README has no snippet marked {name}"
    return found[1]


def test_the_pytest_examples_pass(pytester: pytest.Pytester) -> None:
    for name in ("test_appointments.py", "superoffice.contract.toml"):
        (pytester.path / name).write_text(snippet(name), encoding="utf-8")
    pytester.runpytest_inprocess().assert_outcomes(passed=2)


def test_every_check_is_described() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*?) \|$", README, re.MULTILINE))
    assert {name: promise.split(" (")[0].replace("`", "") for name, promise in rows.items()} == {
        check.id: check.promise for check in CHECKS
    }


@pytest.mark.parametrize("name", ["main", "tests"])
def test_the_two_commands_are_one_line_each(name: str) -> None:
    assert snippet(name).count("\n") == 1
