"""Options as they are handed to Locust's process."""

import os
from pathlib import Path

import pytest

from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.load.load_options import VARIABLE, LoadOptions
from docdouble.contracts.model.finding import Severity


def test_what_is_handed_over_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = VerifyConfig(
        only=("tag:guests",), rate=2.5, ca=Path("ca.pem"), values={"id": (1, "two")}, headers={"Authorization": "${T}"}
    )
    options = LoadOptions(
        ("openapi.yaml",),
        "http://127.0.0.1:4010",
        settings=settings,
        fail_on=Severity.WARNING,
        fail_if=("p95>300ms",),
        reports=(("html", "report.html"),),
        think_time=(0.0, 2.0),
        weights={"listGuests": 3},
        har=Path("a.har"),
    )
    monkeypatch.setenv(VARIABLE, options.as_variable())
    assert LoadOptions.of_environment() == options
    assert VARIABLE not in os.environ


def test_without_the_command_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert LoadOptions.of_environment() is None
