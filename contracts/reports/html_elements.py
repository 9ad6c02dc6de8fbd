"""HTML documents and elements whose text is escaped, unless it is markup already."""

import base64
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup, escape

from ..model.text import plain

_EMPTY = frozenset({"meta", "input", "br"})


def tag(element: str, *children: str, **attributes: str | bool) -> Markup:
    """Return an element. Attributes are named as in HTML, with ``_`` for ``-``; a false one is left out."""
    listed = "".join(_attribute(name.strip("_").replace("_", "-"), value) for name, value in attributes.items())
    end = "" if element in _EMPTY else f"</{element}>"
    return Markup(f"<{element}{listed}>{joined(*children)}{end}")


def totals_list(numbers: Mapping[str, str]) -> Markup:
    """Return the element of numbers by their names."""
    listed = (tag("div", tag("dt", name), tag("dd", number)) for name, number in numbers.items())
    return tag("dl", *listed, class_="totals")


def command_block(command: str) -> Markup:
    """Return the element of a command to copy."""
    return tag("div", tag("pre", tag("code", command), tabindex="0"), class_="command")


def page_style(*additions: Path) -> str:
    """Return the style that the console and all reports have, with what a kind of report adds to it."""
    shared = files("docdouble.fakeserver.console").joinpath("assets", "style.css").read_text(encoding="utf-8")
    return shared + "".join(path.read_text(encoding="utf-8") for path in additions)


def html_document(title: str, body: str, style: str, script: str = "") -> bytes:
    """Return a whole document, in UTF-8: its style and script stand in it, and nothing else may be loaded or run."""
    scripts = f"script-src '{_digest(script)}'; " if script else ""
    policy = f"default-src 'none'; style-src '{_digest(style)}'; {scripts}base-uri 'none'; form-action 'none'"
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    page = tag("html", tag("head", *head), body, tag("script", Markup(script)) if script else "", lang="en")
    return f"<!doctype html>\n{page}\n".encode(errors="replace")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode()


def joined(*children: str) -> Markup:
    """Return several texts and elements, one after the other."""
    return Markup("").join(child if isinstance(child, Markup) else escaped(child) for child in children)


def escaped(text: str) -> Markup:
    """Return a text as HTML that shows it."""
    return escape(plain(text))


def _attribute(name: str, value: str | bool) -> str:
    if value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escaped(value)}"'
