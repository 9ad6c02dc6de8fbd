"""Examples and defaults of schemas that break the schema that they stand in, and so are not used."""

from collections.abc import Iterator
from typing import Any

from ..contract.evidence import Evidence, LocatedSchemas
from ..contract.model import Contract, Schema
from ..extraction import Contradiction, contradiction_at
from ..json_pointer import escape_token
from ..jsonschema.documented_values import documented_values
from ..jsonschema.json_text import json_bytes
from ..jsonschema.subschemas import NAMED, holds_schemas
from ..jsonschema.validator import Validator
from ..jsonschema.violation import Violation

_LONGEST = 60


def broken_schema_examples(contract: Contract) -> Iterator[Contradiction]:
    """Yield the examples and defaults of schemas that break them: of named schemas, and of those of bodies."""
    schemas = contract.schemas
    for name, schema in schemas.items():
        for pointer, message in _broken(schema, contract):
            evidence = schemas.evidence_at(name, pointer) if isinstance(schemas, LocatedSchemas) else None
            yield _broken_example(evidence, f"/{name}{pointer}: {message}")
    for operation in contract.operations:
        bodies = [operation.request.media_types] if operation.request else []
        for media_types in (*bodies, *(response.media_types for response in operation.responses)):
            for media_type in media_types:
                for pointer, message in _broken(media_type.schema, contract):
                    where = f"{operation.id} {media_type.name}{pointer}"
                    yield _broken_example(media_type.evidence or operation.evidence, f"{where}: {message}")


def _broken_example(evidence: Evidence | None, message: str) -> Contradiction:
    return contradiction_at(evidence, "schema-example", message)


def _broken(schema: Any, contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield where an example breaks the schema that it stands in, and what is wrong."""
    for pointer, part in _places(schema, ""):
        values = documented_values(part)
        validator = Validator(part, contract) if values else None
        for value in values:
            if validator and (violations := validator.violations(value)):
                shown = json_bytes(value).decode()
                shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
                kind = "default" if "default" in part and value is part["default"] else "example"
                yield pointer, f"the {kind} {shown} isn't used: {_what_breaks(violations[0])}"


def _what_breaks(violation: Violation) -> str:
    where = f"at {violation.pointer}, " if violation.pointer else ""
    if violation.missing:
        return f"{where}it lacks {', '.join(violation.missing)}"
    got = f", got {violation.got}" if where or violation.unexpected else ""
    return f"{where}expected {violation.expected}{got}"


def _places(schema: Any, pointer: str) -> Iterator[tuple[str, Schema]]:
    """Yield each schema in a schema, and itself, with its JSON Pointer; references are not followed."""
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for key, value in schema.items():
        if holds_schemas(key):
            inside = value.items() if key in NAMED and isinstance(value, dict) else ()
            listed = enumerate(value) if isinstance(value, list) else ()
            for token, part in (*inside, *listed):
                yield from _places(part, f"{pointer}/{key}/{escape_token(str(token))}")
            if not inside and isinstance(value, dict):
                yield from _places(value, f"{pointer}/{key}")
