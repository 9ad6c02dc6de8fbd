"""Request lines of documentation, and the path templates that they mean: ``/x/:id``, ``/x/<id>``, ``/x/(name)``."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..contract.paths import path_variables
from ..words import singular

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_METHOD = r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|[A-Z]{3,12}"
_PART = r"\{\{[^{}\n]*\}\}|\{[^{}\n]*\}|<[^<>\n]*>|(?<=/)\([^()\n]+\)|\[[^\[\]\n]*\]|[^\s`\"]"
_BEGINNING = r"/|https?://|\{\{?[^{}\n]*\}?\}/|<[^<>\n]*>/|\$\{?\w+\}?/|[A-Z][A-Z_]{3,}/|\[[^\[\]\n]*\]/"
REQUEST_LINE = re.compile(
    rf"(?P<method>{_METHOD})(?:`\s*|\*\*|:)?[ \t]*(?<=[\s`])`?"
    rf"(?P<path>(?=(?:{_BEGINNING}))(?:{_PART})+)`?(?P<version>[ \t]+HTTP/[\d.]+)?"
)
"""A method and a path in running text; ``version`` is that of a whole HTTP message."""
RELATIVE_LINE = re.compile(
    rf"(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE"
    rf"|OPTIONS)[ \t]+(?P<path>(?=[^\s/]*[/_{{])[\w{{<](?:{_PART})*)(?P<version>)?"
)
"""A whole line with a method and a path that has no slash at its beginning."""

_TOGETHER = re.compile(
    rf"(?P<methods>(?:{'|'.join(METHODS)})(?:[ ]*(?:[/|,]|and|or)[ ]*(?:{'|'.join(METHODS)}))+)[ \t]+(?=\S)"
)
ABSOLUTE_PATH = re.compile(rf"(?:{_BEGINNING}).*", re.DOTALL)
"""A text that begins as a path, a URL or a variable for a server does."""
RELATIVE_PATH = re.compile(r"[\w.-]+(?:/[\w{}.:<>-]+)+")
"""A path that lacks the slash at its beginning."""

_BASE_NAME = r"(?:\w*(?:base|host|url|server|endpoint|domain|address|root|origin|api)\w*)"
_BASE = re.compile(
    rf"\A(?:\{{\{{?\s*{_BASE_NAME}\s*\}}?\}}|<{_BASE_NAME}>|\$\{{?{_BASE_NAME}\}}?|\[{_BASE_NAME}\]"
    rf"|(?-i:[A-Z_]*(?:URL|HOST|SERVER|API)[A-Z_]*))(?=/)",
    re.IGNORECASE,
)
_SPELLINGS = (
    re.compile(r"\$?\{\{?(?P<name>[^{}]*+)\}?\}"),
    re.compile(r"<(?P<name>[^<>]+)>"),
    re.compile(r"(?<=[/.])\[(?P<name>[^\[\]/]+)\](?=/|\Z|[.:])"),
    re.compile(r"(?<=/)\((?P<name>[^()/]+)\)(?=/|\Z|[.:])"),
    re.compile(r"(?<=/):(?P<name>[A-Za-z_][\w-]*)\??"),
    re.compile(r"(?<=/)\$(?P<name>[A-Za-z_]\w*)"),
)
_OPTIONAL = re.compile(r"\((?P<part>/[^()]*)\)\??|\[(?P<bracketed>/[^\[\]]*)\]")
_OPTIONAL_QUERY = re.compile(r"\[(?P<query>[?&][^\[\]]*)\]")
_CONVERTER = re.compile(
    r"\A(?:(?P<type>int|integer|string|str|uuid|path|float|number):)?\+?(?P<name>.*?)(?:\.\.\.|\*|:(?:int|integer"
    r"|string|str|uuid|path))?\Z"
)
_ID = re.compile(r"(?<=/)(?P<many>[A-Za-z_-]+)/(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=[/?#]|\Z)")
"""An id behind the word for many of what it is the id of."""
_NO_NAME = re.compile(r"[^\w.$@-]+")
_VALID = re.compile(r"/[^\s`\"<>|\\^]*\Z")


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A path template, the values that its variables are listed with, names in its query, and the server before it."""

    path: str
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    server: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables."""
        return tuple(path_variables(self.path))


def request_lines(written: str) -> list[str]:
    """Return a text with one method, however many it begins with: ``GET/HEAD /boats``, ``PUT, PATCH /boats``."""
    if not (together := _TOGETHER.match(written)):
        return [written]
    return [f"{method} {written[together.end() :]}" for method in re.findall(r"[A-Z]+", together["methods"])]


def path_templates(written: str) -> tuple[PathTemplate, ...]:
    """Return the templates that a documented path means: with and without an optional part, none for no path."""
    text = _OPTIONAL_QUERY.sub(r"\g<query>", written.strip().strip("`").rstrip(",;"))
    optional = _OPTIONAL.search(text)
    if optional:
        without = text[: optional.start()] + text[optional.end() :]
        part = optional["part"] or optional["bracketed"]
        return (*path_templates(without), *path_templates(text[: optional.start()] + part + text[optional.end() :]))
    template = _template(text)
    return (template,) if template else ()


def _template(text: str) -> PathTemplate | None:
    server = ""
    if text.startswith(("http://", "https://")):
        parts = text.split("/", 3)
        server, text = "/".join(parts[:3]), "/" + (parts[3] if len(parts) > 3 else "")
    text = _BASE.sub("", text, count=1)
    text, query = _without_query(text)
    choices: list[tuple[str, tuple[str, ...]]] = []

    def variable(match: re.Match[str]) -> str:
        name, values = _variable(match["name"].strip())
        if values:
            choices.append((name, values))
        return f"\0{name}\1"

    for spelling in _SPELLINGS:
        text = spelling.sub(variable, text)
    path = _distinct(text.replace("\0", "{").replace("\1", "}"))
    path = path.split("#")[0]
    path = path if path.startswith("/") else "/" + path
    path = path.rstrip(".") if not path.endswith("/.") else path
    if not _VALID.match(path) or set(re.sub(r"\{[^{}]+\}", "", path)) & set("{}"):
        return None
    return PathTemplate(path, tuple(choices), query, "" if _BASE.match(server) else server)


def _variable(written: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a variable, and the values that are listed in place of one."""
    alternatives = tuple(part.strip() for part in written.split("|"))
    match = _CONVERTER.match(written)
    name = match["name"] if match else written
    bare = "_or_".join(alternatives) if len(alternatives) > 1 else name.strip()
    name = _NO_NAME.sub("_", bare).strip("_") if _NO_NAME.search(bare) else bare
    return name or "value", alternatives if len(alternatives) > 1 and all(alternatives) else ()


