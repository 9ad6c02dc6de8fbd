"""User rules for samples, of the table ``[samples]``, and the rules of plugins."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from itertools import islice
from typing import Any

import orjson

from docdouble.schemas import ConfigError, Contract, Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.dialects.base import SampleRule
from docdouble.schemas.plugins import load_plugins, one_or_many
from docdouble.schemas.resources.naming import referred

from ..data.data_source import DataSource, sources
from ..references import SampledResources
from ..seeds import Draw, mix, pick
from ..shapes import value_test
from .property_names import documented_properties, nearest_pattern, whole
from .string_meaning import SchemaPosition
from .text_rules import ValueSource

GROUP = "docdouble.samples"
"""Entry points that are a ``SampleRule``, or a sequence of them."""

_SCALARS = {"string", "integer", "number", "boolean"}
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)

_TRIED = 64
"""Texts of a source that are tried for some that fit."""

_ENOUGH = 16
"""Texts that fit, to choose from where another one doesn't."""

Test = Callable[[Any], bool]


def user_choices(samples: Mapping[str, str | Sequence[Any]], world: DataSource) -> tuple[tuple[str, ValueSource], ...]:
    """Return the user's rules: a pattern of ``Type.Property`` names with a source, or with the values themselves.

    Raises ``ConfigError`` for a source that is none, and for values that JSON can't hold.
    """
    return tuple((pattern.lower(), _choice(pattern, source, world)) for pattern, source in samples.items())


def check_user_samples(samples: Mapping[str, str | Sequence[Any]]) -> None:
    """Raise ``ConfigError`` for a rule of the user's with a source that is none, or values that JSON can't hold."""
    if samples:
        user_choices(samples, DataSource(0, "en_US"))


def _choice(pattern: str, source: str | Sequence[Any], world: DataSource) -> ValueSource:
    key = f'samples."{pattern}"'
    if not isinstance(source, str):
        return ValueSource("values", key, values=_as_json(key, source))
    choice = ValueSource(source, key)
    try:
        world.draw(choice)(0, 0)
    except ConfigError as error:
        valid = (*sources(), *error.valid)
        raise ConfigError(key, source, valid, "a source of samples, or a provider of Faker") from error
    except Exception as error:
        raise ConfigError(key, source, expected=f"a provider of Faker that needs no arguments: {error}") from error
    return choice


