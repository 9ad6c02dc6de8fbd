"""Calls of the journal over the control API: as a list, as an event stream, one with its reasons, as an archive."""

import re
import time
from collections.abc import Iterable, Mapping
from threading import BoundedSemaphore
from typing import Any

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Reply
from docdouble.schemas.contract.base_paths import base_paths

from ..http.problem import problem
from .answer_reasons import answer_reasons
from .call_excerpts import prepared_answer, pytest_test
from .departure import HAS_LEFT
from .journal import Journal, JournalEntry
from .journal_archive import archive
from .matching import number_of, same_path

FILTERS = ("operation", "method", "path", "status", "last", "after", "world")
FORMATS = ("json", "har")

STREAM_FILTERS = tuple(name for name in (*FILTERS, "wait") if name != "last")

MOST_WAITING = 64
"""Streams that wait for a call at the same time: each takes a thread; further ones are to ask again later."""

MOST_EVENTS = 500
"""Calls that one reply of a stream holds: what is left is sent in the next one."""

WAIT_SECONDS, MOST_SECONDS = 15.0, 30.0
"""Seconds that a stream waits for a call, usually and at most."""

_LOOK_SECONDS = 0.5
"""Seconds after which a stream looks whether its client is still there."""

_SOON, _LATER = 100, 2000
"""Milliseconds after which a client asks again: a page that shows 200 calls a second gets them in bunches."""


class CallsApi:
    """Handler of ``/__docdouble__/calls``; the contract is the present one."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._room = BoundedSemaphore(MOST_WAITING)

    def listed(self, wanted: Mapping[str, str], world: str, contract: Contract) -> Reply:
        """Return the calls that match the filter of a query; raises ``ConfigError``."""
        form = wanted.get("format", "json")
        if form not in FORMATS:
            raise ConfigError("format", form, FORMATS)
        entries = self._matching(wanted, world, contract, number_of(wanted, "after") or 0)
        last = number_of(wanted, "last")
        kept = entries if last is None else entries[max(0, len(entries) - last) :]
        if form == "har":
            file = ("Content-Disposition", 'attachment; filename="docdouble.har"')
            return Reply((("Content-Type", "application/json"), file), orjson.dumps(archive(kept)))
        return _json({"calls": [entry.as_dict() for entry in kept], "dropped": self._journal.dropped(world=world)})

    def call(self, number: str, contract: Contract) -> Reply:
        """Return a call with why it was answered so, the answer that would prepare this one, and a test of it."""
        entry = next((entry for entry in self._journal.entries() if str(entry.number) == number), None)
        if entry is None:
            return problem(404, f"no call has the number {number}: the journal has dropped it, or never had it")
        return _json(
            {
                "call": entry.as_dict(),
                "why": answer_reasons(entry, contract),
                "prepared": prepared_answer(entry),
                "test": pytest_test(entry),
            }
        )

    def stream(self, call: Call, wanted: Mapping[str, str], world: str, contract: Contract) -> Reply:
        """Return the next calls as an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html).

        It ends with the calls that there are, once there are some, or after a while without any: the client asks again
        from there on by itself, and no thread waits longer.
        """
        after = number_of({"after": last} if (last := call.header("Last-Event-ID")) is not None else wanted, "after")
        newest = self._journal.last()
        after = newest if after is None else after if after <= newest else 0  # a larger one is of an earlier server
        seconds = _seconds(wanted)
        entries, retry = self._matching(wanted, world, contract, after), _SOON
        if not entries and self._room.acquire(blocking=False):
            try:
                entries, after = self._awaited(wanted, world, contract, after, seconds)
            finally:
                self._room.release()
        elif not entries:
            retry = _LATER
        events = [
            f"id: {entry.number}\ndata: {orjson.dumps(entry.summary()).decode()}\n\n" for entry in entries[:MOST_EVENTS]
        ]
        text = f"retry: {retry}\n\n" + ("".join(events) or f": nothing new\nid: {after}\n\n")
        return Reply((("Content-Type", "text/event-stream; charset=utf-8"),), text.encode())

    def _awaited(
        self, wanted: Mapping[str, str], world: str, contract: Contract, after: int, seconds: float
    ) -> tuple[list[JournalEntry], int]:
        """Wait for calls that match, and return them, or the number of the call behind which there are none yet."""
        has_left = HAS_LEFT.get()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not has_left():
            if not self._journal.wait(after, min(left, _LOOK_SECONDS)):
                break
            last = self._journal.last()
            if entries := self._matching(wanted, world, contract, after):
                return entries, after
            after = max(after, last)
        return [], after

    def _matching(self, wanted: Mapping[str, str], world: str, contract: Contract, after: int) -> list[JournalEntry]:
        wanted = dict(wanted)
        if "operation" in wanted:
            wanted["operation"] = contract.operation(wanted["operation"]).id
        status = number_of(wanted, "status")
        below = ("", *base_paths(contract.servers)) if "path" in wanted else ()
        return [entry for entry in self._journal.entries(world, after) if _fits(entry, wanted, status, below)]


def _seconds(wanted: Mapping[str, str]) -> float:
    text = wanted.get("wait")
    if text is None:
        return WAIT_SECONDS
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text) or float(text) > MOST_SECONDS:
        raise ConfigError("wait", text, expected=f"seconds from 0 to {MOST_SECONDS:g}")
    return float(text)


def _fits(entry: JournalEntry, wanted: Mapping[str, str], status: int | None, below: Iterable[str]) -> bool:
    return (
        entry.operation == wanted.get("operation", entry.operation)
        and entry.method == wanted.get("method", entry.method).upper()
        and ("path" not in wanted or any(same_path(path + wanted["path"], entry.target) for path in below))
        and status in (None, entry.status)
    )


def _event(entry: JournalEntry) -> str:
    return f"id: {entry.number}\ndata: {orjson.dumps(entry.summary()).decode()}\n\n"


def _json(value: dict[str, Any]) -> Reply:
    return Reply((("Content-Type", "application/json"),), orjson.dumps(value))
