"""Pages of the state: the lists of entities that there are, and one entity to be edited."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from docdouble.schemas import ConfigError

from ..control.state_api import listed_heads
from ..state.entity_table import EntityTable, ShownEntity, TableHead
from ..state.worlds import World, Worlds
from .journal_page import API, pretty
from .served import Served

_MOST = 100
"""Entities on a page."""

_COLUMNS = 12
"""Properties of which the values stand in the table; an entity that is opened shows all."""

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a text, and the entity that it refers to: its list and its key, empty for none."""

    text: str
    target: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """An entity as a line of the table."""

    key: str
    is_changed: bool
    cells: tuple[Cell, ...]


def state_context(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the lists of a world, and the entities of that which is asked for; raises ``ConfigError``."""
    kept = _kept(served)
    if kept is None:
        return {"off": "The state is off: nothing is kept of what callers change, and every id exists."}
    table, worlds = kept
    world = worlds.world(query.get("world", ""))
    resources = listed_heads(table, world)
    called = {entry.world for entry in served.control.controls.journal.entries() if entry.world}
    shown = {
        "off": "",
        "world": world.name,
        "worlds": sorted(called.union(worlds.names())),
        "resources": resources,
        "control": API,
        "head": None,
    }
    return shown | (_listed(table, table.head(query["resource"]), world, query) if query.get("resource") else {})


def entity_context(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return an entity, or an empty one for a new one; raises ``ConfigError`` for one that there isn't."""
    kept = _kept(served)
    if kept is None:
        raise ConfigError("state", "off", expected="kept: there is no entity")
    table, worlds = kept
    world = worlds.world(query.get("world", ""))
    head, key = table.head(query.get("resource", "")), query.get("key", "")
    row = table.row(head, key, world.view()) if key else ShownEntity("", False, {})
    if row is None:
        raise ConfigError("key", key, expected=f"the key of an entity of {head.name}")
    values = row.values if isinstance(row.values, dict) else {}
    targets = table.references(head)
    references = [
        {"property": name, "target": target, "key": referred}
        for name, target in targets.items()
        if (referred := table.key_of(target, values.get(name)))
    ]
    return {
        "name": head.name,
        "world": world.name,
        "key": key,
        "values": pretty(row.values),
        "references": references,
        "below": [
            f"{below}?{'/'.join((*_parents(head), quote(row.key, safe='')))}" for below in table.lists_below(head)
        ],
    }


def _kept(served: Served) -> tuple[EntityTable, Worlds] | None:
    """Return the entities and the worlds, ``None`` where nothing is kept."""
    worlds, table = served.control.worlds(), served.control.table()
    return (table, worlds) if worlds and table else None


def _parents(head: TableHead) -> list[str]:
    given = head.name.partition("?")[2]
    return given.split("/") if given else []


def _listed(table: EntityTable, head: TableHead, world: World, query: Mapping[str, str]) -> dict[str, Any]:
    view, skip = world.view(), query.get("skip", "0")
    if not re.fullmatch(r"[0-9]{1,9}", skip):
        raise ConfigError("skip", skip, expected="a number from 0")
    rows = table.rows(head, view, int(skip), _MOST)
    names = [name for row in rows if isinstance(row.values, dict) for name in row.values]
    columns = [name for name in dict.fromkeys(names) if name != head.key][:_COLUMNS]
    targets = table.references(head)
    shown = [
        ShownRow(row.key, row.is_changed, tuple(_cell(row.values, name, targets.get(name), table) for name in columns))
        for row in rows
    ]
    return {
        "head": head,
        "columns": columns,
        "rows": shown,
        "first": int(skip),
        "most": _MOST,
        "count": table.count(head, view),
    }


def _cell(values: Any, name: str, target: str | None, table: EntityTable) -> Cell:
    if not isinstance(values, dict) or name not in values:
        return Cell("")
    value = values[name]
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    if target and (key := table.key_of(target, value)):
        return Cell(f"{target} {key}" if isinstance(value, dict) else key, target, key)
    return Cell(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
