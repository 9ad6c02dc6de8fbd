"""``docdouble.toml``, ``[tool.docdouble]`` and ``*.contract.toml``: which source, which target, how much."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from docdouble.schemas import ConfigError, Contract

from ..model.budget import Budget
from ..model.finding import Severity
from .file import Document, load, read_document
from .overrides import Override, override
from .verify import VerifyConfig

DEFAULT_SOURCE = "superoffice"

Nulls = Literal["never", "sometimes", "documented"]
Answers = Literal["generated", "documented"]


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
class CoverageConfig:
    """The table ``[coverage]``: which operations count, by selectors (see ``selection``), and what is too little.

    Without ``only``, the operations count that were called. ``fail_under`` is in percent, ``None`` for no limit.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_under: float | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What is verified and how. ``source`` is a path or a shipped contract's name, ``url`` empty for the fake.

    ``samples`` are the user's rules for the fake's data, in their order: a pattern of ``Type.Property`` or ``Property``
    names → a source, or the values themselves. ``resources`` is what the user says of resources, by their names.
    ``collect`` tells pytest to collect a test per operation.
    """

    source: str = DEFAULT_SOURCE
    url: str = ""
    budget: Budget = field(default_factory=Budget)
    fail_on: Severity = Severity.ERROR
    serve: ServeConfig = field(default_factory=ServeConfig)
    samples: Mapping[str, str | tuple[Any, ...]] = field(default_factory=dict)
    resources: Mapping[str, Override] = field(default_factory=dict)
    verify: VerifyConfig = field(default_factory=VerifyConfig)
    collect: bool = False
    coverage: CoverageConfig = field(default_factory=CoverageConfig)


def project_config(folder: Path, used: Collection[str] = ()) -> Config:
    """Read ``docdouble.toml``, else ``[tool.docdouble]`` of ``pyproject.toml``, else the defaults.

    ``used`` names the keys at the top that the caller looks at: only their variables have to be set. Without any, all
    have to. Raises ``ConfigError`` for a key or a value that means nothing.
    """
    own, project = folder / "docdouble.toml", folder / "pyproject.toml"
    if own.is_file():
        return read_config(own, used)
    if project.is_file():
        return _config(load(project, "tool", "docdouble"), used)
    return Config()


def as_configured(contract: Contract, config: Config) -> Contract:
    """Return the contract with its resources as the user says; raises ``ConfigError`` for names that aren't."""
    if not config.resources:
        return contract
    from .apply_overrides import with_overrides  # here because most projects say nothing, and needn't wait for it

    return with_overrides(contract, config.resources)


def read_config(path: Path, used: Collection[str] = ()) -> Config:
    """Read a whole file as configuration, as ``project_config`` does; raises ``ConfigError``."""
    return _config(load(path), used)


def _config(document: Document, used: Collection[str]) -> Config:
    read = read_document(document, used)
    if "source" in read:
        read["source"] = _source(read["source"], document.path.parent)
    if "fail_on" in read:
        read["fail_on"] = Severity(read["fail_on"])
    if "serve" in read:
        read["serve"] = _serve(read["serve"])
    if "resources" in read:
        read["resources"] = {name: override(told) for name, told in read["resources"].items()}
    budget = {name: read.pop(name) for name in ("max_examples", "seed") if name in read}
    verify, coverage = VerifyConfig(**read.pop("verify", {})), CoverageConfig(**read.pop("coverage", {}))
    return Config(**read, budget=Budget(**budget), verify=verify, coverage=coverage)


def _source(named: str, folder: Path) -> str:
    """Return the path of what is named, as seen from the file, else the name: of a shipped contract."""
    local = folder / named
    return str(local) if local.exists() else named


def _serve(read: dict[str, Any]) -> ServeConfig:
    return ServeConfig(**read | {"auth": read.get("auth") != "off", "faults": tuple(read.get("faults", ()))})


def severity(name: str, key: str) -> Severity:
    """Return a severity by name; raises ``ConfigError`` naming ``key``."""
    if name not in [level.value for level in Severity]:
        raise ConfigError(key, name, [level.value for level in Severity], "a severity")
    return Severity(name)
