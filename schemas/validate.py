"""Value + schema → violations, each with the documentation line of the promise that it breaks.

jsonschema-rs gives the verdict, jsonschema the explanation of what failed; a property test holds the two together.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs

from .bundle import bundle
from .contract import Contract, Schema, non_null
from .errors import ContractError
from .formats import INTEGER_RANGES, STRICT
from .parts import with_parts
from .positions import escape
from .violation import Violation


class Validator:
    """A schema of a contract, compiled on first use; evidence is told as seen from ``page``, where one is given."""

    def __init__(self, schema: Schema, contract: Contract, page: str = "") -> None:
        self.schema = schema
        self.contract = contract
        self.page = page

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

    def is_valid(self, value: Any) -> bool:
        """Return the verdict to the letter of the schema."""
        return self._fast.is_valid(value)

    def violations(self, value: Any) -> tuple[Violation, ...]:
        """Return what breaks the schema, in the order of the value; empty for a valid one."""
        if self.is_valid(value):
            return ()
        from .explain import explain  # here because jsonschema takes 70 ms to import, and only what fails needs it

        return explain(self._bundled, value, self.page)

    def accepts(self, value: Any) -> bool:
        """Tell whether nothing that the documentation says is broken."""
        return not any(violation.counts for violation in self.violations(value))


def _refuse_retrieval(address: str) -> Any:
    """Keep a schema from reaching out: everything that it needs is in its contract."""
    raise ValueError(f"{address} is outside the contract")


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
