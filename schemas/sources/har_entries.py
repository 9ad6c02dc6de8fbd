"""Entries of an HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/): recorded calls and replies."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from ..http import Call, Headers, Reply
from ..openapi.document import DocumentNode

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Bodies with more characters than this count as not recorded."""

WIRE_ONLY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Header fields of what went over the wire, while archives hold bodies as they were decoded."""

CALLER = "_caller"
"""Member of an entry, one of our own, for the number of the credentials with which it was sent."""

_URL_SAFE = "%/:?#[]@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class HarEntry:
    """The exchange number ``number`` of an archive, from 0; the call's target is that of ``url``, prefix included.

    A ``call_is_whole`` whose body was recorded, and so is the reply. ``started`` is a moment in RFC 3339 form, empty
    where none is recorded. A status of 0 means that no reply was received. ``caller`` is a number of the credentials
    with which it was sent, where it is recorded which calls have the same ones.
    """

    number: int
    url: SplitResult
    call: Call
    reply: Reply
    call_is_whole: bool = True
    reply_is_whole: bool = True
    started: str = ""
    seconds: float = 0.0
    caller: int = 0


def har_entries(archive: DocumentNode) -> Iterator[tuple[int, DocumentNode]]:
    """Yield the entries of an archive with their numbers; raises ``ContractError`` for what is no archive."""
    log = archive.mapping("log")
    if "entries" not in log.data:
        raise log.error("'entries' is missing")
    return enumerate(log.elements("entries"))


def har_entry(number: int, node: DocumentNode) -> HarEntry | None:
    """Return an entry, ``None`` for one that was not sent over HTTP.

    Raises ``ContractError`` with the place of what is missing or wrong in it.
    """
    url = _url(node.object().mapping("request"))
    return _entry(number, url, node) if url.scheme in ("http", "https") else None


def _url(request: DocumentNode) -> SplitResult:
    text = request.text("url")
    try:
        return urlsplit(quote(text, safe=_URL_SAFE))
    except ValueError as error:
        raise request.error(f"'url' is {text!r}, expected a URL: {error}") from error


def _entry(number: int, url: SplitResult, node: DocumentNode) -> HarEntry:
    request, response = node.mapping("request"), node.mapping("response")
    posted = request.mapping("postData") if request.data.get("postData") else None
    sent = _posted(posted) if posted else b""
    content = response.mapping("content", optional=True)
    received = _text(content)
    milliseconds = node.data.get("time")
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = _headers(request, str(posted.data.get("mimeType") or "") if posted else "")
    call = Call(headers, sent or b"", request.text("method").upper(), target)
    reply = Reply(_headers(response, str(content.data.get("mimeType") or "")), received or b"", _status(response))
    return HarEntry(
        number,
        url,
        call,
        reply,
        call_is_whole=sent is not None,
        reply_is_whole=received is not None,
        started=str(node.data.get("startedDateTime") or ""),
        seconds=max(milliseconds, 0) / 1000 if isinstance(milliseconds, int | float) else 0.0,
        caller=caller if isinstance(caller := node.data.get(CALLER), int) else 0,
    )


def _status(response: DocumentNode) -> int:
    status = response.data.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise response.error(f"'status' is {status!r}, expected a number")
    return status


def _headers(message: DocumentNode, media_type: str) -> Headers:
    """Return header fields without those of HTTP/2 and of the wire; the media type may be recorded elsewhere."""
    given = tuple((node.text("name"), node.text("value")) for node in message.sequence("headers"))
    kept = tuple((name, value) for name, value in given if not name.startswith(":") and name.lower() not in WIRE_ONLY)
    has_type = any(name.lower() == "content-type" for name, _ in kept)
    return kept if has_type or media_type in ("", "x-unknown") else (*kept, ("Content-Type", media_type))


def _posted(posted: DocumentNode) -> bytes | None:
    """Return the body of a request, ``None`` where it wasn't recorded."""
    params = list(posted.sequence("params"))
    if posted.data.get("text") or not params:
        return _text(posted)
    if "multipart" in str(posted.data.get("mimeType")):
        return None
    return urlencode([(parameter.text("name"), parameter.text_or_empty("value")) for parameter in params]).encode()


def _text(content: DocumentNode) -> bytes | None:
    """Return the bytes of a body, ``None`` where there was one that wasn't recorded."""
    if content.data.get("text") is None:
        size = content.data.get("size", 0)
        return b"" if not size else None
    text = content.text("text")
    if len(text) > MAX_BODY_BYTES:
        return None
    if content.data.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise content.error(f"'text' is no base64: {error}") from error
