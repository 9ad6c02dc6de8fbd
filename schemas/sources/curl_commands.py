"""Curl commands as documentation: each is a request that somebody may send."""

import re

from ..errors import PageError
from ..http import FORM
from ..pages.curl_syntax import curl_command, shell_words
from .written_requests import WrittenRequest

_SHELL_VARIABLE = re.compile(r"\$\{(\w+)\}|\$([A-Z][A-Z0-9_]*)")


def curl_request(text: str, line: int, page: str = "") -> WrittenRequest:
    """Return the request that a command sends; raises ``PageError`` for one that can't be read."""
    try:
        words = shell_words(text)
    except ValueError as error:
        raise PageError(page, line, f"a curl command that no shell reads: {error}") from error
    command = curl_command(words)
    if not command.urls:
        raise PageError(page, line, "a curl command without a URL")
    url = _variables(command.urls[0])
    if "://" not in url and not url.startswith(("/", "{{")):
        url = f"http://{url}"
    body = _variables(command.body)
    is_json = bool(command.values("json")) or (body.lstrip()[:1] in ("{", "[") and not command.values("data-urlencode"))
    body = "" if body.startswith("@") else body
    place = text.find(command.data[0]) if body else -1
    fields = dict(field.partition("=")[::2] for field in command.fields)
    return WrittenRequest(
        command.method,
        _variables(command.with_query(url)),
        line,
        tuple((name, _variables(value)) for name, value in command.headers),
        body,
        line + (text.count("\n", 0, place) if place > 0 else 0),
        "application/json" if is_json else FORM if body else "",
        {name: "" if value.startswith(("@", "<")) else value for name, value in fields.items()},
        frozenset(name for name, value in fields.items() if value.startswith("@")),
        tuple(command.schemes),
    )


def _variables(text: str) -> str:
    """Return a text with the variables of a shell as those of request files."""
    return _SHELL_VARIABLE.sub(lambda match: f"{{{{{match[1] or match[2]}}}}}", text)
