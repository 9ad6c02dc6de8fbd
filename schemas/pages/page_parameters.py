"""Parameters, security and behaviours that a reference page documents."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..contract.model import Behaviour, Location, Parameter, Schema, types_of, with_evidence
from ..contract.parameter_values import scalar
from ..dialects.base import SecurityWord
from .blocks import TableRow
from .operation_page import OperationPage
from .type_words import read_type


def read_parameters(page: OperationPage) -> Iterator[Parameter]:
    """Yield the path, query and header parameters of a page."""
    tables = page.dialect.parameter_tables.items()
    rows = [(location, row) for columns, location in tables for row in page.rows(columns)]
    variables = page.path_variables
    known = {row.cells[0].lower() for location, row in rows if location == "path"}
    for lowered, name in variables.items():
        if lowered not in known:
            line = page.operation.line
            page.contradict("variable-without-row", line, f"path variable {name} is in no table")
            yield Parameter(name, "path", {"type": "string"}, True, evidence=page.stated(line))
    described: set[tuple[str, str]] = set()
    for location, row in rows:
        name = row.cells[0]
        if location == "path" and name.lower() not in variables:
            page.contradict("not-in-path", row.line, f"path parameter {name} is not in the path")
            continue
        name = variables[name.lower()] if location == "path" else name
        if (location, name) in described:
            page.contradict("described-twice", row.line, f"{location} parameter {name} is described twice")
            continue
        described.add((location, name))
        yield replace(_parameter(page, location, row), name=name)
    yield from _header_parameters(page)


def _parameter(page: OperationPage, location: Location, row: TableRow) -> Parameter:
    name, word, description = row.cells[:3]
    marker = page.dialect.required_marker
    required = True if (marker and marker in description) or location == "path" else None
    meaning = read_type(word, page.dialect)
    if meaning is None or meaning.named:
        page.contradict("unreadable-type", row.line, f"type {word!r} of parameter {name} means nothing")
    schema = meaning.schema if meaning and not meaning.named else {"type": "string"}
    examples = [value for key, value in page.query_examples if key == name]
    if examples and schema == {"type": "string"}:
        schema = {**schema, "examples": list(dict.fromkeys(examples))}
    shown = (text for text in page.parameter_texts(location, name) if text not in schema.get("examples", ()))
    return Parameter(
        name,
        location,
        schema,
        required,
        description.replace(marker, "").strip(),
        page.stated(row.line),
        samples=tuple(sample for text in dict.fromkeys(shown) if (sample := _sample(text, schema)) is not None),
    )


def _sample(text: str, schema: Schema) -> Any:
    """Return the value of a parameter that a request line shows, ``None`` for a text that is none."""
    kinds = types_of(schema)
    if "array" in kinds:
        parts = [_sample(part, schema.get("items", {})) for part in text.split(",")]
        return None if None in parts else parts
    value = scalar(text, kinds)
    return value if not isinstance(value, str) or not kinds or "string" in kinds else None


def _header_parameters(page: OperationPage) -> Iterator[Parameter]:
    dialect = page.dialect
    special = {dialect.content_type_header, dialect.accept_header, dialect.credentials_header}
    for name, row in page.headers.items():
        if name in special or name in dialect.security_headers:
            continue
        shown = page.request_sample.header(name) if page.request_sample else ""
        schema = {"type": "string", "examples": [shown]} if shown else {"type": "string"}
        yield Parameter(row.cells[0], "header", schema, None, row.cells[1], page.stated(row.line))


def security_schemes(page: OperationPage) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the names and definitions of the security schemes of a page, alternatives to each other."""
    if row := page.headers.get(page.dialect.credentials_header):
        for word in page.dialect.security_words:
            if word.word in row.cells[1]:
                yield word.name, _scheme(page, word, row)
    for name, word in page.dialect.security_headers.items():
        if row := page.headers.get(name):
            yield word.name, {**_scheme(page, word, row), "name": row.cells[0]}


def _scheme(page: OperationPage, word: SecurityWord, row: TableRow) -> dict[str, Any]:
    return with_evidence({**word.scheme, "description": row.cells[1]}, page.stated(row.line))


def documented_behaviours(page: OperationPage, parameters: tuple[Parameter, ...]) -> Iterator[Behaviour]:
    """Yield the behaviours that the parameters of a page ask for, and those that its dialect assumes."""
    dialect = page.dialect
    is_list = any(parameter.name.lower() == dialect.list_parameter for parameter in parameters)
    known = {**dialect.parameter_behaviours, **(dialect.list_behaviours if is_list else {})}
    for parameter in parameters:
        name = known.get(parameter.name.lower())
        if name and parameter.evidence:
            yield Behaviour(name, parameter.evidence, parameter.name)
    for name in dialect.conventions:
        yield Behaviour(name, page.assumed(page.operation.line))
