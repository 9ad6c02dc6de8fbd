"""Value + schema → violations, each with the documentation line of the promise that it breaks.

jsonschema-rs gives the verdict, jsonschema the explanation of what failed; a property test holds the two together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from .bundle import bundle
from .contract import EVIDENCE, Contract, Evidence, Grade, Schema, evidence_of, non_null, nullable
from .formats import INTEGER_RANGES, LOOSE, STRICT
from .positions import escape

MAX_VIOLATIONS = 100
"""More are not listed: nobody reads them."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that breaks a schema: ``pointer`` (RFC 6901) into the value, and the schema keyword as ``rule``.

    ``grade`` is how sure the broken promise is, which may be less than the evidence of the field as a whole:
    a null where nothing is said about null, or a format that is only slightly off, is ``assumed``.
    """

    pointer: str
    rule: str
    message: str
    grade: Grade
    evidence: Evidence | None

    @property
    def counts(self) -> bool:
        """Tell whether documentation says otherwise, not only a convention."""
        return self.grade is not Grade.ASSUMED


class Validator:
    """A schema of a contract, compiled on first use."""

    def __init__(self, schema: Schema, contract: Contract) -> None:
        self.schema = schema
        self.contract = contract

    @cached_property
    def _bundled(self) -> Schema:
        compiled: Schema = _checkable(bundle(self.schema, self.contract.schemas))
        return compiled

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self._bundled, formats=STRICT, validate_formats=True)

    @cached_property
    def _thorough(self) -> Draft202012Validator:
        checker = FormatChecker(formats=())
        for name, check in STRICT.items():
            checker.checks(name)(_on_strings(check))
        return Draft202012Validator(self._bundled, format_checker=checker)

    def is_valid(self, value: Any) -> bool:
        """Return the verdict to the letter of the schema."""
        return self._fast.is_valid(value)

    def violations(self, value: Any) -> tuple[Violation, ...]:
        """Return what breaks the schema, in the order of the value; empty for a valid one."""
        if self.is_valid(value):
            return ()
        found: dict[tuple[str, str], Violation] = {}
        for error in self._thorough.iter_errors(value):
            for leaf in _leaves(error):
                violation = self._violation(leaf)
                found.setdefault((violation.pointer, violation.rule), violation)
                if len(found) >= MAX_VIOLATIONS:
                    return tuple(found.values())
        return tuple(found.values())

    def accepts(self, value: Any) -> bool:
        """Tell whether nothing that the documentation says is broken."""
        return not any(violation.counts for violation in self.violations(value))

    def _violation(self, error: ValidationError) -> Violation:
        rule = str(error.validator)
        keyword = "format" if rule in ("format", "minimum", "maximum") else rule
        evidence = self._evidence(error, keyword)
        grade = evidence.grade if evidence else Grade.STATED
        silent_null = rule == "type" and error.instance is None
        slightly_off = rule == "format" and LOOSE[str(error.validator_value)](str(error.instance))
        if silent_null or slightly_off:
            grade = Grade.ASSUMED
        pointer = "".join(f"/{escape(str(part))}" for part in error.absolute_path)
        return Violation(pointer, rule, _message(error), grade, evidence)

    def _evidence(self, error: ValidationError, keyword: str) -> Evidence | None:
        """Return the evidence of the failing keyword, else of the nearest schema around it."""
        node: Any = self._bundled
        nearest: Evidence | None = None
        for part in error.absolute_schema_path:
            if isinstance(node, dict) and EVIDENCE in node:
                nearest = evidence_of(node, keyword)
            while isinstance(node, dict) and part not in node and "$ref" in node:
                node = self._bundled["$defs"][node["$ref"].removeprefix("#/$defs/")]
            node = node[part]
        return nearest


def _on_strings(check: Any) -> Any:
    return lambda value: not isinstance(value, str) or check(value)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Descend into an alternative when only one is meant: the other branches say no more than "or null"."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    alternatives: Any = error.validator_value
    meant = [errors for number, errors in branches.items() if alternatives[number].get("type") != "null"]
    if len(meant) != 1:
        yield error
        return
    for inner in meant[0]:
        yield from _leaves(inner)


def _message(error: ValidationError) -> str:
    shown = "null" if error.instance is None else _short(error.instance)
    promised: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "type":
            kinds = promised if isinstance(promised, list) else [promised]
            return f"expected {' or '.join(kinds)}, got {shown}"
        case "format":
            return f"expected the format {promised}, got {shown}"
        case "minimum" | "maximum" if "format" in schema:
            return f"expected {schema['format']}, got {shown}"
        case "required":
            return error.message
        case "enum":
            return f"expected one of {_short(promised)}, got {shown}"
    return error.message if len(error.message) <= 200 else f"{error.validator} {_short(promised)} fails for {shown}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _checkable(value: Any) -> Any:
    """Return the schema with integer formats as bounds, and without the formats that nobody checks."""
    if isinstance(value, list):
        return [_checkable(part) for part in value]
    if not isinstance(value, dict):
        return value
    schema = {key: part if key in ("enum", "const", EVIDENCE) else _checkable(part) for key, part in value.items()}
    name = schema.get("format")
    if not isinstance(name, str):
        return schema
    if name in INTEGER_RANGES:
        low, high = INTEGER_RANGES[name]
        return {"minimum": low, "maximum": high, **schema}
    if name not in STRICT:
        del schema["format"]
    return schema


def documented_spelling(value: Any, schema: Schema, contract: Contract) -> Any:
    """Return ``value`` with property names spelled as ``schema`` documents them, matched without regard to case.

    Raises ``ValueError`` naming the property when an object holds two spellings of it.
    """
    schema = contract.resolve(non_null(contract.resolve(schema)))
    if isinstance(value, list):
        return [documented_spelling(part, schema.get("items", {}), contract) for part in value]
    if not isinstance(value, dict):
        return value
    properties: Mapping[str, Schema] = schema.get("properties", {})
    spelled: dict[str, str] = {name.lower(): name for name in properties}
    result: dict[str, Any] = {}
    for key, part in value.items():
        name = str(spelled.get(key.lower(), key))
        if name in result:
            raise ValueError(f"property {name!r} is given twice")
        rest = schema.get("additionalProperties")
        below: Schema = properties.get(name, rest if isinstance(rest, dict) else {})
        result[name] = documented_spelling(part, below, contract)
    return result


def may_be_null(schema: Schema, contract: Contract) -> bool:
    """Tell whether the documentation says that the value may be null."""
    return nullable(schema) or nullable(contract.resolve(schema))
