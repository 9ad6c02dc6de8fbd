"""URI templates (RFC 6570) of documentation: the path template of OpenAPI, and what the query takes."""

import re
from typing import NamedTuple

_EXPRESSION = re.compile(r"\{(?P<operator>[?&#+./;]?)(?P<names>[^{}]*)\}")


class TemplateParts(NamedTuple):
    """The path of a template with ``{name}`` for each variable, and the names of query parameters."""

    path: str
    query: tuple[str, ...]


def template_parts(template: str) -> TemplateParts:
    """Return the parts of a URI template; a fragment is no part of a request."""
    query: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        names = [re.sub(r"(\*|:\d+)$", "", name.strip()) for name in match["names"].split(",")]
        names = [name for name in names if name]
        if match["operator"] in ("?", "&"):
            query.extend(names)
            return ""
        if match["operator"] == "#":
            return ""
        separator = match["operator"] if match["operator"] in (".", "/", ";") else ""
        return "".join(f"{separator}{{{name}}}" for name in names)

    path, _, written = _EXPRESSION.sub(replaced, template.strip()).partition("?")
    for pair in written.partition("#")[0].split("&"):
        name = pair.partition("=")[0]
        query += [name] if name and "{" not in name else []
    whole = path if path.startswith("/") else f"/{path}"
    return TemplateParts(re.sub("//+", "/", whole), tuple(dict.fromkeys(query)))
