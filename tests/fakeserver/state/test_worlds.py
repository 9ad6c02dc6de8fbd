"""Worlds: what callers see of each other's changes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from docdouble.fakeserver.state.stores.memory import MemoryStore
from docdouble.fakeserver.state.stores.store import EntityRow, StoreError
from docdouble.fakeserver.state.worlds import MOST_ENTITIES, RefusedChangeError, World, Worlds, WorldView
from docdouble.schemas import ConfigError


@dataclass(frozen=True)
class Written:
    rows: tuple[EntityRow, ...]


def put(number: int, name: str) -> Callable[[WorldView], Written]:
    return lambda view: Written((EntityRow("room", number, {"name": name}),))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def world(store: MemoryStore) -> World:
    return World("", store, 3, {})


def test_at_first_all_is_as_it_was_drawn(world: World) -> None:
    view = world.view()
    assert (view.known, view.numbers("room"), view.following("room")) == (None, range(1, 4), 4)
    assert [number for number in range(6) if not view.is_gone("room", number)] == [1, 2, 3]


def test_a_change_is_seen_by_who_made_it_and_by_others(world: World, store: MemoryStore) -> None:
    other = World("", store, 3, {})
    before = other.view()
    _, after = world.write(put(2, "Attic"))
    assert after.values("room", 2) == other.view().values("room", 2) == {"name": "Attic"}
    assert before.values("room", 2) is None


def test_a_view_stays_the_same_until_something_changes(world: World) -> None:
    world.write(put(2, "Attic"))
    view = world.view()
    assert view is world.view()
    world.write(put(2, "Cellar"))
    assert view is not world.view()


def test_what_was_seen_of_it_is_as_it_was_until_that_changes(world: World) -> None:
    _, first = world.write(put(2, "Attic"))
    _, view = world.write(put(3, "Cellar"))
    assert view.is_as_it_was(first.version, [("room", 2), ("guest", 0)])
    assert not view.is_as_it_was(first.version, [("room", 2), ("room", 3)])
    assert not view.is_as_it_was(first.version, [("room", 0)])
    assert view.token is first.token
    world.replace((EntityRow("room", 2, {"name": "Attic"}),))
    assert world.view().token is not view.token


def test_deleted_and_new_ones_count(world: World) -> None:
    _, view = world.write(lambda view: Written((EntityRow("room", 2, None), EntityRow("room", 7, {}))))
    assert (view.numbers("room"), view.following("room")) == ([1, 3, 7], 8)
    assert (view.is_gone("room", 2), view.is_gone("room", 7), view.is_gone("room", 5)) == (True, False, True)
    assert view.numbers("guest") == range(1, 4)


def test_nothing_is_written_where_nothing_changes(world: World) -> None:
    _, view = world.write(lambda view: Written(()))
    assert (view.generation, view.version) == ("", 0)


def test_writers_see_all_that_was_written_before(store: MemoryStore) -> None:
    def count(world: World) -> None:
        for _ in range(25):
            world.write(lambda view: Written((EntityRow("room", view.following("room"), {}),)))

    writers = [threading.Thread(target=count, args=(World("", store, 3, {}),)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert World("", store, 3, {}).view().numbers("room") == list(range(1, 104))


def test_a_change_that_never_comes_through_is_given_up(world: World, store: MemoryStore) -> None:
    other = World("", store, 3, {})

    def always_late(view: WorldView) -> Written:
        other.write(put(1, "faster"))
        return Written((EntityRow("room", 2, {}),))

    with pytest.raises(StoreError, match="other processes changed the world 1000 times"):
        world.write(always_late)


def test_a_world_that_was_replaced_is_followed(world: World, store: MemoryStore) -> None:
    world.write(put(2, "Attic"))
    World("", store, 3, {}).replace((EntityRow("room", 3, {"name": "Cellar"}),))
    view = world.view()
    assert (view.values("room", 2), view.values("room", 3)) == (None, {"name": "Cellar"})
    world.replace(())
    assert world.view().known is None


def test_it_begins_with_what_it_was_seeded_with(store: MemoryStore) -> None:
    world = World("", store, 3, {"room": {9: {"name": "Tower"}}})
    assert (world.view().numbers("room"), world.rows()) == ([1, 2, 3, 9], ())
    world.write(put(2, "Attic"))
    assert world.rows() == (EntityRow("room", 2, {"name": "Attic"}),)
    world.replace(())
    assert world.view().values("room", 9) == {"name": "Tower"}


def test_only_so_many_entities_may_be_changed(world: World) -> None:
    rows = tuple(EntityRow("room", number, {}) for number in range(1, MOST_ENTITIES + 1))
    world.write(lambda view: Written(rows))
    world.write(put(2, "Attic"))
    with pytest.raises(RefusedChangeError, match="callers may change 10000 entities of a world"):
        world.write(put(MOST_ENTITIES + 1, "one more"))
    with pytest.raises(RefusedChangeError):
        world.replace((*rows, EntityRow("guest", 1, {})))


def test_entities_of_several_collections_are_kept_apart(world: World) -> None:
    _, view = world.write(put(2, "Attic"))
    inside = view.with_collection("item", "room")
    assert (inside.values("item", 2), view.values("item", 2)) == ({"name": "Attic"}, None)
    assert inside is view.with_collection("item", "room")


def test_worlds_are_found_by_name(store: MemoryStore) -> None:
    worlds = Worlds(store, 3, {})
    worlds.world("one").write(put(2, "Attic"))
    assert worlds.world("one").view().values("room", 2) == {"name": "Attic"}
    assert worlds.world("").view().known is None
    with pytest.raises(ConfigError, match="Docdouble-World"):
        worlds.world("no such name")


class TestDocumented:
    """Entities that samples name exist beside those that were drawn."""

    @pytest.fixture
    def world(self, store: MemoryStore) -> World:
        named = {"room": frozenset({2, 4, 71})}
        return World("", store, 3, {}, lambda resource: named.get(resource, frozenset()))

    def test_they_are_there_and_in_lists(self, world: World) -> None:
        view = world.view()
        assert view.numbers("room") == [1, 2, 3, 4, 71]
        assert view.numbers("guest") == range(1, 4)
        assert [number for number in (4, 5, 71) if not view.is_gone("room", number)] == [4, 71]
        assert view.is_gone("guest", 71)

    def test_new_ones_count_on_beside_them(self, world: World) -> None:
        assert world.view().following("room") == 5
        world.write(put(71, "Attic"))
        world.write(put(5, "Cellar"))
        assert world.view().following("room") == 6
        assert world.view().following("room", 70) == 72

    def test_they_can_be_deleted(self, world: World) -> None:
        _, view = world.write(lambda view: Written((EntityRow("room", 71, None),)))
        assert view.is_gone("room", 71)
        assert view.numbers("room") == [1, 2, 3, 4]

    def test_each_collection_has_its_own(self, world: World) -> None:
        view = world.view().with_collection("item", "room")
        assert (view.is_gone("item", 71), view.is_gone("guest", 71)) == (False, True)
