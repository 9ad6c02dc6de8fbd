"""What was asked and answered: the last calls and replies, secrets masked before anything is kept."""

import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from docdouble.schemas import Call, Reply
from docdouble.schemas.message import Headers, Message, is_json

from .masking import Masking

MAX_BODY = 32 * 1024
"""Characters that are kept of one body."""

MAX_READ = 1024 * 1024
"""Longer bodies, in bytes, are not read at all: their media type and length are told."""

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class KeptBody:
    """A body as the journal keeps it: masked text, which ``is_json`` or not; ``note`` says what is missing of it."""

    text: str = ""
    is_json: bool = False
    note: str = ""

    @property
    def value(self) -> Any:
        """The JSON value, else the text, ``None`` for no body or one that is only told of."""
        return orjson.loads(self.text) if self.is_json else self.text or None


@dataclass(frozen=True, slots=True)
class Entry:
    """One call and its reply. ``number`` counts from 1 and is never given twice, ``time`` is UTC (ISO 8601)."""

    number: int
    time: str
    operation: str | None
    method: str
    target: str
    headers: Headers
    body: KeptBody
    status: int
    reply_headers: Headers
    reply_body: KeptBody
    milliseconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; ``body_note`` and ``reply_body_note`` are empty for a body that is kept whole."""
        return {
            "number": self.number,
            "time": self.time,
            "operation": self.operation,
            "method": self.method,
            "target": self.target,
            "headers": [list(pair) for pair in self.headers],
            "body": self.body.value,
            "body_note": self.body.note,
            "status": self.status,
            "reply_headers": [list(pair) for pair in self.reply_headers],
            "reply_body": self.reply_body.value,
            "reply_body_note": self.reply_body.note,
            "milliseconds": self.milliseconds,
        }


class Journal:
    """The last ``capacity`` entries; may be used from several threads.

    ``secrets`` are names whose values are masked besides the usual ones: a contract's API keys.
    """

    def __init__(self, capacity: int = 1000, secrets: Iterable[str] = ()) -> None:
        self.masking = Masking(secrets)
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._dropped: Counter[str | None] = Counter()
        self._last = 0
        self._lock = threading.Lock()

    def record(self, call: Call, reply: Reply, operation: str | None, milliseconds: float) -> None:
        """Keep a call to ``operation`` (an id; ``None`` where no operation was found) and its reply."""
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        asked = call.method, self.masking.pairs(call.target), self.masking.headers(call.headers), self._kept(call)
        answered = reply.status, self.masking.headers(reply.headers), self._kept(reply)
        with self._lock:
            self._last += 1
            if len(self._entries) == self._entries.maxlen:
                self._dropped[self._entries[0].operation if self._entries else operation] += 1
            self._entries.append(Entry(self._last, time, operation, *asked, *answered, round(milliseconds, 3)))

    def entries(self) -> tuple[Entry, ...]:
        """Return what is kept, the oldest first."""
        with self._lock:
            return tuple(self._entries)

    def clear(self) -> None:
        """Forget all entries, and how many were dropped."""
        with self._lock:
            self._entries.clear()
            self._dropped.clear()

    @property
    def dropped(self) -> int:
        """How many entries had to go for later ones."""
        with self._lock:
            return self._dropped.total()

    def dropped_of(self, operation: str) -> int:
        """Return how many of the dropped entries were calls to an operation."""
        with self._lock:
            return self._dropped[operation]

    def _kept(self, message: Message) -> KeptBody:
        if not message.body:
            return KeptBody()
        text = _text(message.body) if len(message.body) <= MAX_READ else None
        if text is None:
            return KeptBody(note=f"not kept: {message.media_type or 'no media type'}, {len(message.body)} bytes")
        if message.media_type == _FORM:
            return _cut(self.masking.pairs(text))
        if is_json(message.media_type) or not message.media_type:
            return self._kept_json(text)
        return _cut(self.masking.text(text))

    def _kept_json(self, text: str) -> KeptBody:
        try:
            value = orjson.loads(text)
            masked = self.masking.json(value) if "\\u" in text or self.masking.concerns(text) else value
            return _cut(orjson.dumps(masked).decode(), json=True)
        except orjson.JSONDecodeError:
            return _cut(self.masking.text(text))
        except (RecursionError, orjson.JSONEncodeError):
            return KeptBody(note=f"not kept: JSON that is nested too deep, {len(text)} characters")


def _text(body: bytes) -> str | None:
    """Return the text of a body in UTF-8, ``None`` for a binary one or another encoding, where names would hide."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _cut(text: str, *, json: bool = False) -> KeptBody:
    if len(text) <= MAX_BODY:
        return KeptBody(text, json)
    return KeptBody(text[:MAX_BODY], note=f"cut: the first {MAX_BODY} of {len(text)} characters")
