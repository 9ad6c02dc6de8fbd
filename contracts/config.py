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
class Config:
    """What is verified and how. ``source`` is a path or a shipped contract's name, ``url`` empty for the fake."""

    source: str = DEFAULT_SOURCE
    url: str = ""
    budget: Budget = field(default_factory=Budget)
    fail_on: Severity = Severity.ERROR


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


_TYPES: Mapping[str, type] = {"source": str, "url": str, "max-examples": int, "seed": int, "fail-on": str}


def _config(table: Mapping[str, Any], path: Path) -> Config:
    config = Config()
    for key, value in table.items():
        if key not in _TYPES:
            raise ConfigError(f"{path.name}: key", key, _TYPES)
        if type(value) is not _TYPES[key]:
            raise ConfigError(f"{path.name}: {key}", value, expected=f"of type {_TYPES[key].__name__}")
        config = _with(config, key, value, path)
    return config


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
    return replace(config, fail_on=severity(value, f"{path.name}: {key}"))


def severity(name: str, key: str) -> Severity:
    """Return a severity by name; raises ``ConfigError`` naming ``key``."""
    if name not in [level.value for level in Severity]:
        raise ConfigError(key, name, [level.value for level in Severity], "a severity")
    return Severity(name)
