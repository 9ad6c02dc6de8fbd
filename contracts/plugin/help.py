"""Text of ``--contract-help``, made of the docstrings of the fixtures and the help of the options."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from textwrap import dedent, wrap
from typing import Any

_WIDTH = 100
_INDENT = "    "

EXAMPLE = """
    import json
    from urllib.request import Request, urlopen

    import pytest


    @pytest.mark.contract(operation="AssignTo")
    def test_assigning_keeps_the_appointment(fake_api, operation):
        headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
        call = Request(fake_api.url + operation.path, b'{"AppointmentId": 267}', headers)
        with urlopen(call) as reply:
            assert json.load(reply)["AppointmentId"] == 267
        fake_api.control.assert_called(operation.id, times=1, body={"AppointmentId": 267})
"""

_FILES = (
    "A file whose name ends in .contract.toml is collected as a test per operation of its source; so is "
    "docdouble.toml, or pyproject.toml with [tool.docdouble], when it says collect = true or is named on the command "
    "line. pytest --pyargs docdouble.contracts.suite does it in a folder without any test."
)


def help_text(
    fixtures: Mapping[str, Callable[..., Any]], options: Iterable[tuple[str, str, str]], marker: str
) -> Iterator[str]:
    """Yield the lines; an option is its name, what stands for its value, and its help."""
    yield "fixtures"
    for name, function in fixtures.items():
        yield from _entry(name, inspect.getdoc(function) or "")
    yield "options"
    for option, value, text in options:
        yield from _entry(f"{option} {value}".rstrip(), text)
    yield "marker"
    name, _, text = marker.partition(": ")
    yield from _entry(f"@pytest.mark.{name}", text)
    yield "files"
    yield from wrap(_FILES, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield ""
    yield "a test"
    yield from (f"  {line}".rstrip() for line in dedent(EXAMPLE).strip().splitlines())


def _entry(name: str, text: str) -> Iterator[str]:
    yield f"  {name}"
    for paragraph in text.replace("``", "").split("\n\n"):
        yield from wrap(" ".join(paragraph.split()), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    yield ""
