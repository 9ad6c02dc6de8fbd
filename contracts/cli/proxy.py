"""Command ``docdouble proxy``: its options."""

from pathlib import Path
from typing import Any

import click

from ..client.network import server_url
from ..config.config import project_config
from ..model.finding import Severity
from ..model.text import counted
from ..output.echo import remark
from .common import SourceOptions, guarded_command, read_sources, require_operations, with_sources
from .help_pages import READING, DocumentedCommand
from .server_options import with_server

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "proxy",
    cls=DocumentedCommand,
    groups={
        "Server": "--url --ca --certificate --key --proxy --keep-host",
        "Address": "--host --port --tls --tls-cert --tls-key",
        "Traffic": "--enforce --fake-missing --rewrite",
        "Results": "--record --record-cases --report --baseline --update-baseline --fail-on --coverage",
        "Running": "--control-token --control-origin --control-host --open --log-format --quiet",
        "Reading SOURCE": READING,
    },
    examples={
        "docdouble proxy openapi.yaml --url http://127.0.0.1:8000": "judge what passes between a client and a server",
        "docdouble proxy docs/ --url https://staging.example.com/v1 --fake-missing": "the fake fills what isn't built",
    },
    page="proxy.md",
)
@with_sources
@click.option("--url", help="Base URL of the server to stand before, with its base path.")
@with_server
@click.option("--ca", type=_FILE, help="Certificates to trust, a PEM file.")
@click.option("--certificate", type=_FILE, help="Our own certificate, a PEM file.")
@click.option("--key", type=_FILE, help="The key of our own certificate.")
@click.option("--proxy", help="URL of a proxy on the way to the server.")
@click.option("--keep-host", is_flag=True, help="Send the client's Host, not that of --url.")
@click.option(
    "--enforce",
    type=click.Choice(["request", "response", "both"]),
    help="Refuse what breaks the documents: requests with 400, replies with 502.",
)
@click.option("--fake-missing", is_flag=True, help="Let the fake answer what the server doesn't have.")
@click.option(
    "--rewrite",
    multiple=True,
    type=click.Choice(["redirects", "cookies"]),
    help="Make redirects or cookies of the server lead here; may be given again.",
)
@click.option("--record", type=_FILE, metavar="FILE.har", help="Write all traffic into an HTTP archive.")
@click.option(
    "--record-cases", type=click.Path(file_okay=False, path_type=Path), help="Keep failing calls in this folder."
)
@click.option(
    "--report", "reports", multiple=True, metavar="KIND=FILE", help="Write a report at the end, as verify does."
)
@click.option("--baseline", type=_FILE, help="Findings that are known: only others fail.")
@click.option("--update-baseline", is_flag=True, help="Write what was found into the baseline.")
@click.option(
    "--fail-on", type=click.Choice(list(map(str, Severity))), help="Exit 1 from this severity on.  [default: error]"
)
@click.option("--coverage", is_flag=True, help="Note what calls use of the contract, and print it at the end.")
@click.option("-q", "--quiet", is_flag=True, help="Log no requests, and print findings only.")
@guarded_command
def proxy_command(sources: tuple[str, ...], reading: SourceOptions, **values: Any) -> None:
    """Stand before a server, and judge both sides by SOURCE.

    Requests are forwarded to the server of --url. What breaks the documents is in the log, in the header
    Docdouble-Violations of the reply, and in the findings that are printed when Ctrl-C ends the proxy.
    """
    # here because the checks and the fake take a second to import
    from ..reports.quotes import quotes
    from .proxying import ProxyCommand, run_proxy
    from .read_documentation import ReadDocumentation
    from .result_options import report_option

    config = project_config(Path.cwd())
    values["url"] = values["url"] or config.url
    if not values["url"]:
        raise click.UsageError("--url is missing: the base URL of a server to stand before, http://127.0.0.1:8000")
    server_url(values["url"])
    values["reports"] = tuple(map(report_option, values["reports"]))
    names, extraction = read_sources(sources, reading)
    command = ProxyCommand(config, documentation=ReadDocumentation.of(sources, names, reading), **values)
    name = ", ".join(names)
    require_operations(extraction.contract, name, "judge")
    remark(f"{name}, {counted(len(extraction.contract.operations), 'operation')}, before {command.url}")
    raise SystemExit(run_proxy(extraction.contract, name, command, quotes(names)))
