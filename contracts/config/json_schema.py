"""Validation of a configuration against its JSON Schema (draft 7), with errors in the words of the schema.

``docdouble.schema.json`` declares every key, for us and for editors. ``x-expected`` says what a value has to be;
``writeOnly`` marks keys that may hold secrets: no error quotes them, and their variables are filled in when they are
used.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
from jsonschema_rs import ValidationErrorKind as Kind

from docdouble.schemas import ConfigError

KeyPath = tuple[str | int, ...]
"""Names of keys and indices of arrays that lead to a value."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_MAX_SHOWN = 60
_SERVE_OPTIONS = ("host", "port", "seed", "locale", "workers", "threads", "tls", "reload", "warm", "control-token")


class InvalidKeyError(ConfigError):
    """A key or a value that the schema refuses, before its file and line are known; ``path`` leads to it."""

    def __init__(
        self, path: KeyPath, value: object, expected: str = "", valid: tuple[str, ...] = (), *, is_key: bool = False
    ) -> None:
        holder = dotted(path[:-1] if is_key else path)
        super().__init__((f"{holder}: key" if holder else "key") if is_key else holder, value, valid, expected)
        self.path = path


class _Unquoted(str):
    """A text that a message shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@cache
def config_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``docdouble.toml``."""
    schema: dict[str, Any] = orjson.loads(Path(__file__).with_name("docdouble.schema.json").read_bytes())
    return schema


def key_schema(*names: str) -> dict[str, Any]:
    """Return the schema of a key, such as ``("verify", "jobs")``."""
    schema = config_schema()
    for name in names:
        schema = schema["properties"][name]
    return schema


@cache
def secret_keys() -> frozenset[tuple[str, str]]:
    """Return the tables and names of keys that may hold secrets."""
    tables = {table: schema.get("properties", {}) for table, schema in config_schema()["properties"].items()}
    return frozenset((table, name) for table, keys in tables.items() for name in keys if keys[name].get("writeOnly"))


def schema_errors(table: Any) -> list[InvalidKeyError]:
    """Return what the schema refuses in a table whose variables are filled in, an error for each key."""
    leaves = (leaf for error in _validator().iter_errors(_as_json(table)) for leaf in _leaves(error))
    errors = {str(error): error for leaf in leaves for error in _described(leaf, table)}
    return list(errors.values())


def dotted(path: KeyPath) -> str:
    """Return the key as TOML writes it, with ``[0]`` for the first of an array."""
    names = (f"[{name}]" if isinstance(name, int) else name if _BARE.fullmatch(name) else f'"{name}"' for name in path)
    return ".".join(names).replace(".[", "[")


@cache
def _validator() -> jsonschema_rs.Draft7Validator:
    schema = config_schema()
    # no text stands for a variable any more
    return jsonschema_rs.Draft7Validator(schema | {"definitions": schema["definitions"] | {"variable": False}})


