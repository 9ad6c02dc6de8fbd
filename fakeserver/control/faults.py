"""Faults on request: slow answers, other statuses, dropped connections, bodies cut short, broken promises.

Which calls a fault applies to depends on the seed, the fault's number and how many calls it has seen, so a run repeats.
"""

import re
import shlex
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Reply
from docdouble.schemas.http import PHRASES, Headers

from ..http.documented import WITHOUT_BODY
from ..http.problem import MEDIA_TYPE
from ..http.wsgi import status_line
from ..sampler.seeds import mix, salt
from ..state.worlds import world_of
from .held_values import HeldValue, ThreadValue
from .violations import broken, check

MAX_FAULTS = 100
"""Number of faults that a board holds."""

MAX_LATENCY = 60_000
"""The longest delay, in milliseconds."""

_LATENCY = re.compile(r"(?P<low>\d{1,6})(-(?P<high>\d{1,6}))?", re.ASCII)
_VISIBLE = re.compile(r"[\x20-\x7e]+")
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


Failure = Callable[[int, str], Reply | None]
"""Function that returns the documented reply of a status, with what it says of the reason."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Fault of the server, and the calls that it applies to.

    ``operation`` is an id, empty for every operation. ``latency`` is the shortest and the longest delay in
    milliseconds. ``violate`` is ``RULE:/POINTER``. ``share`` is the part of the calls that is affected, above 0 and at
    most 1; ``times`` how many calls are counted before the fault is over, ``None`` for all.
    """

    operation: str = ""
    latency: tuple[int, int] | None = None
    status: int | None = None
    drop: bool = False
    truncate: bool = False
    content_type: str = ""
    violate: str = ""
    share: float = 1.0
    times: int | None = None

    @property
    def effects(self) -> tuple[str, ...]:
        """The keys of what goes wrong."""
        return tuple(key for key in self.as_dict() if key in _EFFECTS)

    def as_dict(self) -> dict[str, Any]:
        """Return what was asked for, as ``fault_from_mapping`` reads it."""
        members = {
            "operation": self.operation,
            "latency": "-".join(map(str, dict.fromkeys(self.latency))) if self.latency else "",
            "status": self.status,
            "drop": self.drop,
            "truncate": self.truncate,
            "content-type": self.content_type,
            "violate": self.violate,
            "share": self.share if self.share < 1 else None,
            "times": self.times,
        }
        return {key: value for key, value in members.items() if value not in ("", None, False)}

    def as_option(self) -> str:
        """Return the fault as ``parse_fault`` reads it."""
        return ",".join(key if value is True else f"{key}={value}" for key, value in self.as_dict().items())


@dataclass(frozen=True, slots=True)
class FaultHit:
    """A fault that applies to one call; ``key`` decides what is random about it."""

    fault: Fault
    latency_seconds: float
    key: int


def fault_from_mapping(mapping: Mapping[str, Any], contract: Contract) -> Fault:
    """Read a fault; keys with hyphens or underscores, values as they are or as text.

    Raises ``ConfigError`` for what is not known or allowed, and where no effect is asked for.
    """
    values: dict[str, Any] = {}
    for name, value in mapping.items():
        key = name.replace("_", "-")
        if key not in _READERS:
            raise ConfigError("fault", name, _READERS, expected="a key of a fault")
        values[key.replace("-", "_")] = _READERS[key](key, value)
    operation = contract.operation(values["operation"]) if values.get("operation") else None
    fault = Fault(**values | {"operation": operation.id if operation else ""})
    if not any((fault.latency, fault.status, fault.drop, fault.truncate, fault.content_type, fault.violate)):
        raise ConfigError("fault", dict(mapping), expected=f"a fault: it needs one of {', '.join(_EFFECTS)}")
    if fault.violate:
        check(fault.violate, operation, contract)
    return fault


