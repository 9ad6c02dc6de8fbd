"""Helpers of several checks: severities, calls that may be repeated, and findings about violations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from docdouble.fakeserver.http.header_fields import charset_of, codec_name
from docdouble.schemas import Call, Evidence, Grade, MediaType, Violation
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.contract.resources import NO_RESOURCES
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.json_pointer import escape_token, pointer_of
from docdouble.schemas.resources.envelopes import listed_in, wrapped_in
from docdouble.schemas.resources.path_resources import item_path

from ..model.documented_objects import DocumentedObject
from ..model.exchange import Exchange
from ..model.exclusive_types import excludes_all_types
from ..model.finding import Finding, Severity, severity_of
from .check import Step


def severity_at_most(limit: Severity, evidence: Evidence | None) -> Severity:
    """Return the severity of breaking a fact of this evidence, but never more than ``limit``."""
    return max(limit, severity_of(evidence.grade if evidence else None), key=lambda severity: severity.rank)


def is_xml(name: str) -> bool:
    """Tell whether a media type, lower case and without parameters, is XML (RFC 7303)."""
    return name in ("application/xml", "text/xml") or name.endswith("+xml")


def is_undecodable(call: Call) -> bool:
    """Tell whether a call sends octets as JSON that are no UTF-8 (RFC 8259, section 8.1)."""
    if not is_json(call.media_type):
        return False
    try:
        call.body.decode()
    except UnicodeDecodeError:
        return True
    return False


def has_unknown_charset(call: Call) -> bool:
    """Tell whether a call announces a charset that nobody knows."""
    charset = charset_of(call.header("Content-Type"))
    return bool(charset) and codec_name(charset) is None


def bare_names(exchange: Exchange) -> list[str]:
    """Return the documented media types of the reply, lower case and without parameters."""
    response = exchange.documented
    return [media_type(content.name) for content in response.media_types] if response else []


def documented_media_type(exchange: Exchange, name: str) -> MediaType | None:
    """Return the documentation of the reply in a media type, lower case and without parameters."""
    media_types = exchange.documented.media_types if exchange.documented else ()
    return next((content for content in media_types if media_type(content.name) == name), None)


def is_null(violation: Violation) -> bool:
    """Tell whether a value is null where its type doesn't allow that."""
    return violation.rule == "type" and violation.got == "null"


def violation_finding(check: str, exchange: Exchange, violation: Violation, severity: Severity) -> Finding:
    """Return the finding about a violation; what only custom says is reported once for each named type."""
    known = exchange.known_records
    pointer = violation.pointer
    if known:
        place = known.shared_place if violation.grade is Grade.ASSUMED else known.place
        pointer = place(violation.pointer)
    if violation.rule == "type" and exchange.schema and severity is not Severity.NOTE:
        no_value = excludes_all_types(exchange.schema, exchange.subject.contract, violation.pointer)
        severity = Severity.NOTE if no_value else severity
    subject = "" if violation.rule == "discriminator" else f"{violation.pointer or 'the body'} is "  # it names its own
    finding = exchange.finding(
        check,
        exchange.body_severity(severity),
        expected=f"{subject}{violation.expected}",
        got=violation.got,
        pointer=pointer,
        rule=violation.rule,
        evidence=violation.evidence,
    )
    return replace(finding, once=exchange.is_of_framework)


def violation_findings(check: str, exchange: Exchange, violation: Violation, severity: Severity) -> Iterator[Finding]:
    """Yield the findings about a violation: one for each name that is missing or has no place."""
    finding = violation_finding(check, exchange, violation, severity)
    of = f" of {violation.pointer}" if violation.pointer else ""
    where = violation.pointer or "the body"
    for name in violation.missing:
        pointer = f"{finding.pointer}/{escape_token(name)}"
        yield replace(finding, expected=f"the property {name}{of}", got=f"{where} without {name}", pointer=pointer)
    for name in violation.unexpected:
        pointer = f"{finding.pointer}/{escape_token(name)}"
        yield replace(
            finding, expected=f"{where} with {violation.expected}", got=f"the property {name}", pointer=pointer
        )
    if not violation.missing and not violation.unexpected:
        yield finding


def scalars(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a body that is neither an object nor an array, with its place in the body."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from scalars(part, f"{pointer}/{escape_token(name)}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from scalars(part, f"{pointer}/{index}")
    else:
        yield pointer, value


def property_evidence(exchange: Exchange, record: DocumentedObject, name: str) -> Evidence | None:
    """Return where a property of a documented object is documented."""
    part = record.schema["properties"][name]
    return evidence_of(part, page=exchange.subject.page) if isinstance(part, dict) else None


def shortened(text: str) -> str:
    """Return a text of at most 60 characters."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def chain_key_names(steps: Sequence[Step]) -> frozenset[str]:
    """Return the names of the keys of the resource that a chain is about, in lower case."""
    resources = steps[0].exchange.subject.contract.resources if steps else NO_RESOURCES
    resource = resources.resource_of(steps[0].role.operation) if steps else None
    return resource.key_names if resource else frozenset()


def is_plain_by_paths(steps: Sequence[Step]) -> bool:
    """Tell whether methods and paths say what the operations of a chain do: ``PUT /boats/{id}`` stores a boat."""
    contract = steps[0].exchange.subject.contract if steps else None
    resource = contract.resources.resource_of(steps[0].role.operation) if contract else None
    return bool(resource and contract and (resource.singleton or item_path(resource, contract)))


def shown_entity(exchange: Exchange) -> tuple[str, Any]:
    """Return the entity that a reply shows, with its place in the body: without an envelope, also alone in an array."""
    body = exchange.json if exchange.is_readable else None
    if isinstance(body, list) and len(body) == 1:
        return "", body[0]
    path = wrapped_in(exchange.operation, exchange.subject.contract)
    return pointer_of(path), value_inside(body, path)


def shown_rows(exchange: Exchange) -> list[tuple[str, Any]] | None:
    """Return the entities in the rows of a list, each with its place in the body; ``None`` where it holds no array."""
    body = exchange.json if exchange.is_readable else None
    listed = listed_in(exchange.operation, exchange.subject.contract)
    if listed is None or not (listed.path or listed.inside):
        return listed_rows(body)
    rows = value_inside(body, listed.path)
    if not isinstance(rows, list):
        return listed_rows(body)
    places = (pointer_of([*listed.path, str(index), *listed.inside]) for index in range(len(rows)))
    return [(place, value_inside(row, listed.inside)) for place, row in zip(places, rows, strict=True)]


def is_like(shown: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Tell whether what is shown may be what was sent: most of the numbers and texts that both hold are the same."""
    spelled = {name.lower(): value for name, value in shown.items()}
    pairs = [(value, spelled[name.lower()]) for name, value in sent.items() if name.lower() in spelled]
    comparable = [(left, other) for left, other in pairs if left and isinstance(left, str | int | float)]
    return sum(bool(left == other) for left, other in comparable) * 2 >= len(comparable)


def value_inside(value: Any, path: Iterable[str]) -> Any:
    """Return the value in objects inside of each other, ``None`` for nothing."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def listed_rows(body: Any) -> list[tuple[str, Any]] | None:
    """Return the rows of a list, each with its place in the body; ``None`` for a body that holds no array."""
    arrays = [("", body)] if isinstance(body, list) else []
    if isinstance(body, dict):
        arrays = [(pointer_of([name]), part) for name, part in body.items() if isinstance(part, list)]
    rows = [(f"{place}/{index}", row) for place, array in arrays for index, row in enumerate(array)]
    return rows if arrays else None
