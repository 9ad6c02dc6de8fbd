"""``docdouble serve``: its settings, from the command line and ``[serve]`` of docdouble.toml, and the server."""

import contextlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import orjson

from docdouble.fakeserver import (
    Address,
    Application,
    Caller,
    Certificate,
    Load,
    Observer,
    Sampler,
    Sampling,
    Settings,
    check_user_samples,
    serve,
)
from docdouble.fakeserver.http.masking import secret_names
from docdouble.fakeserver.serving.reload import Configured, Sources
from docdouble.fakeserver.serving.tls import self_signed
from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.contract.base_paths import with_base_path
from docdouble.schemas.jsonschema.directions import ReadOnly
from docdouble.schemas.source import MAX_DOCUMENT_BYTES

from ..config.config import Answers, Config, Nulls, Validation, as_configured, project_config
from ..config.environment import expand_variables
from ..output.echo import remark
from ..output.request_log import LogFormat, RequestLines
from .announcement import announcement
from .console_link import then_opened
from .read_documentation import ReadDocumentation

CONFIG_KEYS = ("source", "resources", "samples", "serve", "coverage")
"""Keys of docdouble.toml that bear on what is served."""

_BARE_VARIABLE = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*")

_HOST_NAME = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?")
_ORIGIN = re.compile(r"https?://[^\s/?#@]+/?")
_BASE_PATH = re.compile(r"/[^?#\s]*")


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Options of the command line.

    ``auth``, ``validate``, ``read_only``, ``nulls``, ``answers``, ``state``, ``population``, ``seed_data`` and
    ``body_timeout`` are ``None``, ``cors`` and ``faults`` empty where it says nothing.
    """

    host: str
    port: int
    workers: int
    threads: int
    seed: int
    locale: str
    auth: bool | None
    cors: tuple[str, ...]
    tls: bool
    tls_cert: Path | None
    tls_key: Path | None
    faults: tuple[Mapping[str, Any], ...]
    control_token: str
    reload: bool
    validate: Validation | None = None
    read_only: ReadOnly | None = None
    nulls: Nulls | None = None
    answers: Answers | None = None
    coverage: bool = False
    warm: bool = False
    state: str | None = None
    population: int | None = None
    seed_data: Path | None = None
    body_timeout: float | None = None
    control_origin: tuple[str, ...] = ()
    control_host: tuple[str, ...] = ()
    opens_console: bool = False
    log_format: LogFormat = "text"
    quiet: bool = False
    documentation: ReadDocumentation | None = None


def as_served(contract: Contract, config: Config, path: str | None) -> Contract:
    """Return what is served of a contract that was read anew: as configured, below the base path that is asked for."""
    return below_base_path(as_configured(contract, config), path)


@dataclass(frozen=True, slots=True)
class ServedAnew:
    """Contract that is served when something has changed: sources as they are read then, configured as ``folder`` says.

    ``source`` is the one that the configuration named at the start, empty where the command line or nobody did.
    """

    folder: Path
    source: str
    options: ServeOptions
    base_path: str | None

    def __call__(self, contract: Contract) -> Configured:
        """Return what is served of a contract that was read anew; raises ``ConfigError``."""
        config = project_config(self.folder, CONFIG_KEYS)
        if self.source and config.source != self.source:
            raise ConfigError("source", config.source, expected=f"{self.source}, as when the server started")
        served = as_served(contract, config, self.base_path)
        has_tls = self.options.tls or self.options.tls_cert
        settings = serve_settings(served, config, self.options, "https" if has_tls else "http")
        tell_unmatched_rules(served, settings)
        return Configured(served, settings, (*config.serve.faults, *self.options.faults))


def tell_unmatched_rules(contract: Contract, settings: Settings) -> None:
    """Print on stderr which rules of ``[samples]`` mean no documented property."""
    for rule in Sampler(contract, Sampling(samples=settings.samples)).unmatched_rules():
        remark(rule)


def configuration_files(folder: Path, config: Config, options: ServeOptions) -> tuple[Path, ...]:
    """Return the files that configure the server: they are read again when they change."""
    seed_data = options.seed_data or config.serve.seed_data
    pyproject = folder / "pyproject.toml"
    return (
        folder / "docdouble.toml",
        *([pyproject] if pyproject.is_file() else []),
        *([seed_data] if seed_data else []),
    )


def below_base_path(contract: Contract, path: str | None) -> Contract:
    """Return the contract below the base path of the command line, if it names one.

    Raises ``ConfigError`` for one that is no path.
    """
    if path is not None and not _BASE_PATH.fullmatch(path):
        raise ConfigError("--base-path", path, expected="a path that begins with /, such as /v1, or / for none")
    return contract if path is None else with_base_path(contract, path.rstrip("/"))


def serve_contract(contract: Contract, name: str, sources: Sources, config: Config, options: ServeOptions) -> None:
    """Serve until interrupted; the URL goes to stdout, everything else to stderr. Raises ``ConfigError``."""
    token = options.control_token or secrets.token_urlsafe()
    with certificate_of(options) as certificate:
        application = Application(
            contract,
            serve_settings(contract, config, options, "https" if certificate else "http"),
            faults=(*config.serve.faults, *options.faults),
            token=token,
            hosts=control_hosts(options.host, options.control_host, options.control_origin),
            sources=sources if options.reload else None,
            warm=options.warm,
            observe=_observe(name, config) if options.coverage else None,
            body_seconds=options.body_timeout or config.serve.body_timeout,
            documentation=options.documentation,
            log=None if options.quiet else RequestLines(options.log_format, secret_names(contract)),
        )
        tell_unmatched_rules(contract, application.settings)
        address = Address(options.host, options.port, certificate)
        ready = announcement(contract, name, options.host, token, certificate, application.settings)
        if options.opens_console:
            ready = then_opened(ready, token)
        serve(application, address, Load(options.workers, options.threads), ready)


def control_hosts(host: str, names: tuple[str, ...], origins: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that the control API may be called under, and the origins whose pages may call it.

    Raises ``ConfigError`` for what is no name or no origin.
    """
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise ConfigError("--control-host", name, expected="a name or an address without a port, such as fake")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ConfigError("--control-origin", origin, expected="an origin such as http://localhost:5173")
    return (host, *names, *origins)