def _as_json(key: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """Return the values as they come out of JSON: of TOML's dates, texts."""
    if not values:
        raise ConfigError(key, values, expected="a list of one value or more")
    try:
        return tuple(orjson.loads(orjson.dumps(list(values))))
    except orjson.JSONEncodeError as error:
        raise ConfigError(key, values, expected=f"a list of values for JSON: {error}") from error


@dataclass(frozen=True, slots=True)
class UserRule:
    """A rule of the user's that has values for a schema, and the function for those."""

    choice: ValueSource
    draw: Draw


class UserRules:
    """The user's rules for one contract.

    Raises ``ConfigError`` for a source that is none, and for values that JSON can't hold.
    """

    def __init__(
        self,
        samples: Mapping[str, str | Sequence[Any]],
        resources: SampledResources,
        world: DataSource,
        contract: Contract,
    ) -> None:
        self._choices, self._spelled = user_choices(samples, world), tuple(samples)
        self._resources, self._world, self._contract = resources, world, contract
        self._owners = cache(self._find_owners)

    def at(self, schema: Any, position: SchemaPosition) -> UserRule | None:
        """Return the first rule for what stands at a position that has values for it, ``None`` for none."""
        meant = [choice for pattern, choice in self._choices if self._is_meant(pattern, position)]
        if not meant or not is_scalar(schema, self._contract):
            return None
        test = value_test(schema, self._contract)
        return next(
            (
                UserRule(value_source, draw)
                for value_source in meant
                if (draw := _fitting(value_source, self._world, test))
            ),
            None,
        )

    def of_items(self, schema: Schema, position: SchemaPosition) -> UserRule | None:
        """Return the rule for the items of an array; a set of several may need more than the user gives."""
        is_set = schema.get("uniqueItems", False) and schema.get("minItems", 0) > 1
        return None if is_set else self.at(schema.get("items", {}), position)

    def _is_meant(self, pattern: str, position: SchemaPosition) -> bool:
        """Tell whether a pattern fits the name of a property, or that with any type that shows the same entity."""
        owners = self._owners(position.owner, position.resource)
        names = (position.name, *(f"{owner}.{position.name}" for owner in owners))
        return bool(position.name) and any(fnmatchcase(name.lower(), pattern) for name in names)

    def _find_owners(self, owner: str, resource: str) -> tuple[str, ...]:
        """Return the names under which a rule may mean an object of a type.

        They are those of the resource, of all types that show it, and of what these are composed of or also called.
        """
        types = (owner, *self._resources.views.get(resource, ()))
        composed = (name for shown in types for name in self._composed(shown, frozenset()))
        return tuple(dict.fromkeys((*types, resource, *composed)))

    def _named_owners(self, owner: str) -> tuple[str, ...]:
        """Return the names under which a rule may mean an object of a named type, or of none."""
        schema = self._contract.schemas.get(owner)
        key = self._resources.key(owner, whole(schema, self._contract)) if schema else None
        return self._owners(owner, key.resource if key else "")

    def _composed(self, name: str, outer: frozenset[str]) -> Iterator[str]:
        """Yield a named type, its other names, and the types that are merged into it by references and ``allOf``."""
        if name in outer or name not in self._contract.schemas:
            return
        yield name
        yield from self._aliases.get(name, ())
        for inner in _merged_names(self._contract.schemas[name]):
            yield from self._composed(inner, outer | {name})

    @cached_property
    def _aliases(self) -> Mapping[str, tuple[str, ...]]:
        """Named types → those that are nothing but a reference to them."""
        schemas = self._contract.schemas.items()
        targets = [(name, referred(schema)) for name, schema in schemas if set(schema) == {"$ref"}]
        return {target: tuple(name for name, other in targets if other == target) for _, target in targets}

    def unmatched(self) -> Iterator[str]:
        """Yield a remark on each rule that means no documented property; all schemas are read for that."""
        if not self._choices:
            return
        known = set(documented_properties(self._contract))
        owners = {owner: self._named_owners(owner) for owner, _ in known}
        names = {f"{owner}.{name}" for known_owner, name in known for owner in (*owners[known_owner], "")}
        for spelled, (pattern, choice) in zip(self._spelled, self._choices, strict=True):
            wanted = pattern if "." in pattern else f"*.{pattern}"
            if not any(fnmatchcase(name.lower(), wanted) for name in names):
                near = nearest_pattern(spelled, known)
                yield f"{choice.why} means no documented property" + (f"; did you mean '{near}'?" if near else "")


def _fitting(choice: ValueSource, world: DataSource, test: Test) -> Draw | None:
    """Return the function for the values of a rule that fit, ``None`` where none does."""
    if choice.values:
        values = tuple(filter(test, choice.values))
        return pick(values) if values else None
    draw = world.draw(choice)

    def read(key: int, entity: int) -> Any:
        return next(filter(test, _readings(draw(key, entity))), None)

    tried = (read(key, key) for key in (mix(number, 1) for number in range(_TRIED)))
    fitting = tuple(islice((value for value in tried if value is not None), _ENOUGH))
    if not fitting:
        return None
    others = pick(fitting)

    def drawn(key: int, entity: int) -> Any:
        value = read(key, entity)
        return others(key, entity) if value is None else value

    return drawn


def _readings(text: str) -> Iterator[Any]:
    """Yield what a text may stand for: itself, a number, a flag."""
    yield text
    if _NUMBER.fullmatch(text):
        yield float(text) if "." in text else int(text)
    if text.lower() in ("true", "false"):
        yield text.lower() == "true"


def is_scalar(schema: Any, contract: Contract) -> bool:
    """Tell whether values of a schema may be texts, numbers or flags: only of such does a user say what they are."""
    if not isinstance(schema, dict):
        return False
    resolved = whole(schema, contract)
    branches = [
        contract.resolve(branch)
        for word in ("anyOf", "oneOf")
        for branch in resolved.get(word, ())
        if isinstance(branch, dict)
    ]
    return any(_SCALARS & set(types_of(branch)) or {"enum", "const"} & set(branch) for branch in (resolved, *branches))


def _merged_names(schema: Any) -> Iterator[str]:
    """Yield the named types that a schema is, or is composed of by ``allOf``."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield referred({"$ref": schema["$ref"]})
        for part in schema.get("allOf", ()):
            yield from _merged_names(part)


@cache
def added_rules() -> tuple[SampleRule, ...]:
    """Return the rules of installed packages; raises ``PluginError`` for one that can't be loaded."""
    return load_plugins(GROUP, _rules)


def _rules(name: str, loaded: Any) -> tuple[SampleRule, ...]:
    """Return the rules of an entry point; raises an error for one that could not be followed."""
    rules = one_or_many(loaded, SampleRule)
    for rule in rules:
        re.compile(rule.name)
        re.compile(rule.owner)
        DataSource(0, "en_US").draw(ValueSource(rule.source, ""))(0, 0)
    return rules
