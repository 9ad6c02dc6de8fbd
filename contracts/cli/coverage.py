"""``docdouble coverage``: what tests touched of a contract, of one run or of several together."""

import shutil
import sys
from pathlib import Path

import click

from ..output.echo import echo, remark
from .common import guarded_command
from .exit_codes import ExitCode
from .help_pages import DocumentedCommand, Number

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "coverage",
    cls=DocumentedCommand,
    examples={
        "docdouble coverage use.json": "what one run of pytest --contract-coverage-report json=use.json used",
        "docdouble coverage a.json b.json --report html=use.html --fail-under 80": "several runs together, as a page",
    },
    page="coverage.md",
)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option(
    "--report",
    "wanted",
    multiple=True,
    metavar="KIND=FILE",
    help="Write it to a file as well: html, or json of all files together; may be given again.",
)
@click.option(
    "--fail-under",
    type=Number(0, 100),
    metavar="PERCENT",
    help="End with exit code 1 when a smaller share is touched.",
)
@guarded_command
def coverage_command(files: tuple[Path, ...], wanted: tuple[str, ...], fail_under: float | None) -> None:
    """Show how much of a contract tests have used.

    FILE is the JSON of pytest's --contract-coverage-report or of a fake that was served with --coverage.
    """
    from ..coverage.count import reaches
    from ..coverage.reports import read_reports, write_coverage_reports
    from ..coverage.table import shortfall, table
    from ..coverage.use import merge_uses, read_use

    reports = read_reports(wanted, Path.cwd(), "--report")
    use = merge_uses(map(read_use, files))
    for line in table(use, shutil.get_terminal_size().columns):
        echo(line)
    problems = write_coverage_reports(use, reports)
    if fail_under is not None and not reaches(use, fail_under):
        problems.append(shortfall(use, fail_under))
    for problem in problems:
        remark(problem)
    if problems:
        sys.exit(ExitCode.FINDINGS)
