"""Value + schema → violations, each with the documentation line of the promise that it breaks.

jsonschema-rs gives the verdict, jsonschema the explanation of what failed; a property test holds the two together.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from .bundle import bundle
from .contract import EVIDENCE, Contract, Evidence, Grade, Schema, evidence_of, non_null, nullable
from .errors import ContractError
from .formats import INTEGER_RANGES, LOOSE, STRICT
from .parts import with_parts
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
    expected: str
    got: str
    grade: Grade
    evidence: Evidence | None

    @property
    def message(self) -> str:
        """Expected and got, as one sentence."""
        return f"expected {self.expected}, got {self.got}"

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
        try:
            return jsonschema_rs.Draft202012Validator(
                self._bundled, formats=STRICT, validate_formats=True, retriever=_refuse_retrieval
            )
        except jsonschema_rs.ValidationError as error:
            pointer = "".join(f"/{escape(str(part))}" for part in error.instance_path)
            raise ContractError(pointer, f"a schema that can't be used: {error.message}", "schema") from error

    @cached_property
    def _thorough(self) -> Draft202012Validator:
        checker = FormatChecker(formats=())
        for name, check in STRICT.items():
            checker.checks(name)(_on_strings(check))
        return _Explainer(self._bundled, format_checker=checker)

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
        rule = str(error.validator or "false")
        keyword = "format" if rule in ("format", "minimum", "maximum") else rule
        evidence = self._evidence(error, keyword)
        grade = evidence.grade if evidence else Grade.STATED
        silent_null = rule == "type" and error.instance is None and len(error.absolute_path) > 0
        slightly_off = rule == "format" and LOOSE[str(error.validator_value)](str(error.instance))
        if silent_null or slightly_off:
            grade = Grade.ASSUMED
        pointer = "".join(f"/{escape(str(part))}" for part in error.absolute_path)
        return Violation(pointer, rule, _expected(error), _got(error), grade, evidence)

    def _evidence(self, error: ValidationError, keyword: str) -> Evidence | None:
        """Return the evidence of the failing keyword, else of the nearest schema around it."""
        trail = self._trail(self._bundled, list(error.absolute_schema_path)) or []
        known = [evidence_of(schema, keyword) for schema in trail if EVIDENCE in schema]
        return known[-1] if known else None

    def _trail(self, node: Any, path: list[str | int]) -> list[Schema] | None:
        """Return the schemas that a path into the schema leads through; ``None`` when it leads nowhere.

        The path doesn't tell where a reference is followed.
        """
        if not path:
            return []
        if isinstance(node, list):
            return self._trail(node[int(path[0])], path[1:])
        if not isinstance(node, dict):
            return None
        rest = self._trail(node[path[0]], path[1:]) if path[0] in node else None
        if rest is None and isinstance(ref := node.get("$ref"), str):
            rest = self._trail(self._bundled["$defs"][ref.removeprefix("#/$defs/")], path)
        return None if rest is None else [node, *rest]


def _refuse_retrieval(address: str) -> Any:
    """Keep a schema from reaching out: everything that it needs is in its contract."""
    raise ValueError(f"{address} is outside the contract")


def _as_fast(keyword: str) -> Any:
    """Return a keyword for jsonschema that takes jsonschema-rs's verdict: their patterns and fractions differ."""

    def check(validator: Any, promised: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not jsonschema_rs.is_valid({keyword: promised}, instance):
            yield ValidationError(f"{keyword} {promised!r} fails for {instance!r}")

    return check


_Explainer: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {keyword: _as_fast(keyword) for keyword in ("pattern", "multipleOf")}
)


def _on_strings(check: Any) -> Any:
    return lambda value: not isinstance(value, str) or check(value)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Descend into an alternative when only one is meant: the other branches say no more than "or null"."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        if inner.relative_schema_path:  # the alternative ``false`` has no path
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    alternatives: Any = error.validator_value
    meant = [errors for number, errors in branches.items() if not _is_null(alternatives[number])]
    if len(meant) != 1:
        yield error
        return
    for inner in meant[0]:
        yield from _leaves(inner)


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"


def _expected(error: ValidationError) -> str:
    promised: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "type":
            kinds = " or ".join(promised if isinstance(promised, list) else [promised])
            return f"{kinds} ({schema['format']})" if "format" in schema else kinds
        case "format":
            return f"the format {promised}"
        case "minimum" | "maximum" if promised in INTEGER_RANGES.get(schema.get("format"), ()):
            return str(schema["format"])
        case "required":
            return f"the properties {', '.join(promised)}"
        case "enum":
            return f"one of {_short(promised)}"
        case None:
            return "nothing"
    return f"{error.validator} {_short(promised)}"


def _got(error: ValidationError) -> str:
    if error.validator == "required" and isinstance(error.instance, dict):
        return f"only {_short(list(error.instance))}"
    return _short(error.instance)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _checkable(schema: Schema) -> Schema:
    """Return the schema with integer formats as bounds, and without the formats that nobody checks."""
    checkable = with_parts(schema, _checkable)
    name = checkable.get("format")
    if not isinstance(name, str):
        return checkable
    if name in INTEGER_RANGES:
        low, high = INTEGER_RANGES[name]
        return {"minimum": low, "maximum": high, **checkable}
    if name not in STRICT:
        del checkable["format"]
    return checkable


def documented_spelling(value: Any, schema: Schema, contract: Contract) -> Any:
    """Return ``value`` with property names spelled as ``schema`` documents them, matched without regard to case.

    Raises ``ValueError`` naming the property when an object holds two spellings of it.
    """
    schema = contract.resolve(non_null(contract.resolve(schema)))
    if isinstance(value, list):
        items = schema.get("items")
        return [documented_spelling(part, items if isinstance(items, dict) else {}, contract) for part in value]
    if not isinstance(value, dict):
        return value
    properties: Mapping[str, Any] = schema.get("properties", {})
    spelled: dict[str, str] = {name.lower(): name for name in properties}
    result: dict[str, Any] = {}
    for key, part in value.items():
        name = str(key if key in properties else spelled.get(key.lower(), key))
        if name in result:
            raise ValueError(f"property {name!r} is given twice")
        below = properties.get(name, schema.get("additionalProperties"))
        result[name] = documented_spelling(part, below if isinstance(below, dict) else {}, contract)
    return result


def may_be_null(schema: Schema, contract: Contract) -> bool:
    """Tell whether the documentation says that the value may be null."""
    return nullable(schema) or nullable(contract.resolve(schema))
