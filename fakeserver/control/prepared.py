"""Prepared answers for an operation or for certain calls, sent instead of the documented ones."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Reply

from ..http.documented import WITHOUT_BODY
from ..http.header_fields import iri_to_uri
from ..state.worlds import world_of
from .held_values import HeldValue, ThreadValue
from .matching import ABSENT, Matcher, Pairs, as_mapping, check_keys, json_of, json_value, pairs

MOST = 1000
"""Number of answers that may be prepared at a time."""

KEYS = ("operation", "method", "path", "query", "headers", "body", "status", "answer_headers", "answer", "times")

_FRAMING = ("content-length", "transfer-encoding", "connection")
_URLS = ("location", "content-location")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\u0100-\U0010ffff]*\Z")


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """Answer to the calls that ``matcher`` means; ``times`` calls of them, all where it is ``None``.

    ``answer`` is a JSON value, where a text is sent as it is, or ``ABSENT`` for an empty body.
    """

    matcher: Matcher
    status: int = 200
    headers: Pairs = ()
    answer: Any = ABSENT
    times: int | None = None

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], contract: Contract) -> "PreparedAnswer":
        """Read the keys ``KEYS``; raises ``ConfigError`` that names a wrong one, or a wrong value."""
        check_keys(mapping, KEYS)
        matcher = Matcher.from_mapping(mapping, contract)
        status, answer = _status(mapping.get("status", 200)), mapping.get("answer", ABSENT)
        if answer is not ABSENT:
            answer = json_value("answer", answer)
            if status in WITHOUT_BODY:
                raise ConfigError("answer", answer, expected=f"left out: a {status} has no body")
        return cls(matcher, status, _headers(mapping), answer, _times(mapping.get("times")))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, which ``from_mapping`` reads."""
        headers = {"answer_headers": as_mapping(self.headers)} if self.headers else {}
        answer = {} if self.answer is ABSENT else {"answer": self.answer}
        return {**self.matcher.as_dict(), "status": self.status, **headers, **answer, "times": self.times}

    def reply(self) -> Reply:
        """Return what is sent; a Content-Type of its own goes before the one that fits the answer."""
        fields = tuple((name, iri_to_uri(value) if name.lower() in _URLS else value) for name, value in self.headers)
        if self.answer is ABSENT:
            return Reply(fields, b"", self.status)
        is_text = isinstance(self.answer, str)
        media_type = "text/plain; charset=utf-8" if is_text else "application/json; charset=utf-8"
        has_type = any(name.lower() == "content-type" for name, _ in fields)
        headers = fields if has_type else (("Content-Type", media_type), *fields)
        return Reply(headers, self.answer.encode() if is_text else orjson.dumps(self.answer), self.status)


@dataclass(frozen=True, slots=True)
class NumberedAnswers:
    """Prepared answers by their numbers, of which the ``last`` was given; each with its world, empty for all."""

    last: int = 0
    answers: dict[int, tuple[str, PreparedAnswer]] = field(default_factory=dict)

    def with_answer(self, number: int, world: str, answer: PreparedAnswer) -> "NumberedAnswers":
        """Return them with an answer in its place."""
        return NumberedAnswers(max(self.last, number), {**self.answers, number: (world, answer)})

    def without(self, numbers: Collection[int]) -> "NumberedAnswers":
        """Return them without those of some numbers."""
        return replace(
            self, answers={number: answer for number, answer in self.answers.items() if number not in numbers}
        )

    def matching(self, operation: str | None, call: Call, body: Callable[[], Any]) -> int | None:
        """Return the number of the latest answer to a call of an operation."""
        called = world_of(call)
        for number, (world, answer) in reversed(self.answers.items()):
            if world in ("", called) and answer.matcher.matches(operation, call, body):
                return number
        return None


class PreparedAnswers:
    """The prepared answers, the latest of which wins; may be used from several threads.

    One that was prepared for a ``world`` is given to calls of that world only. Where none is named, an answer is for
    all worlds, and the answers of all are meant.
    """

    def __init__(self, held: HeldValue[NumberedAnswers] | None = None) -> None:
        self._held = held or ThreadValue(NumberedAnswers())

    def add(self, answer: PreparedAnswer, world: str = "") -> int:
        """Keep an answer and return its number; raises ``ConfigError`` when there are ``MOST`` already."""

        def added(held: NumberedAnswers) -> tuple[NumberedAnswers, int]:
            if len(held.answers) >= MOST:
                raise ConfigError("answers", len(held.answers) + 1, expected=f"at most {MOST}: clear some first")
            return held.with_answer(held.last + 1, world, answer), held.last + 1

        return self._held.change(added)

    def take(self, operation: str | None, call: Call) -> Reply | None:
        """Return the prepared reply to a call of an operation, if there is one, and count it."""
        held = self._held.value
        if not held.answers:
            return None
        body = cache(lambda: json_of(call))
        number = held.matching(operation, call, body)
        if number is None:
            return None
        answer = held.answers[number][1]
        if answer.times is None:
            return answer.reply()

        def counted(held: NumberedAnswers) -> tuple[NumberedAnswers, Reply | None]:
            number = held.matching(operation, call, body)
            if number is None:
                return held, None
            world, answer = held.answers[number]
            if answer.times is None:
                return held, answer.reply()
            left = replace(answer, times=answer.times - 1)
            return held.with_answer(number, world, left) if left.times else held.without((number,)), answer.reply()

        return self._held.change(counted)

    def remove(self, number: int) -> bool:
        """Forget an answer; tell whether there was one of this number."""
        return self._held.change(lambda held: (held.without((number,)), number in held.answers))

    def clear(self, world: str = "") -> None:
        """Forget the answers."""

        def cleared(held: NumberedAnswers) -> tuple[NumberedAnswers, None]:
            return held.without([number for number, answer in held.answers.items() if world in ("", answer[0])]), None

        self._held.change(cleared)

    def all(self, world: str = "") -> list[dict[str, Any]]:
        """Return the JSON forms with their numbers (``id``), the oldest first; ``times`` is what is left."""
        return [
            {"id": number, **answer.as_dict(), **({"world": where} if where else {})}
            for number, (where, answer) in self._held.value.answers.items()
            if world in ("", where)
        ]


def _status(value: Any) -> int:
    if type(value) is not int or not 200 <= value <= 599:
        raise ConfigError("status", value, expected="a final status, 200 to 599")
    return value


def _times(value: Any) -> int | None:
    if value is not None and (type(value) is not int or value < 1):
        raise ConfigError("times", value, expected="a number from 1, or null for always")
    return value


def _headers(mapping: Mapping[str, Any]) -> Pairs:
    headers = pairs("answer_headers", mapping.get("answer_headers", {}))
    for name, value in headers:
        if not _HEADER_NAME.match(name) or name.lower() in _FRAMING:
            raise ConfigError("answer_headers", name, expected="a header field that an answer may set")
        if not _HEADER_VALUE.match(value):
            raise ConfigError(f"answer_headers.{name}", value, expected="one line of Latin-1 text")
    return headers
