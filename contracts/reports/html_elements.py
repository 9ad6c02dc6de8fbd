"""HTML elements whose text is escaped, unless it is markup already."""

from markupsafe import Markup, escape

from ..model.text import plain

_EMPTY = frozenset({"meta", "input", "br"})


def tag(element: str, *children: str, **attributes: str | bool) -> Markup:
    """Return an element. Attributes are named as in HTML, with ``_`` for ``-``; a false one is left out."""
    listed = "".join(_attribute(name.strip("_").replace("_", "-"), value) for name, value in attributes.items())
    end = "" if element in _EMPTY else f"</{element}>"
    return Markup(f"<{element}{listed}>{joined(*children)}{end}")


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
