"""Validation of a value: violations, each with the documentation line of the promise that it breaks.

jsonschema-rs gives the verdict and finds what failed, jsonschema where more needs explaining; a property test holds
the two together.
"""

from collections import deque
from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

import jsonschema_rs

from ..contract.model import Contract, Grade, Schema, non_null
from ..contract.regular_expressions import PATTERN_OPTIONS
from ..errors import ContractError
from ..json_pointer import pointer_of
from .bundle import bundle
from .formats import EMAIL, NUMBER_RANGES, OWN_CHECKS, STRICT, UNCHECKED_FORMAT, is_loose_date_time
from .subschemas import is_annotation, with_subschemas
from .violation import Violation


class Validator:
    """A schema of a contract, compiled on first use; evidence is as seen from ``page``, where one is named."""

    def __init__(self, schema: Schema, contract: Contract, page: str = "") -> None:
        self.schema = schema
        self.contract = contract
        self.page = page

    @cached_property
    def _compiled(self) -> "_Compiled":
        key = repr(self.schema), id(self.contract)
        compiled = _COMPILED.get(key) or _COMPILED.setdefault(key, _Compiled(self.schema, self.contract))
        _LATEST.append(compiled)
        return compiled

    def is_valid(self, value: Any) -> bool:
        """Return the verdict to the letter of the schema."""
        return self._compiled.fast.is_valid(value)

    def is_valid_loosely(self, value: Any) -> bool:
        """Return the verdict that forgives date-times what documented examples leave out, such as an offset."""
        return self._compiled.lenient.is_valid(value)

    def violations(self, value: Any) -> tuple[Violation, ...]:
        """Return the violations of the schema, in the order of the value; empty for a valid one."""
        if self.is_valid(value):
            return ()
        described = self.page, _digest(value)
        if described != self._compiled.explained[0]:
            self._compiled.explained = described, self._explained(value)
        return self._compiled.explained[1]

    def _explained(self, value: Any) -> tuple[Violation, ...]:
        from .explain_violations import (
            explain_violations,  # here because jsonschema takes 70 ms to import, and only what fails needs it
        )

        locate = getattr(self.contract.schemas, "evidence_at", None)  # schemas of pages hold their evidence themselves
        fast = self._compiled.fast
        violations = explain_violations(self._compiled.bundled, value, self.page, locate, fast.iter_errors)
        return violations or tuple(_verdict(error) for error in fast.iter_errors(value))

    def accepts(self, value: Any) -> bool:
        """Tell whether nothing that the documentation says is broken."""
        return not any(violation.counts for violation in self.violations(value))


class _Compiled:
    """A schema of a contract that stands alone, compiled when it is first needed.

    It holds its contract: as long as it is there, no other contract can have the same identity.
    """

    def __init__(self, schema: Schema, contract: Contract) -> None:
        self._schema = schema
        self._contract = contract
        self.explained: tuple[object, tuple[Violation, ...]] = None, ()
        """The page and the value of the latest explanation: who sends a call explains it first, then who answers."""

    @cached_property
    def bundled(self) -> Schema:
        """The schema with all that it refers to."""
        checkable: Schema = _checkable(bundle(self._schema, self._contract.schemas))
        return checkable

    @cached_property
    def _asserted(self) -> "_Asserted":
        if "$defs" in self.bundled:
            return _Asserted(self.bundled)  # it is large, and seldom the same
        asserted = _asserted(self.bundled)
        key = repr(asserted)
        return _ASSERTED.get(key) or _ASSERTED.setdefault(key, _Asserted(asserted))

    @property
    def fast(self) -> jsonschema_rs.Draft202012Validator:
        """The validator to the letter of the schema."""
        return self._asserted.fast

    @property
    def lenient(self) -> jsonschema_rs.Draft202012Validator:
        """The validator that forgives date-times what documented examples leave out."""
        return self._asserted.lenient


