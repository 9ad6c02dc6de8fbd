"""The command line. stdout carries the result, stderr the talk."""

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from docdouble.schemas import ConfigError, Contract, DocdoubleError, Extraction, Grade, TargetError, extract
from docdouble.schemas.memory import no_collecting

from .budget import Budget
from .config import ANSWERS, NULLS, Answers, Nulls, project_config
from .finding import Severity
from .progress import progress_bar
from .words import counted

FINDINGS, USAGE, UNREACHABLE = 1, 2, 3
"""Exit codes other than 0."""

_MOST_NAMED = 20
"""Pages that are named in one line."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn our own errors into one line and an exit code."""

    @wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except TargetError as error:
            _fail(error, UNREACHABLE)
        except DocdoubleError as error:
            _fail(error, USAGE)
        except OSError as error:
            _fail(f"{error.filename}: {error.strerror}", USAGE)

    return guarded


def _fail(error: Exception | str, code: int) -> None:
    click.echo(f"docdouble: {error}", err=True)
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="docdouble", prog_name="docdouble")
def main() -> None:
    """Run API documentation: a contract, a fake server and checks, read from reference pages.

    SOURCE is a page, a folder of pages, an OpenAPI or Swagger file, or the name of a shipped contract. Of several,
    an earlier one is believed before a later one. Without any: what docdouble.toml names, else superoffice.

    Exit codes: 0 clean, 1 findings, 2 usage, source or configuration, 3 target unreachable.
    """


