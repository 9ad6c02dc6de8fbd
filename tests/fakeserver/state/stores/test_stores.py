"""What every store promises."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from docdouble.fakeserver.state.stores.store import LIFETIME, Changes, EntityRow, Store, TooManyWorldsError, WorldLimits

ANY = "another generation"
EMMA = EntityRow("Book", 1, {"Title": "Emma", "Authors": [{"Name": "Jane Austen", "Born": 1775}]})
LENT = EntityRow("Book", 1, {"Title": "Emma", "Lent": True})
LOST = EntityRow("Copy", 7, None)

Open = Callable[..., Store]
Put = Callable[..., Changes]
Everything = Callable[..., Changes]


def by_number(rows: Sequence[EntityRow]) -> dict[tuple[str, int], tuple[Any, int]]:
    assert [row.version for row in rows] == sorted(row.version for row in rows)
    numbered = {(row.resource, row.number): (row.values, row.version) for row in rows}
    assert len(numbered) == len(rows)
    return numbered


def test_a_world_begins_empty(store: Store) -> None:
    assert store.changes("", "", 0) is None
    assert store.changes("", ANY, 3) == Changes("", 0, ())


def test_a_commit_is_reported_with_its_version(store: Store, everything: Everything) -> None:
    first = store.commit("", "", 0, [EMMA, LOST])
    assert first is not None
    assert first.generation
    assert by_number(first.rows) == {("Book", 1): (EMMA.values, 1), ("Copy", 7): (None, 1)}
    assert store.changes("", first.generation, 1) is None
    assert by_number(everything(store).rows) == by_number(first.rows)


def test_only_what_changed_since_is_reported(store: Store, put: Put, everything: Everything) -> None:
    generation = put(store, "", EMMA, LOST).generation
    put(store, "", LENT)
    assert store.changes("", generation, 1) == Changes(generation, 2, (EntityRow("Book", 1, LENT.values, 2),))
    assert by_number(everything(store).rows) == {("Copy", 7): (None, 1), ("Book", 1): (LENT.values, 2)}


def test_the_last_row_of_an_entity_counts(store: Store, put: Put, everything: Everything) -> None:
    changes = put(store, "", EMMA, LENT)
    assert changes.rows == everything(store).rows == (EntityRow("Book", 1, LENT.values, 1),)


def test_a_commit_without_rows_changes_nothing(store: Store, put: Put) -> None:
    assert store.commit("", "", 0, []) == Changes("", 0, ())
    first = put(store, "", EMMA)
    assert store.commit("", first.generation, 1, []) == Changes(first.generation, 1, ())
    assert store.commit("", "", 0, []) is None


def test_a_commit_on_a_stale_version_writes_nothing(store: Store, put: Put, everything: Everything) -> None:
    generation = put(store, "", EMMA).generation
    put(store, "", LOST)
    before = everything(store)
    assert store.commit("", generation, 1, [LENT]) is None
    assert store.commit("", ANY, 2, [LENT]) is None
    assert store.commit("", "", 0, [LENT]) is None
    assert everything(store) == before


def test_to_replace_begins_a_generation(store: Store, put: Put) -> None:
    first = put(store, "", EMMA, LOST)
    store.replace("", [LENT])
    changes = store.changes("", first.generation, first.version)
    assert changes is not None
    assert changes.generation not in ("", first.generation)
    assert (changes.version, changes.rows) == (1, (EntityRow("Book", 1, LENT.values, 1),))


def test_to_replace_by_nothing_resets(store: Store, put: Put) -> None:
    first = put(store, "", EMMA)
    store.replace("", [])
    assert store.changes("", first.generation, 1) == Changes("", 0, ())
    assert store.changes("", "", 0) is None
    assert put(store, "", EMMA).generation != first.generation


def test_worlds_are_apart(store: Store, put: Put, everything: Everything) -> None:
    put(store, "anna", EMMA)
    put(store, "rows:anna", LOST)
    store.replace("rows:anna", [])
    assert store.changes("", "", 0) is None
    assert by_number(everything(store, "anna").rows) == {("Book", 1): (EMMA.values, 1)}


def test_stores_of_one_place_see_each_other(open_here: Open, put: Put) -> None:
    store, other = open_here(), open_here()
    first = put(store, "", EMMA)
    assert other.changes("", "", 0) == Changes(first.generation, 1, (EntityRow("Book", 1, EMMA.values, 1),))
    assert other.commit("", first.generation, 1, [LENT]) is not None
    assert store.commit("", first.generation, 1, [LOST]) is None
    assert store.changes("", first.generation, 1) == Changes(
        first.generation, 2, (EntityRow("Book", 1, LENT.values, 2),)
    )


def test_a_closed_store_opens_again(open_here: Open, put: Put, everything: Everything) -> None:
    store = open_here()
    put(store, "", EMMA)
    store.close()
    assert len(everything(store).rows) == 1


def test_a_named_world_is_forgotten_when_nobody_asks_for_it(
    open_here: Open, put: Put, everything: Everything, clock: Any
) -> None:
    store = open_here(WorldLimits(clock=clock))
    put(store, "", EMMA)
    generation = put(store, "anna", EMMA).generation
    for _ in range(3):
        clock.now += LIFETIME - 1
        assert store.changes("anna", generation, 1) is None
    clock.now += LIFETIME
    assert store.commit("anna", generation, 1, [LENT]) is None
    assert store.changes("anna", generation, 1) == Changes("", 0, ())
    assert len(everything(store).rows) == 1
    assert put(store, "anna", LENT).version == 1
    assert by_number(everything(store, "anna").rows) == {("Book", 1): (LENT.values, 1)}


def test_a_world_too_many_is_refused_until_one_expires(
    open_here: Open, put: Put, everything: Everything, clock: Any
) -> None:
    store = open_here(WorldLimits(most=2, lifetime=60, clock=clock))
    put(store, "", EMMA)
    put(store, "anna", EMMA)
    with pytest.raises(TooManyWorldsError, match="2 worlds"):
        put(store, "bert", EMMA)
    with pytest.raises(TooManyWorldsError):
        store.replace("bert", [EMMA])
    assert store.changes("bert", "", 0) is None
    assert put(store, "anna", LENT).version == 2
    clock.now += 60
    assert put(store, "bert", EMMA).version == 1
    assert everything(store, "anna") == Changes("", 0, ())


def test_no_update_is_lost_between_threads(open_here: Open, everything: Everything) -> None:
    stores = [open_here(), open_here()]

    def count(thread: int) -> None:
        store = stores[thread % 2]
        for _ in range(10):
            is_written = False
            while not is_written:
                held = everything(store)
                so_far = held.rows[0].values["Count"] if held.rows and held.rows[0].values else 0
                row = EntityRow("Counter", 1, {"Count": so_far + 1})
                is_written = store.commit("", held.generation, held.version, [row]) is not None

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    assert everything(stores[0]).rows == (EntityRow("Counter", 1, {"Count": 80}, 80),)
