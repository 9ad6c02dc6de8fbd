"""The command line. stdout carries the result, stderr the talk."""

import sys
import threading
from pathlib import Path

import click

from docdouble.schemas import ConfigError, Contract, Extraction, Grade, extract

from ..config.config import project_config
from ..model.finding import Severity
from ..model.text import counted
from ..output.echo import echo_json, echo_lines, print_error, remark
from .common import SourceOptions, guarded_command, read_sources, with_sources
from .exit_codes import ExitCode
from .help_pages import READING, DocumentedCommand, DocumentedGroup


@click.group(
    cls=DocumentedGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples={
        "docdouble serve openapi.yaml": "a fake of an API on http://127.0.0.1:4010",
        "docdouble verify openapi.yaml --url https://staging.example.com": "does a server keep its documentation?",
    },
    page="index.md",
    deferred={
        name: f"{__package__}.{name}:{name}_{'group' if name == 'dialect' else 'command'}".replace("-", "_")
        for name in ("coverage", "dialect", "diff", "init", "load", "merge-reports", "proxy", "serve", "verify")
    },
)
@click.version_option(package_name="docdouble", prog_name="docdouble")
def main() -> None:
    """Run API documentation: serve a fake of the API, and verify servers against it.

    SOURCE is an OpenAPI or Swagger file or its URL, a folder of reference pages or one page, or the name of a shipped
    contract. Of several, an earlier one is believed before a later one, and NAME=SOURCE puts one below /NAME. Without
    any: what docdouble.toml names, else the documentation at the top of the folder you are in; verify takes the
    shipped contract where there is none.

    Exit codes: 0 clean, 1 findings, 2 usage, source or configuration, 3 server unreachable.
    """
    sys.excepthook = print_error
    threading.excepthook = lambda args: print_error(args.exc_type, args.exc_value, args.exc_traceback)


@main.command(
    "extract",
    cls=DocumentedCommand,
    groups={"What is written": "--output --schemas --without-prose --for", "Reading SOURCE": READING},
    examples={
        "docdouble extract docs/ -o contract.json": "reference pages as one OpenAPI document",
        "docdouble extract openapi.yaml --schemas schemas/": "a JSON Schema file for each body",
    },
    page="contracts.md",
)
@with_sources
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the contract here, not to stdout."
)
@click.option(
    "--schemas",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a JSON Schema file for each body into this folder.",
)
@click.option("--without-prose", "bare", is_flag=True, help="Leave out summaries, descriptions and samples.")
@click.option(
    "--for",
    "tool",
    type=(click.Choice(["schemathesis"]), click.Path(file_okay=False, path_type=Path)),
    metavar="schemathesis FOLDER",
    help="Write the contract for another tool into this folder, with settings for it.",
)
@guarded_command
def extract_command(
    sources: tuple[str, ...],
    reading: SourceOptions,
    output: Path | None,
    schemas: Path | None,
    bare: bool,
    tool: tuple[str, Path] | None,
) -> None:
    """Write SOURCE as an OpenAPI 3.1 document or as JSON Schemas."""
    # here because no other command needs them
    from docdouble.schemas.openapi.contract_file import contract_file_bytes
    from docdouble.schemas.openapi.convert import to_openapi, without_prose

    from .export import grades, write_for_schemathesis, write_schemas

    _, extraction = read_sources(sources, reading)
    contract = without_prose(extraction.contract) if bare else extraction.contract
    document = to_openapi(contract)
    if output:
        output.write_bytes(contract_file_bytes(document))
    elif not schemas and not tool:
        echo_json(contract_file_bytes(document))
    if tool:
        write_for_schemathesis(contract, tool[1])
    count = write_schemas(contract, schemas) if schemas else 0
    remark(_summary(extraction, contract, count))
    facts = grades(document)
    by_grade = ", ".join(f"{facts[grade]} {grade.value}" for grade in Grade if facts[grade])
    remark(f"{counted(facts.total(), 'fact')}: {by_grade}")


def _summary(extraction: Extraction, contract: Contract, schema_files: int) -> str:
    parts = [
        counted(len(contract.operations), "operation"),
        counted(len(contract.schemas), "named type"),
        counted(len(extraction.contradictions), "contradiction"),
        f"{counted(len(extraction.failures), 'page')} not read",
    ]
    return ", ".join(parts + ([counted(schema_files, "schema file")] if schema_files else []))


@main.command(
    "list",
    cls=DocumentedCommand,
    groups={"What is listed": "--resources --json", "Reading SOURCE": READING},
    examples={
        "docdouble list openapi.yaml": "all operations",
        "docdouble list docs/ --resources": "which operations create, read, change and delete what",
    },
    page="contracts.md",
)
@with_sources
@click.option(
    "--resources",
    is_flag=True,
    help="List the resources instead: which operation creates, reads, changes or deletes what, and why.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the resources as JSON.")
