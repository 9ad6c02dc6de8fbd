"""Command ``docdouble init``: the documentation that it finds in a folder, and the files that it writes there."""

import json
import os
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docdouble.schemas import ConfigError, Contract, DocdoubleError, extract
from docdouble.schemas.extraction import Access
from docdouble.schemas.source import DEFAULT_SOURCE

from ..config.config import as_configured, project_config
from ..config.default_contract import cache_folder
from ..model.text import counted
from ..output.echo import echo, echo_json, echo_lines, remark
from ..reports.progress_bar import progress_bar
from .common import guarded_command
from .help_pages import DocumentedCommand, WholeNumber
from .scaffold.templates import CONFIG, SHARDED, TEMPLATES, ScaffoldFile, config_text, is_so, template_files, write

if TYPE_CHECKING:
    from ..config.source_candidates import Candidate


@dataclass(frozen=True, slots=True)
class _DiscoveredSource:
    """The source that is taken, as ``docdouble.toml`` names it, and its contract; ``others`` would do as well."""

    source: str
    contract: Contract
    others: tuple[str, ...] = ()
    is_guessed: bool = False
    """Whether its pages were read by guessed settings, which are to be written down."""

    def is_in(self, folder: Path) -> bool:
        """Whether it is documentation of the folder, no shipped contract."""
        return (folder / self.source).exists() and not self.source.startswith("..")


def _print_schema(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from ..config.json_schema import config_schema  # here because nothing else needs it

    echo_json(json.dumps(config_schema(), indent=2))
    ctx.exit()


@click.command(
    "init",
    cls=DocumentedCommand,
    examples={
        "docdouble init": "in the folder of a project",
        "docdouble init --with github --with docker": "with a workflow and an image of the fake, too",
    },
    page="init.md",
)
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--with",
    "extras",
    multiple=True,
    type=click.Choice(list(TEMPLATES)),
    help="Write this, too: a GitHub workflow, a GitLab job, a pre-commit hook, a Dockerfile of the fake, a compose "
    "file for it, a nightly workflow that verifies staging; may be given again.",
)
@click.option(
    "--shards",
    type=WholeNumber(2, 100),
    metavar="N",
    help="Verify in N jobs at once, and merge their reports: for --with github and --with gitlab.",
)
@click.option(
    "--print-schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of docdouble.toml, for editors, and end.",
)
@guarded_command
def init_command(folder: Path, extras: tuple[str, ...], shards: int | None) -> None:
    """Set up a project: docdouble.toml and a first test.

    They are for the documentation that is found in FOLDER, which is the one you are in, unless it is given. A file
    that is there stays as it is.
    """
    if not folder.is_dir():
        raise ConfigError("FOLDER", str(folder), expected="a folder that is there")
    if shards and not set(extras) & set(SHARDED):
        raise ConfigError("--shards", shards, expected="given with --with github or --with gitlab")
    # here because no other command needs them, and Faker takes 0.2 s to import
    from ..reports.python_text import name_of
    from .scaffold.first_test import first_test
    from .scaffold.project_files import ci_here, requirements, tests_folder
    from .serving import in_process_settings

    config = project_config(folder, ("source", "resources", "samples", "serve"))
    has_config = _is_configured(folder)
    discovered = _read(config.source_or_shipped, folder, config.dialect_of(())) if has_config else _discovered(folder)
    _check_name(discovered.source)
    contract = as_configured(discovered.contract, config)
    if not contract.operations:
        raise ConfigError("source", discovered.source, expected="documentation of any operation")
    test = f"{tests_folder(folder)}/test_{_subject(discovered, folder, name_of)}_contract.py"
    files = [] if has_config else [ScaffoldFile(CONFIG, config_text(discovered.source))]
    files.append(ScaffoldFile(test, first_test(contract, in_process_settings(config), discovered.source)))
    config_file = "pyproject.toml" if has_config and not (folder / CONFIG).exists() else CONFIG
    if discovered.is_guessed:
        files.append(_settings_of(discovered, folder))
    here = discovered.source if discovered.is_in(folder) else ""
    for extra in extras:
        files += template_files(extra, here, requirements(folder), config_file, shards or 0)
    _tell_source(discovered, len(contract.operations), has_config=has_config)
    _tell_written(write(files, folder), folder)
    _tell_next(folder, test, [name for name in ci_here(folder) if name not in extras])


