"""Changes of how the properties of a form or multipart body are written."""

from collections.abc import Iterator

from ..contract.facts import FactKind
from ..contract.model import Encoding, MediaType
from .change import Change, Judgement
from .diff_rules import BREAKING, RISKY, SAFE
from .operation_pair import ComparedPlace, OperationPair

_NONE = Encoding()


def encoding_changes(pair: OperationPair, old: MediaType, new: MediaType, where: ComparedPlace) -> Iterator[Change]:
    """Yield other styles, media types and header fields of parts of a body."""
    is_request = where.direction == "request"
    part = FactKind.REQUEST_MEDIA_TYPE if is_request else FactKind.RESPONSE_MEDIA_TYPE
    fact = pair.fact(part, f"{where.name} {old.name}".strip())
    for name in sorted(old.encoding.keys() | new.encoding.keys()):
        before, after = old.encoding.get(name, _NONE), new.encoding.get(name, _NONE)
        for judgement, what in _differences(before, after, is_request):
            message = f"{name} of {where.label} {what}"
            yield pair.change(f"{where.direction}-encoding-changed", judgement, fact, message, where.old, where.new)


def _differences(old: Encoding, new: Encoding, is_request: bool) -> Iterator[tuple[Judgement, str]]:
    if _style(old) != _style(new):
        yield BREAKING, "is written in another style now"
    if set(old.content_types) != set(new.content_types):
        yield _judged(old, new, is_request), f"may be {', '.join(new.content_types) or 'of any media type'} now"
    needed = {header.name.lower() for header in new.headers if header.required}
    if is_request and (added := sorted(needed - {header.name.lower() for header in old.headers if header.required})):
        yield BREAKING, f"needs the header field {', '.join(added)} now"


def _style(encoding: Encoding) -> tuple[str, bool, bool] | None:
    """Return how a property is written, ``None`` where its media type tells that."""
    if not encoding.style and encoding.explode is None and not encoding.allow_reserved:
        return None
    style = encoding.style or "form"
    return style, encoding.explode if encoding.explode is not None else style == "form", encoding.allow_reserved


def _judged(old: Encoding, new: Encoding, is_request: bool) -> Judgement:
    """Return what comes of other media types; where one side names none, those of the schema hold."""
    narrow, wide = (old, new) if is_request else (new, old)
    if not wide.content_types or not narrow.content_types:
        return RISKY
    return SAFE if set(narrow.content_types) <= set(wide.content_types) else BREAKING