def _observe(name: str, config: Config) -> Callable[[Contract], Observer]:
    """Return the function that makes the keeper of a contract's use."""
    from ..coverage.use_recorder import (
        served_use,  # here because few servers note it, and the others needn't wait for it
    )

    return partial(served_use, source=name, only=config.coverage.only, skip=config.coverage.skip)


def in_process_settings(config: Config) -> Settings:
    """Return the settings of a fake in process, with the data that the project's configuration asks for.

    It keeps nothing in files or elsewhere. Raises ``ConfigError`` for data of the user's own that can't be read.
    """
    serve = config.serve
    with config.locating_errors():
        check_user_samples(config.samples)
    return Settings(
        validate=serve.validate,
        read_only=serve.read_only,
        nulls=serve.nulls,
        answers=serve.answers,
        samples=config.samples,
        state="off" if serve.state == "off" else "memory",
        population=serve.population,
        entities=_entities(serve.seed_data) if serve.seed_data else {},
    )


def serve_settings(contract: Contract, config: Config, options: ServeOptions, scheme: str) -> Settings:
    """Return the settings of the server: those of the command line, else of the file; raises ``ConfigError``."""
    serve = config.serve
    if options.seed_data:
        config = replace(config, serve=replace(serve, seed_data=options.seed_data))
    state = expand_variables(serve.state, "serve.state") if options.state is None else options.state
    answers = options.answers or serve.answers
    if options.workers > 1 and state == "memory" and answers != "documented":
        advice = "shared by several workers: name a file, --state state.db, or a Redis server, or keep nothing with off"
        raise ConfigError("--state", state, expected=advice)
    with config.locating_errors():
        callers = tuple(_caller(name, table, contract) for name, table in serve.credentials.items())
    return replace(
        in_process_settings(config),
        seed=options.seed,
        locale=options.locale,
        auth=serve.auth if options.auth is None else options.auth,
        callers=callers,
        cors=_origins(options.cors or serve.cors),
        scheme=scheme,
        validate=options.validate or serve.validate,
        read_only=options.read_only or serve.read_only,
        nulls=options.nulls or serve.nulls,
        answers=answers,
        state=state,
        population=serve.population if options.population is None else options.population,
    )


