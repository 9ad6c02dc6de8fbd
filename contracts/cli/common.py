"""Shared parts of the commands: reading their sources, and turning errors into a line and an exit code."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from docdouble.schemas import ConfigError, Contract, DocdoubleError, Extraction, TargetError, extract
from docdouble.schemas.cache import without_garbage_collection
from docdouble.schemas.extraction import BROKEN_PARTS, Access
from docdouble.schemas.source import DEFAULT_SOURCE

from ..config.config import Config, as_configured, project_config
from ..config.default_contract import cache_folder
from ..model.text import counted, listed
from ..output.echo import remark
from ..reports.progress_bar import progress_bar
from .exit_codes import ExitCode

_HYPOTHESIS_FOLDER = "HYPOTHESIS_STORAGE_DIRECTORY"

_MOST_NAMED = 20
"""Pages that are named in one line."""

_MOST_OTHERS = 5
"""Other sources in a folder that are named."""


def guarded_command(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn our own errors into one line and an exit code."""

    @wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except TargetError as error:
            _fail(error, ExitCode.UNREACHABLE)
        except DocdoubleError as error:
            _fail(error, ExitCode.USAGE)
        except KeyboardInterrupt:
            _fail("interrupted", ExitCode.INTERRUPTED)
        except BrokenPipeError:
            raise  # whoever read the output has seen enough: Click ends quietly
        except OSError as error:
            _fail(f"{error.filename}: {error.strerror}" if error.strerror else str(error), ExitCode.USAGE)

    return guarded


def _fail(error: Exception | str, code: ExitCode) -> None:
    remark(str(error))
    sys.exit(code)


def hypothesis_in_cache(command: Callable[..., Any]) -> Callable[..., Any]:
    """Have Hypothesis keep what it remembers in the user's cache folder while the command runs, not where it is run.

    ``HYPOTHESIS_STORAGE_DIRECTORY``, where it is set, says otherwise.
    """

    @wraps(command)
    def kept(*args: Any, **options: Any) -> None:
        from platformdirs import user_cache_path  # here because only commands that send random calls need it

        if _HYPOTHESIS_FOLDER in os.environ:
            command(*args, **options)
            return
        os.environ[_HYPOTHESIS_FOLDER] = str(user_cache_path("docdouble") / "hypothesis")
        try:
            command(*args, **options)
        finally:
            del os.environ[_HYPOTHESIS_FOLDER]

    return kept


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Options of reading sources: without the cache, and with what their references may lead to besides."""

    no_cache: bool = False
    references: tuple[str, ...] = ()

    def access(self, sources: Sequence[str]) -> Access:
        """Return what may be read where these sources are given on the command line: URLs among them, too."""
        config = project_config(Path.cwd(), ("source", "dialect"))
        return Access(bool(sources), self.references, config.dialect_of(sources))


def with_reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that go with reading sources, which the command gets as ``reading``."""

    @click.option("--no-cache", is_flag=True, help="Read folders of pages anew, and keep nothing of it.")
    @click.option(
        "--allow-references",
        multiple=True,
        metavar="DIR|HOST",
        help="References of an OpenAPI document may lead to this folder or host, too; may be given again.",
    )
    @wraps(command)
    def reading(*args: Any, no_cache: bool, allow_references: tuple[str, ...], **options: Any) -> None:
        command(*args, reading=SourceOptions(no_cache, allow_references), **options)

    return reading


def with_sources(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the SOURCE arguments, and the options that go with reading them."""
    return click.argument("sources", nargs=-1, metavar="[SOURCE]...")(with_reading(command))


def named_sources(sources: tuple[str, ...], config: Config, fallback: str = "") -> tuple[str, ...]:
    """Return the sources that are meant: those given, that of docdouble.toml, or what the folder plainly holds.

    What is taken without being named is reported on stderr. Raises ``ConfigError`` where nothing is meant.
    """
    if sources or config.source:
        return sources or (config.source,)
    from ..config.source_candidates import plain_source  # here because only a command without a source looks around

    command = click.get_current_context().info_name
    taken, others = plain_source(Path.cwd())
    also = f"; there is also {listed(others, _MOST_OTHERS)}" if others else ""
    if taken:
        remark(f"no documentation is named: {taken}, which is here, is taken{also}")
        return (taken,)
    if fallback:
        what = "no documentation is named or plainly here"
        remark(f"{what}: {fallback}, the contract that is shipped, is taken")
        return (fallback,)
    expected = (
        "a folder with an OpenAPI file or reference pages at its top, or one folder down"
        f"{also}: name a SOURCE, such as docdouble {command} {DEFAULT_SOURCE} for the contract that is shipped"
    )
    raise ConfigError("source", str(Path.cwd()), expected=expected)


def read_sources(
    sources: tuple[str, ...], reading: SourceOptions, fallback: str = ""
) -> tuple[tuple[str, ...], Extraction]:
    """Read the sources that are meant, with the resources as configured, and return their names with what they hold.

    What was passed over is reported on stderr.
    """
    config = project_config(Path.cwd(), ("source", "resources"))
    names = named_sources(sources, config, fallback)
    cached, access = cache_folder(names, reading.no_cache), reading.access(sources)
    with progress_bar("reading", "pages") as progress, without_garbage_collection():
        extraction = extract(names, progress, cached, processes=os.cpu_count() or 1, access=access)
        gc.freeze()  # what was read stays to the end: no need to look at it, not even once
    for line in (*extraction.notes, *map(str, extraction.failures)):
        remark(line)
    broken = [contradiction for contradiction in extraction.contradictions if contradiction.rule in BROKEN_PARTS]
    for problem in broken[:_MOST_NAMED]:
        remark(str(problem))
    if len(broken) > _MOST_NAMED:
        remark(f"{len(broken) - _MOST_NAMED} more broken parts, which docdouble lint lists")
    if extraction.skipped:
        remark(_skipped(extraction.skipped))
    return names, replace(extraction, contract=as_configured(extraction.contract, config))


def require_operations(contract: Contract, name: str, purpose: str) -> None:
    """Raise ``ConfigError`` where a contract has no operation, so that there is nothing to serve or to verify."""
    if contract.operations:
        return
    webhooks = counted(len(contract.webhooks), "webhook")
    has = f"; it has {webhooks}, and webhooks are calls that the server sends" if contract.webhooks else ""
    raise ConfigError("source", name, expected=f"documentation of any operation: there is nothing to {purpose}{has}")


def _skipped(pages: tuple[str, ...]) -> str:
    more = f", and {len(pages) - _MOST_NAMED} more" if len(pages) > _MOST_NAMED else ""
    return f"{counted(len(pages), 'page')} without an operation: {', '.join(pages[:_MOST_NAMED])}{more}"
