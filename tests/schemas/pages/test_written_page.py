"""Any operation, written as a reference page, is read back as it was, and nothing is found wrong with it."""

import json
import string
from dataclasses import dataclass
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import Body, Contract, Extraction, Response
from docdouble.schemas.contract.model import EVIDENCE, allow_null, evidence_of, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.http import is_json
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.lint import lint
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.link import link
from docdouble.schemas.pages.page_reader import read_operation_page

INT = {"type": "integer", "format": "int32"}
SCALARS: dict[str, dict[str, Any]] = {
    "int32": INT,
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "double": {"type": "number", "format": "double"},
    "date-time": {"type": "string", "format": "date-time"},
}


@dataclass(frozen=True)
class Row:
    """A row of any table, with what a sample shows of it."""

    name: str
    word: str
    description: str
    value: Any = None
    required: bool = False


@dataclass(frozen=True)
class Facts:
    """An operation. ``request`` and ``answer`` are rows; a body without a type's name has an empty one."""

    method: str
    path: str
    variables: tuple[Row, ...]
    query: tuple[Row, ...]
    headers: tuple[Row, ...]
    consumes: tuple[str, ...]
    produces: tuple[str, ...]
    request_type: str
    request: tuple[Row, ...]
    statuses: tuple[tuple[str, str], ...]
    answer_type: str
    answer: tuple[Row, ...]

    @property
    def success(self) -> str:
        return next(status for status, _ in self.statuses if status.startswith("2"))


def cell(text: str) -> str:
    return escape(text, quote=False).replace("|", "\\|")


def table(*columns: str, rows: Any) -> str:
    """A Markdown table, nothing where there are no rows."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines) + "\n" if rows else ""


def written(facts: Facts) -> str:
    """The facts as a page in the shape of the dialect."""
    quoted = [
        (name, ", ".join(f"`{name}`" for name in types))
        for name, types in (("Content-Type", facts.consumes), ("Accept", facts.produces))
        if types
    ]
    marked = [(row.name, row.word, ("**Required** " if row.required else "") + row.description) for row in facts.query]
    parts = [
        f"---\nuid: v1Desk_Act\n---\n\n# {facts.method} Act\n\n```http\n{facts.method} {facts.path}\n```\n\n",
        table("Path Part", "Type", "Description", rows=triples(facts.variables)),
        table("Parameter Name", "Type", "Description", rows=marked),
        "## Request Headers\n\n",
        table(
            "Parameter Name",
            "Description",
            rows=[*((header.name, header.description) for header in facts.headers), *quoted],
        ),
    ]
    if facts.request:
        parts += [
            f"## Request Body: request {facts.request_type}\n\n{sentence(facts)} \n\n",
            table("Property Name", "Type", "Description", rows=triples(facts.request)),
        ]
    parts += ["## Response:\n\n", table("Response", "Description", rows=facts.statuses)]
    parts += [f"### Response body: {facts.answer_type}\n\n"]
    parts += [table("Property Name", "Type", "Description", rows=triples(facts.answer))]
    if facts.request:
        body = json.dumps(sample(facts.request), indent=2)
        parts += [f"## Sample request\n\n```http!\n{facts.method} {facts.path}\nAccept: */*\n\n{body}\n```\n\n"]
    body = json.dumps(sample(facts.answer), indent=2)
    parts += [f"```http_\nHTTP/1.1 {facts.success} Done\nContent-Type: application/json\n\n{body}\n```\n"]
    return "".join(parts)


def triples(rows: tuple[Row, ...]) -> list[tuple[str, str, str]]:
    return [(row.name, row.word, row.description) for row in rows]


def sentence(facts: Facts) -> str:
    return ", ".join(row.name for row in facts.request)


def sample(rows: tuple[Row, ...]) -> dict[str, Any]:
    return {row.name: row.value for row in rows}


def shape(value: Any) -> dict[str, Any]:
    """What an array or object in a sample shows."""
    match value:
        case [first, *_]:
            return {"type": "array", "items": INT if isinstance(first, int) else {"type": "string"}}
        case []:
            return {"type": "array"}
        case {"Inner": _}:
            return {"type": "object", "properties": {"Inner": INT}}
    return {"type": "object"}


def meant(row: Row) -> dict[str, Any]:
    """The schema of a property."""
    if row.word in SCALARS:
        schema = SCALARS[row.word]
    elif row.word in ("array", "object"):
        schema = {"type": row.word} if row.value is None else shape(row.value)
    else:
        schema = reference(row.word)
    return allow_null(schema) if row.value is None else schema


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without evidence, prose, examples and kinds."""
    kept = {key: part for key, part in schema.items() if key not in (EVIDENCE, KINDS, "description", "examples")}
    if "properties" in kept:
        kept["properties"] = {name: plain(part) for name, part in kept["properties"].items()}
    return kept | ({"items": plain(kept["items"])} if "items" in kept else {})


