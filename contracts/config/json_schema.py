"""The JSON Schema (draft 7) of ``docdouble.toml``, with which editors complete and check it."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from .config import Config
from .keys import KEYS
from .tables import Dotted, Key, Table

_ENUMS_OF_TRUTH = {True: "on", False: "off"}


def config_schema() -> dict[str, Any]:
    """Return the schema: what the reader refuses, it refuses."""
    schema = KEYS.schema()
    definitions: dict[str, Any] = {}
    _complete(schema["properties"], KEYS, Config(), definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "docdouble.toml",
        "description": "What docdouble reads, serves and verifies.",
        **schema,
        "definitions": definitions,
    }


def _complete(properties: dict[str, Any], table: Table, defaults: Any, definitions: dict[str, Any]) -> None:
    """Add what the values of dataclasses say, and the schemas that hold themselves."""
    for name, key in table.keys.items():
        if isinstance(key.kind, Dotted):
            definitions[key.kind.definition] = key.kind.defined()
        default = _default(name, key, defaults)
        if isinstance(key.kind, Table):
            _complete(properties[name]["properties"], key.kind, default, definitions)
        elif (shown := _as_toml(default, key)) is not None:
            properties[name]["default"] = shown


def _default(name: str, key: Key, defaults: Any) -> Any:
    holder = defaults if name.replace("-", "_") in {one.name for one in fields(defaults)} else defaults.budget
    return getattr(holder, name.replace("-", "_"))


def _as_toml(default: Any, key: Key) -> Any:
    """Return a default as the file would say it, ``None`` where there is nothing to say."""
    if isinstance(default, bool) and "enum" in str(key.kind.schema()):
        return _ENUMS_OF_TRUTH[default]
    if isinstance(default, tuple):
        return list(default) or None
    return None if default in ("", {}) or isinstance(default, Path) else default
