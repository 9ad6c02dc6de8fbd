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
        return f"x. One of {', '.join(f'`{choice}`' for choice in self.choices)}." if self.choices else "x"


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
        rows = [row(parameter) for parameter in operation.parameters if parameter.location == location]
        parts += [f"#### {title}\n", head + "\n".join(rows) + "\n"] if rows else []
    return "\n".join(parts)


def _answer(operation: MadeOperation) -> str:
    return f"#### Response\n\n```json\n{json.dumps(operation.response)}\n```\n"


def _requirement(param: MadeParameter, yes: str, no: str) -> str:
    return {True: yes, False: no, None: ""}[param.required]


def as_tables(operation: MadeOperation) -> str:
    """Return the section of an operation with tables."""
    head = "| Name | Type | Required | Default | Description |\n|---|---|---|---|---|\n"

    def row(param: MadeParameter) -> str:
        default = f"`{param.default}`" if param.default else ""
        return f"| `{param.name}` | {param.type} | {_requirement(param, 'yes', 'no')} | {default} | {param.text} |"

    body = _grouped(operation, row, head)
    return f"### A call\n\n`{operation.method} {operation.path}`\n\n{body}\n{_answer(operation)}"


def as_bullets(operation: MadeOperation) -> str:
    """Return the section of an operation with bullets."""

    def row(param: MadeParameter) -> str:
        *outer, name = param.name.split(".")
        default = f", default: `{param.default}`" if param.default else ""
        notes = f"{param.type}{_requirement(param, ', required', ', optional')}{default}"
        return f"{'  ' * len(outer)}- `{name}` ({notes}) - {param.text}"

    body = _grouped(operation, row)
    return f"### A call\n\n```\n{operation.method} {operation.path}\n```\n\n{body}\n{_answer(operation)}"


def as_definitions(operation: MadeOperation) -> str:
    """Return the section of an operation with definition lists."""

    def row(param: MadeParameter) -> str:
        default = f" Default: `{param.default}`." if param.default else ""
        return (
            f"`{param.name}`\n: ({param.type}{_requirement(param, ', required', ', optional')}) {param.text}{default}\n"
        )

    body = _grouped(operation, row)
    return f"### {operation.method} {operation.path}\n\n{body}\n{_answer(operation)}"


def as_components(operation: MadeOperation) -> str:
    """Return the section of an operation with components."""
    fields = "\n".join(
        f'<Field in="{param.location}" name="{param.name}" type="{param.type}"{_requirement(param, " required", "")}'
        + (f' default="{param.default}"' if param.default else "")
        + f">{param.text}</Field>"
        for param in operation.parameters
    )
    call = f'<Call method="{operation.method}" path="{operation.path}" />'
    return f"### A call\n\n{call}\n\n{fields}\n\n{_answer(operation)}"


def as_html(operation: MadeOperation) -> str:
    """Return the section of an operation in HTML."""
    parts = [f"<h3>A call</h3><p><code>{operation.method} {operation.path}</code></p>"]
    for location, title in (("path", "Path parameters"), ("query", "Query parameters"), ("body", "Request body")):
        rows = "".join(
            f"<tr><td><code>{param.name}</code></td><td>{param.type}</td><td>{_requirement(param, 'yes', 'no')}</td>"
            f"<td>{param.default}</td><td>{param.text}</td></tr>"
            for param in operation.parameters
            if param.location == location
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
