"""Use of a contract by a test run, as values and as the JSON that ``docdouble diff --used`` reads.

``use.schema.json`` beside this is the JSON's schema. ``merge_uses`` puts several runs together, in any order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from docdouble.schemas import ConfigError
from docdouble.schemas.contract.facts import Fact, FactKind, Key
from docdouble.schemas.json_pointer import pointer_of

VERSION = 1
"""Version of the JSON: a reader of another one says so."""


class How(StrEnum):
    """Manner in which a fact was touched, the weakest first: what the server sent counts for more once it is read."""

    RECEIVED = "came"
    """The server sent it, and nobody was seen reading it."""
    SENT = "sent"
    """The client sent it."""
    READ = "read"
    """The consumer's code read it."""


_WEIGHT = {how: weight for weight, how in enumerate(How)}


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that was touched, and the ids of the ``tests`` that did so; none for what no test did, as a fixture.

    Of a fact that was read, they are those that read it, not those that only received it.
    """

    how: How
    tests: frozenset[str] = frozenset()

    def __or__(self, other: "UsedFact") -> "UsedFact":
        if self.how is other.how:
            return UsedFact(self.how, self.tests | other.tests)
        return max(self, other, key=lambda fact: _WEIGHT[fact.how])


@dataclass(frozen=True, slots=True)
class UsedOperation:
    """Touched facts of an operation (a ``label``, as ``GET /books``).

    ``documented`` is how many facts there are, ``facts`` those that were touched. ``untouched`` are the others of an
    operation that was called. ``undocumented`` are received statuses that aren't documented.
    """

    label: str
    calls: int
    documented: int
    facts: Mapping[Key, UsedFact] = field(default_factory=dict)
    untouched: frozenset[Key] = frozenset()
    undocumented: frozenset[str] = frozenset()

    def __or__(self, other: "UsedOperation") -> "UsedOperation":
        facts = dict(self.facts)
        for key, fact in other.facts.items():
            facts[key] = facts[key] | fact if key in facts else fact
        return UsedOperation(
            min(self.label, other.label),
            self.calls + other.calls,
            max(self.documented, other.documented),
            facts,
            (self.untouched | other.untouched) - facts.keys(),
            self.undocumented | other.undocumented,
        )

    @property
    def tests(self) -> frozenset[str]:
        """The tests that called it."""
        return frozenset(chain.from_iterable(fact.tests for fact in self.facts.values()))


@dataclass(frozen=True, slots=True)
class Use:
    """Touched facts of the contract that was read from ``source``, by operation ids."""

    source: str = ""
    operations: Mapping[str, UsedOperation] = field(default_factory=dict)

    def tests_of(self, fact: Fact) -> tuple[str, ...]:
        """Return the tests that touched a fact, sorted; none for one that was not touched."""
        operation = self.operations.get(fact.operation)
        used = operation.facts.get((fact.part, fact.name)) if operation else None
        return tuple(sorted(used.tests)) if used else ()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON value of the use, in an order that is the same for equal uses."""
        tests = sorted(frozenset(chain.from_iterable(operation.tests for operation in self.operations.values())))
        numbers = {test: number for number, test in enumerate(tests)}
        return {
            "docdouble": "use",
            "version": VERSION,
            "source": self.source,
            "tests": tests,
            "operations": {name: _operation(self.operations[name], numbers) for name in sorted(self.operations)},
        }

    @classmethod
    def from_dict(cls, data: object, where: str = "use") -> "Use":
        """Read the JSON value; raises ``ConfigError`` that names the place, in a file ``where``."""
        if isinstance(data, dict) and data.get("docdouble") == "use" and data.get("version", VERSION) != VERSION:
            expected = f"{VERSION}: write the file with this version of docdouble"
            raise ConfigError(f"{where}: version", data["version"], expected=expected)
        for error in _schema().iter_errors(data):
            raise _wrong(error, where)
        assert isinstance(data, dict)  # the schema says so
        operations = data["operations"].items()
        return cls(
            data["source"],
            {name: _read(operation, data["tests"], f"{where}: {name}") for name, operation in operations},
        )


def read_use(path: Path) -> Use:
    """Read a file; raises ``ConfigError`` for what is no use, ``OSError`` for what can't be read."""
    try:
        data = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        expected = f"the JSON of --contract-coverage-report: {error}"
        raise ConfigError("coverage", str(path), expected=expected) from error
    return Use.from_dict(data, path.name)


def merge_uses(uses: Iterable[Use]) -> Use:
    """Return the union of uses; the order in which they are given doesn't matter."""
    sources: set[str] = set()
    operations: dict[str, UsedOperation] = {}
    for use in uses:
        sources |= set(use.source.split(" + ")) - {""}
        for name, operation in use.operations.items():
            operations[name] = operations[name] | operation if name in operations else operation
    return Use(" + ".join(sorted(sources)), operations)


def _operation(operation: UsedOperation, numbers: Mapping[str, int]) -> dict[str, Any]:
    facts = [
        {"part": part.value, "name": name, "how": used.how.value, "tests": sorted(map(numbers.__getitem__, used.tests))}
        for (part, name), used in sorted(operation.facts.items())
    ]
    written: dict[str, Any] = {
        "label": operation.label,
        "calls": operation.calls,
        "documented": operation.documented,
        "facts": facts,
    }
    if operation.untouched:
        written["untouched"] = [{"part": part.value, "name": name} for part, name in sorted(operation.untouched)]
    if operation.undocumented:
        written["undocumented"] = sorted(operation.undocumented)
    return written


def _read(data: Mapping[str, Any], tests: list[str], where: str) -> UsedOperation:
    facts: dict[Key, UsedFact] = {}
    for fact in data["facts"]:
        named = (_named(number, tests, where) for number in fact["tests"])
        facts[FactKind(fact["part"]), fact["name"]] = UsedFact(How(fact["how"]), frozenset(named))
    untouched = frozenset((FactKind(fact["part"]), fact["name"]) for fact in data.get("untouched", ()))
    undocumented = frozenset(data.get("undocumented", ()))
    return UsedOperation(data["label"], data["calls"], data["documented"], facts, untouched, undocumented)


def _named(number: int, tests: list[str], where: str) -> str:
    if number >= len(tests):
        raise ConfigError(f"{where}: tests", number, expected=f"the number of a test: there are {len(tests)}, from 0")
    return tests[number]


@cache
def _schema() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(orjson.loads(Path(__file__).with_name("use.schema.json").read_bytes()))


def _wrong(error: jsonschema_rs.ValidationError, where: str) -> ConfigError:
    pointer = pointer_of(error.instance_path)
    key = f"{where}: {pointer}" if pointer else where
    valid = tuple(_listed(error))
    if valid:
        return ConfigError(key, error.instance, valid)
    shown = error.instance if isinstance(error.instance, str | int | float | None) else type(error.instance).__name__
    return ConfigError(key, shown, expected=f"as use.schema.json says: {_first_line(error.message)}")


def _listed(error: jsonschema_rs.ValidationError) -> Iterator[str]:
    options = getattr(error.kind, "options", None)
    yield from (str(option) for option in options) if isinstance(options, list) else ()


def _first_line(message: str) -> str:
    line = message.partition("\n")[0]
    return line if len(line) <= 100 else f"{line[:100]}…"