def record(rows: tuple[Row, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": {row.name: meant(row) for row in rows}}


def stated(facts: Facts) -> dict[str, Any]:
    """What is to be read."""
    rows = facts.request + facts.answer
    named = {row.word: shape(row.value) for row in rows if row.word.startswith("Kind")}
    schemas = {facts.answer_type or "v1Desk_Act_response": record(facts.answer)}
    request = None
    if facts.request:
        name = facts.request_type or "v1Desk_Act_request"
        schemas[name] = record(facts.request)
        request = sentence(facts), bodies(facts.consumes, name, facts.request, facts.method)
    answer = bodies(facts.produces, facts.answer_type or "v1Desk_Act_response", facts.answer)
    return {
        "call": (facts.method, facts.path),
        "parameters": [
            *(
                ("path", variable.name, SCALARS[variable.word], True, variable.description)
                for variable in facts.variables
            ),
            *(("query", row.name, SCALARS[row.word], row.required or None, row.description) for row in facts.query),
            *(("header", header.name, {"type": "string"}, None, header.description) for header in facts.headers),
        ],
        "request": request,
        "responses": [(status, text, answer if status == facts.success else []) for status, text in facts.statuses],
        "schemas": schemas | named,
        "descriptions": {row.name: row.description for row in rows},
    }


def bodies(names: tuple[str, ...], component: str, rows: tuple[Row, ...], method: str = "") -> list[Any]:
    """The media types of a body; the first that is JSON has the sample."""
    types = names or SUPEROFFICE.assumed_media_types.get(method, ("application/json",))
    sampled = next(filter(is_json, types), "")
    return [(name, reference(component), [sample(rows)] if name == sampled else []) for name in types]


def read(contract: Contract) -> dict[str, Any]:
    """What was read, in the form of ``stated``."""
    (operation,) = contract.operations

    def media_types(body: Body | Response) -> list[Any]:
        return [
            (media_type.name, plain(media_type.schema or {}), list(media_type.samples))
            for media_type in body.media_types
        ]

    own = [schema["properties"] for name, schema in contract.schemas.items() if not name.startswith("Kind")]
    return {
        "call": (operation.method, operation.path),
        "parameters": [
            (parameter.location, parameter.name, plain(parameter.schema), parameter.required, parameter.description)
            for parameter in operation.parameters
        ],
        "request": operation.request and (operation.request.description, media_types(operation.request)),
        "responses": [
            (response.status, response.description, media_types(response)) for response in operation.responses
        ],
        "schemas": {name: plain(schema) for name, schema in contract.schemas.items()},
        "descriptions": {name: part.get("description", "") for schema in own for name, part in schema.items()},
    }


words = st.text(string.ascii_lowercase, min_size=1, max_size=5)
prose = st.text("ab &<>'`*|\u00e9", max_size=8).map(str.strip)
media_types = st.lists(
    st.sampled_from(["application/json", "text/xml", "text/json", "application/merge-patch+json"]), unique=True
).map(tuple)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int32": st.integers(-(2**31), 2**31 - 1),
    "string": st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    "bool": st.booleans(),
    "double": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9),
    "date-time": st.sampled_from(["2024-06-01T12:00:00Z", "2011-11-02T13:38:12.9678107+01:00"]),
    "array": st.lists(st.integers(0, 9)) | st.lists(words),
    "object": st.just({}) | st.fixed_dictionaries({"Inner": st.integers(0, 9)}),
}
VALUES["named"] = VALUES["object"]


@st.composite
def rows(draw: st.DrawFn, prefix: str, kinds: tuple[str, ...], least: int = 0) -> tuple[Row, ...]:
    """Rows whose names start with ``prefix``; the named type of a property is called after it and has no other."""
    drawn = []
    for name in draw(st.lists(words.map(prefix.__add__), min_size=least, max_size=6, unique=True)):
        kind = draw(st.sampled_from(kinds))
        value = draw(st.none() | VALUES[kind])
        word = f"Kind{name}" if kind == "named" else kind
        drawn.append(Row(name, word, draw(prose), value, draw(st.booleans())))
    return tuple(drawn)


@st.composite
def operations(draw: st.DrawFn) -> Facts:
    scalars = tuple(SCALARS)
    variables = draw(rows("V", ("int32", "string")))
    segments = [*(f"{{{variable.name}}}" for variable in variables), *draw(st.lists(words, min_size=1, max_size=3))]
    other_statuses = draw(st.lists(st.sampled_from(["400", "404", "5XX", "default"]), unique=True))
    statuses = draw(st.permutations([draw(st.sampled_from(["200", "201"])), *other_statuses]))
    return Facts(
        draw(st.sampled_from(["POST", "PUT", "PATCH", "GET"])),
        "/" + "/".join(draw(st.permutations(segments))),
        variables,
        draw(rows("P", scalars)),
        draw(rows("X-", ("string",))),
        draw(media_types),
        draw(media_types),
        draw(st.sampled_from(["", "Ask"])),
        draw(rows("Q", tuple(VALUES))),
        tuple((status, draw(prose)) for status in statuses),
        draw(st.sampled_from(["", "Answer"])),
        draw(rows("R", tuple(VALUES), least=1)),
    )


@pytest.mark.slow
@settings(max_examples=60)
@given(operations())
def test_a_written_operation_is_read_back(facts: Facts) -> None:
    text = written(facts)
    reading = read_operation_page(parse_page(text, "act.md"), SUPEROFFICE)
    contract, among_pages = link([reading], SUPEROFFICE)
    assert read(contract) == stated(facts)
    # A type that the sample shows as null is described on no page, and an empty list names none.
    contradictions = lint(Extraction(contract, (*reading.contradictions, *among_pages)))
    assert {contradiction.rule for contradiction in contradictions} <= {"undefined-type"}
    lines = text.split("\n")
    for schema in contract.schemas.values():
        for name, part in schema.get("properties", {}).items():
            evidence = evidence_of(part)
            assert evidence is not None
            assert name in lines[evidence.line - 1]
