"""Request log in the terminal: a line for each request that a server answered, as text or as JSON.

Lines are made and written by a thread of its own, many at once: whoever answers a request doesn't wait for a terminal.
What waits holds no requests and replies but those with something to mask: memory that is used again at once is faster.
"""

import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from multiprocessing.util import Finalize
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Literal
from urllib.parse import unquote_plus

import click
import orjson

from docdouble.fakeserver import LoggedRequest
from docdouble.fakeserver.control.journal import redaction_of
from docdouble.fakeserver.http.masking import Masking
from docdouble.fakeserver.http.refusal import place_of

from ..model.text import counted, cut, json_escapes
from .echo import printed

LogFormat = Literal["text", "json"]

_MOST_WAITING = 100_000
"""Requests that wait to be written; where a terminal takes no more, further ones are counted only."""

_PAUSE = 0.05
"""Seconds between two writes."""

_ATOMIC_BYTES = 4096
"""Bytes that a pipe takes in one piece, so that the lines of several processes don't mix."""

_LONGEST = 2000
"""Characters of a target or a message in a line of text."""

_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}
"""First digit of a status → its colour."""


_Parts = tuple[float, str, str, int, float, str | None, LoggedRequest | None]
"""Seconds, method, target, status, milliseconds and operation of a request; all of it where it has remarks."""


class RequestLines:
    """A ``RequestLog`` that writes to stderr; may be called from several threads, and before a process is forked.

    ``names`` are those of secrets besides the usual ones. Text has colours where stderr is a terminal. A process that
    is spawned gets one of its own.
    """

    def __init__(self, form: LogFormat, names: Iterable[str] = ()) -> None:
        self._made_of = form, tuple(names)
        self._masking = Masking(self._made_of[1])
        self._line = self._json if form == "json" else self._text
        self._escaped = json_escapes if form == "json" else printed
        self._has_colours = form == "text" and _has_colours()
        self._waiting: deque[_Parts] = deque()
        self._woken: SimpleQueue[None] = SimpleQueue()
        self._is_awake = False
        self._left_out = 0
        self._lock = Lock()
        self._writer: Thread | None = None

    def __reduce__(self) -> tuple[type["RequestLines"], tuple[LogFormat, tuple[str, ...]]]:
        return RequestLines, self._made_of

    def __call__(self, request: LoggedRequest) -> None:
        """Take a request, of which a line is written soon."""
        if len(self._waiting) >= _MOST_WAITING:
            self._left_out += 1
            return
        seconds, call, reply, operation, milliseconds, note = request
        remarked = request if note or request.violations else None
        self._waiting.append((seconds, call.method, call.target, reply.status, milliseconds, operation, remarked))
        if not self._is_awake:
            self._wake()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            lines = [self._line(self._waiting.popleft()) for _ in range(len(self._waiting))]
            if self._left_out:
                count, self._left_out = self._left_out, 0
                lines.append(f"docdouble: no line of {counted(count, 'request')}: stderr took no more")
            for text in _pieces("\n".join(lines if self._has_colours else _harmless(lines, self._escaped))):
                click.echo(text, err=True, color=True)

    def _wake(self) -> None:
        """Have what waits written soon."""
        self._is_awake = True
        self._woken.put(None)
        if self._writer is None:
            self._start()

    def _start(self) -> None:
        """Start writing, in the process that answers."""
        with self._lock:
            if self._writer is None:
                self._writer = Thread(target=self._write, daemon=True)
                self._writer.start()
                Finalize(self, self.flush, exitpriority=0)

    def _write(self) -> None:
        while True:
            self._woken.get()
            while self._waiting:
                time.sleep(_PAUSE)
                with contextlib.suppress(OSError):  # nobody reads stderr any more
                    self.flush()
            self._is_awake = False
            if self._waiting:  # since it was looked at last
                self._wake()

    def _text(self, parts: _Parts) -> str:
        seconds, method, target, status, milliseconds, operation, remarked = parts
        before = f"{method:7} {self._target(target)}"
        after = f"{milliseconds:.1f} ms  {operation}" if operation else f"{milliseconds:.1f} ms"
        if remarked:
            note, violation = self._remarks(remarked)
            after += f"  {note}" if note else ""
            after += f"  {_in_words(violation)}" if violation else ""
        if not self._has_colours:
            return f"{_clock(int(seconds))} {before}  {status}  {after}"
        coloured = click.style(str(status), fg=_COLOURS.get(status // 100))
        return f"{click.style(_clock(int(seconds)), dim=True)} {printed(before)}  {coloured}  {printed(after)}"

    def _json(self, parts: _Parts) -> str:
        seconds, method, target, status, milliseconds, operation, remarked = parts
        note, violation = self._remarks(remarked) if remarked else ("", None)
        members: dict[str, Any] = {
            "time": f"{_utc(int(seconds))}.{int(seconds % 1 * 1000):03d}Z",
            "method": method,
            "target": self._target(target),
            "status": status,
            "milliseconds": int(milliseconds * 1000) / 1000,  # round() takes as long as all the rest
            "operation": operation,
            "violation": violation,
        }
        if note:
            members["note"] = note
        return orjson.dumps(members).decode()

    def _remarks(self, request: LoggedRequest) -> tuple[str, Any]:
        """Return the note and the first violation, ``None`` for none, which may quote secrets of the request."""
        violations = request.violations
        redaction = redaction_of(request.call, request.reply, self._masking)
        return redaction.text(request.note), redaction.json(orjson.loads(violations)[0]) if violations else None

    def _target(self, target: str) -> str:
        """Return a target with secrets masked; most have none, which is found out far faster than they are masked."""
        if len(target) > _LONGEST:
            target = cut(target, _LONGEST)
        if "=" not in target:
            return target
        plain = unquote_plus(target) if "%" in target or "+" in target else target
        return self._masking.pairs(target) if self._masking.concerns(plain) else target


def _harmless(lines: list[str], escaped: Callable[[str], str]) -> list[str]:
    """Return lines as they may be shown; most need no change, which is found out of all at once."""
    text = "".join(lines)
    return lines if text.isascii() and text.isprintable() and "##" not in text else list(map(escaped, lines))


def _has_colours() -> bool:
    """Tell whether stderr takes colours, as rich tells it, which takes 40 ms to import."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return False
    return sys.stderr.isatty() or bool(os.environ.get("FORCE_COLOR"))


@lru_cache(2)
def _clock(seconds: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds))


@lru_cache(2)
def _utc(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _in_words(violation: dict[str, Any]) -> str:
    message = str(violation.get("message") or violation.get("rule") or "")
    place = place_of(violation)
    return cut(f"{place}: {message}" if place else message, _LONGEST)


def _pieces(text: str) -> Iterator[str]:
    """Yield lines together, as many as a pipe takes in one piece."""
    most = _ATOMIC_BYTES if text.isascii() else _ATOMIC_BYTES // 4
    begin = 0
    while len(text) - begin >= most:
        end = text.rfind("\n", begin, begin + most)
        if end < 0:  # the line alone is longer
            end = text.find("\n", begin)
        if end < 0:
            break
        yield text[begin:end]
        begin = end + 1
    if text:
        yield text[begin:]
