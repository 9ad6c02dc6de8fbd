"""Help of a command: its options in groups, examples, and the page of the manual."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from docdouble.schemas.errors import did_you_mean

READING = "--no-cache --allow-references"
"""Options of every command that reads sources."""

_LAST = "Other options"
"""Title of what stands in no group, ``--help`` among it."""


class DocumentedCommand(click.Command):
    """Command with ``groups`` of options by their titles, ``examples`` with what each does, and its ``page``.

    A group is a string of option names in their order: what stands in none of them comes last.
    """

    def __init__(
        self,
        *args: Any,
        groups: Mapping[str, str] | None = None,
        examples: Mapping[str, str] | None = None,
        page: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.groups, self.examples, self.page = groups or {}, examples or {}, page

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, a section for each group."""
        titles = {name: title for title, names in self.groups.items() for name in names.split()}
        records: dict[str, tuple[str, str]] = {}
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                records[next((name for name in parameter.opts if name in titles), parameter.opts[0])] = record
        sections: dict[str, list[tuple[str, str]]] = {title: [] for title in (*self.groups, _LAST)}
        for name in dict.fromkeys((*titles, *records)):
            if name in records:
                sections[titles.get(name, _LAST)].append(records[name])
        for title, section in sections.items():
            if section:
                with formatter.section(title if self.groups else "Options"):
                    formatter.write_dl(section, col_max=28)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and where to read on."""
        write_examples(formatter, self.examples, self.page)


class DocumentedGroup(click.Group):
    """Group of commands with ``examples`` and the ``page`` of the manual below them.

    ``deferred`` names commands of other modules: each is imported when it is asked for.
    """

    def __init__(
        self,
        *args: Any,
        examples: Mapping[str, str] | None = None,
        page: str = "",
        deferred: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.examples, self.page, self._deferred = examples or {}, page, deferred or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self._deferred})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, ``None`` for a name that none has."""
        if place := self._deferred.get(cmd_name):
            module, _, name = place.partition(":")
            command: click.Command = getattr(import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; where there is none, the error says what is missing, or the nearest one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            if looks_like_source(args[0]):
                first = next(iter(self.examples)).split()[: len(ctx.command_path.split()) + 1]
                ctx.fail(f"{args[0]!r} is no command: which one, such as {' '.join(first)} {args[0]}?")
            ctx.fail(f"No such command {args[0]!r}{did_you_mean(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and where to read on."""
        write_examples(formatter, self.examples, self.page)


class _Number:
    """Name of numbers in help and errors: ``'5m' is not a valid number``."""

    name = "number"


class WholeNumber(_Number, click.IntRange):
    """Whole number within bounds."""


class Number(_Number, click.FloatRange):
    """Number within bounds."""


def looks_like_source(word: str) -> bool:
    """Tell whether a word is the name of something that exists, or a URL."""
    return "://" in word or Path(word).exists()


def write_examples(formatter: click.HelpFormatter, examples: Mapping[str, str], page: str) -> None:
    """Write commands to copy, each on one line below what it does, and the page of the manual."""
    if examples:
        with formatter.section("Examples"):
            for command, purpose in examples.items():
                formatter.write(f"{'':{formatter.current_indent}}# {purpose}\n")
                formatter.write(f"{'':{formatter.current_indent}}{command}\n")
    if page:
        formatter.write(f"\nManual: docs/{page}\n")
