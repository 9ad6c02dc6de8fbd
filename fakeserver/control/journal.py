"""Journal of the last calls and replies, shown with secrets masked.

To mask takes longer than to answer, so it is done for what somebody asks for. Nothing but the masked form is shown.
The credentials of a call, and what stands under secret names, are masked wherever the call and its reply repeat them.
"""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

import orjson

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import FORM, Headers, Message, is_json

from ..http.masking import Masking
from ..http.redaction import Redaction
from ..http.refusal import VIOLATIONS
from ..http.secret_values import secrets_of_call, secrets_of_reply
from ..state.worlds import world_of
from .call_log import CallLog, CapturedExchange, KeptBody, MemoryLog

MAX_BODY = 32 * 1024
"""Characters that are shown of one body; longer ones, in bytes, are masked and cut at once to bound the memory."""

TEST = "Docdouble-Test"
"""The header field by which a caller tells which of its tests calls."""

MAX_READ = 1024 * 1024
"""Length of bodies in bytes; longer ones are not read at all: their media type and length are shown."""


class JournalEntry:
    """One call and its reply with secrets masked, which is done when it is first asked for.

    ``number`` counts from 1 and never comes twice. ``operation`` is the id of the one that was called, ``None`` where
    none was found. ``milliseconds`` is how long the answer took, to the microsecond; ``method`` is that of the call,
    ``status`` that of the reply.
    """

    def __init__(self, number: int, record: CapturedExchange, masking: Masking) -> None:
        self._record = record
        self._masking = masking
        self.number, self.operation = number, record.operation
        self.method, self.status = record.call.method, record.reply.status
        self.milliseconds = round(record.milliseconds, 3)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.as_dict()})"

    @cached_property
    def _redaction(self) -> Redaction:
        """Redaction of the secrets of the call and its reply."""
        return self._record.redaction or redaction_of(self._record.call, self._record.reply, self._masking)

    @cached_property
    def world(self) -> str:
        """The name of the world that was called, empty for the usual one."""
        return world_of(self._record.call)

    @cached_property
    def time(self) -> str:
        """The time of the answer, in UTC (ISO 8601)."""
        return utc_time(self._record.seconds)

    @cached_property
    def target(self) -> str:
        """The target of the call."""
        return self._redaction.text(self._masking.pairs(self._record.call.target))

    @cached_property
    def headers(self) -> Headers:
        """The header fields of the call."""
        return self._redaction.headers(self._masking.headers(self._record.call.headers))

    @cached_property
    def body(self) -> KeptBody:
        """The body of the call."""
        return self._record.asked or kept(self._record.call, self._masking, self._redaction)

    @cached_property
    def reply_headers(self) -> Headers:
        """The header fields of the reply."""
        return self._redaction.headers(self._masking.headers(self._record.reply.headers))

    @cached_property
    def reply_body(self) -> KeptBody:
        """The body of the reply."""
        return self._record.answered or kept(self._record.reply, self._masking, self._redaction)

    @cached_property
    def test(self) -> str:
        """The name of the test that called, as it says, empty for none."""
        return next((value for name, value in self.headers if name.lower() == TEST.lower()), "")

    @cached_property
    def note(self) -> str:
        """Note of what was done with the call besides answering as documented."""
        return self._redaction.text(self._record.note)

    @cached_property
    def violations(self) -> list[dict[str, Any]]:
        """The violations of the documentation by the call, as the reply lists them."""
        listed = self._record.reply.header(VIOLATIONS)
        return self._redaction.json(orjson.loads(listed)) if listed else []

    def summary(self) -> dict[str, Any]:
        """Return the JSON form without header fields and bodies."""
        return {
            "number": self.number,
            "time": self.time,
            "operation": self.operation,
            "method": self.method,
            "target": self.target,
            "status": self.status,
            "violations": self.violations,
            "milliseconds": self.milliseconds,
            "world": self.world,
            "test": self.test,
            "note": self.note,
        }

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
            "violations": self.violations,
            "reply_headers": [list(pair) for pair in self.reply_headers],
            "reply_body": self.reply_body.value,
            "reply_body_note": self.reply_body.note,
            "milliseconds": self.milliseconds,
            "world": self.world,
            "test": self.test,
            "note": self.note,
        }