def parse_fault(text: str) -> dict[str, str]:
    """Read ``KEY=VALUE,KEY=VALUE`` of a command line; ``drop`` and ``truncate`` may stand alone.

    Raises ``ConfigError`` for a part that is no pair, or a key given twice. A value holds no comma.
    """
    pairs: dict[str, str] = {}
    for part in text.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals and key not in ("drop", "truncate"):
            raise ConfigError("fault", part, expected="KEY=VALUE (a comma starts the next pair, so no value holds one)")
        if key in pairs:
            raise ConfigError("fault", text, expected=f"clear: {key} is given twice")
        pairs[key] = value if equals else "true"
    return pairs


@dataclass(frozen=True, slots=True)
class ScheduledFault:
    """A fault in force: how many ``calls`` it was looked at for, and how many it hit.

    No other fault has its ``id``; its ``number`` among those of its world decides which calls it hits.
    """

    fault: Fault
    id: int
    number: int
    world: str = ""
    is_configured: bool = False
    calls: int = 0
    hits: int = 0

    def concerns(self, operation: str, world: str) -> bool:
        """Tell whether a call of an operation in a world is one that it counts."""
        fault = self.fault
        is_over = fault.times is not None and self.calls >= fault.times
        return self.world in ("", world) and fault.operation in ("", operation) and not is_over

    def counted(self, seed: int) -> tuple["ScheduledFault", FaultHit | None]:
        """Return the fault after one more call that it concerns, and how it hits that."""
        fault, calls = self.fault, self.calls + 1
        key = salt(f"fault {seed} {self.number} {calls}")
        if _fraction(mix(key, _SHARE)) >= fault.share:
            return replace(self, calls=calls), None
        low, high = fault.latency or (0, 0)
        hit = FaultHit(fault, (low + (high - low) * _fraction(mix(key, _DELAY))) / 1000, key)
        return replace(self, calls=calls, hits=self.hits + 1), hit


@dataclass(frozen=True, slots=True)
class FaultsInForce:
    """Faults in the order in which they were added, and the ``last`` id that was given."""

    last: int = 0
    entries: tuple[ScheduledFault, ...] = ()

    def without(self, is_over: Callable[[ScheduledFault], bool]) -> "FaultsInForce":
        """Return those that aren't over."""
        return replace(self, entries=tuple(entry for entry in self.entries if not is_over(entry)))


