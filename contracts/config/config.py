"""Configuration of a project: ``docdouble.toml``, ``[tool.docdouble]`` and ``*.contract.toml`` as dataclasses.

Every key of ``docdouble.schema.json`` has a field of the same name, and a test compares them.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self, get_args

from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.contract.resources import RoleName
from docdouble.schemas.jsonschema.directions import ReadOnly
from docdouble.schemas.source import DEFAULT_SOURCE

from ..model.budget import Budget
from ..model.finding import Severity
from .file import Document, load, located_error, read_document

Nulls = Literal["never", "sometimes", "documented"]
Answers = Literal["generated", "documented"]
Validation = Literal["on", "warn", "off"]
READ_ONLY: tuple[ReadOnly, ...] = get_args(ReadOnly)
NULLS: tuple[Nulls, ...] = get_args(Nulls)
ANSWERS: tuple[Answers, ...] = get_args(Answers)
VALIDATE: tuple[Validation, ...] = get_args(Validation)
"""Values of ``nulls``, ``answers`` and ``validate``: they mean what they do in the fake's ``Settings``."""

ROLES: tuple[RoleName, ...] = get_args(RoleName)


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """The table ``[serve]``: how the fake answers.

    ``credentials`` are those of callers by their names, ``population`` is the number of entities of each resource at
    first, and ``seed_data`` a file with entities of the user's own. ``body_timeout`` is that of bodies, in seconds.
    """

    auth: bool = True
    cors: tuple[str, ...] = ("localhost",)
    credentials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    faults: tuple[Mapping[str, Any], ...] = ()
    validate: Validation = "on"
    read_only: ReadOnly = "ignore"
    nulls: Nulls = "sometimes"
    answers: Answers = "generated"
    state: str = field(default="memory", repr=False)
    population: int = 25
    seed_data: Path | None = None
    body_timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class VerifyConfig:
    """The table ``[verify]``; each field has an option of ``docdouble verify`` of the same name.

    ``only``, ``skip`` and ``allow_writes`` are selectors of operations, see ``selection``; ``skip_checks`` are ids of
    checks. ``careful`` is ``None`` where the target decides. ``rate`` is in calls a second, 0 without a limit and
    ``None`` where the target decides; the times are in seconds, the size in bytes, and 0 means no limit. ``values`` are
    known values by the names of their properties; ``headers`` are sources of header fields, see ``credential_sources``.
    ``expect_unverified`` selects operations of which no call need succeed.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    skip_checks: tuple[str, ...] = ()
    expect_unverified: tuple[str, ...] = ()
    allow_writes: tuple[str, ...] = ()
    careful: bool | None = None
    rate: float | None = None
    jobs: int = 1
    max_requests: int = 0
    max_time: float = 0.0
    timeout: float = 30.0
    max_response_time: float = 0.0
    max_reply_size: int = 0
    baseline: Path | None = None
    cases: Path | None = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = field(default="", repr=False)
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def checked(self) -> Self:
        """Return the same; raises ``ConfigError`` for a key without its certificate."""
        if self.key and not self.certificate:
            raise ConfigError("key", str(self.key), expected="of use without --certificate")
        return self


@dataclass(frozen=True, slots=True)
class ResourceOverride:
    """A table ``[resources.NAME]``: what is empty stays as it was inferred.

    ``roles`` are the names of operations by role, ``none`` those of operations that have no role. One that is not
    ``kept`` stays without state.
    """

    path: str = ""
    key: str = ""
    views: tuple[str, ...] = ()
    roles: Mapping[RoleName, tuple[str, ...]] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class CoverageConfig:
    """The table ``[coverage]``: selectors of the operations that count (see ``selection``), and the threshold.

    Without ``only``, the operations count that were called. ``fail_under`` is in percent, ``None`` for no limit.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_under: float | None = None


