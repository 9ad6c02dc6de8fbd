"""User rules for samples, of the table ``[samples]``, and the rules of plugins."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import islice
from typing import Any

import orjson

from docdouble.schemas import ConfigError, Contract, Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.dialects.base import SampleRule
from docdouble.schemas.plugins import load_plugins, one_or_many

from ..data.data_source import DataSource, sources
from ..references import SampledResources
from ..seeds import Draw, mix, pick
from ..shapes import value_test
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
        self._choices = user_choices(samples, world)
        self._resources, self._world, self._contract = resources, world, contract

    def at(self, schema: Any, position: SchemaPosition) -> UserRule | None:
        """Return the first rule for what stands at a position that has values for it, ``None`` for none."""
        meant = [choice for pattern, choice in self._choices if self._is_meant(pattern, position)]
        if not meant or not is_scalar(schema, self._contract):
            return None
        test = value_test(schema, self._contract)
        return next((UserRule(one, draw) for one in meant if (draw := _fitting(one, self._world, test))), None)

    def of_items(self, schema: Schema, position: SchemaPosition) -> UserRule | None:
        """Return the rule for the items of an array; a set of several may need more than the user gives."""
        is_set = schema.get("uniqueItems", False) and schema.get("minItems", 0) > 1
        return None if is_set else self.at(schema.get("items", {}), position)

    def _is_meant(self, pattern: str, position: SchemaPosition) -> bool:
        """Tell whether a pattern fits the name of a property, or that with any type that shows the same thing."""
        owners = (position.owner, position.resource, *self._resources.views.get(position.resource, ()))
        names = (position.name, *(f"{owner}.{position.name}" for owner in owners))
        return bool(position.name) and any(fnmatchcase(name.lower(), pattern) for name in names)


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
    resolved = contract.resolve(schema)
    branches = [
        contract.resolve(branch)
        for word in ("anyOf", "oneOf", "allOf")
        for branch in resolved.get(word, ())
        if isinstance(branch, dict)
    ]
    return any(_SCALARS & set(types_of(one)) or {"enum", "const"} & set(one) for one in (resolved, *branches))


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
