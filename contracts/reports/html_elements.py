"""HTML, made so that no text can become part of it by mistake."""

from html import escape

from ..model.text import plain


class Html(str):
    """Text that is HTML already; all other text is escaped where it is put into an element."""

    __slots__ = ()


_EMPTY = frozenset({"meta", "input", "br"})


def tag(element: str, *children: str, **attributes: str | bool) -> Html:
    """Return an element. Attributes are named as in HTML, with ``_`` for ``-``; a false one is left out."""
    told = "".join(_attribute(name.strip("_").replace("_", "-"), value) for name, value in attributes.items())
    end = "" if element in _EMPTY else f"</{element}>"
    return Html(f"<{element}{told}>{joined(*children)}{end}")


def joined(*children: str) -> Html:
    """Return several texts and elements, one after the other."""
    return Html("".join(child if isinstance(child, Html) else escaped(child) for child in children))


def escaped(text: str) -> Html:
    """Return a text as HTML that shows it."""
    return Html(escape(plain(text)))


def _attribute(name: str, value: str | bool) -> str:
    if value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escaped(value)}"'
