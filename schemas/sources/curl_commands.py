"""Curl commands as documentation: each is a request that somebody may send."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..contract.credential_schemes import Scheme, http_scheme
from ..errors import PageError
from ..http import FORM
from .written_requests import WrittenRequest

_START = re.compile(r"^[ \t]*(?:\$ )?curl(?=\s)", re.MULTILINE)
_CONTINUED = re.compile(r"[\\^`]\s*\Z")
_SHELL_VARIABLE = re.compile(r"\$\{(\w+)\}|\$([A-Z][A-Z0-9_]*)")
_WITHOUT_VALUE = frozenset("sSkLvifgIG#NO")
"""Short options that take no value, and may stand together."""

_LONG_WITH_VALUE = re.compile(
    r"request|url(-query)?|header|data(-raw|-binary|-ascii|-urlencode)?|json|form(-string)?|user(-agent)?|referer|cookie(-jar)?"
    r"|output|max-time|connect-timeout|proxy|cacert|cert|key|retry(-delay)?|write-out|config|upload-file|oauth2-bearer|range"
    r"|limit-rate|resolve|aws-sigv4|request-target"
)
_SHORT = {
    "X": "request",
    "H": "header",
    "d": "data",
    "F": "form",
    "u": "user",
    "A": "user-agent",
    "e": "referer",
    "b": "cookie",
    "c": "cookie-jar",
    "o": "output",
    "m": "max-time",
    "x": "proxy",
    "E": "cert",
    "w": "write-out",
    "K": "config",
    "T": "upload-file",
    "r": "range",
    "G": "get",
    "I": "head",
}
_DATA = ("data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json")
_END_OF_COMMAND = frozenset({"|", "||", "&&", ";", ">", ">>", "2>", "2>&1", "&"})


class _Option(NamedTuple):
    name: str
    value: str


def curl_commands(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the first line of each curl command, its text, and the comment directly above it."""
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        if not _START.match(lines[place]):
            place += 1
            continue
        end = place + 1
        while end < len(lines) and (_CONTINUED.search(lines[end - 1]) or _is_open("\n".join(lines[place:end]))):
            end += 1
            if end - place > 10_000:  # a quotation mark that nothing closes
                break
        above = lines[place - 1].strip() if place else ""
        yield place + 1, "\n".join(lines[place:end]), above.lstrip("# ") if above.startswith("#") else ""
        place = end


def _is_open(text: str) -> bool:
    """Tell whether a quotation of a command goes on in the next line."""
    try:
        shlex.split(text, comments=False)
    except ValueError:
        return True
    return False


def curl_request(command: str, line: int, page: str = "") -> WrittenRequest:
    """Return the request that a command sends; raises ``PageError`` for one that can't be read."""
    try:
        words = shlex.split(re.sub(r"[\\^`][ \t]*\r?\n", " ", command), comments=True)
    except ValueError as error:
        raise PageError(page, line, f"a curl command that no shell reads: {error}") from error
    start = words.index("curl") + 1
    end = next((place for place, word in enumerate(words) if place >= start and word in _END_OF_COMMAND), len(words))
    options, urls = _options(words[start:end])
    urls += [one.value for one in options if one.name == "url"]
    if not urls:
        raise PageError(page, line, "a curl command without a URL")
    return _with_data(_plain(options, urls[0], line), options, command)


def _options(words: list[str]) -> tuple[list[_Option], list[str]]:
    options, urls = [], []
    rest = iter(words)
    for word in rest:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            needs = _LONG_WITH_VALUE.fullmatch(name) and not equals
            options.append(_Option(name, next(rest, "") if needs else value))
        elif word.startswith("-") and len(word) > 1:
            options += _short_options(word[1:], rest)
        elif word.strip():
            urls.append(word)
    return options, urls


def _short_options(letters: str, rest: Iterator[str]) -> Iterator[_Option]:
    for place, letter in enumerate(letters):
        if letter in _WITHOUT_VALUE:
            yield _Option(_SHORT.get(letter, letter), "")
            continue
        yield _Option(_SHORT.get(letter, letter), letters[place + 1 :] or (next(rest, "") if letter in _SHORT else ""))
        return


def _plain(options: list[_Option], url: str, line: int) -> WrittenRequest:
    headers, schemes = [], list[tuple[str, Scheme]]()
    for option in options:
        if option.name == "header":
            name, colon, value = option.value.partition(":")
            headers += [(name.strip(), _variables(value.strip()))] if colon else []
        elif option.name == "user":
            digest = any(one.name == "digest" for one in options)
            schemes.append(http_scheme("digest" if digest else "basic"))
        elif option.name == "oauth2-bearer":
            schemes.append(http_scheme("bearer"))
    url = _variables(url)
    if "://" not in url and not url.startswith(("/", "{{")):
        url = f"http://{url}"
    return WrittenRequest("", url, line, tuple(headers), schemes=tuple(schemes))


def _with_data(request: WrittenRequest, options: list[_Option], command: str) -> WrittenRequest:
    named = {option.name: option.value for option in options}
    given = [one for one in options if one.name in _DATA]
    forms = dict(one.value.partition("=")[::2] for one in options if one.name in ("form", "form-string"))
    data = "&".join(_variables(one.value) for one in given)
    if given and "get" in named:
        mark = "&" if "?" in request.url else "?"
        request, data = replace(request, url=f"{request.url}{mark}{data}"), ""
    method = "HEAD" if "head" in named else "PUT" if "upload-file" in named else "GET"
    if "get" not in named and (given or forms):
        method = "POST"
    is_json = "json" in named or (data.lstrip()[:1] in ("{", "[") and "data-urlencode" not in named)
    body = "" if data.startswith("@") else data
    place = command.find(given[0].value) if body else -1
    return replace(
        request,
        method=(named.get("request") or method).upper(),
        body=body,
        body_line=request.line + (command.count("\n", 0, place) if place > 0 else 0),
        media_type="application/json" if is_json else FORM if body else "",
        fields={name: "" if value.startswith(("@", "<")) else value for name, value in forms.items()},
        files=frozenset(name for name, value in forms.items() if value.startswith("@")),
    )


def _variables(text: str) -> str:
    """Return a text with the variables of a shell as those of request files."""
    return _SHELL_VARIABLE.sub(lambda match: f"{{{{{match[1] or match[2]}}}}}", text)
