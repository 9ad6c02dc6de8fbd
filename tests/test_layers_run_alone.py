"""The lower layers need nothing of what only the upper ones use."""

import subprocess
import sys

import pytest

BLOCKED = ("pytest", "hypothesis", "schemathesis", "click", "rich", "requests")

SCHEMAS = """
from docdouble.schemas import extract
print(len(extract("superoffice").contract.operations))
"""

FAKESERVER = """
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, extract
app = FakeServer(extract("superoffice").contract)
headers = (("Authorization", "Basic YTpi"), ("Content-Type", "application/json"))
print(app.handle(Call(headers, b"{}", "POST", "/api/v1/Agents/Appointment/AssignTo")).status)
"""


@pytest.mark.parametrize(
    ("script", "blocked", "output"),
    [
        pytest.param(SCHEMAS, (*BLOCKED, "werkzeug", "faker", "granian"), "1\n", id="schemas"),
        pytest.param(FAKESERVER, (*BLOCKED, "jinja2"), "200\n", id="fakeserver"),
    ],
)
def test_a_layer_works_without_the_libraries_of_the_layers_above(
    script: str, blocked: tuple[str, ...], output: str
) -> None:
    block = f"import sys\nsys.modules |= dict.fromkeys({blocked!r})\n"
    command = [sys.executable, "-W", "error", "-c", block + script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stderr, done.stdout, done.returncode) == ("", output, 0)