def _distinct(path: str) -> str:
    """Return a path in which each variable has a name of its own."""
    seen: dict[str, int] = {}

    def renamed(match: re.Match[str]) -> str:
        count = seen[match[1]] = seen.get(match[1], 0) + 1
        return match[0] if count == 1 else f"{{{match[1]}{count}}}"

    return re.sub(r"\{([^{}]+)\}", renamed, path)


def _without_query(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Cut the query off a path, and return the names and fixed values in it; one inside a variable is none."""
    bare = re.sub(r"\{[^{}]*\}|<[^<>]*>", lambda match: "\0" * len(match[0]), text)
    position = bare.find("?")
    if position < 0 or bare[position + 1 : position + 2] in ("", "/"):
        return (text.rstrip("?"), ())
    parts = (part for part in re.split(r"[&?]", text[position + 1 :]) if "=" in part or part[:1] not in "{<")
    pairs = ((part.partition("=")[0].strip("[]{} "), part.partition("=")[2]) for part in parts)
    query = {
        name: value if re.fullmatch(r"[\w.-]+", value) else ""
        for name, value in pairs
        if re.fullmatch(r"[\w$.-]+", name)
    }
    return text[:position], tuple(query.items())


def with_variables(sent: str) -> str:
    """Return the path of a request as it is sent, with a variable in place of each id: ``/boats/7`` of a boat."""
    return _ID.sub(_id_variable, sent)


def _id_variable(match: re.Match[str]) -> str:
    name = singular(match["many"])
    return match[0] if name == match["many"] else f"{match['many']}/{{{name}_id}}"


def soft_name(name: str) -> str:
    """Return a name as tables and paths may spell it: without case, dashes and underscores."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_server(text: str) -> bool:
    """Tell whether a text is the beginning of a URL that somebody could send a request to."""
    try:
        return bool(urlsplit(text).hostname) and not set(text) & set("{}<>[]$ ")
    except ValueError:  # brackets around what is no address, or letters that stand for other ones
        return False