@dataclass(frozen=True, slots=True)
class LoadConfig:
    """The table ``[load]``: thresholds, which replies are judged, and what users do.

    Every ``judge_every``-th reply is judged, 0: as many as a worker bears. Users think between ``think_time`` seconds.
    ``weights`` are those of tasks, by selectors of operations (see ``selection``).
    """

    fail_if: tuple[str, ...] = ()
    judge_every: int = 0
    think_time: tuple[float, float] = (0.5, 1.5)
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration.

    ``source`` is a path or a shipped contract's name, empty where none is named; ``dialect`` is the file with the
    settings of its pages, where it isn't beside them. ``url`` is empty for the fake.

    ``samples`` are the user's rules for the fake's data, in their order: a pattern of ``Type.Property`` or ``Property``
    names → a source, or the values themselves. ``resources`` are overrides by the names of resources.
    ``collect`` tells pytest to collect a test per operation. ``document`` is the file that it was read from.
    """

    source: str = ""
    dialect: Path | None = None
    url: str = ""
    budget: Budget = field(default_factory=Budget)
    fail_on: Severity = Severity.ERROR
    serve: ServeConfig = field(default_factory=ServeConfig)
    samples: Mapping[str, str | tuple[Any, ...]] = field(default_factory=dict)
    resources: Mapping[str, ResourceOverride] = field(default_factory=dict)
    verify: VerifyConfig = field(default_factory=VerifyConfig)
    collect: bool = False
    coverage: CoverageConfig = field(default_factory=CoverageConfig)
    load: LoadConfig = field(default_factory=LoadConfig)
    document: Document | None = field(default=None, repr=False, compare=False)

    @property
    def source_or_shipped(self) -> str:
        """The source that is named, else the shipped contract."""
        return self.source or DEFAULT_SOURCE

    def dialect_of(self, sources: Collection[str]) -> Path | None:
        """Return the file with the settings of pages, where the sources of a command are those that it is for.

        They are none, the one that is named, or a git revision of that. Raises ``ConfigError`` where there is no file.
        """
        paths = (source.rpartition(":")[2] if source.startswith("git:") else source for source in sources)
        is_meant = not sources or any(Path(path).resolve() == Path(self.source).resolve() for path in paths)
        if not self.dialect or not is_meant:
            return None
        with self.locating_errors():
            if not self.dialect.is_file():
                raise ConfigError("dialect", str(self.dialect), expected="a file that is there")
        return self.dialect

    @contextmanager
    def locating_errors(self) -> Iterator[None]:
        """Have a ``ConfigError`` about a value of this configuration name its file and line."""
        try:
            yield
        except ConfigError as error:
            if self.document is None:
                raise
            raise located_error(error, self.document) from error


def project_config(folder: Path, used: Collection[str] = ()) -> Config:
    """Read ``docdouble.toml``, else ``[tool.docdouble]`` of ``pyproject.toml``, else the defaults.

    ``used`` names the keys at the top that the caller looks at: only their variables have to be set. Without any, all
    have to. Raises ``ConfigError`` for a key or a value that the schema refuses.
    """
    file, pyproject = folder / "docdouble.toml", folder / "pyproject.toml"
    if file.is_file():
        return read_config(file, used)
    if pyproject.is_file():
        return _config(load(pyproject, "tool", "docdouble"), used)
    return Config()


def as_configured(contract: Contract, config: Config) -> Contract:
    """Return the contract with resources as the user declares them; raises ``ConfigError`` for unknown names."""
    if not config.resources:
        return contract
    from .apply_overrides import with_overrides  # here because most projects declare none, and needn't wait for it

    with config.locating_errors():
        return with_overrides(contract, config.resources)


def read_config(path: Path, used: Collection[str] = ()) -> Config:
    """Read a whole file as configuration, as ``project_config`` does; raises ``ConfigError``."""
    return _config(load(path), used)


def _config(document: Document, used: Collection[str]) -> Config:
    if document.table == {}:
        return Config()
    import msgspec  # here because a project without a configuration needn't wait for it

    folder = document.path.parent
    values = _by_field(read_document(document, used))
    values |= {name: _by_field(values[name]) for name in ("serve", "verify", "coverage", "load") if name in values}
    values["budget"] = {name: values.pop(name) for name in ("max_examples", "seed") if name in values}
    if "source" in values:
        values["source"] = _source(values["source"], folder)
    if "auth" in values.get("serve", {}):
        values["serve"]["auth"] = values["serve"]["auth"] == "on"
    if "values" in values.get("verify", {}):
        values["verify"]["values"] = _flattened(values["verify"]["values"])
    values["samples"] = _flattened(values.get("samples", {}))
    values["resources"] = {name: _override(table) for name, table in values.get("resources", {}).items()}
    config = msgspec.convert(values, Config, dec_hook=lambda _, path: folder / path)
    return replace(config, document=document)


def _by_field(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a table by the names of fields; JSON Schema takes 5.0 for a whole number."""
    return {
        name.replace("-", "_"): int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in table.items()
    }


def _flattened(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table by patterns of names: to TOML, ``Sale.Currency`` without quotes is a table in a table."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{rest}": inner for rest, inner in _flattened(value).items()}
        else:
            flat[name] = value
    return flat


def _override(table: Mapping[str, Any] | Literal[False]) -> dict[str, Any]:
    if table is False:
        return {"kept": False}
    return {**table, "roles": {role: table[role] for role in ROLES if role in table}}


def _source(named: str, folder: Path) -> str:
    """Return the path of what is named, as seen from the file, else the name: of a shipped contract."""
    local = folder / named
    return str(local) if local.exists() else named


def severity(name: str, key: str) -> Severity:
    """Return a severity by name; raises ``ConfigError`` naming ``key``."""
    if name not in [level.value for level in Severity]:
        raise ConfigError(key, name, [level.value for level in Severity], "a severity")
    return Severity(name)