def _settings_of(source: _DiscoveredSource, folder: Path) -> ScaffoldFile:
    """Return the file with the settings that a folder of pages was read by."""
    # here because few folders need it
    from docdouble.schemas.dialects.dialect_registry import SETTINGS_NAME
    from docdouble.schemas.pages.family_guess import settings_text
    from docdouble.schemas.pages.page_files import guess_folder

    local = folder / source.source
    pages = local if local.is_dir() else local.parent
    return ScaffoldFile(
        Path(os.path.relpath(pages / SETTINGS_NAME, folder)).as_posix(), settings_text(guess_folder(pages)[0])
    )


def _check_name(source: str) -> None:
    """Raise ``ConfigError`` for a file whose name is no text, so that no file can hold it."""
    try:
        source.encode()
    except UnicodeEncodeError:
        raise ConfigError("source", source, expected="a name in Unicode, as the files that name it are") from None


def _is_configured(folder: Path) -> bool:
    if (folder / CONFIG).exists():
        return True
    from ..config.file import load  # here because only this command asks

    project = folder / "pyproject.toml"
    return project.is_file() and bool(load(project, "tool", "docdouble").table)


def _discovered(folder: Path) -> _DiscoveredSource:
    """Return the source of the folder that documents most, or the shipped one where there is none."""
    from ..config.source_candidates import MOST_CANDIDATES, candidates

    read: list[tuple[Candidate, _DiscoveredSource]] = []
    looked_at = candidates(folder)
    for candidate in looked_at[:MOST_CANDIDATES]:
        try:
            read.append((candidate, _read(candidate.path, folder)))
        except DocdoubleError as error:
            remark(f"passed over {candidate.path}: {error}")
    usable = [(candidate, source) for candidate, source in read if source.contract.operations]
    if not usable:
        return _read(DEFAULT_SOURCE, folder)
    best = max(usable, key=lambda pair: (not pair[0].is_aside, len(pair[1].contract.operations)))
    passed_over = {candidate.path for candidate, source in read if not source.contract.operations}
    readable = {candidate.path for candidate, _ in read}
    others = [
        candidate.path
        for number, candidate in enumerate(looked_at)
        if candidate.path in readable or number >= MOST_CANDIDATES
    ]
    kept = tuple(path for path in others if path not in passed_over | {best[0].path})
    return replace(best[1], others=kept)


def _read(source: str, folder: Path, dialect: Path | None = None) -> _DiscoveredSource:
    local = folder / source
    name = str(local) if local.exists() else source
    cached, access = cache_folder((name,), no_cache=False), Access(dialect=dialect)
    with progress_bar(f"reading {source}", "pages") as progress:
        extraction = extract(name, progress, cached, processes=os.cpu_count() or 1, access=access)
    shown = Path(os.path.relpath(local, folder)).as_posix() if local.exists() else source
    return _DiscoveredSource(shown, extraction.contract, is_guessed=bool(extraction.notes))


def _subject(source: _DiscoveredSource, folder: Path, name_of: Any) -> str:
    """Return a name for the API: its title, else the name of its source or of the folder."""
    usual = ("openapi", "swagger", "api", "docs", "reference", "contract", "")
    title = source.contract.title if source.is_in(folder) else source.source
    names = (name_of(title), name_of(Path(source.source).stem), name_of(folder.resolve().name))
    return next((name for name in names if name and name not in usual), "api")


def _tell_source(source: _DiscoveredSource, operations: int, *, has_config: bool) -> None:
    count = counted(operations, "operation")
    if has_config:
        echo(f"source  {source.source}, {count}: as it is configured")
    elif source.source == DEFAULT_SOURCE:
        echo(f"source  {source.source}, {count}: found no documentation here, so this is the contract shipped with us")
    else:
        echo(f"source  {source.source}, {count}")
    for other in source.others[:10]:
        echo(f"        or {other}, if you name it in docdouble.toml")


def _tell_written(written: Iterable[tuple[ScaffoldFile, bool]], folder: Path) -> None:
    for file, is_new in written:
        if is_new:
            echo(f"wrote   {file.name}")
        elif is_so(file, folder):
            echo(f"kept    {file.name}, which is so already")
        else:
            echo(f"kept    {file.name}, which is there; this would have been written:")
            echo_lines(f"        {line}".rstrip() for line in file.text.splitlines())


def _tell_next(folder: Path, test: str, wanted: list[str]) -> None:
    go = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    echo(f"next    {go}pytest {test}")
    for line in _hints(folder, go, wanted):
        echo(f"        {line}")


def _hints(folder: Path, go: str, wanted: list[str]) -> Iterator[str]:
    named = "" if folder.resolve() == Path.cwd() else f"{shlex.quote(str(folder))} "
    yield f"{go}docdouble serve"
    if wanted:
        yield f"docdouble init {named}{' '.join(f'--with {name}' for name in wanted)}"
