"""Content negotiation: media types of answers, and of bodies that are read (RFC 9110, sections 8.3 and 12.5.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from docdouble.schemas import Call, Contract, Evidence, MediaType, Schema
from docdouble.schemas.contract.media_types import SEQUENCES, body_schema, chosen_media_type, with_parameters
from docdouble.schemas.http import media_type

from ..sampler.narrow import constrains
from .codecs import BINARY, TEXT, Content, codec_of
from .header_fields import accepted_media_types, best_media_type, content_type
from .problem import without_none
from .refusal import Refusal

_OF_RANGE = {
    "*/*": "application/json",
    "application/*": "application/json",
    "application/*+json": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
    "multipart/*": "multipart/form-data",
}
"""Documented range → how this server names what it sends there."""

_OCTETS = "application/octet-stream"

MediaTypes = tuple[MediaType, ...]


def writable_media_types(media_types: MediaTypes, contract: Contract) -> list[str]:
    """Return the documented media types that the body can be written in."""
    return list(representations_by_name(media_types, contract))


def representations_by_name(media_types: MediaTypes, contract: Contract) -> dict[str, MediaType]:
    """Return the documented representations that can be written, by the media types that they are sent as."""
    named = _by_sent_name(media_types)
    return {name: content for name, content in named.items() if can_carry(name, content, media_types, contract)}


def answered_representations(media_types: MediaTypes, contract: Contract) -> dict[str, MediaType]:
    """Return the representations that can be answered: also those that can't be written, but have texts as examples."""
    named = _by_sent_name(media_types)
    texts = {name for name, content in named.items() if any(isinstance(sample, str) for sample in content.samples)}
    return {
        name: content
        for name, content in named.items()
        if name in texts or can_carry(name, content, media_types, contract)
    }


def _by_sent_name(media_types: MediaTypes) -> dict[str, MediaType]:
    named: dict[str, MediaType] = {}
    for documented in media_types:
        name = with_parameters(documented.name)
        named.setdefault(_OF_RANGE.get(name, name), documented)
    return {name: documented for name, documented in named.items() if "*" not in name and name.isprintable()}


def shown_schema(documented: MediaType, media_types: MediaTypes) -> Schema | None:
    """Return the schema of what is sent in a representation: of octets and texts that are documented without one, too.

    JSON or XML of which nothing but examples is documented may be anything; without those it isn't made up.
    """
    schema = body_schema(documented, media_types)
    if constrains(schema or {}):
        return schema
    if documented.samples:
        return {}
    name = media_type(documented.name)
    codec = codec_of(_OF_RANGE.get(name, name))
    if codec in (BINARY, TEXT):
        return {"type": "string", "format": "binary"} if codec is BINARY else {"type": "string"}
    return schema


def can_carry(name: str, documented: MediaType, media_types: MediaTypes, contract: Contract) -> bool:
    """Tell whether a documented representation can be written in a media type."""
    schema = body_schema(documented, media_types) or {}
    return codec_of(name).carries(Content(schema, contract))


def preferred_media_type(accept: str | None, offered: Sequence[str], override: str = "") -> str | None:
    """Return the offered media type that an ``Accept`` header likes best, the first without such a header.

    ``override`` is the word of a parameter that stands above the header, such as ``xml``.
    """
    if override:
        return next((name for name in offered if name.endswith(("/" + override, "+" + override))), None)
    if not accept:
        return offered[0] if offered else None
    best = best_media_type(accept, offered)
    if best is None and _OCTETS in accepted_media_types(accept):
        best = next((name for name in offered if codec_of(name) is BINARY), None)  # a file of any kind is octets
    return best


def streamed_media_types(body: Any, offered: Sequence[str]) -> tuple[str, ...]:
    """Return the offered media types of streams, for a body with ``stream: true``: it stands above ``Accept``.

    Clients whose calls mostly answer JSON ask for that by name in each of them.
    """
    is_asked = isinstance(body, Mapping) and body.get("stream") is True
    return tuple(name for name in offered if name in SEQUENCES) if is_asked else ()


def with_named_in_ranges(
    accept: str, offered: tuple[str, ...], media_types: MediaTypes, contract: Contract
) -> tuple[str, ...]:
    """Return the offered media types, and those of documented ranges that an ``Accept`` header names."""
    ranges = [documented for documented in media_types if "*" in documented.name]
    accepted = ((name, chosen_media_type(ranges, name)) for name in accepted_media_types(accept))
    named = (name for name, documented in accepted if documented and can_carry(name, documented, media_types, contract))
    return tuple(dict.fromkeys((*offered, *named)))


def not_acceptable(
    call: Call, media_types: MediaTypes, contract: Contract, evidence: Evidence | None, override: str = ""
) -> Refusal:
    """Return the 406 that tells what is documented and what this server can send."""
    offered = list(answered_representations(media_types, contract))
    documented = [documented_type.name for documented_type in media_types]
    wanted = f"the format {override}" if override else f"Accept: {call.header('Accept')}"
    if not offered:
        detail = f"the documented body can't be written as {' or '.join(documented)}, and nothing else is documented"
    else:
        detail = f"nothing documented fits {wanted}"
    return Refusal(406, detail, members=_offer(offered, documented, evidence))


def unsupported_media_type(
    call: Call, media_types: MediaTypes, contract: Contract, evidence: Evidence | None
) -> Refusal | None:
    """Return the 415 for a body whose media type or charset is not understood, else ``None``."""
    documented = [documented_type.name for documented_type in media_types]
    offered = writable_media_types(media_types, contract)
    encoding = (call.header("Content-Encoding") or "identity").strip().lower()
    if encoding != "identity":
        detail = f"Content-Encoding: {encoding} is not documented"
    elif (chosen := chosen_media_type(media_types, call.header("Content-Type") or "")) and can_carry(
        call.media_type, chosen, media_types, contract
    ):
        if content_type(call).charset is not None:
            return None
        detail = f"the charset of Content-Type: {call.header('Content-Type')} is not known"
    elif not call.media_type:
        detail = "a body needs a Content-Type"
    elif call.media_type in map(media_type, documented):
        detail = f"Content-Type: {call.media_type} is documented, but the documented body can't be written so"
    else:
        detail = f"Content-Type: {call.media_type} is not documented"
    return Refusal(415, detail, (("Accept", ", ".join(offered)),), members=_offer(offered, documented, evidence))


def _offer(offered: list[str], documented: list[str], evidence: Evidence | None) -> dict[str, Any]:
    line = str(evidence) if evidence else None
    return without_none({"offered": offered, "documented": documented, "documentation": line})
