"""Pages of the manual that are made from the code: commands, fixtures, Python and control API, checks; top files."""

import inspect
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from docdouble import contracts, fakeserver, schemas
from docdouble.contracts import pytest_plugin
from docdouble.contracts.checks import CHECKS
from docdouble.contracts.cli.main import main

_TOP = ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")
_MODULES = (schemas, fakeserver, contracts)
_MODULE = re.compile(r"\b(?:docdouble|collections|typing|pathlib|wsgiref|datetime)(?:\.\w+)*\.(?=[A-Z])")
_OBJECT = re.compile(r"<[^>]*>")
_CONTROL = Path(fakeserver.__file__).parent / "control" / "control_api.json"

_LONGEST_DEFAULT = 60
"""Characters of a default of a parameter that is written out."""

WIDTH = 88
"""Columns of help, which fit beside the contents."""


def write_reference_pages(docs: Path) -> None:
    """Write all generated pages below ``_generated`` of the folder of the manual."""
    folder, root = docs / "_generated", docs.parent
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "checks").mkdir(parents=True)
    pages: dict[str, Callable[[], Iterator[str]]] = {
        "commands": _commands,
        "fixtures": _fixtures,
        "python": _python,
        "control-api": _control_api,
    }
    for name, lines in pages.items():
        _write(folder / f"{name}.md", "\n".join(lines()))
    for name in _TOP:
        unsearched = "---\nnosearch: true\n---\n\n" if name == "CHANGELOG" else ""  # it has every word
        _write(
            folder / f"{name.lower()}.md", unsearched + _relocated((root / f"{name}.md").read_text(encoding="utf-8"))
        )
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
        if type(value).__name__ == "FixtureFunctionDefinition" and not name.startswith("_"):
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
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return
    parameters = map(_with_short_default, signature.parameters.values())
    text = _OBJECT.sub(
        "...", _MODULE.sub("", str(signature.replace(parameters=list(parameters))).replace("Ellipsis", "..."))
    )
    yield from ("```python", f"{name}{text}" if len(text) < 90 else _in_lines(name, text), "```", "")


def _with_short_default(parameter: inspect.Parameter) -> inspect.Parameter:
    is_long = parameter.default is not parameter.empty and len(repr(parameter.default)) > _LONGEST_DEFAULT
    return parameter.replace(default=...) if is_long else parameter


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


def _control_api() -> Iterator[str]:
    """Yield the calls of the control API, then the objects that these send and return."""
    document = json.loads(_CONTROL.read_text(encoding="utf-8"))
    components = document["components"]
    yield from ("# Control API", "", document["info"]["description"], "")
    yield from (
        f"Paths are below `{document['servers'][0]['url']}`, where `/openapi.json` serves what this page is made of.",
        "[Faults and the control API](../control-api.md) has samples.",
        "",
    )
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield from (f"## `{method.upper()} {path}`", "", f"{operation['summary']}.", "")
            yield from _parameters(operation, components)
            yield from _body(operation)
            yield from _replies(operation, components)
    yield from ("## Objects", "")
    for name, schema in components["schemas"].items():
        yield from (f"### {name}", "", *_described(schema))
        yield from ("| property | type | means |", "|---|---|---|", *_members(schema), "")


def _parameters(operation: Mapping[str, Any], components: Mapping[str, Any]) -> Iterator[str]:
    if parameters := [_resolved(parameter, components) for parameter in operation.get("parameters", ())]:
        yield from ("| parameter | in | type | means |", "|---|---|---|---|")
        for parameter in parameters:
            kind = _type(parameter["schema"])
            yield f"| `{parameter['name']}` | {parameter['in']} | {kind} | {parameter['description']} |"
        yield ""


def _body(operation: Mapping[str, Any]) -> Iterator[str]:
    if body := operation.get("requestBody"):
        content = body["content"]["application/json"]
        needed = "" if body["required"] else ", which may be left out"
        yield from (f"Its body is JSON, {_type(content['schema'])}{needed}:", "")
        yield from ("```json", json.dumps(content["example"]), "```", "")


def _replies(operation: Mapping[str, Any], components: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of the replies, with those that are alike in one row."""
    statuses: dict[str, list[str]] = {}
    for status, response in operation["responses"].items():
        reply = _resolved(response, components)
        schemas_ = [_type(content["schema"]) for content in reply.get("content", {}).values()]
        statuses.setdefault(f"{' or '.join(schemas_) or 'none'} | {reply['description']}", []).append(status)
    rows = (f"| {', '.join(sorted(alike))} | {reply} |" for reply, alike in statuses.items())
    yield from ("| status | body | means |", "|---|---|---|", *rows, "")


def _resolved(value: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in value:
        return value
    _, _, kind, name = value["$ref"].split("/")
    resolved: Mapping[str, Any] = components[kind][name]
    return resolved


def _described(schema: Mapping[str, Any]) -> Iterator[str]:
    if "description" in schema:
        yield from (schema["description"], "")


def _members(schema: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, member in schema["properties"].items():
        needed = "" if name in schema.get("required", ()) else ", optional"
        kind = "object" if "properties" in member else _type(member)
        yield f"| `{prefix}{name}` | {kind}{needed} | {member.get('description', '')} |"
        if "properties" in member.get("items", member):
            yield from _members(member.get("items", member), f"{prefix}{name}{'[]' if 'items' in member else ''}.")


def _type(schema: Mapping[str, Any]) -> str:
    """Return what a schema takes, in a few words, with a link where it has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    types = schema.get("type", "any value")
    text = types if isinstance(types, str) else " or ".join(types)
    if "items" in schema:
        return f"{text} of {_type(schema['items'])}"
    if text == "object" and schema.get("required"):
        members = ((name, schema.get("properties", {}).get(name)) for name in schema["required"])
        return "object with " + ", ".join(
            f"`{name}`: {_type(member)}" if member else f"`{name}`" for name, member in members
        )
    limits = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join((text, *limits))
