"""Command ``docdouble verify``: its options, and those of the project where one is not given."""

import re
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click

from docdouble.schemas import ConfigError, ContractError, PageError
from docdouble.schemas.http import MASK
from docdouble.schemas.source import DEFAULT_SOURCE

from ..client.network import server_url
from ..config.config import Config, VerifyConfig, project_config
from ..config.json_schema import key_schema
from ..model.budget import Budget
from ..model.finding import Severity
from ..model.text import counted
from ..output.echo import remark
from ..reports.quotes import quotes
from ..safety.selection import Shard
from ..storage.shard_times import read_shard_times
from .common import SourceOptions, guarded_command, hypothesis_in_cache, read_sources, require_operations, with_sources
from .help_pages import READING, DocumentedCommand, Number, WholeNumber
from .result_options import report_option, with_result_options

_OPERATIONS = (
    "an id, a path, a part of one, a pattern with *, or tag:, resource:, role: and a name; may be given again."
)
_FIELD_NAME = re.compile(r"[A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,4}")
_FILE = click.Path(dir_okay=False, path_type=Path)
_MAX_SECONDS = key_schema("verify", "max-time")["maximum"]
_MIN_RATE, _MAX_RATE = (key_schema("verify", "rate")["anyOf"][1][bound] for bound in ("minimum", "maximum"))


class _Seconds(Number):
    """Seconds that a clock can count to."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if not seconds <= _MAX_SECONDS:
            self.fail(f"{seconds} is not a number up to {_MAX_SECONDS}.", param, ctx)
        return seconds


class _Rate(Number):
    """Calls a second, 0 without a limit."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        rate = super().convert(value, param, ctx)
        if rate and not _MIN_RATE <= rate <= _MAX_RATE:
            self.fail(f"{rate} is not 0, for no limit, or from {_MIN_RATE} to {_MAX_RATE}.", param, ctx)
        return rate


_OPTIONS = (
    click.option("--url", help="Base URL of a server; without it, the fake is verified in process."),
    click.option("--only", multiple=True, metavar="OPERATION", help=f"Verify these: {_OPERATIONS}"),
    click.option("--skip", multiple=True, metavar="OPERATION", help="Leave these out; named as for --only."),
    click.option(
        "--skip-check", "skip_checks", multiple=True, metavar="CHECK", help="Leave out this check; may be given again."
    ),
    click.option(
        "--expect-unverified",
        multiple=True,
        metavar="OPERATION",
        help="Operations of which no call need succeed; named as for --only.",
    ),
    click.option("--shard", metavar="N/COUNT", help="Verify one of COUNT parts, such as 2/5."),
    click.option(
        "--shard-times",
        type=_FILE,
        metavar="REPORT",
        help="Make shards equally long by the seconds of an earlier JSON report.",
    ),
    click.option(
        "--jobs",
        type=WholeNumber(1, key_schema("verify", "jobs")["maximum"]),
        metavar="N",
        help="Operations of a server at once; without --url, processes.  [default: 1]",
    ),
    click.option(
        "--max-examples",
        type=WholeNumber(1, key_schema("max-examples")["maximum"]),
        metavar="N",
        help="Random calls of each kind per operation.  [default: 10]",
    ),
    click.option("--max-requests", type=WholeNumber(1), metavar="N", help="End after so many requests."),
    click.option("--max-time", type=_Seconds(0, min_open=True), metavar="SECONDS", help="End after so many seconds."),
    click.option("--seed", type=int, help="Another number gives other calls.  [default: 0]"),
    click.option(
        "--header",
        "header",
        multiple=True,
        metavar="'NAME: VALUE'",
        help="Send this with every call; ${NAME} is read from the environment. Never printed.",
    ),
    click.option("--plan", is_flag=True, help="Print which operations would be called, and why; send nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON."),
    click.option(
        "--careful/--full",
        default=None,
        help="Send only calls that read, slowly; or all.  [default: --full on this machine only]",
    ),
    click.option(
        "--allow-writes",
        multiple=True,
        metavar="OPERATION",
        help="When careful, call these too, on what the run created: 'classified', or named as for --only.",
    ),
    click.option(
        "--rate", type=_Rate(0), metavar="CALLS", help="Calls a second, 0: no limit.  [default: 5 if careful]"
    ),
    click.option(
        "--timeout", type=_Seconds(0, min_open=True), metavar="SECONDS", help="Seconds for one reply.  [default: 30]"
    ),
    click.option(
        "--max-response-time", type=_Seconds(0), metavar="SECONDS", help="A reply that takes more seconds is a finding."
    ),
    click.option("--max-reply-size", type=WholeNumber(0), metavar="BYTES", help="A reply of more bytes is a finding."),
    click.option("--ca", type=_FILE, help="Certificates to trust, a PEM file."),
    click.option("--certificate", type=_FILE, help="Our own certificate, a PEM file."),
    click.option("--key", type=_FILE, help="The key of our own certificate."),
    click.option("--proxy", help="URL of a proxy."),
    click.option(
        "--har",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Verify traffic that a browser or a proxy recorded; nothing is sent.",
    ),
    click.option(
        "--mutate",
        type=WholeNumber(1),
        metavar="N",
        help="Break N promises of the fake, one at a time, and show which are noticed.",
    ),
)


