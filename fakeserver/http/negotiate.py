"""Content negotiation: media types of answers, and of bodies that are read (RFC 9110, sections 8.3 and 12.5.1)."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from docdouble.schemas import Call, Contract, Evidence, MediaType, Reply
from docdouble.schemas.http import media_type

from .codecs import codec_of
from .documented import content_of
from .header_fields import best_media_type, content_type
from .problem import problem

_OF_RANGE = {
    "*/*": "application/json",
    "application/*": "application/json",
    "application/*+json": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
    "multipart/*": "multipart/form-data",
}
"""Documented range → how this server names what it sends there."""

MediaTypes = tuple[MediaType, ...]


def writable_media_types(media_types: MediaTypes, contract: Contract) -> list[str]:
    """Return the documented media types that the body can be written in."""
    content = content_of(media_types, contract)
    bare = (media_type(one.name) for one in media_types)
    named = dict.fromkeys(_OF_RANGE.get(one, one) for one in bare)
    return [name for name in named if "*" not in name and codec_of(name).carries(content)]


def preferred_media_type(accept: str | None, offered: Sequence[str], override: str = "") -> str | None:
    """Return the offered media type that an ``Accept`` header likes best, the first without such a header.

    ``override`` is the word of a parameter that stands above the header, such as ``xml``.
    """
    if override:
        return next((name for name in offered if name.endswith(("/" + override, "+" + override))), None)
    if not accept:
        return offered[0] if offered else None
    return best_media_type(accept, offered)


def not_acceptable(
    call: Call, media_types: MediaTypes, contract: Contract, evidence: Evidence | None, override: str = ""
) -> Reply:
    """Return the 406 that tells what is documented and what this server can send."""
    offered = writable_media_types(media_types, contract)
    documented = [documented_type.name for documented_type in media_types]
    wanted = f"the format {override}" if override else f"Accept: {call.header('Accept')}"
    if not offered:
        detail = f"the documented body can't be written as {' or '.join(documented)}, and nothing else is documented"
    else:
        detail = f"nothing documented fits {wanted}"
    line = str(evidence) if evidence else None
    return problem(406, detail, offered=offered, documented=documented, documentation=line)


def unsupported_media_type(
    call: Call, media_types: MediaTypes, contract: Contract, evidence: Evidence | None
) -> Reply | None:
    """Return the 415 for a body whose media type or charset is not understood, else ``None``."""
    documented = [documented_type.name for documented_type in media_types]
    offered = writable_media_types(media_types, contract)
    encoding = (call.header("Content-Encoding") or "identity").strip().lower()
    if encoding != "identity":
        detail = f"Content-Encoding: {encoding} is not documented"
    elif call.media_type in offered or _is_in_range(call.media_type, media_types, contract):
        if content_type(call).charset is not None:
            return None
        detail = f"the charset of Content-Type: {call.header('Content-Type')} is not known"
    elif not call.media_type:
        detail = "a body needs a Content-Type"
    elif call.media_type in map(media_type, documented):
        detail = f"Content-Type: {call.media_type} is documented, but the documented body can't be written so"
    else:
        detail = f"Content-Type: {call.media_type} is not documented"
    line = str(evidence) if evidence else None
    accepted = ("Accept", ", ".join(offered))
    return problem(415, detail, accepted, offered=offered, documented=documented, documentation=line)


def _is_in_range(name: str, media_types: MediaTypes, contract: Contract) -> bool:
    ranges = (media_type(one.name) for one in media_types if "*" in one.name)
    return any(fnmatchcase(name, one) for one in ranges) and codec_of(name).carries(content_of(media_types, contract))
