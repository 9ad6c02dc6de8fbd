"""Letter case of property names in replies: spelled as they are documented."""

from collections.abc import Iterator

from docdouble.schemas.json_pointer import escape_token

from ..model.documented_objects import DocumentedObject
from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check
from .helpers import property_evidence


def _run(exchange: Exchange) -> Iterator[Finding]:
    for record in exchange.records:
        properties = record.schema["properties"]
        unknown = {name.lower(): name for name in record.value if name not in properties}
        for name in properties if unknown else ():
            sent = unknown.get(name.lower())
            if sent is not None and name not in record.value:
                yield _finding(exchange, record, name, sent)


def _finding(exchange: Exchange, record: DocumentedObject, name: str, sent: str) -> Finding:
    evidence = property_evidence(exchange, record, name)
    return exchange.finding(
        "field-case",
        severity_of(evidence.grade if evidence else None),
        expected=f"the property {name}",
        got=f"{sent}, spelled in another case",
        pointer=f"{record.place}/{escape_token(name)}",
        rule="spelling",
        evidence=evidence,
    )


CHECK = Check("field-case", "property names are spelled as documented", _run, lambda exchange: bool(exchange.records))
