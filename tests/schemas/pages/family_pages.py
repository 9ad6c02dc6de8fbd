"""A made-up API as pages in several containers, for tests of the general reader."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docdouble.schemas.extraction import Extraction
from docdouble.schemas.pages.page_folder import folder_contract


@dataclass(frozen=True)
class MadeParameter:
    """A parameter of a made-up operation."""

    name: str
    location: str
    type: str
    required: bool | None
    default: str = ""
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The description, which lists the choices."""
        return f"x. One of {', '.join(f'`{one}`' for one in self.choices)}." if self.choices else "x"


@dataclass(frozen=True)
class MadeOperation:
    """A made-up operation with what its page says."""

    method: str
    path: str
    parameters: Sequence[MadeParameter]
    response: Mapping[str, Any]


def read_pages(folder: Path, **pages: str) -> Extraction:
    """Write pages, whose names have a double underscore for a slash and a dot, and read them."""
    for name, text in pages.items():
        path = folder / name.replace("__", "/").replace("_md", ".md")
        path = path if path.suffix else path.with_suffix(".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder_contract(folder, None, None, 1)


def _grouped(operation: MadeOperation, row: Callable[[MadeParameter], str], head: str = "") -> str:
    titles = {"path": "Path parameters", "query": "Query parameters", "body": "Request body"}
    parts = []
    for location, title in titles.items():
        rows = [row(one) for one in operation.parameters if one.location == location]
        parts += [f"#### {title}\n", head + "\n".join(rows) + "\n"] if rows else []
    return "\n".join(parts)


def _answer(operation: MadeOperation) -> str:
    return f"#### Response\n\n```json\n{json.dumps(operation.response)}\n```\n"


def _said(one: MadeParameter, yes: str, no: str) -> str:
    return {True: yes, False: no, None: ""}[one.required]


def as_tables(operation: MadeOperation) -> str:
    """Return the section of an operation with tables."""
    head = "| Name | Type | Required | Default | Description |\n|---|---|---|---|---|\n"

    def row(one: MadeParameter) -> str:
        default = f"`{one.default}`" if one.default else ""
        return f"| `{one.name}` | {one.type} | {_said(one, 'yes', 'no')} | {default} | {one.text} |"

    body = _grouped(operation, row, head)
    return f"### A call\n\n`{operation.method} {operation.path}`\n\n{body}\n{_answer(operation)}"


def as_bullets(operation: MadeOperation) -> str:
    """Return the section of an operation with bullets."""

    def row(one: MadeParameter) -> str:
        *outer, name = one.name.split(".")
        default = f", default: `{one.default}`" if one.default else ""
        notes = f"{one.type}{_said(one, ', required', ', optional')}{default}"
        return f"{'  ' * len(outer)}- `{name}` ({notes}) - {one.text}"

    body = _grouped(operation, row)
    return f"### A call\n\n```\n{operation.method} {operation.path}\n```\n\n{body}\n{_answer(operation)}"


def as_definitions(operation: MadeOperation) -> str:
    """Return the section of an operation with definition lists."""

    def row(one: MadeParameter) -> str:
        default = f" Default: `{one.default}`." if one.default else ""
        return f"`{one.name}`\n: ({one.type}{_said(one, ', required', ', optional')}) {one.text}{default}\n"

    body = _grouped(operation, row)
    return f"### {operation.method} {operation.path}\n\n{body}\n{_answer(operation)}"


def as_components(operation: MadeOperation) -> str:
    """Return the section of an operation with components."""
    fields = "\n".join(
        f'<Field in="{one.location}" name="{one.name}" type="{one.type}"{_said(one, " required", "")}'
        + (f' default="{one.default}"' if one.default else "")
        + f">{one.text}</Field>"
        for one in operation.parameters
    )
    call = f'<Call method="{operation.method}" path="{operation.path}" />'
    return f"### A call\n\n{call}\n\n{fields}\n\n{_answer(operation)}"


def as_html(operation: MadeOperation) -> str:
    """Return the section of an operation in HTML."""
    parts = [f"<h3>A call</h3><p><code>{operation.method} {operation.path}</code></p>"]
    for location, title in (("path", "Path parameters"), ("query", "Query parameters"), ("body", "Request body")):
        rows = "".join(
            f"<tr><td><code>{one.name}</code></td><td>{one.type}</td><td>{_said(one, 'yes', 'no')}</td>"
            f"<td>{one.default}</td><td>{one.text}</td></tr>"
            for one in operation.parameters
            if one.location == location
        )
        head = "<tr><th>Name</th><th>Type</th><th>Required</th><th>Default</th><th>Description</th></tr>"
        parts += [f"<h4>{title}</h4><table>{head}{rows}</table>"] if rows else []
    parts.append(f'<h4>Response</h4><pre><code class="language-json">{json.dumps(operation.response)}</code></pre>')
    return "\n".join(parts)


CONTAINERS: Mapping[str, tuple[str, Callable[[MadeOperation], str]]] = {
    "tables": (".md", as_tables),
    "bullets": (".md", as_bullets),
    "definitions": (".md", as_definitions),
    "components": (".mdx", as_components),
    "html": (".html", as_html),
}