def _with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command(
    "verify",
    cls=DocumentedCommand,
    groups={
        "Server": "--url --header --ca --certificate --key --proxy --timeout --rate",
        "Safety": "--plan --json --careful --allow-writes",
        "Operations and checks": "--only --skip --skip-check --expect-unverified --shard --shard-times",
        "How much is sent": "--max-examples --max-requests --max-time --jobs --seed",
        "Limits of replies": "--max-response-time --max-reply-size",
        "Result": "--report --fail-on --fail-under --baseline --update-baseline --cases --quiet",
        "Instead of a run": "--har --mutate",
        "Reading SOURCE": READING,
    },
    examples={
        "docdouble verify openapi.yaml --url http://localhost:8000 --plan": "what would be called",
        "docdouble verify openapi.yaml --url http://localhost:8000 --report html=report.html": "with a report",
    },
    page="verify.md",
)
@with_sources
@_with_options
@with_result_options
@guarded_command
@hypothesis_in_cache
def verify_command(sources: tuple[str, ...], reading: SourceOptions, **values: Any) -> None:
    """Verify a server, or the fake, against its documentation.

    SOURCE is the documentation, --url the server. Without --url the fake of SOURCE is verified.

    A server on another machine is verified carefully: only what is known to read is called, a few times a second.
    See with --plan what that is.
    """
    # here because Schemathesis takes a second to import
    from ..engine.verification import VerifyOptions
    from .run_output import RunOutput
    from .serving import in_process_settings, tell_unmatched_rules
    from .verify_modes import print_mutation_score, print_plan, print_recording, print_verification

    _check_together(values)
    config = project_config(Path.cwd())
    settings = verify_settings(config.verify, values)
    options = VerifyOptions(
        url=_url(config, values),
        budget=_budget(config, settings, values),
        settings=settings,
        shard=_shard(values["shard"], values["shard_times"]),
        fail_on=Severity(values["fail_on"]) if values["fail_on"] else config.fail_on,
        fail_under=values["fail_under"] or 0.0,
        update_baseline=values["update_baseline"],
        fake=in_process_settings(config),
    )
    reports = tuple(map(report_option, values["reports"]))
    try:
        names, extraction = read_sources(sources, reading, fallback=DEFAULT_SOURCE)
    except (PageError, ContractError) as error:
        if options.url or not sources or "://" not in sources[-1]:
            raise
        raise PageError(sources[-1], 0, f"{error.message}; a server to verify is named by --url") from error
    name = ", ".join(names)
    contract, output = extraction.contract, RunOutput(reports, values["quiet"], quotes(names))
    require_operations(contract, name, "verify")
    count = counted(len(contract.operations), "operation")
    remark(f"{name}, {count}, {options.url or 'served by its fake in process'}")
    if options.fake and not options.url:
        tell_unmatched_rules(contract, options.fake)
    if values["plan"]:
        print_plan(contract, options, as_json=values["as_json"])
    elif values["har"]:
        sys.exit(print_recording(contract, options, output, values["har"]))
    elif values["mutate"]:
        print_mutation_score(contract, options, values["mutate"])
    else:
        sys.exit(print_verification(contract, options, output))


_ALONE = {
    "plan": ("har", "mutate", "reports", "update_baseline"),
    "har": (
        "mutate",
        "only",
        "skip",
        "shard",
        "careful",
        "allow_writes",
        "jobs",
        "rate",
        "cases",
        "header",
        "fail_under",
    ),
    "mutate": (
        "url",
        "reports",
        "baseline",
        "update_baseline",
        "cases",
        "careful",
        "allow_writes",
        "header",
        "fail_under",
    ),
}
"""Options that choose what the command does, each with those that mean nothing then."""


def _check_together(values: dict[str, Any]) -> None:
    """Raise ``ConfigError`` for options that contradict each other."""
    for name, others in _ALONE.items():
        for other in others if values[name] else ():
            if values[other] not in (None, (), False):
                option = "--" + other.removesuffix("s" if other == "reports" else "").replace("_", "-")
                raise ConfigError(f"--{name}", option, expected="an option that goes with it")
    if values["shard_times"] and not values["shard"]:
        raise ConfigError("--shard-times", str(values["shard_times"]), expected="given with --shard")
    if values["as_json"] and not values["plan"]:
        raise ConfigError("--json", "verify", expected="known without --plan")


def _shard(text: str | None, times: Path | None) -> Shard:
    """Return what is to be verified, divided by count where there is no file of times yet; raises ``ConfigError``."""
    shard = Shard.of(text) if text else Shard()
    if times is None:
        return shard
    if not times.exists():
        remark(f"{times}: there is no such report, so that shards have about equally many operations")
        return shard
    return replace(shard, seconds=read_shard_times(times))


def _url(config: Config, values: dict[str, Any]) -> str:
    """Return the URL of the server, empty for the fake; raises ``ConfigError``."""
    url = config.url if values["url"] is None else str(values["url"])
    if url:
        server_url(url)
    return url


def verify_settings(config: VerifyConfig, values: dict[str, Any]) -> VerifyConfig:
    """Return the settings of the project, with the options that were given in their place."""
    names = {option.name for option in fields(VerifyConfig)} & values.keys()
    changed = {name: values[name] for name in names if values[name] not in (None, ())}
    headers = {**config.headers, **dict(map(_header, values["header"]))}
    return replace(config, headers=headers, **changed).checked()


def _budget(config: Config, settings: VerifyConfig, values: dict[str, Any]) -> Budget:
    changed = {name: values[name] for name in ("max_examples", "seed") if values[name] is not None}
    return replace(config.budget, max_requests=settings.max_requests, max_seconds=settings.max_time, **changed)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip() or not (text.isascii() and text.isprintable()):
        first = name.split(" ")[0]  # nothing else: it may be the value
        shown = first if _FIELD_NAME.fullmatch(first) else MASK
        raise ConfigError("--header", shown, expected="of the form 'NAME: VALUE', in printable ASCII")
    return name.strip(), value.strip()
