"""Syntax of curl commands: where they stand in a text, and what their options and URLs are."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ..contract.credential_schemes import Scheme, http_scheme

_START = re.compile(r"^[ \t]*(?:\$[ \t]+)?(?=curl\s)", re.MULTILINE)
_CONTINUED = r"[\\^`][ \t]*\r?\n"
_COMMAND = re.compile(
    rf"(?:'[^']*(?:'|\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\Z)|{_CONTINUED}|\n(?=[ \t]*--?[A-Za-z])|\\.|[^\n])*", re.DOTALL
)
"""A command with its next lines: in a quotation, behind a mark at the end, and where they begin with an option."""

_END_OF_COMMAND = frozenset({"|", "||", "&&", ";", ">", ">>", "2>", "2>&1", "&"})
_LONG_WITH_VALUE = re.compile(
    r"request(-target)?|url(-query)?|header|data(-raw|-binary|-ascii|-urlencode)?|json|form(-string)?|upload-file|user"
    r"|user-agent|referer|cookie(-jar)?|oauth2-bearer|aws-sigv4|service-name|sasl-authzid|login-options|range|continue-at"
    r"|output(-dir)?|write-out|stderr|trace(-ascii)?|dump-header|libcurl|config|netrc-file|limit-rate|rate|time-cond"
    r"|max-(time|redirs|filesize)|(connect|expect100)-timeout|speed-(limit|time)|retry(-delay|-max-time)?|keepalive-time"
    r"|happy-eyeballs-timeout-ms|parallel-max|resolve|connect-to|interface|local-port|(abstract-)?unix-socket|dns-.*"
    r"|doh-url|proto(-default|-redir)?|alt-svc|hsts|etag-(compare|save)|create-file-mode|quote|tftp-blksize|mail-(auth|from)"
    r"|mail-rcpt|telnet-option|ftp-(account|alternative-to-user|method|port|ssl-ccc-mode)|krb|delegation|engine|curves"
    r"|(proxy-)?(ca(cert|path)|cert(-type)?|ciphers|crlfile|key(-type)?|pass|pinnedpubkey|tls13-ciphers|tlsauthtype"
    r"|tlspassword|tlsuser)|pubkey|hostpub(md5|sha256)|tls-max|egd-file|random-file"
    r"|(pre)?proxy(1\.0|-header|-service-name|-user)?|noproxy|socks4a?|socks5(-hostname|-gssapi-service)?"
)
"""Long options that take a value, as ``curl --help all`` lists them; all others are switches."""

_LETTERS_WITH_VALUE = {
    "A": "user-agent",
    "C": "continue-at",
    "D": "dump-header",
    "E": "cert",
    "F": "form",
    "H": "header",
    "K": "config",
    "P": "ftp-port",
    "Q": "quote",
    "T": "upload-file",
    "U": "proxy-user",
    "X": "request",
    "Y": "speed-limit",
    "b": "cookie",
    "c": "cookie-jar",
    "d": "data",
    "e": "referer",
    "m": "max-time",
    "o": "output",
    "r": "range",
    "t": "telnet-option",
    "u": "user",
    "w": "write-out",
    "x": "proxy",
    "y": "speed-time",
    "z": "time-cond",
}
_SWITCHES = {"G": "get", "I": "head"}
_DATA = ("data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json")
_CREDENTIALS = ("user", "oauth2-bearer")
_FORM = ("form", "form-string")


class CurlOption(NamedTuple):
    """An option by its long name; a switch has an empty value."""

    name: str
    value: str


@dataclass(frozen=True)
class CurlCommand:
    """The options of a command, and the words that belong to none of them."""

    options: tuple[CurlOption, ...]
    words: tuple[str, ...]

    def values(self, *names: str) -> list[str]:
        """Return the values of the options with one of some names, in their order."""
        return [option.value for option in self.options if option.name in names]

    @property
    def urls(self) -> list[str]:
        """The words that may be URLs, and those that an option says are."""
        return [*self.words, *self.values("url")]

    @property
    def data(self) -> list[str]:
        """The values that make up the body, or the query."""
        return self.values(*_DATA)

    @property
    def sends_query(self) -> bool:
        """Whether the data is sent as the query."""
        return bool(self.values("get"))

    @property
    def body(self) -> str:
        """The body, empty for none or a form of several parts."""
        return "" if self.sends_query else "&".join(self.data)

    def with_query(self, url: str) -> str:
        """Return a URL with the data behind it that is sent as the query."""
        query = "&".join(self.data) if self.sends_query else ""
        return f"{url}{'&' if '?' in url else '?'}{query}" if query else url

    @property
    def fields(self) -> list[str]:
        """The fields of a multipart form: ``name=value``."""
        return self.values(*_FORM)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The names and values of the header fields."""
        written = (value.partition(":") for value in self.values("header"))
        return [(name.strip(), value.strip()) for name, colon, value in written if colon]

    @property
    def credentials(self) -> list[str]:
        """The values of the options that are credentials."""
        return self.values(*_CREDENTIALS)

    @property
    def schemes(self) -> list[tuple[str, Scheme]]:
        """The security schemes of the credentials."""
        of_user = "digest" if self.values("digest") else "basic"
        names = (option.name for option in self.options if option.name in _CREDENTIALS)
        return [http_scheme(of_user if name == "user" else "bearer") for name in names]

    @property
    def method(self) -> str:
        """The method that is asked for, else the one that curl takes."""
        if written := self.values("request"):
            return written[-1].upper()
        if not self.sends_query and (self.data or self.fields):
            return "POST"
        return "HEAD" if self.values("head") else "PUT" if self.values("upload-file") else "GET"


def command_texts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the curl commands of a text, each with the number of the newlines before it."""
    starts = [match.end() for match in _START.finditer(text)]
    line = counted = 0
    for start, following in pairwise((*starts, len(text))):
        line, counted = line + text.count("\n", counted, start), start
        if match := _COMMAND.match(text, start, following):
            yield line, match[0].rstrip()


def shell_words(command: str) -> list[str]:
    """Return the words of a command as a shell reads them; raises ``ValueError`` for a quotation without an end."""
    return shlex.split(re.sub(_CONTINUED, " ", command), comments=True)


def curl_command(words: Sequence[str]) -> CurlCommand:
    """Return the command that words are, up to what a shell does with its output."""
    end = next((place for place, word in enumerate(words) if word in _END_OF_COMMAND), len(words))
    options, others = list[CurlOption](), list[str]()
    rest = iter(words[1:end])
    for word in rest:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            options.append(
                CurlOption(name, next(rest, "") if _LONG_WITH_VALUE.fullmatch(name) and not equals else value)
            )
        elif word.startswith("-") and len(word) > 1:
            options += _short_options(word[1:], rest)
        elif word.strip():
            others.append(word)
    return CurlCommand(tuple(options), tuple(others))


def _short_options(letters: str, rest: Iterator[str]) -> Iterator[CurlOption]:
    for place, letter in enumerate(letters):
        if name := _LETTERS_WITH_VALUE.get(letter):
            yield CurlOption(name, letters[place + 1 :] or next(rest, ""))
            return
        yield CurlOption(_SWITCHES.get(letter, letter), "")
