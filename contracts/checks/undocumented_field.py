"""Every property that is sent is documented: one that isn't is a warning, since documentation can lag behind.

A property that a documented sample or example shows is documented, and so is one that is required.
"""

from collections.abc import Iterator

from docdouble.schemas import Schema
from docdouble.schemas.json_pointer import escape_token

from ..model.documented_objects import DocumentedObject
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    objects = exchange.known_records
    if objects is None:
        return
    told: set[tuple[str, str]] = set()
    for record in exchange.records:
        for name in record.value.keys() - record.schema["properties"].keys():
            known = {one.lower() for one in (*_named(record.schema), *objects.shown_names(record))}
            if name.lower() not in known and (record.place, name) not in told:
                told.add((record.place, name))
                yield _finding(exchange, record, name)


def _named(schema: Schema) -> Iterator[str]:
    """Yield the names of properties that a schema holds, also of those that it only requires."""
    dependent = schema.get("dependentRequired", {})
    yield from (*schema["properties"], *schema.get("required", ()), *dependent)
    yield from (name for names in dependent.values() for name in names)


def _finding(exchange: Exchange, record: DocumentedObject, name: str) -> Finding:
    """Return the finding at the first place that shows the type, so that each type is told once."""
    owner = f" of {record.type_name}" if record.type_name else ""
    return exchange.finding(
        "undocumented-field",
        Severity.WARNING,
        expected="documented properties only",
        got=f"the property {name}{owner}",
        pointer=f"{record.place}/{escape_token(name)}",
        rule="undocumented",
        evidence=exchange.documented.evidence if exchange.documented else None,
    )


CHECK = Check("undocumented-field", "every property sent is documented", _run, lambda exchange: bool(exchange.records))
