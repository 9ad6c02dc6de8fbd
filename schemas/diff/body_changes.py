"""Changes of the bodies, media types, statuses and headers of an operation."""

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from ..contract.facts import FactKind
from ..contract.media_types import chosen_media_type, with_parameters
from ..contract.model import Body, MediaType, Parameter, Response
from .change import Change, Judgement
from .diff_rules import BREAKING, RISKY, SAFE
from .encoding_changes import encoding_changes
from .normalise import canonical_json
from .operation_pair import ComparedPlace, OperationPair, limited_by_evidence
from .serialisation_changes import serialisation_changes


def request_changes(pair: OperationPair) -> Iterator[Change]:
    """Yield how the request's body changed."""
    old, new = pair.old.request, pair.new.request
    if old and new:
        yield from _need(pair, old, new)
        where = ComparedPlace("request", "request", FactKind.REQUEST, "", "the request", old.evidence, new.evidence)
        yield from media_type_changes(pair, old.media_types, new.media_types, where)
    elif old:
        fact = pair.fact(FactKind.REQUEST)
        yield pair.change("request-body-removed", RISKY, fact, "the request has no body any more", old.evidence, None)
    elif new:
        yield _body_added(pair, new)


def _body_added(pair: OperationPair, new: Body) -> Change:
    judgement = {True: BREAKING, False: SAFE, None: RISKY}[new.required]
    message = "the request has a body now" + (", which is required" if new.required else "")
    change = pair.change("request-body-added", judgement, pair.fact(FactKind.REQUEST), message, None, new.evidence)
    return replace(change, concerned=pair.fact())


def _need(pair: OperationPair, old: Body, new: Body) -> Iterator[Change]:
    if bool(old.required) == bool(new.required):
        return
    fact, lines = pair.fact(FactKind.REQUEST), (old.evidence, new.evidence)
    if new.required:
        message = "the request's body may not be left out any more"
        change = pair.change(
            "request-body-became-required", limited_by_evidence(BREAKING, new.evidence), fact, message, *lines
        )
        yield replace(change, concerned=pair.fact())
    else:
        message = "the request's body may be left out now"
        yield pair.change("request-body-became-optional", SAFE, fact, message, *lines)


def media_type_changes(
    pair: OperationPair, old: tuple[MediaType, ...], new: tuple[MediaType, ...], where: ComparedPlace
) -> Iterator[Change]:
    """Yield which media types were added and removed, and how the schemas of the others differ, each once.

    A media type that a range of the other side takes, or that has other parameters there, is neither.
    """
    before, after = _by_name(old), _by_name(new)
    taken = {name: match for name in before if (match := after.get(name) or chosen_media_type(new, name))}
    given = {name: match for name in after.keys() - before.keys() if (match := chosen_media_type(old, name))}
    part = FactKind.REQUEST_MEDIA_TYPE if where.direction == "request" else FactKind.RESPONSE_MEDIA_TYPE
    for name in sorted(before.keys() - taken.keys()):
        media_type, fact = before[name], pair.fact(part, f"{where.name} {before[name].name}".strip())
        message, line = f"{where.label} may no longer be {media_type.name}", media_type.evidence or where.old
        yield pair.change(f"{where.direction}-media-type-removed", BREAKING, fact, message, line, None)
    for name in sorted(after.keys() - before.keys() - given.keys()):
        media_type, fact = after[name], pair.fact(part, f"{where.name} {after[name].name}".strip())
        message, line = f"{where.label} may be {media_type.name} now", media_type.evidence or where.new
        yield pair.change(f"{where.direction}-media-type-added", SAFE, fact, message, None, line)
    pairs = [(before[name], taken[name]) for name in sorted(taken)]
    pairs += [(given[name], after[name]) for name in sorted(given)]
    yield from _representations(pair, pairs, where)


def _representations(
    pair: OperationPair, pairs: list[tuple[MediaType, MediaType]], where: ComparedPlace
) -> Iterator[Change]:
    """Yield how the schemas and encodings of media types differ; of the same schemas once."""
    reported: set[str] = set()
    for old, new in pairs:
        place = replace(where, old=old.evidence or where.old, new=new.evidence or where.new)
        if (key := canonical_json((old.schema, new.schema))) not in reported:
            reported.add(key)
            yield from pair.schemas(old.schema, new.schema, place)
        if old.item_schema is not None or new.item_schema is not None:
            items = replace(place, name=f"{where.name}/*", label=f"an item of {where.label}")
            yield from pair.schemas(old.item_schema, new.item_schema, items)
        yield from encoding_changes(pair, old, new, place)