@guarded_command
def list_command(sources: tuple[str, ...], reading: SourceOptions, resources: bool, as_json: bool) -> None:
    """List the operations of SOURCE.

    Each has a line with its id, method and path. Webhooks and callbacks, which the server sends, come last and are
    marked.
    """
    if as_json and not resources:
        raise ConfigError("--json", "list", expected="known without --resources")
    _, extraction = read_sources(sources, reading)
    if resources:
        _list_resources(extraction.contract, as_json)
        return
    from .operation_list import operation_lines  # here because no other command needs it

    echo_lines(operation_lines(extraction.contract))


def _list_resources(contract: Contract, as_json: bool) -> None:
    # here because no other command needs them
    from ..output.styled_text import console_for
    from . import resources_text as report

    if as_json:
        echo_json(report.resources_json(contract))
    else:
        report.print_resources(contract, console_for())


@main.command(
    "show",
    cls=DocumentedCommand,
    groups={"What is shown": "--sampling", "Reading SOURCE": READING},
    examples={
        "docdouble show 'POST /guests' openapi.yaml": "one operation, with a sample call",
        "docdouble show createGuest openapi.yaml --sampling": "where the fake's data comes from",
    },
    page="contracts.md",
)
@click.argument("operation")
@with_sources
@click.option("--sampling", is_flag=True, help="Show instead where the data of each field comes from, and why.")
@guarded_command
def show_command(operation: str, sources: tuple[str, ...], reading: SourceOptions, sampling: bool) -> None:
    """Show one OPERATION of SOURCE, with a sample call.

    Its parameters and bodies come with the line that documents each, then a sample request and answer, and a curl.

    OPERATION is an id, 'METHOD path', or a part of either that only one operation has; or a webhook or a callback.
    """
    # here because they answer from the fake, and Faker takes 0.2 s to import
    from .operation_list import named_operation
    from .serving import in_process_settings, tell_unmatched_rules
    from .show import show, show_sampling

    settings = in_process_settings(project_config(Path.cwd(), ("samples", "serve")))
    _, extraction = read_sources(sources, reading)
    shown = show_sampling if sampling else show
    if sampling:
        tell_unmatched_rules(extraction.contract, settings)
    shown(extraction.contract, named_operation(extraction.contract, operation), settings)


@main.command(
    "lint",
    cls=DocumentedCommand,
    groups={
        "What is checked": "--select --ignore --against",
        "Result": "--format --fail-on",
        "Reading SOURCE": READING,
    },
    examples={
        "docdouble lint openapi.yaml": "contradictions of a document",
        "docdouble lint docs/ --format sarif > lint.sarif": "for code scanning",
    },
    page="lint.md",
)
@with_sources
@click.option(
    "--against", type=click.Path(dir_okay=False), help="Compare SOURCE with this OpenAPI or Swagger file, too."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule; may be given again.")
@click.option("--ignore", multiple=True, metavar="RULE", help="All but this rule; may be given again.")
@click.option(
    "--fail-on",
    type=click.Choice(list(map(str, Severity))),
    default="error",
    show_default=True,
    help="Exit 1 from this severity on.",
)
@guarded_command
def lint_command(
    sources: tuple[str, ...],
    reading: SourceOptions,
    against: str | None,
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
) -> None:
    """Find contradictions in the documentation of SOURCE."""
    # here because no other command needs them
    from docdouble.fakeserver.sampler.impossible_values import impossible_values
    from docdouble.schemas.lint import lint
    from docdouble.schemas.lint.against_openapi import compare_with_document
    from docdouble.schemas.lint.lint_rules import RULES, check_rules, ordered

    from . import lint_output

    check_rules(select, "--select")
    check_rules(ignore, "--ignore")
    _, extraction = read_sources(sources, reading)
    contradictions = [*lint(extraction), *impossible_values(extraction.contract)]
    if against:
        contradictions += compare_with_document(
            extraction.contract, extract(against, access=reading.access((against,))).contract
        )
    kept = tuple(
        contradiction
        for contradiction in ordered(contradictions)
        if contradiction.rule not in ignore and (not select or contradiction.rule in select)
    )
    if form == "text":
        echo_lines(lint_output.lint_text(kept))
    else:
        echo_json(lint_output.lint_json(kept) if form == "json" else lint_output.lint_sarif(kept))
    if any(Severity(RULES[contradiction.rule].level).reaches(Severity(fail_on)) for contradiction in kept):
        sys.exit(ExitCode.FINDINGS)
