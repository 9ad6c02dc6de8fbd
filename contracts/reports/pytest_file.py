"""Test file of a run, which needs only pytest and requests: one test for each error and warning."""

from collections import Counter
from collections.abc import Iterator

from docdouble.schemas import Call

from ..model.case import Case
from ..model.events import Run
from ..model.finding import Finding, Severity
from ..model.text import cut, one_line
from .finding_text import not_again
from .pytest_asserts import Broken, assertions
from .python_text import WIDTH, call_lines, in_docstring, literal, mapping, name_of, pieces

_INDENT = "    "
_ROOM = WIDTH - 8

_SEND = '''\
def send(method, target, headers, body=b"", signed=True):
    """Return the reply to one call; redirects are not followed."""
    own = CREDENTIALS if signed else {}
    for name, variable in own.items():
        if not os.environ.get(variable):
            pytest.skip(f"set {variable} to the value of the header {name}")
    secret = {name: os.environ[variable] for name, variable in own.items()}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method,
            BASE_URL + target,
            headers={**headers, **secret},
            data=body,
            timeout=30,
            allow_redirects=False,
        )
'''

_HELPERS = {
    "expect_status(": '''\
def expect_status(reply, status):
    """Skip the test where the reply is about something else than it was."""
    if reply.status_code != status:
        pytest.skip(f"answered {reply.status_code}, where {status} was seen")
''',
    "values(": '''\
def values(reply, pointer):
    """Return what stands at a JSON Pointer of the reply, where ``*`` is any index or key."""
    found = [reply.json()]
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        found = [inner for value in found for inner in inside(value, name)]
    return found


def inside(value, name):
    """Return what a JSON value holds under a name."""
    if isinstance(value, list):
        return [one for index, one in enumerate(value) if name in ("*", str(index))]
    if isinstance(value, dict):
        every = list(value.values()) if name == "*" else []
        return [value[name]] if name in value else every
    return []
''',
    "is_a(": '''\
def is_a(value, *types):
    """Tell whether a JSON value is of one of the types of JSON Schema."""
    if value is None or isinstance(value, bool):
        return ("null" if value is None else "boolean") in types
    if isinstance(value, (int, float)):
        return "number" in types or ("integer" in types and value == int(value))
    return {str: "string", list: "array", dict: "object"}[type(value)] in types
''',
    "has_format(": '''\
def has_format(value, name):
    """Tell whether a text has a format; an offset may be missing."""
    read = uuid.UUID if name == "uuid" else datetime.fromisoformat
    try:
        read(value)
    except ValueError:
        return False
    return True
''',
}
_IMPORTS = {
    "re.search(": "import re",
    "uuid.UUID": "import uuid",
    "datetime.": "from datetime import datetime",
    "fnmatch(": "from fnmatch import fnmatch",
}


def pytest_file(run: Run) -> bytes:
    """Return the file. The user's credentials are not in it, but read from environment variables."""
    tests = "\n\n\n".join(_tests(run))
    helpers = [text for call, text in _HELPERS.items() if call in tests]
    code = "\n\n".join([_SEND, *helpers, tests])
    imports = ["import os", *(line for word, line in _IMPORTS.items() if word in code)]
    imports.sort(key=lambda line: (line.startswith("from"), line))
    parts = [_docstring(run), "\n".join(imports), "import pytest\nimport requests", _settings(run), code]
    return ("\n\n".join(parts) + "\n").encode()


def _docstring(run: Run) -> str:
    title = in_docstring(one_line(f"Promises of the documentation of {run.started.contract.title or 'the API'}"))
    variables = ", ".join(["BASE_URL", *map(_variable, run.started.secret_headers)])
    return f'"""{title}, which a server broke.\n\nEnvironment variables: {variables}.\n"""'


def _settings(run: Run) -> str:
    secrets = [(name, _variable(name)) for name in run.started.secret_headers]
    lines = call_lines("BASE_URL = os.environ.get(", ['"BASE_URL"', literal(run.started.base_url)])
    lines[-1] += '.rstrip("/")'
    return "\n".join([*lines, f"CREDENTIALS = {mapping(secrets, _ROOM)}"]) + "\n"


def _variable(header: str) -> str:
    return name_of(header).upper()


def _tests(run: Run) -> Iterator[str]:
    names: Counter[str] = Counter()
    for finding in run.findings:
        if finding.severity is not Severity.NOTE and finding.case:
            name = name_of("test", finding.operation, finding.check, finding.fingerprint[2], finding.rule)
            names[name] += 1
            yield "\n".join(_test(finding, finding.case, run, f"{name}_{names[name]}" if names[name] > 1 else name))


def _test(finding: Finding, case: Case, run: Run, name: str) -> Iterator[str]:
    yield f"def {name}():"
    for line in _test_docstring(finding):
        yield f"{_INDENT}{line}" if line else ""
    for before in finding.before:
        yield from _sent("send(", before.call, before.signed)
    lines = assertions(Broken(finding, case.operation, run.started.contract))
    if not lines[0].startswith("pytest.skip("):
        yield from _sent("reply = send(", case.call, case.signed)
    yield from (f"{_INDENT}{line}" for line in lines)


def _test_docstring(finding: Finding) -> Iterator[str]:
    """Yield the docstring: the documentation line, what it promises and what was received."""
    page = finding.evidence or "no documentation line"
    yield f'"""{_plain(f"{finding.severity.value.capitalize()}: {finding.check}, {page}.")}'
    yield ""
    yield f"Expected: {_plain(finding.expected)}"
    yield f"Got: {_plain(cut(finding.got, _ROOM - 5))}"
    if remark := not_again(finding):
        yield _plain(remark.capitalize())
    yield '"""'


def _plain(text: str) -> str:
    return in_docstring(one_line(text))


def _sent(start: str, call: Call, signed: bool) -> list[str]:
    arguments = [literal(call.method), literal(call.target), mapping(call.headers, _ROOM)]
    if call.body:
        arguments.append(pieces(call.body, _ROOM))
    if not signed:
        arguments.append("signed=False")
    return "\n".join(call_lines(_INDENT + start, arguments)).split("\n")
