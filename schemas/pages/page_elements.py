"""Elements of HTML pages: which are dropped, which stand inside of running text, and what their classes mean."""

import re
from collections.abc import Mapping

_DROPPED = frozenset(
    {"script", "style", "head", "svg", "template", "noscript", "iframe", "button", "select", "textarea", "math"}
)
ASIDE = frozenset({"nav", "footer"})
"""Elements that are dropped where they are closed; one that isn't would take the rest of the page with it."""

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "tt": "`", "kbd": "`", "samp": "`"}
INLINE = frozenset(
    {"a", "abbr", "bdo", "big", "cite", "del", "dfn", "font", "ins", "label", "mark", "nobr", "q", "s", "small", "span"}
    | {"strike", "sub", "sup", "time", "u", "var", "img", "wbr", "picture", "source", *_MARKS}
)
"""Elements that stand inside of running text; any other one ends it."""

_CELLS, _DESCRIPTIONS = ("td", "th"), ("dt", "dd")
_PARTS = ("tr", "td", "th", "thead", "tbody")
CLOSED_BY = {
    "li": ("li",),
    "dt": _DESCRIPTIONS,
    "dd": _DESCRIPTIONS,
    "tr": ("tr", *_CELLS),
    "td": _CELLS,
    "th": _CELLS,
    "thead": _PARTS,
    "tbody": _PARTS,
    "tfoot": _PARTS,
    "p": ("p",),
}
"""Elements whose end may be left out, by the element whose beginning ends them."""

_TABLE = ("table",)
HOLDERS = {
    "li": ("ul", "ol", "menu"),
    "dt": ("dl",),
    "dd": ("dl",),
    "tr": _TABLE,
    "td": _TABLE,
    "th": _TABLE,
    "thead": _TABLE,
    "tbody": _TABLE,
    "tfoot": _TABLE,
    "p": ("td", "th", "li", "dd", "blockquote", "div", "section", "details"),
}
"""Elements beyond which such an end doesn't reach."""

_ANCHOR = re.compile(r"\b(headerlink|header-anchor|hash-link|anchor-link|permalink|anchorjs-link|anchor)\b")
_GUTTER = re.compile(r"\b(gutter|linenos?|lineno|rouge-gutter|line-numbers?)\b")
_CODE_TABLE = re.compile(r"\b(highlighttable|rouge-table|codehilitetable|hljs-ln|code-table)\b")
_LABEL_CLASS = re.compile(r"\b(label|badge|tag|chip|method|verb|icon)\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:language|lang|highlight|highlight-source|brush|source)[-:_]\s*([\w+#.-]+)")
_LANGUAGES = re.compile(
    r"json[c5]?|http|xml|ya?ml|html|javascript|js|typescript|ruby|python|php|java|go|csharp|swift|kotlin|shell(-session)?"
    r"|bash|sh|curl|console|text|plaintext|graphql|perl|rust|powershell|c|cpp|sql|ini|toml|diff",
    re.IGNORECASE,
)
_NO_LANGUAGE = frozenset({"default", "none", "notranslate", "nowrap", "source"})


def is_dropped(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tell whether an element is no part of what a page says, wherever it stands."""
    classes = attributes.get("class", "")
    if tag in _DROPPED:
        return True
    if tag == "a":
        return "href" in attributes and bool(_ANCHOR.search(classes) or attributes.get("aria-hidden") == "true")
    if tag in ("td", "th", "span", "div", "pre") and _GUTTER.search(classes):
        return True
    return attributes.get("role") == "navigation" and tag not in VOID


def is_code_table(attributes: Mapping[str, str]) -> bool:
    """Tell whether a table only puts numbers beside the lines of code."""
    return bool(_CODE_TABLE.search(attributes.get("class", "")))


def is_component(tag: str) -> bool:
    """Tell whether an element groups blocks by its name."""
    return "-" in tag or tag in ("details", "summary")


def markdown_mark(tag: str, attributes: Mapping[str, str]) -> str:
    """Return how Markdown marks an inline element, empty for not at all: labels and icons are no emphasis."""
    if tag == "i" and (attributes.get("class") or attributes.get("aria-hidden")):
        return ""
    return "" if _LABEL_CLASS.search(attributes.get("class", "")) and tag != "code" else _MARKS.get(tag, "")


def code_language(attributes: Mapping[str, str]) -> str:
    """Return the language that the classes of an element, or its data, name; empty for none."""
    if named := attributes.get("data-lang") or attributes.get("data-language") or attributes.get("lang", ""):
        return named if _LANGUAGES.fullmatch(named) or "data-lang" in attributes else ""
    classes = attributes.get("class", "")
    for language in _LANGUAGE.findall(classes):
        if language.lower() not in _NO_LANGUAGE:
            return str(language)
    return next((word for word in classes.split() if _LANGUAGES.fullmatch(word)), "")
