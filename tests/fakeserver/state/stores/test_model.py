"""Any sequence of steps does to a store what it does to a simple model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.state.stores.store import LIFETIME, Changes, EntityRow, Store, TooManyWorldsError, WorldLimits

MOST = 2
NAMES = ("", "anna", "rows:anna")
Entities = dict[tuple[str, int], tuple[Any, int]]
Point = tuple[int, int]
"""A generation, which the model numbers from 1, and a version; of a world without rows, two zeros."""


@dataclass
class World:
    point: Point
    used: float
    entities: Entities = field(default_factory=dict)


@dataclass
class Model:
    """What a store should do: asked and answered as a store is, with numbers for generations."""

    clock: Callable[[], float]
    worlds: dict[str, World] = field(default_factory=dict)
    generations: int = 0

    def held(self, name: str) -> World:
        world = self.worlds.get(name)
        if world and (not name or self.clock() - world.used < LIFETIME):
            return world
        return World((0, 0), self.clock())

    def changes(self, name: str, point: Point) -> tuple[Point, Entities] | None:
        world = self.held(name)
        if self.clock() - world.used >= LIFETIME / 60:
            world.used = self.clock()
        after = point[1] if point[0] == world.point[0] else 0
        newer = {entity: stored for entity, stored in world.entities.items() if stored[1] > after}
        return None if world.point == point else (world.point, newer)

    def commit(self, name: str, point: Point, rows: Sequence[EntityRow]) -> tuple[Point, Entities] | None:
        if self.held(name).point != point:
            return None
        return self.write(name, rows) if rows else (point, {})

    def replace(self, name: str, rows: Sequence[EntityRow]) -> None:
        self.worlds.pop(name, None)
        if rows:
            self.write(name, rows)

    def write(self, name: str, rows: Sequence[EntityRow]) -> tuple[Point, Entities]:
        if self.held(name).point == (0, 0):
            self.worlds = {other: world for other, world in self.worlds.items() if self.held(other) is world}
            if len(self.worlds) == MOST:
                raise TooManyWorldsError
            self.generations += 1
            self.worlds[name] = World((self.generations, 0), self.clock())
        world = self.worlds[name]
        world.point = (world.point[0], world.point[1] + 1)
        world.used = self.clock()
        changed = {(row.resource, row.number): (row.values, world.point[1]) for row in rows}
        world.entities |= changed
        return world.point, changed


@dataclass
class Pair:
    """A store and the model of it, which do the same; ``seen`` holds the points that either returned for each world."""

    store: Store
    model: Model
    generations: dict[int, str] = field(default_factory=lambda: {0: ""})
    seen: dict[str, list[Point]] = field(default_factory=lambda: {name: [(0, 0)] for name in NAMES})

    def step(self, kind: str, name: str, back: int, rows: Sequence[EntityRow]) -> None:
        point = self.seen[name][-1 - back % len(self.seen[name])]
        asked = (name, self.generations[point[0]], point[1])
        if kind == "changes":
            self.same(name, self.store.changes(*asked), self.model.changes(name, point))
        elif kind == "commit":
            outcome = attempt(lambda: self.store.commit(*asked, rows))
            self.same(name, outcome, attempt(lambda: self.model.commit(name, point, rows)))
        else:
            outcome = attempt(lambda: self.store.replace(name, rows))
            assert outcome == attempt(lambda: self.model.replace(name, rows))

    def same(self, name: str, outcome: Any, expected: Any) -> None:
        if not isinstance(outcome, Changes):
            assert outcome == expected
            return
        point, entities = expected
        assert self.generations.setdefault(point[0], outcome.generation) == outcome.generation
        assert len({*self.generations.values()}) == len(self.generations)
        assert outcome.version == point[1]
        assert [row.version for row in outcome.rows] == sorted(row.version for row in outcome.rows)
        assert {(row.resource, row.number): (row.values, row.version) for row in outcome.rows} == entities
        assert len(outcome.rows) == len(entities)
        self.seen[name].append(point)


def attempt(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except TooManyWorldsError:
        return TooManyWorldsError


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ROWS = st.lists(
    st.builds(
        EntityRow,
        st.sampled_from(("Book", "Book:Copy")),
        st.integers(-1, 2),
        st.none() | st.dictionaries(st.text(), JSON, max_size=3),
    ),
    max_size=3,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("changes", "commit", "commit", "replace")),
        st.sampled_from(NAMES),
        st.sampled_from((0, 0, 0, 1, 2)),
        ROWS,
        st.sampled_from((0, 0, 0, 1, LIFETIME / 2, LIFETIME)),
    ),
    max_size=20,
)


@pytest.fixture
def small_store(open_here: Callable[[WorldLimits], Store], clock: Callable[[], float]) -> Store:
    return open_here(WorldLimits(most=MOST, clock=clock))


@pytest.mark.slow
@given(steps=STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example empties the store
def test_a_store_does_what_its_model_does(small_store: Store, clock: Any, steps: list[Any]) -> None:
    for name in NAMES:
        small_store.replace(name, [])
    pair = Pair(small_store, Model(clock))
    for kind, name, back, rows, seconds in steps:
        pair.step(kind, name, back, rows)
        clock.now += seconds
    for name in NAMES:
        outcome = small_store.changes(name, "another generation", 0)
        pair.same(name, outcome, pair.model.changes(name, (-1, 0)))
