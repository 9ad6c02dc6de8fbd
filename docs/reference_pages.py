"""Pages of the manual that are made from the code: commands, fixtures, the Python API, checks, and files at the top."""

import inspect
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from docdouble import contracts, fakeserver, schemas
from docdouble.contracts import pytest_plugin
from docdouble.contracts.checks import CHECKS
from docdouble.contracts.cli.main import main

_TOP = ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")
_MODULES = (schemas, fakeserver, contracts)
_MODULE = re.compile(r"\bdocdouble(?:\.\w+)*\.(?=[A-Z])")
_OBJECT = re.compile(r"<[^>]*>")

WIDTH = 88
"""Columns of help, which fit beside the contents."""


def write_reference_pages(docs: Path) -> None:
    """Write all generated pages below ``_generated`` of the folder of the manual."""
    folder, root = docs / "_generated", docs.parent
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "checks").mkdir(parents=True)
    pages: dict[str, Callable[[], Iterator[str]]] = {"commands": _commands, "fixtures": _fixtures, "python": _python}
    for name, lines in pages.items():
        _write(folder / f"{name}.md", "\n".join(lines()))
    for name in _TOP:
        _write(folder / f"{name.lower()}.md", _relocated((root / f"{name}.md").read_text(encoding="utf-8")))
    pages_of_checks = root / "contracts" / "checks" / "pages"
    for check in CHECKS:
        shutil.copy(pages_of_checks / f"{check.id}.md", folder / "checks")
    _write(folder / "checks" / "index.md", "\n".join(_checks()))


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def _relocated(text: str) -> str:
    """Return a page of the top folder with links as they are two folders below it."""
    text = re.sub(r"\]\(docs/", "](../", text)
    text = re.sub(rf"\]\(({'|'.join(_TOP)})\.md", lambda match: f"]({match[1].lower()}.md", text)
    return re.sub(r"^<!-- [\w .]+ -->\n", "", text, flags=re.MULTILINE)


def _checks() -> Iterator[str]:
    yield from ("# Checks, page by page", "", "```{toctree}", ":maxdepth: 1", "")
    yield from (check.id for check in CHECKS)
    yield "```"


def _commands() -> Iterator[str]:
    yield from ("# Command line", "", "As `--help` prints it.", "")
    yield from _command(main, ("docdouble",), None)


def _command(command: click.Command, path: tuple[str, ...], parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command, info_name=path[-1], parent=parent, terminal_width=WIDTH, help_option_names=["-h", "--help"]
    )
    yield from (f"## {' '.join(path)}", "", "```text", command.get_help(context), "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner:
                yield from _command(inner, (*path, name), context)


def _fixtures() -> Iterator[str]:
    yield from (
        "# Fixtures of pytest",
        "",
        "The plugin is loaded once docdouble is installed ([pytest](../pytest.md)).",
        "",
    )
    for name, value in sorted(vars(pytest_plugin).items()):
        if type(value).__name__ == "FixtureFunctionDefinition":
            yield from (f"## `{name}`", "", *_docstring(value), "")


def _python() -> Iterator[str]:
    yield from ("# Python", "", "What may be imported, and stays as it is within a version.", "")
    for module in _MODULES:
        yield from (f"## `{module.__name__}`", "", *_docstring(module), "")
        for name in sorted(module.__all__):
            value = getattr(module, name)
            if callable(value):
                yield from (f"### `{name}`", "", *_signature(name, value), *_docstring(value), "")


def _signature(name: str, value: Any) -> Iterator[str]:
    try:
        signature = str(inspect.signature(value))
    except (TypeError, ValueError):
        return
    text = _OBJECT.sub("...", _MODULE.sub("", signature))
    yield from ("```python", f"{name}{text}" if len(text) < 90 else _in_lines(name, text), "```", "")


def _in_lines(name: str, signature: str) -> str:
    """Return a long signature with a line for each parameter."""
    parts, depth, start = [], 0, 1
    for index, character in enumerate(signature):
        depth += (character in "([{") - (character in ")]}")
        if (character == "," and depth == 1) or depth == 0:
            parts.append(signature[start:index].strip())
            start = index + 1
        if depth == 0:
            return f"{name}(\n    " + ",\n    ".join(filter(None, parts)) + f",\n){signature[index + 1 :]}"
    return name + signature


def _docstring(value: Any) -> Iterator[str]:
    """Yield the lines of a docstring, as Markdown: reStructuredText's double back-quotes are single ones there."""
    yield from (inspect.getdoc(value) or "").replace("``", "`").splitlines()
