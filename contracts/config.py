"""``docdouble.toml``, ``[tool.docdouble]`` and ``*.contract.toml``: which source, which target, how much."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError

from .budget import Budget
from .finding import Severity

DEFAULT_SOURCE = "superoffice"


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """The table ``[serve]``: who is let in by name, whether credentials are asked for, origins, faults."""

    auth: bool = True
    cors: tuple[str, ...] = ("localhost",)
    credentials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    faults: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """What is verified and how. ``source`` is a path or a shipped contract's name, ``url`` empty for the fake."""

    source: str = DEFAULT_SOURCE
    url: str = ""
    budget: Budget = field(default_factory=Budget)
    fail_on: Severity = Severity.ERROR
    serve: ServeConfig = field(default_factory=ServeConfig)


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
}
_SERVE_TYPES: Mapping[str, type] = {"auth": str, "cors": list, "credentials": dict, "faults": list}


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
            return replace(config, serve=_serve(value, f"{path.name}: serve"))
    return replace(config, fail_on=severity(value, f"{path.name}: {key}"))


def _serve(table: Mapping[str, Any], where: str) -> ServeConfig:
    _check_types(table, _SERVE_TYPES, where)
    auth = table.get("auth", "on")
    if auth not in ("on", "off"):
        raise ConfigError(f"{where}.auth", auth, ["on", "off"])
    cors = table.get("cors", ["localhost"])
    if not all(isinstance(one, str) for one in cors):
        raise ConfigError(f"{where}.cors", cors, expected="an array of origins")
    for name, members in table.get("credentials", {}).items():
        if not isinstance(members, dict):
            raise ConfigError(f"{where}.credentials", name, expected='a table, such as { Basic = "user:password" }')
    if not all(isinstance(one, dict) for one in table.get("faults", [])):
        raise ConfigError(f"{where}.faults", table["faults"], expected="an array of tables")
    return ServeConfig(auth == "on", tuple(cors), table.get("credentials", {}), tuple(table.get("faults", [])))


def severity(name: str, key: str) -> Severity:
    """Return a severity by name; raises ``ConfigError`` naming ``key``."""
    if name not in [level.value for level in Severity]:
        raise ConfigError(key, name, [level.value for level in Severity], "a severity")
    return Severity(name)