def _as_json(value: Any) -> Any:
    """Return a value of TOML as one of JSON, with null for those that JSON doesn't have."""
    if isinstance(value, dict):
        return {name: _as_json(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    is_foreign = isinstance(value, date | time) or (isinstance(value, float) and not math.isfinite(value))
    return None if is_foreign else value


def _leaves(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """Yield the errors of the alternative that a value begins as, where it begins as any, else the error itself."""
    branches = error.kind.context if isinstance(error.kind, Kind.AnyOf) else []
    begun = next((branch for branch in branches if not any(_excludes(inner, error) for inner in branch)), None)
    if begun is None:
        yield error
    for inner in begun or ():
        yield from _leaves(inner)


def _excludes(inner: jsonschema_rs.ValidationError, error: jsonschema_rs.ValidationError) -> bool:
    """Tell whether an error excludes this alternative: the type differs, or the first key is missing."""
    if inner.instance_path != error.instance_path:
        return False
    if isinstance(inner.kind, Kind.Required):
        return bool(inner.kind.property == _at(inner.schema_path)[0])
    return isinstance(inner.kind, Kind.Type | Kind.Constant | Kind.Enum | Kind.FalseSchema | Kind.MinProperties)


def _described(error: jsonschema_rs.ValidationError, table: Any) -> Iterator[InvalidKeyError]:
    path, schema = tuple(error.instance_path), _at(error.schema_path[:-1])
    match error.kind:
        case Kind.AdditionalProperties(unexpected):
            for name in unexpected:
                hint = _misplaced(path, name)
                yield InvalidKeyError(
                    (*path, name), name, hint, () if hint else tuple(schema["properties"]), is_key=True
                )
        case Kind.PropertyNames(inner):
            name = str(inner.instance)
            yield InvalidKeyError((*path, name), name, _at(inner.schema_path[:-1])["x-expected"], is_key=True)
        case Kind.Required(name):
            yield InvalidKeyError(path, _Unquoted("this"), f"complete: {name!r} is missing")
        case _:
            yield _refused(path, error.schema_path[:-1], table)


def _refused(path: KeyPath, schema_path: list[str | int], table: Any) -> InvalidKeyError:
    """Return the error of a value, or of the array that holds it, where only that says what was expected."""
    while not (expected := _expected(schema := _at(schema_path))):
        path = path[:-1] if schema_path[-1] == "items" else path
        schema_path = schema_path[:-1]
    value = table
    for step in path:
        value = value[str(step) if isinstance(value, dict) else step]  # names of digits come as numbers
    words = next((part["enum"] for part in schema.get("anyOf", ()) if "enum" in part), ())
    may_be_secret = _is_secret(schema_path) or (path and "properties" in schema)
    return InvalidKeyError(path, _kind_of(value) if may_be_secret else _shown(value), expected, tuple(words))


def _is_secret(schema_path: list[str | int]) -> bool:
    parts = (_at(schema_path[:length]) for length in range(len(schema_path), 0, -1))
    return next((bool(part["writeOnly"]) for part in parts if isinstance(part, dict) and "writeOnly" in part), False)


def _expected(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    match schema:
        case {"x-expected": str(expected)}:
            return expected
        case {"type": "boolean"}:
            return "true or false"
        case {"type": "object"}:
            return "a table"
        case {"type": "integer", "minimum": least, "maximum": most}:
            return f"a whole number from {least} to {most}"
        case {"type": "number", "minimum": least, "maximum": most}:
            return f"a number from {least} to {most}"
        case {"type": "number", "exclusiveMinimum": least, "maximum": most}:
            return f"a number above {least} and at most {most}"
    return "known" if any("enum" in part for part in schema.get("anyOf", ())) else ""


def _at(schema_path: list[str | int]) -> Any:
    part: Any = config_schema()
    for step in schema_path:
        part = part[step]
    return part


def _misplaced(path: KeyPath, name: str) -> str:
    """Return in words where a key of another table belongs, empty for an unknown key."""
    top = config_schema()["properties"]
    tables = [table for table, schema in top.items() if name in schema.get("properties", ())]
    if len(path) > 1 or (path and "properties" not in top[path[0]]):
        return ""
    if path == ("serve",) and name in _SERVE_OPTIONS:
        return f"a key here: it is an option of the command only, docdouble serve --{name}"
    if path and name in top:
        return "a key here: it belongs at the top, before the tables"
    if not path and name == "tool":
        return "a key here: the keys of a file of our own stand in it without [tool.docdouble]"
    return f"a key here: it belongs into [{tables[0]}]" if tables else ""


def _kind_of(value: object) -> _Unquoted:
    """Return the type of a value in words, to be shown in place of one that may be secret."""
    if value in ("", []):
        return _Unquoted("an empty array" if value == [] else "an empty text")
    kinds: Mapping[type, str] = {bool: "a truth value", int: "a number", float: "a number", str: "a text"}
    return _Unquoted({**kinds, list: "an array", dict: "a table"}.get(type(value), "a date"))


def _shown(value: object) -> object:
    if isinstance(value, bool):
        return _Unquoted(str(value).lower())
    if isinstance(value, dict | date | time):
        return _kind_of(value)
    text = repr(value)
    return value if len(text) <= _MAX_SHOWN else _Unquoted(text[:_MAX_SHOWN] + "…")
