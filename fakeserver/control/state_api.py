"""State over the control API: snapshots of worlds, lists of their entities, and edits of single ones."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Reply

from ..http.problem import problem
from ..state.entity_table import EntityTable, ShownEntity, TableHead
from ..state.snapshots import rows_of, snapshot
from ..state.worlds import World, Worlds
from .matching import json_object, number_of

NO_STATE = problem(409, "the state is off: nothing is kept")

MOST_LISTED = 1000
"""Entities that one reply lists; as many as are asked for with ``limit``, else ``_USUAL``."""

_USUAL = 100

ENTITY_FILTERS = ("resource", "skip", "limit", "world")


class StateApi:
    """Answers the calls about ``state``, ``resources`` and ``entities``; all is that of the moment."""

    def __init__(
        self,
        contract: Callable[[], Contract],
        worlds: Callable[[], Worlds | None],
        table: Callable[[], EntityTable | None],
    ) -> None:
        self._contract, self._worlds, self._table = contract, worlds, table

    def state(self, call: Call, name: str) -> Reply:
        """Return what callers changed in a world, or replace it, by nothing with DELETE."""
        worlds = self._worlds()
        if worlds is None:
            return NO_STATE
        world = worlds.world(name)
        if call.method == "GET":
            return _json(snapshot(world))
        state = json_object(call) if call.method == "PUT" else {"resources": {}}
        if isinstance(state, Reply):
            return state
        world.replace(rows_of(state, self._contract()))
        return Reply(status=204)

    def answer(self, call: Call, asked: str, wanted: Mapping[str, str], name: str) -> Reply:
        """Return the reply to a call for ``asked``, entities of a world of a name; raises ``ConfigError``."""
        worlds, table = self._worlds(), self._table()
        if worlds is None or table is None:
            return NO_STATE
        world = worlds.world(name)
        if asked == "resources":
            return _json({"resources": listed_heads(table, world)})
        head = table.head(wanted.get("resource", ""))
        if asked == "entities" and call.method == "POST":
            return _written(call, table, head, None, world)
        if asked == "entities":
            return _listed(wanted, table, head, world)
        key = asked.partition("/")[2]
        if call.method == "PUT":
            return _written(call, table, head, key, world)
        if call.method == "DELETE":
            return Reply(status=204) if table.delete(head, key, world) else _missing(head, key)
        row = table.row(head, key, world.view())
        return _json(_shown(row)) if row else _missing(head, key)


def listed_heads(table: EntityTable, world: World) -> list[dict[str, Any]]:
    """Return which lists of entities there are in a world; those below others where callers changed them."""
    view, changed = world.view(), Counter(row.resource for row in world.rows())
    heads = table.heads()
    touched = sorted(changed.keys() - {head.name for head in heads})
    return [
        {
            "name": head.name,
            "key": head.key,
            "below": head.missing_parents,
            "count": None if head.missing_parents else table.count(head, view),
            "changed": changed[head.name],
        }
        for head in (*heads, *map(table.head, touched))
    ]


def _listed(wanted: Mapping[str, str], table: EntityTable, head: TableHead, world: World) -> Reply:
    view = world.view()
    skip, limit = number_of(wanted, "skip") or 0, number_of(wanted, "limit")
    if limit is not None and limit > MOST_LISTED:
        raise ConfigError("limit", limit, expected=f"at most {MOST_LISTED}")
    rows = table.rows(head, view, skip, _USUAL if limit is None else limit)
    listed = {"entities": [_shown(row) for row in rows], "count": table.count(head, view)}
    return _json({"resource": head.name, "key": head.key, "references": table.references(head), **listed})


def _written(call: Call, table: EntityTable, head: TableHead, key: str | None, world: World) -> Reply:
    sent = json_object(call)
    if isinstance(sent, Reply):
        return sent
    row = table.write(head, key, sent, world)
    if key is not None:
        return _json(_shown(row))
    place = f"entities/{quote(row.key, safe='')}?resource={quote(head.name, safe='')}"
    return _json(_shown(row), 201, ("Location", place))


def _missing(head: TableHead, key: str) -> Reply:
    return problem(404, f"{head.name} has no entity of the key {key}")


def _shown(row: ShownEntity) -> dict[str, Any]:
    return {"key": row.key, "changed": row.is_changed, "values": row.values}


def _json(value: dict[str, Any], status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply((("Content-Type", "application/json"), *headers), orjson.dumps(value), status)
