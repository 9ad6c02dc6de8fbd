"""Replay of recorded traffic: its calls in their order, with what replies show now in place of recorded ids."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, unquote_plus, urlsplit

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Operation, Reply
from docdouble.schemas.contract.router import Router
from docdouble.schemas.http import CONNECTION_FIELDS, Message, is_json
from docdouble.schemas.sources.har_entries import HarEntry

from ..cases.known_paths import keys_of
from ..recordings.har import read_har
from ..recordings.judge import EntryMatch, match_entry, not_judged, prefixes_of
from ..storage.secrets import Secrets

LOCATION = ("Location",)
"""Place of what the last step of a ``Location`` shows."""

_KEY_NAME = re.compile(
    r"(?i:(?:.*[_.-])?(?:ids?|key|uuid|guid|slug|token))|.*[a-z0-9](?:I[dD]s?|Key|U[uU][iI][dD]|Guid|Slug|Token)"
)
"""Names of what a server gives, and a client sends back."""

_OF_BROWSERS = CONNECTION_FIELDS | {
    *("accept-encoding", "cache-control", "dnt", "origin", "pragma", "priority", "referer", "user-agent"),
}
"""Header fields that are of the client that was recorded."""

Place = tuple[str | int, ...]
"""Names and indices that lead to a value."""


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """A recorded call; ``shown`` are values of its reply that later calls hold, as texts, with their places."""

    operation: Operation
    call: Call
    shown: tuple[tuple[str, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """The steps of a recording, and why other entries are none, with how many there are."""

    steps: tuple[ReplayStep, ...]
    left_out: Mapping[str, int]


def read_recording(path: Path, contract: Contract) -> Recording:
    """Read an HTTP archive; raises what ``read_har`` raises, and ``ConfigError`` where no call of it is documented."""
    router, secrets = Router(contract), Secrets(contract)
    prefixes = [prefix for server in contract.servers for prefix in prefixes_of(contract, server.default_url)]
    matches: list[tuple[EntryMatch, HarEntry]] = []
    left_out: Counter[str] = Counter()
    for entry in read_har(path):
        match = match_entry(entry, router, prefixes) or match_entry(entry, router, [])
        if match is None or match.operation is None or not entry.call_is_whole or not_judged(entry, match):
            left_out["its call is not documented, or was not recorded whole"] += 1
        else:
            matches.append((match, entry))
    if not matches:
        raise ConfigError("--har", str(path), expected="a recording of any documented call")
    calls = [_replayed(secrets.call(match.call)) for match, _ in matches]
    held = [frozenset(_held(match, call)) for (match, _), call in zip(matches, calls, strict=True)]
    steps = []
    for number, (match, entry) in enumerate(matches):
        later = frozenset().union(*held[number + 1 :])
        assert match.operation
        steps.append(ReplayStep(match.operation, calls[number], tuple(_shown(entry.reply, later).items())))
    return Recording(tuple(steps), dict(left_out))


@dataclass
class Replay:
    """One run through a recording: ``values`` are what replies show now, by the recorded texts."""

    values: dict[str, Any] = field(default_factory=dict)

    def call(self, step: ReplayStep) -> Call:
        """Return the call of a step with the values that replies show now."""
        call = step.call
        if not self.values:
            return call
        template = step.operation.path.split("/")
        path = "/".join(map(self._segment, call.path.split("/"), template))
        query = "&".join(self._pair(pair) for pair in call.query.split("&"))
        return replace(call, target=f"{path}?{query}" if query else path, body=self._body(call))

    def note(self, step: ReplayStep, reply: Reply) -> None:
        """Keep what a reply shows in the places of recorded values."""
        if not 200 <= reply.status < 300:
            return
        body = _json(reply)
        for text, place in step.shown:
            value = _last_step(reply) if place == LOCATION else _at(body, place)
            if value not in (None, ""):
                self.values[text] = value

    def _segment(self, segment: str, template: str) -> str:
        value = self.values.get(unquote(segment)) if "{" in template else None
        return segment if value is None else quote(str(value), safe="")

    def _pair(self, pair: str) -> str:
        name, equals, text = pair.partition("=")
        value = self.values.get(unquote_plus(text)) if _is_key(unquote_plus(name)) else None
        return pair if value is None else f"{name}{equals}{quote(str(value), safe='')}"

    def _body(self, call: Call) -> bytes:
        body = _json(call)
        changed = self._changed(body, "")
        return call.body if changed == body else orjson.dumps(changed)

    def _changed(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {inner: self._changed(part, inner) for inner, part in value.items()}
        if isinstance(value, list):
            return [self._changed(part, name) for part in value]
        return self.values.get(str(value), value) if _is_key(name) and _is_value(value) else value


def _replayed(call: Call) -> Call:
    """Return a call without what the recorded client has added."""
    kept = (header for header in call.headers if header[0].lower() not in _OF_BROWSERS and header[0][:1] != ":")
    return replace(call, headers=tuple(header for header in kept if not header[0].lower().startswith("sec-")))


def _held(match: EntryMatch, call: Call) -> Iterator[str]:
    """Yield the values of a call that replies may have shown before: of the path, and of what has the name of a key."""
    yield from (match.operation and keys_of(match.operation.path, call.path)) or ()
    for pair in call.query.split("&"):
        name, _, text = pair.partition("=")
        if _is_key(unquote_plus(name)) and text:
            yield unquote_plus(text)
    yield from (str(value) for place, value in _leaves(_json(call)) if _is_key(_name(place)))


def _shown(reply: Reply, wanted: frozenset[str]) -> dict[str, Place]:
    """Return the places where a reply shows wanted values first."""
    shown: dict[str, Place] = {}
    for place, value in _leaves(_json(reply)):
        if str(value) in wanted and (isinstance(value, str) or _is_key(_name(place)) or not place):
            shown.setdefault(str(value), place)
    if (last := _last_step(reply)) in wanted:
        shown.setdefault(last, LOCATION)
    return shown


def _leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    elif _is_value(value):
        yield place, value
    for step, part in parts:
        yield from _leaves(part, (*place, step))


def _at(value: Any, place: Place) -> Any:
    """Return the value at a place, of a shorter array in the first item; ``None`` for nothing."""
    for step in place:
        if isinstance(step, int):
            value = value[step if step < len(value) else 0] if isinstance(value, list) and value else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value if _is_value(value) else None


def _json(message: Message) -> Any:
    try:
        return orjson.loads(message.body) if message.body and is_json(message.media_type) else None
    except ValueError:
        return None


def _last_step(reply: Reply) -> str:
    return unquote(urlsplit(reply.header("Location") or "").path.rstrip("/").rpartition("/")[2])


def _name(place: Place) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def _is_key(name: str) -> bool:
    return _KEY_NAME.fullmatch(name) is not None


def _is_value(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""