class FaultBoard:
    """The faults in force, in the order they were added; may be used from any thread.

    One that was added for a ``world`` applies there only. Where none is named, a fault applies in all worlds, and the
    faults of all are meant.
    """

    def __init__(self, seed: int, held: HeldValue[FaultsInForce] | None = None) -> None:
        self._seed = seed
        self._held = held or ThreadValue(FaultsInForce())

    def add(self, mapping: Mapping[str, Any], contract: Contract, world: str = "") -> Fault:
        """Read a fault and put it in force; raises ``ConfigError``, also where there are ``MAX_FAULTS``."""
        fault = fault_from_mapping(mapping, contract)

        def added(held: FaultsInForce) -> tuple[FaultsInForce, Fault]:
            if len(held.entries) >= MAX_FAULTS:
                raise ConfigError("faults", MAX_FAULTS + 1, expected=f"allowed: at most {MAX_FAULTS} are in force")
            before = sum(entry.world == world for entry in held.entries)
            new = ScheduledFault(fault, held.last + 1, before + 1, world)
            return FaultsInForce(new.id, (*held.entries, new)), fault

        return self._held.change(added)

    def configure(self, mappings: Iterable[Mapping[str, Any]], contract: Contract) -> None:
        """Put these faults in force in place of those that were configured before, which go on where they are the same.

        Raises ``ConfigError`` for one that can't be read; then nothing changes.
        """
        faults = [fault_from_mapping(mapping, contract) for mapping in mappings]

        def configured(held: FaultsInForce) -> tuple[FaultsInForce, None]:
            known = {entry.fault: entry for entry in held.entries if entry.is_configured}
            others = [entry for entry in held.entries if not entry.is_configured]
            if len(faults) + len(others) > MAX_FAULTS:
                raise ConfigError("faults", len(faults), expected=f"allowed: at most {MAX_FAULTS} are in force")
            own = [
                known.get(fault) or ScheduledFault(fault, held.last + number, number, is_configured=True)
                for number, fault in enumerate(faults, 1)
            ]
            return FaultsInForce(held.last + len(own), (*own, *others)), None

        self._held.change(configured)

    def all(self, world: str = "") -> list[dict[str, Any]]:
        """Return the faults as asked for, each with its ``id`` and the number of calls it was applied to (``hits``).

        ``option`` is what asks for it on a command line.
        """
        return [
            {
                "id": entry.id,
                **entry.fault.as_dict(),
                "hits": entry.hits,
                "option": f"--fault {shlex.quote(entry.fault.as_option())}",
                **({"world": entry.world} if entry.world else {}),
            }
            for entry in self._held.value.entries
            if world in ("", entry.world)
        ]

    def remove(self, number: int) -> bool:
        """Take a fault away; tell whether there was one of this id."""

        def removed(held: FaultsInForce) -> tuple[FaultsInForce, bool]:
            left = held.without(lambda entry: entry.id == number)
            return left, len(left.entries) < len(held.entries)

        return self._held.change(removed)

    def clear(self, world: str = "") -> None:
        """Take every fault away; what is added next begins to count anew."""
        self._held.change(lambda held: (held.without(lambda entry: world in ("", entry.world)), None))

    @property
    def delays(self) -> bool:
        """Whether a fault makes callers wait."""
        entries = self._held.value.entries
        return bool(entries) and any(entry.fault.latency for entry in entries)

    def take(self, operation_id: str, call: Call) -> tuple[FaultHit, ...]:
        """Return the faults that apply to this call of an operation, and count the call."""
        entries = self._held.value.entries
        if not entries:
            return ()
        called = world_of(call)
        if not any(entry.concerns(operation_id, called) for entry in entries):
            return ()

        def counted(held: FaultsInForce) -> tuple[FaultsInForce, tuple[FaultHit, ...]]:
            after = [
                entry.counted(self._seed) if entry.concerns(operation_id, called) else (entry, None)
                for entry in held.entries
            ]
            return replace(held, entries=tuple(entry for entry, _ in after)), tuple(hit for _, hit in after if hit)

        return self._held.change(counted)


def latency(hits: Iterable[FaultHit]) -> float:
    """Return the seconds that all faults together ask for."""
    return sum(hit.latency_seconds for hit in hits)


def wait(hits: Iterable[FaultHit]) -> None:
    """Sleep as long as all faults together ask for."""
    if seconds := latency(hits):
        time.sleep(seconds)


def undocumented(status: int, detail: str) -> Reply | None:
    """Return no reply of any status, as of an operation that documents none."""
    return None


def apply(reply: Reply, hits: Iterable[FaultHit], failure: Failure = undocumented) -> Reply:
    """Return the reply with the status, the broken promise and the content type that the faults ask for.

    ``failure`` returns the documented reply of a status, ``None`` where none is documented.
    """
    for hit in hits:
        fault = hit.fault
        if fault.status is not None:
            detail = f"a fault on request: docdouble was told to answer {fault.status} here"
            reply = failure(fault.status, detail) or _with_status(reply, fault.status, detail)
        if fault.violate:
            reply = _violated(reply, fault.violate)
        if fault.content_type:
            reply = _with_content_type(reply, fault.content_type)
    return reply


def in_words(hits: Iterable[FaultHit]) -> str:
    """Return what goes wrong with a call, empty for nothing."""
    return ", ".join(f"fault {effect}" for hit in hits for effect in hit.fault.effects)