class _Asserted:
    """The validators of what a schema asserts, the same wherever and in whatever words that is documented."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    @cached_property
    def fast(self) -> jsonschema_rs.Draft202012Validator:
        return self._with_formats(OWN_CHECKS)

    @cached_property
    def lenient(self) -> jsonschema_rs.Draft202012Validator:
        return self._with_formats({**OWN_CHECKS, "date-time": is_loose_date_time})

    def _with_formats(self, checks: Mapping[str, Callable[[str], bool]]) -> jsonschema_rs.Draft202012Validator:
        try:
            return jsonschema_rs.Draft202012Validator(
                self._schema,
                formats=dict(checks),
                validate_formats=True,
                email_options=EMAIL,
                pattern_options=PATTERN_OPTIONS,
                retriever=_refuse_retrieval,
            )
        except jsonschema_rs.ValidationError as error:
            pointer = pointer_of(error.instance_path)
            raise ContractError(pointer, f"a schema that can't be used: {error.message}", "schema") from error


def _digest(value: Any) -> bytes:
    """Return what tells a value from others, also 1 from 1.0 and true, which are equal in Python."""
    return sha256(repr(value).encode()).digest()


_COMPILED: WeakValueDictionary[tuple[str, int], _Compiled] = WeakValueDictionary()
"""Compiled schemas by their texts: a fake, what verifies it and what reads its requests ask for equal ones."""

_ASSERTED: WeakValueDictionary[str, _Asserted] = WeakValueDictionary()
"""Compiled schemas by what they assert: most parameters of an API are one of a few numbers and texts."""

_LATEST: deque[_Compiled] = deque(maxlen=64)
"""Schemas of late, kept since operations that are verified one after the other are about the same types."""


def _verdict(error: jsonschema_rs.ValidationError) -> Violation:
    """Return a violation that jsonschema-rs alone finds, in its words."""
    rule = str(error.schema_path[-1]) if error.schema_path else "false"
    return Violation(pointer_of(error.instance_path), rule, rule, error.message, Grade.STATED, None)


def _refuse_retrieval(address: str) -> Any:
    """Keep a schema from reaching out: everything that it needs is in its contract."""
    raise ValueError(f"{address} is outside the contract")


def _checkable(schema: Schema) -> Schema:
    """Return the schema with formats of numbers as bounds, and those that nobody checks under another name."""
    checkable = with_subschemas(schema, _checkable)
    name = checkable.get("format")
    if not isinstance(name, str):
        return checkable
    if name in NUMBER_RANGES:
        low, high = NUMBER_RANGES[name]
        return {"minimum": low, "maximum": high, **checkable}
    if name not in STRICT:
        checkable[UNCHECKED_FORMAT] = checkable.pop("format")
    return checkable


def _asserted(schema: Schema) -> Schema:
    """Return the schema without what only describes it: titles, examples, evidence and other extensions."""
    asserted = {key: part for key, part in schema.items() if not is_annotation(key)}
    return with_subschemas(asserted, _asserted)


def documented_spelling(value: Any, schema: Schema, contract: Contract) -> Any:
    """Return ``value`` with property names spelled as ``schema`` documents them, matched without regard to case.

    Raises ``ValueError`` naming the property when an object holds two spellings of it.
    """
    return Spellings(contract).of(schema).spelled(value)


class Spellings:
    """The spelling of property names by the schemas of a contract; worked out once for each named type."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._named: dict[str, Spelling] = {}

    def of(self, schema: Schema) -> "Spelling":
        """Return the spelling of one schema."""
        name = schema.get("$ref") or non_null(schema).get("$ref")
        if name is None:
            return Spelling(schema, self)
        return self._named.get(name) or self._named.setdefault(name, Spelling({"$ref": name}, self))


class Spelling:
    """Spelling of property names by a schema; made by ``Spellings``."""

    def __init__(self, schema: Schema, spellings: Spellings) -> None:
        self._spellings = spellings
        resolve = spellings.contract.resolve
        self._schema = resolve(non_null(resolve(schema)))
        self._properties: Mapping[str, Any] = self._schema.get("properties", {})
        self._lower = {name.lower(): name for name in self._properties}
        self._parts: dict[str, Spelling | None] = {}

    def spelled(self, value: Any) -> Any:
        """Return ``value`` as ``documented_spelling`` does; raises ``ValueError``."""
        if isinstance(value, dict):
            return self._members(value)
        if isinstance(value, list) and self._items:
            return [self._items.spelled(part) for part in value]
        return value

    def _members(self, value: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, part in value.items():
            name = key if key in self._properties else self._lower.get(key.lower(), key)
            if name in result:
                raise ValueError(f"property {name!r} is given twice")
            below = self._part(name) if isinstance(part, dict | list) else None
            result[name] = below.spelled(part) if below else part
        return result

    def _part(self, name: str) -> "Spelling | None":
        if name not in self._properties:
            return self._rest
        if name not in self._parts:
            self._parts[name] = self._below(self._properties[name])
        return self._parts[name]

    @cached_property
    def _items(self) -> "Spelling | None":
        return self._below(self._schema.get("items"))

    @cached_property
    def _rest(self) -> "Spelling | None":
        return self._below(self._schema.get("additionalProperties"))

    def _below(self, schema: Any) -> "Spelling | None":
        return self._spellings.of(schema) if isinstance(schema, dict) else None
