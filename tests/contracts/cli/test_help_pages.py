"""Help of all commands: whole summaries, options in groups, examples that can be typed, and a page that exists."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.help_pages import DocumentedCommand, DocumentedGroup
from docdouble.contracts.cli.main import main

MANUAL = Path(__file__).parents[3] / "docs"
MOST_UNGROUPED = 6
"""Options of a command that may stand in one list."""

Documented = DocumentedCommand | DocumentedGroup


def commands(path: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner
            yield from commands((*path, name), inner)


COMMANDS = dict(commands((), main))
every_command = pytest.mark.parametrize("path", COMMANDS, ids=" ".join)


def options(command: click.Command) -> list[click.Option]:
    return [param for param in command.params if isinstance(param, click.Option)]


def shown(path: tuple[str, ...]) -> str:
    result = CliRunner().invoke(main, [*path, "--help"], terminal_width=80)
    assert result.exit_code == 0
    return result.stdout


@every_command
def test_a_command_has_examples_and_a_page_that_exists(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert isinstance(command, Documented)
    assert len(command.examples) == 2
    assert (MANUAL / command.page).is_file()
    assert shown(path).endswith(f"\n\nManual: docs/{command.page}\n")


@every_command
def test_its_summary_is_not_cut(path: tuple[str, ...]) -> None:
    if path:
        summary = COMMANDS[path].get_short_help_str(limit=200)
        lines = map(str.strip, shown(path[:-1]).splitlines())
        assert f"{path[-1]} {summary}" in (" ".join(line.split()) for line in lines)


@every_command
def test_examples_name_a_command_and_options_that_exist(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert isinstance(command, Documented)
    for example in command.examples:
        words = shlex.split(example)
        named = next(command for command in (tuple(words[1:3]), tuple(words[1:2])) if command in COMMANDS)
        assert named[: len(path)] == path
        known = {name for option in options(COMMANDS[named]) for name in (*option.opts, *option.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= known
        assert f"  {example}\n" in shown(path)


@every_command
def test_many_options_stand_in_groups_each_in_one(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    if not isinstance(command, DocumentedCommand):
        return
    grouped = [name for names in command.groups.values() for name in names.split()]
    names = [next(name for name in option.opts if name.startswith("--")) for option in options(command)]
    if command.groups or len(names) > MOST_UNGROUPED:
        assert sorted(grouped) == sorted(names)


@every_command
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    assert [option.name for option in options(COMMANDS[path]) if not option.help] == []


def test_options_stand_below_the_titles_of_their_groups_in_their_order() -> None:
    command = DocumentedCommand(
        "lend",
        params=[click.Option([name], help="What it does.") for name in ("--from", "--days", "--to")],
        groups={"Who": "--to", "When": "--days --from"},
        examples={"lend --to Ada": "a loan"},
    )
    printed = CliRunner().invoke(command, ["--help"]).stdout
    sections = ["Who:", "--to TEXT", "When:", "--days TEXT", "--from TEXT", "Other options:", "--help"]
    order = [*sections, "# a loan", "lend --to Ada"]
    assert sorted(order, key=printed.index) == order