def _by_name(media_types: tuple[MediaType, ...]) -> dict[str, MediaType]:
    return {with_parameters(media_type.name): media_type for media_type in media_types}


def response_changes(pair: OperationPair) -> Iterator[Change]:
    """Yield how the responses changed."""
    before, after = _by_status(pair.old.responses), _by_status(pair.new.responses)
    covered = [(status, after[_range(status)]) for status in before.keys() - after.keys() if _range(status) in after]
    for status in sorted(before.keys() - after.keys() - {status for status, _ in covered}):
        is_narrowed = status.endswith("XX") and any(_range(other) == status for other in after)
        old, judgement = before[status], SAFE if is_narrowed else _judged(status, removed=True)
        fact, message = pair.fact(FactKind.STATUS, old.status), f"the status {old.status} is gone"
        yield pair.change("status-removed", judgement, fact, message, old.evidence, None)
    known = [(status, before[_range(status)]) for status in after.keys() - before.keys() if _range(status) in before]
    for status in sorted(after.keys() - before.keys() - {status for status, _ in known}):
        new, judgement = after[status], _judged(status, removed=False)
        fact, message = pair.fact(FactKind.STATUS, new.status), f"the status {new.status} is new"
        change = pair.change("status-added", judgement, fact, message, None, new.evidence)
        yield replace(change, concerned=pair.fact())
    pairs = [(before[status], after[status]) for status in sorted(before.keys() & after.keys())]
    pairs += [(before[status], new) for status, new in sorted(covered, key=itemgetter(0))]
    pairs += [(old, after[status]) for status, old in sorted(known, key=itemgetter(0))]
    for old, new in pairs:
        yield from _response(pair, old, new)


def _range(status: str) -> str:
    """Return the range that a status is in, such as ``4XX``."""
    return f"{status[:1]}XX"


def _by_status(responses: tuple[Response, ...]) -> dict[str, Response]:
    return {response.status.upper(): response for response in responses}


def _judged(status: str, removed: bool) -> Judgement:
    """Return what comes of a status: clients wait for a certain success, and handle errors as such."""
    if status.startswith("2"):
        return BREAKING if removed else RISKY
    return RISKY if status.startswith("3") else SAFE


def _headers_by_name(response: Response) -> dict[str, Parameter]:
    return {header.name.casefold(): header for header in response.headers}


def _response(pair: OperationPair, old: Response, new: Response) -> Iterator[Change]:
    lines = old.evidence, new.evidence
    label = f"the {old.status} response"
    where = ComparedPlace("response", "response", FactKind.RESPONSE, old.status, label, *lines)
    yield from media_type_changes(pair, old.media_types, new.media_types, where)
    before, after = _headers_by_name(old), _headers_by_name(new)
    fact = pair.fact(FactKind.STATUS, old.status)
    for name in sorted(before.keys() - after.keys()):
        header = before[name]
        message, line = f"{label} has no header {header.name} any more", header.evidence or old.evidence
        yield pair.change("response-header-removed", BREAKING, fact, message, line, None)
    for name in sorted(after.keys() - before.keys()):
        header = after[name]
        message, line = f"{label} has a header {header.name} now", header.evidence or new.evidence
        yield pair.change("response-header-added", SAFE, fact, message, None, line)
    for name in sorted(before.keys() & after.keys()):
        pairs = before[name], after[name]
        label = f"the header {before[name].name} of the {old.status} response"
        lines = pairs[0].evidence or old.evidence, pairs[1].evidence or new.evidence
        where = ComparedPlace("response", "response-header", FactKind.STATUS, old.status, label, *lines)
        if bool(pairs[0].required) != bool(pairs[1].required):
            judgement, word = (SAFE, "always comes") if pairs[1].required else (BREAKING, "may be missing")
            yield pair.change("response-header-changed", judgement, fact, f"{label} {word} now", *lines)
        contracts = pair.comparisons
        for rule, judgement, what in serialisation_changes(*pairs, contracts.old, contracts.new):
            if rule == "parameter-style-changed":
                yield pair.change("response-header-changed", judgement, fact, f"{label} {what}", *lines)
        yield from pair.schemas(pairs[0].schema, pairs[1].schema, where)
