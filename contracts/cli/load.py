"""Command ``docdouble load``: its options, those of the project, and what is handed to Locust."""

from pathlib import Path
from typing import Any

import click

from ..client.network import server_url
from ..config.config import project_config
from ..model.finding import Severity
from ..model.text import counted
from ..output.echo import remark
from ..storage.output_files import write_whole
from .common import SourceOptions, guarded_command, read_sources, require_operations, with_sources
from .help_pages import READING, DocumentedCommand, WholeNumber
from .result_options import report_option
from .verify import verify_command, verify_settings

_AS_VERIFY = (
    "header",
    "timeout",
    "ca",
    "certificate",
    "key",
    "proxy",
    "careful",
    "allow_writes",
    "rate",
    "only",
    "skip",
    "skip_checks",
    "seed",
    "max_response_time",
    "max_reply_size",
    "reports",
    "baseline",
    "update_baseline",
    "fail_on",
    "quiet",
)
"""Options that mean what they do for ``verify``."""

_FILE = click.Path(dir_okay=False, path_type=Path)


def think_time(value: str) -> tuple[float, float]:
    """Return the shortest and the longest time of ``2`` or ``0.5-1.5`` seconds; raises ``click.BadParameter``."""
    least, _, most = value.partition("-")
    try:
        times = float(least), float(most or least)
    except ValueError:
        times = -1.0, -1.0
    if not 0 <= times[0] <= times[1] <= 3600:
        raise click.BadParameter(f"{value!r} is not of the form SECONDS or LEAST-MOST, such as 0.5-1.5.")
    return times


@click.command(
    "load",
    cls=DocumentedCommand,
    groups={
        "Server": "--url --header --ca --certificate --key --proxy --timeout",
        "Load": "--users --spawn-rate --run-time --think-time --headless --web-host --web-port",
        "Machines": "--processes --master --worker --expect-workers --master-host --master-port --master-bind-host",
        "Safety": "--careful --allow-writes --rate",
        "Operations and checks": "--only --skip --skip-check --judge-every --seed",
        "Limits": "--fail-if --fail-on --max-response-time --max-reply-size",
        "Instead of generated users": "--har --write",
        "Result": "--report --csv --html --baseline --update-baseline --quiet",
        "More of Locust": "--locust",
        "Reading SOURCE": READING,
    },
    examples={
        "docdouble load openapi.yaml --url http://localhost:8000": "choose the users in Locust's web page",
        "docdouble load openapi.yaml --url http://localhost:8000 --headless -u 50 -t 1m": "in CI",
    },
    page="load.md",
)
@with_sources
@click.option("--url", help="Base URL of the server, with its base path.")
@click.option("-u", "--users", type=WholeNumber(1), metavar="N", help="Users at once.  [default: 1]")
@click.option("-r", "--spawn-rate", type=float, metavar="N", help="Users that are started in a second.  [default: 1]")
@click.option("-t", "--run-time", metavar="TIME", help="How long, such as 90s, 5m or 1h30m.")
@click.option(
    "--think-time",
    type=think_time,
    metavar="SECONDS",
    help="Between two calls of a user, such as 2, or 0.5-1.5.  [default: 0.5-1.5]",
)
@click.option("--headless", is_flag=True, help="Begin at once, without Locust's web page.")
@click.option("--web-host", default="127.0.0.1", show_default=True, help="Address of Locust's web page.")
@click.option("--web-port", type=int, help="Port of Locust's web page.  [default: 8089]")
@click.option("--processes", type=int, metavar="N", help="Workers on this machine, -1: one for each core.")
@click.option("--master", is_flag=True, help="Lead workers of other processes or machines.")
@click.option("--worker", is_flag=True, help="Be a worker of a master.")
@click.option("--expect-workers", type=WholeNumber(1), metavar="N", help="Workers that are waited for.")
@click.option("--master-host", help="Where a worker finds its master.  [default: 127.0.0.1]")
@click.option("--master-port", type=int, help="Port of the master.  [default: 5557]")
@click.option("--master-bind-host", help="Address at which a master listens.  [default: 127.0.0.1]")
@click.option(
    "--har",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Let users send what a browser or a proxy recorded, with the ids of now.",
)
@click.option("--write", type=_FILE, help="Write a locustfile to go on with, and send nothing.")
@click.option("--judge-every", type=WholeNumber(1), metavar="N", help="Judge every Nth reply.  [default: all it bears]")
@click.option(
    "--fail-if",
    multiple=True,
    metavar="THRESHOLD",
    help="Exit 1 if so: p95>300ms, errors>1%, violations>0, rps<50, 'getGuest: p99>1s'; may be given again.",
)
@click.option("--csv", "csv_prefix", metavar="PREFIX", help="Write Locust's figures, and violations, as CSV files.")
@click.option("--html", "html_file", type=_FILE, help="Write Locust's own report with its charts.")
@click.option("--locust", "more", multiple=True, metavar="OPTION", help="Hand another option to Locust, as --tags=x.")
@guarded_command
def load_command(sources: tuple[str, ...], reading: SourceOptions, **values: Any) -> None:
    """Put load on a server, and judge its replies by SOURCE.

    Users of Locust list, read, create, change and delete, by the documentation. Replies are judged while the load
    runs; what breaks the documents is listed by operation, beside Locust's figures.

    A server on another machine gets what verify sends carefully: calls that read, five a second.
    """
    # here because the checks take a second to import
    from docdouble.schemas.jsonschema.directions import directed

    from ..load.contract_load import planned_tasks
    from ..load.har_replay import read_recording
    from ..load.load_options import LoadOptions
    from ..load.written_locustfile import locustfile_text
    from .loading import check_result, locust_arguments, require_locust, run_locust

    require_locust()
    config = project_config(Path.cwd())
    url = values["url"] or config.url
    if not url:
        raise click.UsageError("--url is missing: the base URL of a server, http://127.0.0.1:8000")
    server_url(url)
    names, extraction = read_sources(sources, reading)
    name = ", ".join(names)
    require_operations(extraction.contract, name, "load")
    options = LoadOptions(
        sources=names,
        url=url.rstrip("/"),
        no_cache=reading.no_cache,
        references=reading.references,
        settings=verify_settings(config.verify, values),
        seed=config.budget.seed if values["seed"] is None else values["seed"],
        fail_on=Severity(values["fail_on"]) if values["fail_on"] else config.fail_on,
        fail_if=values["fail_if"] or config.load.fail_if,
        reports=tuple(map(report_option, values["reports"])),
        update_baseline=values["update_baseline"],
        judge_every=values["judge_every"] or config.load.judge_every,
        har=values["har"].absolute() if values["har"] else None,
        think_time=values["think_time"] or config.load.think_time,
        weights=config.load.weights,
        quiet=values["quiet"],
    )
    contract = directed(extraction.contract)
    planned, tasks = planned_tasks(contract, options)
    check_result(contract, options)
    if options.har:
        recording = read_recording(options.har, contract)
        for reason, count in recording.left_out.items():
            remark(f"not replayed: {counted(count, 'call')}, {reason}")
    if values["write"]:
        write_whole(values["write"], locustfile_text(contract, tasks, options, values["write"].name).encode())
        remark(f"wrote {values['write']}: locust -f {values['write']}")
        return
    called = counted(len(recording.steps), "recorded call") if options.har else counted(len(tasks.tasks), "task")
    remark(f"{name}, {counted(len(contract.operations), 'operation')}, {planned.profile} load on {url}, {called}")
    run_locust(locust_arguments(options.url, values), options)


load_command.params += [parameter for parameter in verify_command.params if parameter.name in _AS_VERIFY]
