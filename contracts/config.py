"""``docdouble.toml``, ``[tool.docdouble]`` and ``*.contract.toml``: which source, which target, how much."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from docdouble.schemas import ConfigError, Contract

from .budget import Budget
from .config_verify import VerifyConfig, read_verify
from .finding import Severity
from .overrides import Override, read_overrides

DEFAULT_SOURCE = "superoffice"

Nulls = Literal["never", "sometimes", "documented"]
Answers = Literal["generated", "documented"]
NULLS: tuple[Nulls, ...] = get_args(Nulls)
ANSWERS: tuple[Answers, ...] = get_args(Answers)
"""What ``nulls`` and ``answers`` may be: they mean what they do in the fake's ``Settings``."""

MOST_THINGS = 10_000
"""Things of each kind that there may be at first."""

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """The table ``[serve]``: who is let in by name, whether credentials are asked for, origins, faults, answers.

    ``state``, ``population`` and ``seed_data`` say what is kept where, how many things of each kind there are at first,
    and which file has the user's own.
    """

    auth: bool = True
    cors: tuple[str, ...] = ("localhost",)
    credentials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    faults: tuple[Mapping[str, Any], ...] = ()
    nulls: Nulls = "sometimes"
    answers: Answers = "generated"
    state: str = field(default="memory", repr=False)
    population: int = 25
    seed_data: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What is verified and how. ``source`` is a path or a shipped contract's name, ``url`` empty for the fake.

    ``samples`` are the user's rules for the fake's data, in their order: a pattern of ``Type.Property`` or ``Property``
    names → a source, or the values themselves. ``resources`` is what the user says of resources, by their names.
    """

    source: str = DEFAULT_SOURCE
    url: str = ""
    budget: Budget = field(default_factory=Budget)
    fail_on: Severity = Severity.ERROR
    serve: ServeConfig = field(default_factory=ServeConfig)
    samples: Mapping[str, str | tuple[Any, ...]] = field(default_factory=dict)
    resources: Mapping[str, Override] = field(default_factory=dict)
    verify: VerifyConfig = field(default_factory=VerifyConfig)


def project_config(folder: Path) -> Config:
    """Read ``docdouble.toml``, else ``[tool.docdouble]`` of ``pyproject.toml``, else the defaults.

    Raises ``ConfigError`` for a key or a value that means nothing.
    """
    own, project = folder / "docdouble.toml", folder / "pyproject.toml"
    if own.is_file():
        return read_config(own)
    if project.is_file():
        return _config(_load(project).get("tool", {}).get("docdouble", {}), project)
    return Config()


def as_configured(contract: Contract, config: Config) -> Contract:
    """Return the contract with its resources as the user says; raises ``ConfigError`` for names that aren't."""
    if not config.resources:
        return contract
    from .resources import with_overrides  # here because most projects say nothing, and needn't wait for it

    return with_overrides(contract, config.resources)


def read_config(path: Path) -> Config:
    """Read a whole file as configuration; raises ``ConfigError``."""
    return _config(_load(path), path)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path.name, str(error), expected="valid TOML") from error


_TYPES: Mapping[str, type] = {
    "source": str,
    "url": str,
    "max-examples": int,
    "seed": int,
    "fail-on": str,
    "serve": dict,
    "samples": dict,
    "resources": dict,
    "verify": dict,
}
_SERVE_TYPES: Mapping[str, type] = {
    "auth": str,
    "cors": list,
    "credentials": dict,
    "faults": list,
    "nulls": str,
    "answers": str,
    "state": str,
    "population": int,
    "seed-data": str,
}


def _config(table: Mapping[str, Any], path: Path) -> Config:
    config = Config()
    _check_types(table, _TYPES, path.name)
    for key, value in table.items():
        config = _with(config, key, value, path)
    return config


def _check_types(table: Mapping[str, Any], types: Mapping[str, type], where: str) -> None:
    for key, value in table.items():
        if key not in types:
            raise ConfigError(f"{where}: key", key, types)
        if type(value) is not types[key]:
            raise ConfigError(f"{where}: {key}", value, expected=f"of type {types[key].__name__}")


def _with(config: Config, key: str, value: Any, path: Path) -> Config:
    match key:
        case "source":
            local = path.parent / value
            return replace(config, source=str(local) if local.exists() else value)
        case "url":
            return replace(config, url=value)
        case "max-examples" if value < 1:
            raise ConfigError(f"{path.name}: {key}", value, expected="1 or more")
        case "max-examples":
            return replace(config, budget=replace(config.budget, max_examples=value))
        case "seed":
            return replace(config, budget=replace(config.budget, seed=value))
        case "serve":
            return replace(config, serve=_serve(value, f"{path.name}: serve", path.parent))
        case "verify":
            return replace(config, verify=read_verify(value, f"{path.name}: verify", path.parent))
        case "resources":
            return replace(config, resources=read_overrides(value, f"{path.name}: resources"))
        case "samples":
            return replace(config, samples=_samples(value, f"{path.name}: samples"))
    return replace(config, fail_on=severity(value, f"{path.name}: {key}"))


def _serve(table: Mapping[str, Any], where: str, folder: Path) -> ServeConfig:
    _check_types(table, _SERVE_TYPES, where)
    auth = _one_of(table.get("auth", "on"), ("on", "off"), f"{where}.auth")
    nulls = _one_of(table.get("nulls", "sometimes"), NULLS, f"{where}.nulls")
    answers = _one_of(table.get("answers", "generated"), ANSWERS, f"{where}.answers")
    cors = table.get("cors", ["localhost"])
    if not all(isinstance(one, str) for one in cors):
        raise ConfigError(f"{where}.cors", cors, expected="an array of origins")
    for name, members in table.get("credentials", {}).items():
        if not isinstance(members, dict):
            raise ConfigError(f"{where}.credentials", name, expected='a table, such as { Basic = "user:password" }')
    if not all(isinstance(one, dict) for one in table.get("faults", [])):
        raise ConfigError(f"{where}.faults", table["faults"], expected="an array of tables")
    population = table.get("population", 25)
    if not 0 <= population <= MOST_THINGS:
        raise ConfigError(f"{where}.population", population, expected=f"from 0 to {MOST_THINGS}")
    return ServeConfig(
        auth == "on",
        tuple(cors),
        table.get("credentials", {}),
        tuple(table.get("faults", [])),
        nulls,
        answers,
        table.get("state", "memory"),
        population,
        folder / table["seed-data"] if "seed-data" in table else None,
    )


def _one_of(value: Any, valid: tuple[_Word, ...], key: str) -> _Word:
    for word in valid:
        if word == value:
            return word
    raise ConfigError(key, value, valid)


def _samples(table: Mapping[str, Any], where: str, before: str = "") -> dict[str, str | tuple[Any, ...]]:
    """Read the user's rules; whether a source is one is told by the fake, which knows them.

    To TOML, ``Sale.Currency`` without quotes is a table in a table.
    """
    found: dict[str, str | tuple[Any, ...]] = {}
    for pattern, told in table.items():
        if told and isinstance(told, dict):
            found |= _samples(told, where, f"{before}{pattern}.")
        elif told and isinstance(told, str | list):
            found[before + pattern] = told if isinstance(told, str) else tuple(told)
        else:
            raise ConfigError(f'{where}."{before}{pattern}"', told, expected="a source, or an array of values")
    return found


def severity(name: str, key: str) -> Severity:
    """Return a severity by name; raises ``ConfigError`` naming ``key``."""
    if name not in [level.value for level in Severity]:
        raise ConfigError(key, name, [level.value for level in Severity], "a severity")
    return Severity(name)
