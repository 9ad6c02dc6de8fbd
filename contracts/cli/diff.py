"""``docdouble diff``: its options."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docdouble.schemas import ConfigError
from docdouble.schemas.diff.change import Judgement

from ..config.config import project_config
from ..output.echo import echo_json, echo_lines, echo_report
from .common import SourceOptions, guarded_command, with_reading
from .exit_codes import ExitCode
from .help_pages import READING, DocumentedCommand

if TYPE_CHECKING:
    from ..diff.comparison import Comparison

_NEVER = "never"


@click.command(
    "diff",
    cls=DocumentedCommand,
    groups={
        "What is compared": "--only --skip --used",
        "Result": "--format --output --all --fail-on --quiet",
        "Reading OLD and NEW": READING,
    },
    examples={
        "docdouble diff git:main:./openapi.yaml openapi.yaml": "what this branch changes",
        "docdouble diff old.yaml new.yaml --used use.json": "only what your tests use",
    },
    page="diff.md",
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--used",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only what a consumer uses: the JSON of --contract-coverage-report, of tests that ran against OLD; "
    "may be given again.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How changes are printed.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the changes into this file, and only counts to stdout.",
)
@click.option("--all", "safe", is_flag=True, help="Print safe changes, too, which text only counts.")
@click.option(
    "--only",
    multiple=True,
    metavar="OPERATION",
    help="Compare these: an id, a path, a part of one, a pattern with *, or tag:, resource:, role: and a name; "
    "may be given again.",
)
@click.option("--skip", multiple=True, metavar="OPERATION", help="Leave these out; named as for --only.")
@click.option(
    "--fail-on",
    type=click.Choice([*map(str, Judgement), _NEVER]),
    default=Judgement.BREAKING.value,
    show_default=True,
    help="Exit 1 from this judgement on.",
)
@with_reading
@click.option("-q", "--quiet", is_flag=True, help="Print as text only what fails.")
@guarded_command
def diff_command(
    old: str,
    new: str,
    used: tuple[Path, ...],
    form: str,
    output: Path | None,
    safe: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    fail_on: str,
    reading: SourceOptions,
    quiet: bool,
) -> None:
    """Show what changed from OLD to NEW, and what that breaks.

    Each is a page, a folder of pages, an OpenAPI or Swagger file, the name of a shipped contract, or any of the files
    as a git revision has it: git:REVISION:PATH, such as git:main:docs, where PATH begins in the repository's top
    folder, or with ./ here.

    A change is breaking, risky or safe for callers that keep to OLD.
    """
    # here because no other command needs them
    from ..diff.compare import compare_sides
    from ..diff.side import opened

    _check_output(output)
    config = project_config(Path.cwd())
    with ExitStack() as stack:
        before = stack.enter_context(opened(old, no_cache=reading.no_cache, quiet=quiet, access=reading.access((old,))))
        after = stack.enter_context(opened(new, no_cache=reading.no_cache, quiet=quiet, access=reading.access((new,))))
        threshold = None if fail_on == _NEVER else Judgement(fail_on)
        comparison = compare_sides(before, after, fail_on=threshold, used=used, only=only, skip=skip, config=config)
        _write(comparison, form, output, safe=safe, quiet=quiet)
    if comparison.failed:
        sys.exit(ExitCode.FINDINGS)


def _check_output(output: Path | None) -> None:
    """Raise ``ConfigError`` for a file that could not be written at the end, so that it is known at the beginning."""
    if output and not (output.parent.is_dir() and os.access(output.parent, os.W_OK)):
        raise ConfigError("--output", str(output), expected="a file in a folder that is there and can be written to")


def _write(comparison: "Comparison", form: str, output: Path | None, *, safe: bool, quiet: bool) -> None:
    from ..diff.reports.diff_text import diff_summary, diff_verdict
    from ..storage.output_files import write_whole

    report = _report(comparison, form, safe=safe, quiet=quiet)
    if output is None:
        if report:
            (echo_json if form in ("json", "sarif") else echo_report)(report)
        return
    write_whole(output, (click.unstyle(report) + "\n").encode(errors="replace"))
    if not quiet:
        echo_lines([*diff_summary(comparison), diff_verdict(comparison)])


def _report(comparison: "Comparison", form: str, *, safe: bool, quiet: bool) -> str:
    # here because a run needs one of them
    from ..diff.reports.diff_json import diff_json
    from ..diff.reports.diff_markdown import diff_markdown
    from ..diff.reports.diff_sarif import diff_github, diff_sarif
    from ..diff.reports.diff_text import diff_text

    forms: dict[str, Callable[[Comparison], str]] = {
        "json": diff_json,
        "markdown": diff_markdown,
        "sarif": diff_sarif,
        "github": diff_github,
    }
    return forms[form](comparison) if form in forms else "\n".join(diff_text(comparison, safe=safe, quiet=quiet))
