"""Names of types over many pages: one name for one shape.

Generated pages sometimes put the wrong name in a heading or a type cell. A name whose shapes have little in common
is not believed: its shapes are distinguished by their properties, and get the names that other evidence supports.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..contract.model import EVIDENCE, Schema, evidence_of
from ..dialects.base import Dialect
from ..extraction import Contradiction
from .infer_schemas import combine
from .merge import TypeReading

SAME = 0.5
"""Part of all their properties that two shapes of one type share, at least (Jaccard index)."""

ALIKE = 0.8
"""Part of their properties that a body without a type's name shares, at least, with the named type that it is of."""

FEWEST = 4
"""Number of properties below which likeness proves nothing."""


@dataclass(frozen=True)
class ResolvedTypes:
    """Types, each with one name and one shape.

    ``bodies`` maps an operation's id and the name that its page gives a body to the component that it really is;
    ``doubtful`` are the names that a type cell can't be trusted with.
    """

    schemas: dict[str, Schema]
    bodies: dict[tuple[str, str], str]
    doubtful: frozenset[str]
    contradictions: tuple[Contradiction, ...]


@dataclass
class _Cluster:
    """Shapes of one name that have most properties in common.

    ``operations`` are those whose bodies they are, ``owners`` the properties whose values they are.
    """

    name: str
    is_named: bool
    schema: Schema
    operations: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)

    @property
    def properties(self) -> frozenset[str]:
        return frozenset(self.schema.get("properties", {}))


class _Likeness:
    """The likeness of named types to a set of properties; properties that most types have are left out."""

    def __init__(self, named: dict[str, Schema]) -> None:
        shapes = {name: frozenset(schema["properties"]) for name, schema in named.items() if "properties" in schema}
        counts = Counter(name for shape in shapes.values() for name in shape)
        self._common = frozenset(name for name, count in counts.items() if count > max(len(shapes) / 2, 1))
        self._sizes = {name: len(shape - self._common) for name, shape in shapes.items()}
        self._owners: dict[str, list[str]] = {}
        for name, shape in shapes.items():
            for part in shape - self._common:
                self._owners.setdefault(part, []).append(name)

    def nearest(self, properties: frozenset[str]) -> str:
        """Return the type that is most like the properties, empty where none is alike."""
        distinctive = properties - self._common
        if len(distinctive) < FEWEST:
            return ""
        shared = Counter(name for part in distinctive for name in self._owners.get(part, ()))
        every = len(distinctive)
        scores = ((count / (every + self._sizes[name] - count), name) for name, count in shared.items())  # as likeness
        score, best = max(scores, default=(0, ""))
        return best if score >= ALIKE else ""


def resolve_type_names(readings: Iterable[tuple[str, TypeReading]], dialect: Dialect) -> ResolvedTypes:
    """Return one shape for each name, of readings with the id of their operations, in the contract's order."""
    clusters = _clusters(readings)
    doubtful = frozenset(name for name, namesakes in clusters.items() if len(namesakes) > 1)
    named = {
        name: namesakes[0].schema
        for name, namesakes in clusters.items()
        if namesakes[0].is_named and name not in doubtful
    }
    types = _Likeness(named)
    bodies: dict[tuple[str, str], str] = {}
    contradictions: list[Contradiction] = []
    for cluster in (cluster for name in sorted(doubtful) for cluster in clusters[name]):
        name = _believed(cluster, types, doubtful, dialect)
        named[name] = combine(named[name], cluster.schema) if name in named else cluster.schema
        bodies |= {(operation, cluster.name): name for operation in cluster.operations}
        contradictions += _doubts(cluster) if name != cluster.name else ()
    anonymous = [namesakes[0] for namesakes in clusters.values() if not namesakes[0].is_named]
    kept = _anonymous(anonymous, named, types, bodies)
    return ResolvedTypes(named | kept, bodies, doubtful, tuple(contradictions))


def component_name(text: str) -> str:
    """Return a text as the name of a component, with underscores in place of what such a name can't have."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text)


def likeness(names: Iterable[str], others: Iterable[str]) -> float:
    """Return the Jaccard index of two sets of names, 0 for two empty ones."""
    first, second = frozenset(names), frozenset(others)
    return len(first & second) / len(first | second) if first or second else 0.0


def name_stems(name: str, dialect: Dialect) -> Iterator[str]:
    """Yield the name of a type, and what is left without its suffix: a ``ParticipantInfo`` is a ``Participant``."""
    yield name
    for suffix in dialect.type_suffixes:
        if name.endswith(suffix) and name != suffix:
            yield name.removesuffix(suffix)


def _clusters(readings: Iterable[tuple[str, TypeReading]]) -> dict[str, list[_Cluster]]:
    """Group readings by name and likeness; one that shows no properties joins the first of its name.

    So does one whose name is made of an operation's id: whatever it shows, it is of the same body.
    """
    clusters: dict[str, list[_Cluster]] = {}
    for operation, reading in readings:
        namesakes = clusters.setdefault(reading.name, [])
        cluster = next((cluster for cluster in namesakes if _belongs(reading, cluster)), None)
        if cluster is None:
            namesakes.append(cluster := _Cluster(reading.name, reading.is_named, reading.schema))
        else:
            cluster.schema = combine(cluster.schema, reading.schema)
        if not reading.property:
            cluster.operations.append(operation)
        elif "properties" in reading.schema:
            cluster.owners.append(reading.property)
    return clusters


def _belongs(reading: TypeReading, cluster: _Cluster) -> bool:
    names = frozenset(reading.schema.get("properties", {}))
    alike = not names or not cluster.properties or likeness(names, cluster.properties) >= SAME
    return alike or not reading.is_named


def _believed(cluster: _Cluster, types: _Likeness, doubtful: frozenset[str], dialect: Dialect) -> str:
    """Return the name that a shape of a doubtful name really has."""
    if alike := types.nearest(cluster.properties):
        return alike
    spoken = [operation.rpartition("_")[2] for operation in cluster.operations] + cluster.owners
    for name in (cluster.name, *sorted(doubtful - {cluster.name})):
        if any(stem in text for stem in name_stems(name, dialect) for text in spoken):
            return name
    return f"{cluster.operations[0]}_body" if cluster.operations else f"{cluster.owners[0]}_{cluster.name}"


def _doubts(cluster: _Cluster) -> Iterator[Contradiction]:
    evidence = evidence_of(cluster.schema)
    if evidence:
        shown = ", ".join(sorted(cluster.properties)[:3])
        message = f"named {cluster.name}, but its properties ({shown}, ...) are not those of {cluster.name} elsewhere"
        for page, line in {evidence.page: evidence.line, **cluster.schema[EVIDENCE].get("also", {})}.items():
            yield Contradiction("wrong-type-name", page, line, message)


def _anonymous(
    clusters: list[_Cluster], named: dict[str, Schema], types: _Likeness, bodies: dict[tuple[str, str], str]
) -> dict[str, Schema]:
    """Return the bodies that keep their made-up names; one that is most like a named type joins it."""
    kept: dict[str, Schema] = {}
    for cluster in clusters:
        if alike := types.nearest(cluster.properties):
            named[alike] = combine(named[alike], cluster.schema)
            bodies |= {(operation, cluster.name): alike for operation in cluster.operations}
        else:
            kept[cluster.name] = cluster.schema
    return kept
