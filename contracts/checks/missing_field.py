"""Missing properties: a record in a reply has every documented one."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from docdouble.schemas import Grade, Violation
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import is_left_out
from docdouble.schemas.json_pointer import escape_token, pointer_of
from docdouble.schemas.resources.envelopes import listed_in

from ..model.documented_objects import DocumentedObject
from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check
from .helpers import property_evidence, shown_rows

_OF_ROWS = ("first row", "last row")


def _applies(exchange: Exchange) -> bool:
    return bool(exchange.records) and not _selects_columns(exchange)


def _selects_columns(exchange: Exchange) -> bool:
    """Tell whether the call says which columns of a list are sent."""
    behaviour = exchange.operation.behaviour(BehaviourName.LIST_SELECT)
    return behaviour is not None and behaviour.parameter.lower() in unquote(exchange.call.query).lower()


def _run(exchange: Exchange) -> Iterator[Finding]:
    for record in exchange.records:
        properties = record.schema["properties"]
        if properties.keys() <= record.value.keys():
            continue
        spelled = {name.lower() for name in record.value}
        for name, part in properties.items():
            if (
                name.lower() not in spelled
                and not is_left_out(part)
                and not _is_of_another_page(exchange, record, name)
            ):
                yield from _finding(exchange, record, name)


def _is_of_another_page(exchange: Exchange, record: DocumentedObject, name: str) -> bool:
    """Tell whether a property leads to a page that there may not be, or numbers the rows of an empty one."""
    listed = listed_in(exchange.operation, exchange.subject.contract)
    place = f"{record.pointer}/{escape_token(name)}"
    member = (
        next((page_member for page_member in listed.members if pointer_of(page_member.path) == place), None)
        if listed
        else None
    )
    if member is None:
        return False
    return member.direction in ("next", "previous") or (member.kind in _OF_ROWS and shown_rows(exchange) == [])


def _finding(exchange: Exchange, record: DocumentedObject, name: str) -> Iterator[Finding]:
    evidence = property_evidence(exchange, record, name)
    if evidence is None:
        if name not in record.schema.get("required", ()):
            return  # a document, unlike a table of an answer, says itself which properties are always there
        evidence = next(
            (violation.evidence for violation in exchange.violations if _is_about(violation, record, name)), None
        )
    known = exchange.known_records
    if known and evidence and evidence.grade is Grade.SAMPLED and known.is_shown_without(record, name):
        return
    finding = exchange.finding(
        "missing-field",
        exchange.body_severity(severity_of(evidence.grade if evidence else None)),
        expected=f"the property {name}",
        got=f"a record without {name}",
        pointer=f"{known.place(record.pointer) if known else record.pointer}/{escape_token(name)}",
        rule="missing",
        evidence=evidence,
    )
    yield replace(finding, once=exchange.is_of_framework)


def _is_about(violation: Violation, record: DocumentedObject, name: str) -> bool:
    return violation.pointer == record.pointer and name in violation.missing


CHECK = Check("missing-field", "every documented property is sent", _run, _applies)
