"""Round trips: a random API, written in each container, is read as it was made."""

import json
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import Contract, DocdoubleError
from docdouble.schemas.contract.model import Operation, types_of
from docdouble.schemas.pages.page_folder import folder_contract

from .family_pages import CONTAINERS, MadeOperation, MadeParameter

NAMES = st.from_regex(r"[a-z]{3,8}(_[a-z]{2,4})?", fullmatch=True).filter(
    lambda name: name not in ("true", "false", "null")
)
TYPES = st.sampled_from(["string", "integer", "boolean", "number", "array", "object"])
DEFAULTS = {
    "string": ["", "sloop"],
    "integer": ["", "20", "-1"],
    "boolean": ["", "true", "false"],
    "number": ["", "2.5"],
}
VALUES = st.one_of(st.integers(0, 9), st.booleans(), st.sampled_from(["a", "b c"]))


@st.composite
def made_operations(draw: st.DrawFn) -> MadeOperation:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique_by=lambda name: name.replace("_", "")))
    method = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]))
    steps = draw(st.lists(NAMES, min_size=1, max_size=2))
    parameters = []
    for name in names:
        allowed = ["path", "query"] + (["body"] if method in ("POST", "PUT", "PATCH") else [])
        location = draw(st.sampled_from(allowed))
        is_required = True if location == "path" else draw(st.sampled_from([True, False]))
        kind = "string" if location == "path" else draw(TYPES)
        default = draw(st.sampled_from(DEFAULTS.get(kind, [""]))) if is_required is False else ""
        choices = draw(st.sampled_from([(), ("sail", "motor", "both")])) if kind == "string" and not default else ()
        parameters.append(MadeParameter(name, location, kind, is_required, default, choices))
        if kind == "object" and location == "body":
            inner = draw(st.lists(NAMES, max_size=2, unique_by=lambda part: part.replace("_", "")))
            is_required = draw(st.sampled_from([True, False]))
            parameters += [MadeParameter(f"{name}.{part}", location, "integer", is_required) for part in inner]
    path = "/".join(
        ["", *steps, *(f"{{{parameter.name}}}" for parameter in parameters if parameter.location == "path")]
    )
    return MadeOperation(method, path, parameters, draw(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)))


def unlike(operations: list[MadeOperation]) -> bool:
    """Tell whether operations can stand in one API."""
    shapes = [re.sub(r"{[^{}]*}", "{}", operation.path) for operation in operations]
    return len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=40, deadline=None, report_multiple_bugs=False)
@given(operations=st.lists(made_operations(), min_size=3, max_size=4).filter(unlike))
def test_what_is_written_is_read(container: str, operations: list[MadeOperation]) -> None:
    suffix, written = CONTAINERS[container]
    title = "<h1>Boats</h1>" if suffix == ".html" else "# Boats"
    with tempfile.TemporaryDirectory() as name:
        Path(name, f"boats{suffix}").write_text(f"{title}\n\n" + "\n".join(map(written, operations)), encoding="utf-8")
        contract = folder_contract(Path(name), None, None, 1).contract
    assert {operation.label for operation in contract.operations} == {
        f"{operation.method} {operation.path}" for operation in operations
    }
    for made in operations:
        assert_as_made(contract.operation(f"{made.method} {made.path}"), made, contract)


def assert_as_made(read: Operation, made: MadeOperation, contract: Contract) -> None:
    parameters = {(parameter.location, parameter.name): parameter for parameter in read.parameters}
    assert parameters.keys() == {
        (parameter.location, parameter.name) for parameter in made.parameters if parameter.location != "body"
    }
    body = contract.resolve(read.request.media_types[0].schema or {}) if read.request else {}
    in_body = {
        parameter.name for parameter in made.parameters if parameter.location == "body" and "." not in parameter.name
    }
    assert body.get("properties", {}).keys() == in_body
    for parameter in made.parameters:
        if parameter.location == "body":
            *outer, name = parameter.name.split(".")
            owner = contract.resolve(body["properties"][outer[0]]) if outer else body
            schema = contract.resolve(owner["properties"][name])
            assert (name in owner.get("required", ())) == parameter.required
        else:
            described = parameters[parameter.location, parameter.name]
            schema = described.schema
            assert described.required == parameter.required
            assert described.evidence is not None
        assert types_of(schema) == (parameter.type,)
        assert schema.get("default", "") == (
            json.loads(parameter.default) if parameter.type != "string" and parameter.default else parameter.default
        )
        assert tuple(schema.get("examples", ())) == parameter.choices
    response = read.success()
    assert response is not None
    assert response.media_types[0].samples == (made.response,)
    schema = contract.resolve(response.media_types[0].schema or {})
    assert schema["properties"].keys() == made.response.keys()


PIECES = [
    "# A",
    "## Query parameters",
    "`GET /a/{b}`",
    "| Method | Path |\n|---|---|\n| GET | /a/:b |",
    "| Name | Type |\n|---|---|\n| c | string |",
    "- `d` (int: 3) - e",
    '```json\n{"a": 1, ...}\n```',
    "```http\nGET /a\n```",
    "```http\nHTTP/1.1 404\n{}\n```",
    "<Field name='a' />",
    "**Response** `201`:",
    "`f`\n: (string) g",
    "```sh\ncurl -X PUT https://a.test/b/1 -d '{\"a\": 1}'\n```",
]


@settings(max_examples=150, deadline=None, report_multiple_bugs=False)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=12), st.sampled_from([".md", ".html"])
)
def test_no_page_is_too_odd(pieces: list[str], suffix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, f"a{suffix}").write_text("\n\n".join(pieces), encoding="utf-8", errors="replace")
        with suppress(DocdoubleError):
            assert folder_contract(Path(name), None, None, 1).contract.operations
