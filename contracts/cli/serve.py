"""Command ``docdouble serve``: its options."""

from pathlib import Path
from typing import Any

import click

from docdouble.schemas.cache import without_garbage_collection

from ..config.config import ANSWERS, NULLS, READ_ONLY, VALIDATE, project_config
from ..config.default_contract import cache_folder
from ..config.json_schema import key_schema
from ..output.echo import print_lines
from .common import SourceOptions, guarded_command, read_sources, require_operations, with_sources
from .help_pages import READING, DocumentedCommand, Number, WholeNumber
from .server_options import with_server

_MAX_POPULATION = key_schema("serve", "population")["maximum"]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "serve",
    cls=DocumentedCommand,
    groups={
        "Address": "--host --port --base-path --tls --tls-cert --tls-key",
        "Data": "--seed --locale --population --seed-data --nulls --answers --state",
        "Callers": "--auth --cors --validate --read-only",
        "Tests": "--fault --control-token --control-origin --control-host --open --coverage",
        "Running": "--reload --warm --workers --threads --body-timeout --log-format --quiet",
        "Reading SOURCE": READING,
    },
    examples={
        "docdouble serve openapi.yaml --port 8080": "the fake of a document, on another port",
        "docdouble serve docs/ --state guests.db --auth off": "writes are kept in a file, nobody needs a token",
    },
    page="serve.md",
)
@with_sources
@with_server
@click.option(
    "--base-path", metavar="PATH", help="Path before all others, such as /v1; / for none.  [default: as documented]"
)
@click.option("--seed", default=0, show_default=True, help="Another number gives other data.")
@click.option(
    "--locale", default="en_US", show_default=True, help="Language and country of the data, one of Faker's locales."
)
@click.option("--workers", default=1, show_default=True, type=WholeNumber(1, 64), help="Number of processes.")
@click.option(
    "--threads",
    default=1024,
    show_default=True,
    type=WholeNumber(1, 1024),
    help="Calls that a process answers at the same time of those that may wait, such as for a file or a delay.",
)
@click.option(
    "--body-timeout",
    type=Number(0, 1_000_000, min_open=True),
    help="Seconds within which a body must come in.  [default: 30]",
)
@click.option("--auth", type=click.Choice(["on", "off"]), help="Whether callers need credentials.  [default: on]")
@click.option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help="Origin of web pages that may call, or localhost, * or none; may be given again.  [default: localhost]",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KEY=VALUE,...",
    help="Fail on purpose, such as status=503,share=0.1; may be given again.",
)
@click.option("--reload/--no-reload", default=True, show_default=True, help="Read SOURCE again when it changes.")
@click.option(
    "--validate",
    type=click.Choice(VALIDATE),
    help="Refuse requests that break the documentation, answer with a warning, or just answer.  [default: on]",
)
@click.option(
    "--read-only",
    type=click.Choice(READ_ONLY),
    help="What happens to readOnly properties that are sent.  [default: ignore]",
)
@click.option("--nulls", type=click.Choice(NULLS), help="How often values that may be null are.  [default: sometimes]")
@click.option(
    "--answers",
    type=click.Choice(ANSWERS),
    help="Send generated data, or the documented examples.  [default: generated]",
)
@click.option("--coverage", is_flag=True, help="Note what calls use of the contract; GET /__docdouble__/use shows it.")
@click.option("--warm", is_flag=True, help="Compile everything before the first call.")
@click.option(
    "--state",
    metavar="memory|off|PATH|URL",
    help="Keep what callers write in memory, not at all, in an SQLite file, or in Redis.  [default: memory]",
)
@click.option(
    "--population",
    type=WholeNumber(0, _MAX_POPULATION),
    help="Entities of each resource at the start.  [default: 25]",
)
@click.option("--seed-data", type=_FILE, help="JSON file with entities of your own at the start.")
@click.option("-q", "--quiet", is_flag=True, help="Log no requests.")
@guarded_command
def serve_command(
    sources: tuple[str, ...],
    reading: SourceOptions,
    auth: str | None,
    faults: tuple[str, ...],
    base_path: str | None,
    **values: Any,
) -> None:
    """Serve a fake of SOURCE until Ctrl-C."""
    # here because Faker takes 0.2 s to import
    with without_garbage_collection():
        from docdouble.fakeserver.control.faults import parse_fault
        from docdouble.fakeserver.serving.reload import Sources

        from .read_documentation import ReadDocumentation
        from .serving import (
            CONFIG_KEYS,
            ServedAnew,
            ServeOptions,
            below_base_path,
            configuration_files,
            serve_contract,
        )

    config = project_config(Path.cwd(), CONFIG_KEYS)
    names, extraction = read_sources(sources, reading)
    name = ", ".join(names)
    is_on = None if auth is None else auth == "on"
    documentation = ReadDocumentation.of(sources, names, reading)
    options = ServeOptions(auth=is_on, faults=tuple(map(parse_fault, faults)), documentation=documentation, **values)
    unreadable = frozenset(failure.path for failure in extraction.failures)
    followed = Sources(
        names,
        cache_folder(names, reading.no_cache),
        unreadable,
        ServedAnew(Path.cwd(), "" if sources else config.source, options, base_path),
        reading.access(sources),
        configuration_files(Path.cwd(), config, options),
        print_lines,
    )
    contract = below_base_path(extraction.contract, base_path)
    require_operations(contract, name, "serve")
    serve_contract(contract, name, followed, config, options)
