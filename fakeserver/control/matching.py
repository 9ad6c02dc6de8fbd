"""Matching of calls: by operation or path, and by what a call must contain."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Reply
from docdouble.schemas.contract.base_paths import base_paths

from ..http.header_fields import content_type
from ..http.problem import problem

ABSENT: Any = ...
"""Mark of a value that isn't given, as ``None`` is JSON's null."""

MAX_DEPTH = 64
"""Depth to which a value to look for may be nested."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """The calls of an ``operation`` (its id), else of ``method`` and ``path`` (decoded), that contain the rest.

    ``body`` is a JSON value, or ``ABSENT`` where any body will do. A path may leave out one of ``base_paths``.
    """

    operation: str = ""
    method: str = ""
    path: str = ""
    query: Pairs = ()
    headers: Pairs = ()
    body: Any = ABSENT
    base_paths: tuple[str, ...] = ("",)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], contract: Contract) -> "Matcher":
        """Read the keys that are named as the attributes; others are not looked at. Raises ``ConfigError``."""
        body = mapping.get("body", ABSENT)
        return cls(
            *_which(mapping, contract),
            query=pairs("query", mapping.get("query", {})),
            headers=pairs("headers", mapping.get("headers", {})),
            body=body if body is ABSENT else json_value("body", body),
            base_paths=("", *base_paths(contract.servers)),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, what is not asked for left out."""
        which = {"operation": self.operation} if self.operation else {"method": self.method, "path": self.path}
        contained = {"query": as_mapping(self.query), "headers": as_mapping(self.headers)}
        body = {} if self.body is ABSENT else {"body": self.body}
        return {**which, **{key: value for key, value in contained.items() if value}, **body}

    def is_of(self, operation: str | None, method: str, target: str) -> bool:
        """Tell whether calls of an operation, or of a method and a target, are meant; contents are not looked at."""
        if self.operation:
            return operation == self.operation
        return method == self.method and any(same_path(below + self.path, target) for below in self.base_paths)

    def matches(self, operation: str | None, call: Call, body: Callable[[], Any]) -> bool:
        """Tell whether a call is meant; ``body`` gives its JSON value, ``ABSENT`` where it has none."""
        return (
            self.is_of(operation, call.method, call.target)
            and all(call.header(name) == value for name, value in self.headers)
            and _contains_query(self.query, call)
            and (self.body is ABSENT or not any(differences(self.body, body())))
        )


def json_of(call: Call) -> Any:
    """Return the JSON value of a call's body, ``ABSENT`` where it is none."""
    try:
        return orjson.loads(call.body.decode(content_type(call).charset or "utf-8"))
    except ValueError:
        return ABSENT


def same_path(path: str, target: str) -> bool:
    """Tell whether a target (encoded, with its query) is at a decoded path, without regard to letter case."""
    return unquote(target.partition("?")[0]).casefold() == path.casefold()


def differences(expected: Any, actual: Any, pointer: str = "") -> Iterator[str]:
    """Tell where ``found`` doesn't contain ``expected``, as lines for people.

    An object may have more properties than are expected, and their names may differ in letter case; an array has
    the same items in the same order, and everything else is equal.
    """
    if isinstance(expected, dict) and isinstance(actual, dict):
        folded = {name.casefold(): value for name, value in actual.items()}
        for name, value in expected.items():
            inner = actual.get(name, folded.get(name.casefold(), ABSENT))
            yield from differences(value, inner, f"{pointer}/{name}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, (value, inner) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(value, inner, f"{pointer}/{number}")
    elif not _equal(expected, actual):
        yield f"{pointer or 'the body'}: expected {shown(expected)}, found {shown(actual)}"


def shown(value: Any) -> str:
    """Return a JSON value on one line, shortened."""
    try:
        text = "nothing" if value is ABSENT else orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return "what is nested too deep to be shown"
    return text if len(text) <= 80 else f"{text[:77]}..."


def json_object(call: Call) -> dict[str, Any] | Reply:
    """Return the JSON object that is a call's body, or the reply that says why there is none."""
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        return problem(400, f"the body is no JSON: {error}")
    return body if isinstance(body, dict) else problem(400, "the body is to be a JSON object")


def number_of(wanted: Mapping[str, str], key: str) -> int | None:
    """Return the number that a query gives a key, ``None`` where it has none; raises ``ConfigError``."""
    text = wanted.get(key)
    if text is not None and not re.match(r"[0-9]{1,9}\Z", text):
        raise ConfigError(key, text, expected="a number from 0")
    return None if text is None else int(text)


def check_keys(mapping: Mapping[str, Any], valid: Iterable[str]) -> None:
    """Raise ``ConfigError`` for the first key that is not a valid one."""
    for key in mapping:
        if key not in (known := tuple(valid)):
            raise ConfigError("key", key, known)


def pairs(key: str, mapping: Any) -> Pairs:
    """Read an object of texts, or lists of texts; raises ``ConfigError``."""
    if not isinstance(mapping, dict):
        raise ConfigError(key, mapping, expected="an object of names and texts")
    listed = [(name, value if isinstance(value, list) else [value]) for name, value in mapping.items()]
    return tuple((name, _text(f"{key}.{name}", value)) for name, values in listed for value in values)


def as_mapping(pairs: Pairs) -> dict[str, str | list[str]]:
    """Return what ``pairs`` reads, names that come more than once with all their texts."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in values.items()}


def json_value(key: str, value: Any) -> Any:
    """Return a copy of a JSON value; raises ``ConfigError`` for what is none, or is nested too deep."""
    try:
        copy = orjson.loads(orjson.dumps(value))
    except TypeError as error:
        raise ConfigError(key, type(value).__name__, expected=f"a JSON value: {error}") from error
    if _is_deeper(copy, MAX_DEPTH):
        raise ConfigError(key, "...", expected=f"nested at most {MAX_DEPTH} levels deep")
    return copy


def _which(mapping: Mapping[str, Any], contract: Contract) -> tuple[str, str, str]:
    operation, method, path = (mapping.get(key, "") for key in ("operation", "method", "path"))
    for key, value in (("operation", operation), ("method", method), ("path", path)):
        if not isinstance(value, str):
            raise ConfigError(key, value, expected="a text")
    if operation and (method or path):
        raise ConfigError("operation", operation, expected="alone: give an operation, or method and path")
    if operation:
        return contract.operation(operation).id, "", ""
    if not method or not path.startswith("/") or "?" in path:
        raise ConfigError("path", path, expected="a path from / without query, with its method; or give an operation")
    if "{" in path:
        return contract.operation(f"{method} {path}").id, "", ""
    return "", method.upper(), path


def _text(key: str, value: Any) -> str:
    """Return a scalar as a query writes it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, bool | int | float):
        raise ConfigError(key, value, expected="a text")
    return orjson.dumps(value).decode()


def _contains_query(query: Pairs, call: Call) -> bool:
    if not query:
        return True
    asked = [(name.casefold(), values) for name, values in parse_qs(call.query, keep_blank_values=True).items()]
    return all(any(name.casefold() == other and value in values for other, values in asked) for name, value in query)


def _equal(expected: Any, received: Any) -> bool:
    """Compare as JSON does: ``true`` is no 1, while 1.0 is."""
    return isinstance(expected, bool) is isinstance(received, bool) and bool(expected == received)


def _is_deeper(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and (depth == 0 or any(_is_deeper(part, depth - 1) for part in inner))
