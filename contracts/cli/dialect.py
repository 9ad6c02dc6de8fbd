"""``docdouble dialect``: settings of a documentation family, guessed from its pages and checked against them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docdouble.schemas import ConfigError
from docdouble.schemas.dialects.dialect_registry import SETTINGS_NAME

from ..config.config import project_config
from ..model.text import counted
from ..output.echo import echo_json, echo_lines, remark
from .common import guarded_command
from .help_pages import DocumentedCommand, DocumentedGroup

if TYPE_CHECKING:
    from docdouble.schemas.pages.family_check import FamilyCheck, NotUnderstood

_MOST_LISTED = 20
"""Lines of one kind that are printed."""


@click.group(
    "dialect",
    cls=DocumentedGroup,
    examples={
        "docdouble dialect guess docs/ -o docs/docdouble-dialect.toml": "write settings for pages of your own",
        "docdouble dialect check docs/": "see what they read and what they don't",
    },
    page="your-own-documentation.md",
)
def dialect_group() -> None:
    """Guess and check how documentation pages are read."""


@dialect_group.command(
    "guess",
    cls=DocumentedCommand,
    examples={
        "docdouble dialect guess docs/": "print settings for the pages below docs/",
        "docdouble dialect guess docs/ -o docs/docdouble-dialect.toml": "write them where they are read",
    },
    page="your-own-documentation.md",
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Write the settings here, not to stdout; {SETTINGS_NAME} in FOLDER is read from then on, another file where "
    "docdouble.toml names it.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@guarded_command
def guess_command(folder: Path, output: Path | None, force: bool) -> None:
    """Guess how the pages in FOLDER are written.

    Each line of the settings has a comment that says how often it was seen. What would be read by them goes to stderr.
    """
    # here because no other command guesses where there are settings
    from docdouble.schemas.pages.family_guess import settings_text
    from docdouble.schemas.pages.page_files import guess_folder
    from docdouble.schemas.pages.page_folder import settings_file

    if output and output.exists() and not force:
        raise ConfigError("--output", str(output), expected="a new file; --force writes over it")
    guessed, extraction = guess_folder(folder)
    text = settings_text(guessed)
    if output:
        output.write_bytes(text.encode())
        if not settings_file(folder):
            remark(f'docdouble.toml has to name these settings: dialect = "{output.as_posix()}"')
    else:
        echo_lines(text.splitlines())
    operations = counted(len(extraction.contract.operations), "operation")
    pages = counted(len(guessed.pages) - len(extraction.skipped), "page")
    remark(f"{operations} on {pages}; {counted(len(extraction.skipped), 'page')} without any")


@dialect_group.command(
    "check",
    cls=DocumentedCommand,
    examples={
        "docdouble dialect check docs/": "what is read of the pages, and what isn't",
        "docdouble dialect check docs/ --json": "all of it, for scripts",
    },
    page="your-own-documentation.md",
)
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@guarded_command
def check_command(folder: Path, as_json: bool) -> None:
    """List what is read of the pages in FOLDER and what isn't.

    FOLDER is the one you are in, unless it is given. The settings are those that docdouble.toml names for its source,
    those beside the pages, or guessed ones.
    """
    from docdouble.schemas.pages.family_check import check_family  # here because no other command needs it

    config = project_config(Path.cwd(), ("source", "dialect"))
    check = check_family(folder, config.dialect_of((str(folder),)))
    if as_json:
        echo_json(json.dumps(asdict(check), indent=2))
    else:
        echo_lines(_lines(folder, check))


def _lines(folder: Path, check: "FamilyCheck") -> Iterator[str]:
    by = f"by {check.settings}" if check.settings else "by guessed settings"
    described = check.pages - len(check.without_operation)
    yield f"{folder}: {counted(check.operations, 'operation')} on {described} of {counted(check.pages, 'page')}, {by}"
    yield from _listed("pages without an operation", check.without_operation)
    yield from _listed("pages that can't be read", check.failures)
    yield from _listed("includes that can't be followed", _places(check.includes, "time"))
    yield from _listed("headers of tables that nothing is read of", _places(check.headers, "table"))
    yield from _listed("types that mean nothing", _places(check.types, "time"))
    yield f"parameters without a type: {check.untyped_parameters} of {check.parameters}"
    counts = ", ".join(f"{count} {how}" for how, count in check.samples.items())
    yield f"samples: {counts}"
    yield from (f"  {kind.page}:{kind.line}: {kind.what}" for kind in check.unreadable[:_MOST_LISTED])
    yield from _more(len(check.unreadable))
    yield from _listed(
        "operations that are only listed", [f"{kind.what}, {kind.page}:{kind.line}" for kind in check.only_listed]
    )
    yield from _listed("other places that look like operations, not used", check.unused_marks)


def _places(kinds: Sequence["NotUnderstood"], counts: str) -> list[str]:
    return [f"{kind.what}: {counted(kind.count, counts)}, first {kind.page}:{kind.line}" for kind in kinds]


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"{title}: {len(lines)}"
    yield from (f"  {line}" for line in lines[:_MOST_LISTED])
    yield from _more(len(lines))


def _more(count: int) -> Iterator[str]:
    if count > _MOST_LISTED:
        yield f"  and {count - _MOST_LISTED} more, which --json lists"
