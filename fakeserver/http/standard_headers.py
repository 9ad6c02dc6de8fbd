"""Meanings of response header fields: the values of ``ETag``, ``Location``, ``Retry-After`` and so on (RFC 9110).

A meaning is a text, or a function that makes it of the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from mimetypes import guess_extension
from typing import Any
from uuid import UUID

import orjson

from docdouble.schemas import Call
from docdouble.schemas.http import Headers
from docdouble.schemas.http import media_type as bare

from ..sampler import Sampler
from ..sampler.seeds import mix
from .header_fields import has_entity_tag, http_date


@dataclass(frozen=True, slots=True)
class HeaderContext:
    """A call, and what its answer consists of beside the header fields; ``key`` is that of its values.

    ``written`` is what a GET shows of what the call has changed, where the answer doesn't.
    """

    call: Call
    base_url: str
    sampler: Sampler
    key: int
    media_type: str = ""
    body: Any = None
    written: Any = None

    @property
    def url(self) -> str:
        """The URL that was called, without its query."""
        return self.base_url + self.call.path


Meaning = Callable[[HeaderContext], str]


def _text(text: str) -> Meaning:
    return lambda answered: text


def _etag(answered: HeaderContext) -> str:
    return entity_tag(answered.body if answered.written is None else answered.written)


def entity_tag(body: Any) -> str:
    """Return the entity tag of what a body shows."""
    text = orjson.dumps(body, default=repr, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return f'"{blake2b(text, digest_size=8).hexdigest()}"'


def is_known(answered: HeaderContext, fields: Headers) -> bool:
    """Tell whether a read has ``If-None-Match`` with the entity tag, among ``fields``, of the body that would be sent.

    An example of a tag doesn't change with the body, so that it says nothing of it.
    """
    if answered.call.method not in ("GET", "HEAD") or answered.call.header("If-None-Match") is None:
        return False
    tag = next((text for name, text in fields if name.lower() == "etag"), "")
    return tag == _etag(answered) and has_entity_tag(answered.call, tag)


def _date(days: int, answered: HeaderContext) -> str:
    return http_date(datetime.now(UTC) + timedelta(days=days))


def _last_modified(answered: HeaderContext) -> str:
    return http_date(answered.sampler.world.now - timedelta(days=answered.key % 100))


def _location(answered: HeaderContext) -> str:
    """Return the URL of what was created below the URL that was called; that one where nothing tells its key."""
    members = answered.body if isinstance(answered.body, dict) else {}
    keys = (value for name, value in members.items() if name.lower() in _KEYS and isinstance(value, str | int))
    key = next(keys, None) if answered.call.method == "POST" else None
    return answered.url if key is None else f"{answered.url.rstrip('/')}/{key}"


def _disposition(answered: HeaderContext) -> str:
    name = answered.call.path.rstrip("/").rpartition("/")[2] or "download"
    ending = guess_extension(bare(answered.media_type)) or ""
    return f'attachment; filename="{name.removesuffix(ending)}{ending}"'


def _count(answered: HeaderContext) -> str:
    return str(len(answered.body)) if isinstance(answered.body, list) else ""


def _unix_time(answered: HeaderContext) -> str:
    return str(int((datetime.now(UTC) + timedelta(hours=1)).timestamp()))


def _uuid(answered: HeaderContext) -> str:
    return str(UUID(int=mix(answered.key, 1) << 64 | mix(answered.key, 2), version=4))


_KEYS = ("id", "uuid", "key", "slug", "code")

_BY_NAME: dict[str, Meaning] = {
    "accept-ranges": _text("bytes"),
    "access-control-allow-credentials": _text("true"),
    "access-control-allow-headers": _text("*"),
    "access-control-allow-methods": _text("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    "access-control-allow-origin": _text("*"),
    "access-control-expose-headers": _text("*"),
    "access-control-max-age": _text("600"),
    "age": _text("0"),
    "allow": lambda answered: answered.call.method,
    "cache-control": _text("no-cache"),
    "content-disposition": _disposition,
    "content-language": _text("en"),
    "content-location": lambda answered: answered.url,
    "content-security-policy": _text("default-src 'self'"),
    "date": partial(_date, 0),
    "etag": _etag,
    "expires": partial(_date, 1),
    "last-modified": _last_modified,
    "link": lambda answered: f'<{answered.url}>; rel="self"',
    "location": _location,
    "pragma": _text("no-cache"),
    "retry-after": _text("30"),
    "server": _text("docdouble"),
    "set-cookie": lambda answered: f"session={_uuid(answered)}; Path=/; HttpOnly",
    "strict-transport-security": _text("max-age=31536000"),
    "sunset": partial(_date, 365),
    "vary": _text("Accept"),
    "www-authenticate": _text('Bearer realm="docdouble"'),
    "x-content-type-options": _text("nosniff"),
    "x-frame-options": _text("DENY"),
}
"""Name of a field in lower case → what stands in it."""

_BY_ENDING: dict[str, Meaning] = {
    "ratelimit-limit": _text("60"),
    "ratelimit-remaining": _text("59"),
    "rate-limit-limit": _text("60"),
    "rate-limit-remaining": _text("59"),
    "x-rate-limit-reset": _unix_time,
    "x-ratelimit-reset": _unix_time,
    "ratelimit-reset": _text("60"),
    "correlation-id": _uuid,
    "request-id": _uuid,
    "trace-id": _uuid,
    "total": _count,
    "total-count": _count,
}
"""End of a name in lower case → what stands in the field; the first that fits counts."""


def meaning_of(name: str) -> Meaning | None:
    """Return the meaning of a header field, ``None`` for one that is nobody's but the author's."""
    lower = name.lower()
    endings = (meaning for ending, meaning in _BY_ENDING.items() if lower.endswith(ending))
    return _BY_NAME.get(lower) or next(endings, None)
