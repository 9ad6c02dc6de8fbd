"""Every documented property of a record is there."""

from collections.abc import Iterator

from docdouble.schemas.contract import evidence_of
from docdouble.schemas.positions import escape

from ..exchange import Exchange
from ..finding import Finding, severity_of
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    for pointer, record, schema in exchange.records():
        spelled = {name.lower() for name in record}
        for name, part in schema["properties"].items():
            if name in record:
                continue
            evidence = evidence_of(part, page=exchange.subject.page)
            if evidence is None and name not in schema.get("required", ()):
                continue  # a document, unlike a table of an answer, says itself which properties are always there
            other_case = name.lower() in spelled
            yield exchange.finding(
                "missing-field",
                severity_of(evidence.grade if evidence else None),
                promised=f"the property {name}",
                came=f"{name} spelled in another case" if other_case else f"a record without {name}",
                pointer=f"{pointer}/{escape(name)}",
                rule="spelling" if other_case else "missing",
                evidence=evidence,
            )


CHECK = Check("missing-field", "every documented property is sent", _run)
