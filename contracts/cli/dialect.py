"""``docdouble dialect``: settings of a documentation family, guessed from its pages."""

from pathlib import Path

import click

from docdouble.schemas import ConfigError
from docdouble.schemas.dialects.family_settings import FILE_NAME

from ..model.text import counted
from ..output.echo import echo_lines, remark
from .common import guarded_command


@click.group("dialect")
def dialect_group() -> None:
    """Work on the settings that say how a family of documentation pages is read."""


@dialect_group.command("guess")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Write the settings here, not to stdout; {FILE_NAME} in FOLDER is read from then on.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@guarded_command
def guess_command(folder: Path, output: Path | None, force: bool) -> None:
    """Guess the settings of the pages in FOLDER, each line with how often it was seen.

    What would be read by them goes to stderr.
    """
    # here because no other command guesses where there are settings
    from docdouble.schemas.pages.family_guess import settings_text
    from docdouble.schemas.pages.page_files import guess_folder

    if output and output.exists() and not force:
        raise ConfigError("--output", str(output), expected="a new file; --force writes over it")
    guessed, extraction = guess_folder(folder)
    text = settings_text(guessed)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        echo_lines(text.splitlines())
    operations = counted(len(extraction.contract.operations), "operation")
    pages = counted(len(guessed.pages) - len(extraction.skipped), "page")
    remark(f"{operations} on {pages}; {counted(len(extraction.skipped), 'page')} without any")