def _entities(path: Path) -> Mapping[str, Any]:
    """Read the user's own entities; raises ``ConfigError``, and ``OSError`` for a file that can't be read."""
    if path.stat().st_size > MAX_DOCUMENT_BYTES:
        raise ConfigError("seed data", path.name, expected=f"of at most {MAX_DOCUMENT_BYTES} bytes")
    try:
        entities = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ConfigError("seed data", path.name, expected=f"valid JSON: {error}") from error
    if not isinstance(entities, dict):
        raise ConfigError("seed data", path.name, expected="an object: arrays of entities by name of resource")
    return entities


def _caller(name: str, table: Mapping[str, Any], contract: Contract) -> Caller:
    """Return the accepted credentials, with the variables of the environment filled in. Raises ``ConfigError``."""
    key = f"serve.credentials.{name}"
    given = {word: value for word, value in table.items() if word not in ("only", "scopes")}
    for scheme, value in given.items():
        if scheme not in contract.security_schemes:
            raise ConfigError(key, scheme, contract.security_schemes, "a documented scheme")
        if not isinstance(value, str):
            raise ConfigError(f"{key}.{scheme}", type(value).__name__, expected="a string")
    only = _texts(table, key, "only", "operation ids, with * for any text") or ()
    scopes = _texts(table, key, "scopes", "OAuth scopes")
    return Caller({scheme: _secret(value, f"{key}.{scheme}") for scheme, value in given.items()}, only, scopes)


def _texts(table: Mapping[str, Any], key: str, word: str, what: str) -> tuple[str, ...] | None:
    texts = table.get(word)
    if texts is None:
        return None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ConfigError(f"{key}.{word}", texts, expected=f"an array of {what}")
    return tuple(texts)


def _secret(value: str, key: str) -> str:
    if _BARE_VARIABLE.fullmatch(value):
        raise ConfigError(key, "$***", expected="a credential; a variable of the environment is written ${NAME}")
    return expand_variables(value, key)


def _origins(given: tuple[str, ...]) -> tuple[str, ...]:
    for origin in given:
        if origin not in ("*", "localhost", "none") and not origin.startswith(("http://", "https://")):
            raise ConfigError(
                "cors", origin, expected="an origin such as https://app.example.com, localhost, * or none"
            )
    return tuple(origin.lower().rstrip("/") for origin in given if origin != "none")


class TlsOptions(Protocol):
    """Options of a command that listens."""

    @property
    def host(self) -> str:
        """Address to listen on."""

    @property
    def tls(self) -> bool:
        """Whether a certificate is made."""

    @property
    def tls_cert(self) -> Path | None:
        """File of a certificate."""

    @property
    def tls_key(self) -> Path | None:
        """File of its key."""


@contextlib.contextmanager
def certificate_of(options: TlsOptions) -> Iterator[Certificate | None]:
    """Yield the certificate that options name, or one made on the fly where they say so; raises ``ConfigError``."""
    if bool(options.tls_cert) != bool(options.tls_key):
        raise ConfigError("--tls-cert", str(options.tls_cert or ""), expected="given together with --tls-key")
    if options.tls_cert and options.tls_key:
        yield Certificate(options.tls_cert, options.tls_key)
    elif options.tls:
        with self_signed(options.host) as made:
            yield made
    else:
        yield None
