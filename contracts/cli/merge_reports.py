"""Command ``docdouble merge-reports``: one verdict on a run whose operations several machines verified."""

import sys
from pathlib import Path
from typing import Any

import click

from docdouble.schemas import ConfigError

from ..model.finding import Severity
from .common import guarded_command
from .exit_codes import ExitCode
from .help_pages import DocumentedCommand
from .result_options import report_option, with_result_options

_NEEDS_CONTRACT = "pytest"
"""Kind of a report that is made of schemas, which no report holds."""


@click.command(
    "merge-reports",
    cls=DocumentedCommand,
    groups={
        "Verdict": "--fail-on --fail-under --baseline",
        "Result": "--report --update-baseline --cases --quiet",
    },
    examples={
        "docdouble merge-reports report-*.json --report html=report.html": "five shards as one page",
        "docdouble merge-reports report-*.json --baseline known.json --update-baseline": "all findings as known ones",
    },
    page="reports.md",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="REPORT...",
)
@with_result_options
@guarded_command
def merge_reports_command(files: tuple[Path, ...], **values: Any) -> None:
    """Merge reports of shards into one verdict.

    REPORT is what docdouble verify --shard N/COUNT --report json=REPORT wrote. Output and exit code are those of one
    run without shards.
    """
    # here because --help needs none of it
    from ..reports.merged_reports import MergeOptions, merged
    from ..reports.read_report import read_report
    from ..storage.baseline import known_findings
    from .run_output import RunOutput, keep_run, shown_run

    wanted = tuple(map(report_option, values["reports"]))
    if any(kind == _NEEDS_CONTRACT for kind, _ in wanted):
        raise ConfigError("--report", _NEEDS_CONTRACT, expected="a report that each shard writes of its own findings")
    path, update = values["baseline"], values["update_baseline"]
    options = MergeOptions(
        known_findings(path, update=update) if path or update else None,
        Severity(values["fail_on"]) if values["fail_on"] else None,
        values["fail_under"],
        update,
    )
    run = merged([read_report(file) for file in files], options)
    output = RunOutput(wanted, values["quiet"], run.quote)
    with shown_run(output) as show:
        show(run.started)
        for result in run.results:
            show(result)
        show(run.done)
    is_kept = keep_run(run, output, path if update else None, values["cases"])
    if run.unreachable:
        sys.exit(ExitCode.UNREACHABLE)
    sys.exit(ExitCode.FINDINGS if run.failed or not is_kept else ExitCode.CLEAN)