def _sources(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the SOURCE arguments, and the option that goes with reading them."""
    no_cache = click.option("--no-cache", is_flag=True, help="Read folders of pages anew, and keep nothing of it.")
    return click.argument("sources", nargs=-1, metavar="[SOURCE]...")(no_cache(command))


def _read(sources: tuple[str, ...], no_cache: bool) -> tuple[str, Extraction]:
    """Read the sources that are meant, and say on stderr what was passed over."""
    names = sources or (project_config(Path.cwd()).source,)
    with progress_bar("reading", "pages") as progress:
        extraction = extract(names, progress, _cache_folder(names, no_cache), processes=os.cpu_count() or 1)
    gc.freeze()  # what was read stays to the end: no need to look at it again and again
    for failure in extraction.failures:
        click.echo(f"docdouble: {failure}", err=True)
    if extraction.skipped:
        click.echo(f"docdouble: {_skipped(extraction.skipped)}", err=True)
    return ", ".join(names), extraction


def _cache_folder(names: tuple[str, ...], no_cache: bool) -> Path | None:
    """Return where folders of pages are kept, ``None`` where none is to be read or kept."""
    if no_cache or not any(map(os.path.isdir, names)):
        return None
    from platformdirs import user_cache_path  # here because only a folder needs it

    return user_cache_path("docdouble")


def _skipped(pages: tuple[str, ...]) -> str:
    more = f", and {len(pages) - _MOST_NAMED} more" if len(pages) > _MOST_NAMED else ""
    return f"{counted(len(pages), 'page')} without an operation: {', '.join(pages[:_MOST_NAMED])}{more}"


@main.command("extract")
@_sources
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the contract here, not to stdout."
)
@click.option(
    "--schemas",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a JSON Schema file for each body into this folder.",
)
@click.option("--without-prose", "bare", is_flag=True, help="Leave out summaries, descriptions and samples.")
@_guarded
def extract_command(
    sources: tuple[str, ...], no_cache: bool, output: Path | None, schemas: Path | None, bare: bool
) -> None:
    """Write the contract of SOURCE as OpenAPI 3.1, and its JSON Schemas."""
    # here because no other command needs them
    from docdouble.schemas.openapi import to_openapi, without_prose
    from docdouble.schemas.stored import written

    from .export import grades, write_schemas

    _, extraction = _read(sources, no_cache)
    contract = without_prose(extraction.contract) if bare else extraction.contract
    document = to_openapi(contract)
    if output:
        output.write_bytes(written(document))
    elif not schemas:
        click.echo(written(document), nl=False)
    count = write_schemas(contract, schemas) if schemas else 0
    click.echo(_summary(extraction, contract, count), err=True)
    facts = grades(document)
    told = ", ".join(f"{facts[grade]} {grade.value}" for grade in Grade if facts[grade])
    click.echo(f"docdouble: {counted(facts.total(), 'fact')}: {told}", err=True)


def _summary(extraction: Extraction, contract: Contract, schema_files: int) -> str:
    parts = [
        counted(len(contract.operations), "operation"),
        counted(len(contract.schemas), "named type"),
        counted(len(extraction.contradictions), "contradiction"),
        f"{counted(len(extraction.failures), 'page')} not read",
    ]
    return "docdouble: " + ", ".join(parts + ([counted(schema_files, "schema file")] if schema_files else []))


@main.command("list")
@_sources
@click.option("--resources", is_flag=True, help="List instead what the operations do to which resources, and why.")
@click.option("--json", "as_json", is_flag=True, help="Print the resources as JSON.")
@_guarded
def list_command(sources: tuple[str, ...], no_cache: bool, resources: bool, as_json: bool) -> None:
    """List the operations of SOURCE, a line each: id, method and path."""
    if as_json and not resources:
        raise ConfigError("--json", "list", expected="known without --resources")
    _, extraction = _read(sources, no_cache)
    if resources:
        _list_resources(extraction.contract, as_json)
        return
    width = max((len(operation.id) for operation in extraction.contract.operations), default=0)
    for operation in extraction.contract.operations:
        click.echo(f"{operation.id:{width}}  {operation.method:7} {operation.path}")


def _list_resources(contract: Contract, as_json: bool) -> None:
    # here because no other command needs them
    from rich.console import Console

    from .reports import resources as report
    from .resources import with_overrides

    contract = with_overrides(contract, project_config(Path.cwd()).resources)
    if as_json:
        click.echo(report.as_json(contract))
    else:
        report.print_resources(contract, Console(highlight=False))


@main.command("show")
@click.argument("operation")
@_sources
@click.option("--sampling", is_flag=True, help="Show instead where the data of each field comes from, and why.")
@_guarded
def show_command(operation: str, sources: tuple[str, ...], no_cache: bool, sampling: bool) -> None:
    """Show one OPERATION: its bodies with the line of each fact, a sample request and answer, and a curl.

    OPERATION is an id, 'METHOD path', or a part of either that only one operation has.
    """
    # here because they answer from the fake, and Faker takes 0.2 s to import
    from .serving import fake_settings
    from .show import show, show_sampling

    settings = fake_settings(project_config(Path.cwd()))
    _, extraction = _read(sources, no_cache)
    shown = show_sampling if sampling else show
    shown(extraction.contract, extraction.contract.operation(operation), settings)


@main.command("lint")
@_sources
@click.option("--against", type=click.Path(dir_okay=False), help="Compare with this OpenAPI or Swagger file, too.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule; may be given again.")
@click.option("--ignore", multiple=True, metavar="RULE", help="All but this rule; may be given again.")
@click.option("--fail-on", type=click.Choice(list(map(str, Severity))), default="error", show_default=True)
@_guarded
def lint_command(
    sources: tuple[str, ...],
    no_cache: bool,
    against: str | None,
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
) -> None:
    """Tell what the documentation of SOURCE contradicts itself in."""
    # here because no other command needs them
    from docdouble.schemas.against import compare
    from docdouble.schemas.lint import RULES, check_rules, lint, ordered

    from .reports import contradictions

    check_rules(select, "--select")
    check_rules(ignore, "--ignore")
    _, extraction = _read(sources, no_cache)
    found = list(lint(extraction))
    if against:
        found += compare(extraction.contract, extract(against).contract)
    kept = tuple(one for one in ordered(found) if one.rule not in ignore and (not select or one.rule in select))
    if form == "text":
        for line in contradictions.text(kept):
            click.echo(line)
    else:
        click.echo(contradictions.as_json(kept) if form == "json" else contradictions.sarif(kept))
    if any(Severity(RULES[one.rule].level).reaches(Severity(fail_on)) for one in kept):
        sys.exit(FINDINGS)


@main.command("serve")
@_sources
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=4010, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--seed", default=0, show_default=True, help="Chooses the data.")
@click.option("--locale", default="en_US", show_default=True, help="One of Faker's locales.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads",
    default=256,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Calls that a process answers at the same time; 1 is fastest, but one slow client stops all others.",
)
@click.option("--auth", type=click.Choice(["on", "off"]), help="Whether credentials are asked for.  [default: on]")
@click.option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help="Web pages that may call: an origin, localhost, * or none; may be given again.  [default: localhost]",
)
@click.option("--tls", is_flag=True, help="Speak TLS, with a certificate made on the fly.")
@click.option("--tls-cert", type=_FILE, help="Speak TLS with this certificate (PEM).")
@click.option("--tls-key", type=_FILE, help="The key of --tls-cert (PEM).")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KEY=VALUE,...",
    help="What goes wrong on purpose, such as status=503,share=0.1; may be given again.",
)
@click.option("--control-token", default="", help="Opens the control API.  [default: made up, and printed]")
@click.option("--reload/--no-reload", default=True, show_default=True, help="Read SOURCE again when it changes.")
@click.option("--nulls", type=click.Choice(NULLS), help="When what may be null is.  [default: sometimes]")
@click.option("--answers", type=click.Choice(ANSWERS), help="What is sent on success.  [default: generated]")
@click.option("--warm", is_flag=True, help="Compile everything before the first call.")
@_guarded
def serve_command(
    sources: tuple[str, ...],
    no_cache: bool,
    host: str,
    port: int,
    seed: int,
    locale: str,
    workers: int,
    threads: int,
    auth: str | None,
    cors: tuple[str, ...],
    tls: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
    faults: tuple[str, ...],
    control_token: str,
    reload: bool,
    nulls: Nulls | None,
    answers: Answers | None,
    warm: bool,
) -> None:
    """Serve a fake of SOURCE until interrupted."""
    # here because Faker takes 0.2 s to import
    with no_collecting():
        from docdouble.fakeserver.faults import parse_fault
        from docdouble.fakeserver.reload import Sources

        from .serving import Options, serve_contract

    config = project_config(Path.cwd())
    name, extraction = _read(sources, no_cache)
    options = Options(
        host=host,
        port=port,
        workers=workers,
        threads=threads,
        seed=seed,
        locale=locale,
        auth=None if auth is None else auth == "on",
        cors=cors,
        tls=tls,
        chain=tls_cert,
        key=tls_key,
        faults=tuple(map(parse_fault, faults)),
        token=control_token,
        reload=reload,
        nulls=nulls,
        answers=answers,
        warm=warm,
    )
    unreadable = frozenset(failure.path for failure in extraction.failures)
    names = sources or (config.source,)
    followed = Sources(names, _cache_folder(names, no_cache), unreadable)
    serve_contract(extraction.contract, name, followed, config, options)


@main.command("verify")
@_sources
@click.option("--url", help="Base URL of a server; without it, the fake is verified in process.")
@click.option("--only", multiple=True, metavar="OPERATION", help="Verify this operation; may be given again.")
@click.option(
    "--max-examples", type=click.IntRange(1, 100_000), help="Random calls of each kind per operation.  [default: 25]"
)
@click.option("--seed", type=int, help="Chooses the calls.  [default: 0]")
@click.option(
    "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Send this with every call; never printed."
)
@click.option(
    "--fail-on", type=click.Choice(list(map(str, Severity))), help="Exit 1 from this severity on.  [default: error]"
)
@click.option("-q", "--quiet", is_flag=True, help="Print operations with findings only.")
@_guarded
def verify_command(
    sources: tuple[str, ...],
    no_cache: bool,
    url: str | None,
    only: tuple[str, ...],
    max_examples: int | None,
    seed: int | None,
    headers: tuple[str, ...],
    fail_on: str | None,
    quiet: bool,
) -> None:
    """Verify the fake of SOURCE, or a server, against what SOURCE documents."""
    # here because Schemathesis takes a second to import
    from .serving import fake_settings
    from .verify import Options, verify

    name, extraction = _read(sources, no_cache)
    config = project_config(Path.cwd())
    options = Options(
        url=config.url if url is None else url,
        only=only,
        budget=_budget(config.budget, max_examples, seed),
        headers=tuple(map(_header, headers)),
        fail_on=Severity(fail_on) if fail_on else config.fail_on,
        quiet=quiet,
        fake=fake_settings(config),
    )
    count = counted(len(extraction.contract.operations), "operation")
    click.echo(f"docdouble: {name}, {count}, {options.url or 'served by its fake in process'}", err=True)
    if verify(extraction.contract, options):
        sys.exit(FINDINGS)


def _budget(budget: Budget, max_examples: int | None, seed: int | None) -> Budget:
    given = {"max_examples": max_examples, "seed": seed}
    return replace(budget, **{name: value for name, value in given.items() if value is not None})


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip() or not (text.isascii() and text.isprintable()):
        raise ConfigError("--header", name, expected="of the form 'NAME: VALUE', in printable ASCII")
    return name.strip(), value.strip()