def dropped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Close the connection without a response, as far as the server lets an application do so.

    Werkzeug's server shows its socket. granian (hyper) closes the connection silently over a streamed response whose
    ``Content-Length`` contradicts itself. Elsewhere a ``ConnectionResetError`` is raised: called in process, that is
    what a client of a dropped connection sees.
    """
    if environ.get("SERVER_SOFTWARE") == "Granian":
        start_response("200 OK", [("Content-Length", "1"), ("Content-Length", "2")])
        return iter(())
    if connection := environ.get("werkzeug.socket"):
        connection.shutdown(2)  # both ways: the server finds it closed, and waits for no further request
    raise ConnectionResetError("a fault on request drops the connection")


def cut_short(reply: Reply, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Send the first half of a body under the ``Content-Length`` of the whole, then close the connection.

    A body of less than two bytes can't be halved and stays whole.
    """
    # without "Connection: close" granian keeps the connection open, and the client waits for the rest
    length = [] if reply.status in WITHOUT_BODY else [("Content-Length", str(len(reply.body)))]
    start_response(status_line(reply.status), [*reply.headers, *length, ("Connection", "close")])
    if environ.get("REQUEST_METHOD") == "HEAD" or not reply.body:
        return []
    return [reply.body[: max(1, len(reply.body) // 2)]]


def _with_status(reply: Reply, status: int, detail: str) -> Reply:
    if status in WITHOUT_BODY:
        return Reply(_without_content_type(reply), b"", status)
    document = {
        "type": "about:blank",
        "title": PHRASES.get(status, "Fault on request"),
        "status": status,
        "detail": detail,
    }
    return _with_content_type(Reply(reply.headers, orjson.dumps(document), status), MEDIA_TYPE)


def _violated(reply: Reply, violation: str) -> Reply:
    try:
        body = orjson.dumps(broken(orjson.loads(reply.body), violation))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return reply
    return Reply(reply.headers, body, reply.status)


def _with_content_type(reply: Reply, content_type: str) -> Reply:
    return Reply((*_without_content_type(reply), ("Content-Type", content_type)), reply.body, reply.status)


def _without_content_type(reply: Reply) -> Headers:
    return tuple((name, value) for name, value in reply.headers if name.lower() != "content-type")


def _fraction(key: int) -> float:
    """Return a key as a number from 0 up to, and without, 1."""
    return key / 2**30


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not (value == "" or _VISIBLE.fullmatch(value)):
        raise ConfigError(key, value, expected="a line of ASCII text")
    return value


def _name(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ConfigError(key, value, expected="the name of an operation")
    return value


def _latency(key: str, value: Any) -> tuple[int, int]:
    match = _LATENCY.fullmatch(str(value).strip())
    low, high = (int(match["low"]), int(match["high"] or match["low"])) if match else (1, 0)
    if isinstance(value, bool) or not low <= high <= MAX_LATENCY:
        raise ConfigError(key, value, expected=f"milliseconds, such as 200 or 200-500, at most {MAX_LATENCY}")
    return low, high


def _flag(key: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _WORDS:
        raise ConfigError(key, value, _WORDS, expected="true or false")
    return _WORDS[word]


def _whole_number(pattern: str, expected: str) -> Callable[[str, Any], int]:
    """Return what reads a whole number that looks as a regular expression says."""

    def read(key: str, value: Any) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(pattern, text, re.ASCII):
            raise ConfigError(key, value, expected=expected)
        return int(text)

    return read


def _share(key: str, value: Any) -> float:
    try:
        share = -1.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        share = -1.0
    if not 0 < share <= 1:
        raise ConfigError(key, value, expected="a share of the calls, above 0 and at most 1")
    return share


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "operation": _name,
    "latency": _latency,
    "status": _whole_number(r"[2-5]\d\d", "a status from 200 to 599"),
    "drop": _flag,
    "truncate": _flag,
    "content-type": _text,
    "violate": _name,
    "share": _share,
    "times": _whole_number(r"[1-9]\d{0,8}", "a number of calls, 1 or more"),
}
"""Key of a fault → what reads its value."""

_EFFECTS = ("latency", "status", "drop", "truncate", "content-type", "violate")

_SHARE, _DELAY = salt("share"), salt("delay")