class Journal:
    """The calls of a log, which may be used from several threads; one of this process where none is given.

    ``secrets`` are names whose values are masked besides the usual ones: a contract's API keys. Where a ``world`` is
    named, only the calls of that one are meant, else those of all.
    """

    def __init__(self, log: CallLog | None = None, secrets: Iterable[str] = ()) -> None:
        self.masking = Masking(secrets)
        self._log = log or MemoryLog()
        self._entries: dict[int, JournalEntry] = {}

    def record(
        self,
        call: Call,
        reply: Reply,
        operation: str | None,
        milliseconds: float,
        asked: KeptBody | None = None,
        answered: KeptBody | None = None,
        *,
        note: str = "",
    ) -> None:
        """Keep a call to ``operation`` (an id; ``None`` where no operation was found) and its reply.

        ``asked`` and ``answered`` are what is kept of bodies that aren't known. ``note`` says what was done with the
        call besides answering as documented.
        """
        now = time.time()
        redaction = None
        if len(call.body) > MAX_BODY or len(reply.body) > MAX_BODY:
            redaction = redaction_of(call, reply, self.masking)
            if len(call.body) > MAX_BODY:
                asked, call = kept(call, self.masking, redaction), replace(call, body=b"")
            if len(reply.body) > MAX_BODY:
                answered, reply = kept(reply, self.masking, redaction), replace(reply, body=b"")
        self._log.append(CapturedExchange(now, operation, milliseconds, call, asked, reply, answered, redaction, note))

    def entries(self, world: str = "", after: int = 0) -> tuple[JournalEntry, ...]:
        """Return what is kept behind a number, the oldest first."""
        known, numbers = dict(self._entries), self._log.numbers()
        news = {
            number: JournalEntry(number, record, self.masking)
            for number, record in self._log.after(max(known, default=0))
        }
        entries = {number: entry for number in numbers if (entry := known.get(number) or news.get(number))}
        self._entries = entries  # what is masked once needn't be masked again
        return tuple(entry for entry in entries.values() if entry.number > after and world in ("", entry.world))

    def last(self) -> int:
        """Return the number of the last call, 0 before the first one."""
        return self._log.last()

    def wait(self, after: int, seconds: float) -> bool:
        """Wait until there is a call behind a number; return whether the journal is still open."""
        return self._log.wait(after, seconds)

    def close(self) -> None:
        """End every wait, also later ones."""
        self._log.close()

    def clear(self, world: str = "") -> None:
        """Forget the entries, and how many were dropped."""
        self._log.clear(world)

    def dropped(self, operation: str = "", world: str = "") -> int:
        """Return how many entries, of an operation where one is named, had to go for later ones; at most so many."""
        return self._log.dropped(operation, world)


def utc_time(seconds: float) -> str:
    """Return a moment, in seconds after 1970, in UTC to the millisecond (ISO 8601)."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def redaction_of(call: Call, reply: Reply, masking: Masking) -> Redaction:
    """Return what masks the secrets of a call and its reply."""
    return _redaction(frozenset((*secrets_of_call(call, masking), *secrets_of_reply(reply, masking))))


@lru_cache(maxsize=128)
def _redaction(secrets: frozenset[str]) -> Redaction:
    """Return what masks some secrets: many calls have the same ones."""
    return Redaction(secrets)


def json_without_secrets(value: Any, text: str, masking: Masking, redaction: Redaction) -> Any:
    """Return a JSON value without secrets, which are looked for by name where its ``text`` may have such names.

    Raises ``RecursionError``.
    """
    masked = masking.json(value) if "\\u" in text or masking.concerns(text) else value
    return redaction.json(masked)


def kept(message: Message, masking: Masking, redaction: Redaction) -> KeptBody:
    """Return a body as the journal shows it."""
    if not message.body:
        return KeptBody()
    text = _text(message.body) if len(message.body) <= MAX_READ else None
    if text is None:
        return KeptBody(note=f"not kept: {message.media_type or 'no media type'}, {len(message.body)} bytes")
    if message.media_type == FORM:
        return _cut(redaction.text(masking.pairs(text)))
    if is_json(message.media_type) or not message.media_type:
        return _kept_json(text, masking, redaction)
    return _cut(redaction.text(masking.text(text)))


def _kept_json(text: str, masking: Masking, redaction: Redaction) -> KeptBody:
    try:
        value = json_without_secrets(orjson.loads(text), text, masking, redaction)
        return _cut(orjson.dumps(value).decode(), json=True)
    except orjson.JSONDecodeError:
        return _cut(redaction.text(masking.text(text)))
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
