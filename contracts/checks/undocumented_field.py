"""Every property that is sent is documented: one that isn't is a warning, since documentation can lag behind."""

from collections.abc import Iterator

from docdouble.schemas.positions import escape

from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    for pointer, record, schema in exchange.records():
        known = {name.lower() for name in schema["properties"]}
        for name in record:
            if name.lower() not in known:
                yield exchange.finding(
                    "undocumented-field",
                    Severity.WARNING,
                    promised="documented properties only",
                    came=f"the property {name}",
                    pointer=f"{pointer}/{escape(name)}",
                    rule="undocumented",
                    evidence=exchange.documented.evidence if exchange.documented else None,
                )


CHECK = Check("undocumented-field", "every property sent is documented", _run)
