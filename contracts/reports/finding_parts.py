"""Parts of a finding that several reports show."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Reply

from ..checks.pages import page
from ..model.case import Case
from ..model.events import RunStarted
from ..model.finding import Finding
from .curl import curl

_MOST_READ = 50_000
"""Bytes of a body that are read as JSON; of a longer one these count as text. Reports show a part of them."""

_ESCAPED_LETTER = re.compile(r"\\u00([46][1-9a-f]|[57][0-9a])", re.IGNORECASE)
"""Letters that may hide a secret name in JSON that is read as text."""


def fingerprint_text(fingerprint: Sequence[str]) -> str:
    """Return a fingerprint as 16 hexadecimal digits that stay the same from run to run."""
    return sha256(json.dumps(fingerprint).encode()).hexdigest()[:16]


def curl_of(case: Case, started: RunStarted) -> str:
    """Return the command that sends a case again; the user's credentials are variables in it."""
    return curl(case.call, started.base_url, started.secret_headers if case.signed else ())


def commands(finding: Finding, started: RunStarted) -> Iterator[str]:
    """Yield the commands that show a finding: those of its chain, then its own."""
    yield from (curl_of(case, started) for case in finding.before)
    if finding.case:
        yield curl_of(finding.case, started)


def body_text(reply: Reply, most: int) -> str:
    """Return the first ``most`` bytes of a body as text, bytes that are none as escapes."""
    return reply.body[:most].decode(errors="backslashreplace")


def help_page(check: str) -> str:
    """Return the Markdown page that explains a check, empty where there is none."""
    try:
        return page(check)
    except (OSError, ValueError):
        return ""


def masked_reply(reply: Reply, masking: Masking) -> Reply:
    """Return a reply, of a large body the beginning, with the values of secret header fields and properties masked."""
    is_whole = len(reply.body) <= _MOST_READ
    return Reply(masking.headers(reply.headers), _masked_body(reply.body[:_MOST_READ], is_whole, masking), reply.status)


@lru_cache(maxsize=64)
def _masked_body(body: bytes, is_whole: bool, masking: Masking) -> bytes:
    """Return a body, or the beginning of one, without secrets; many findings of a run have the same."""
    text: Any = body.decode(errors="backslashreplace")
    if not is_whole:
        text = _ESCAPED_LETTER.sub(lambda match: chr(int(match[1], 16)), text)
    try:
        value = json.loads(body) if is_whole else text
    except (ValueError, RecursionError):
        value = text
    try:
        masked = masking.json(value)
    except RecursionError:
        value, masked = text, masking.text(text)
    if masked == value:
        return body
    return (masked if value is text else json.dumps(masked)).encode(errors="replace")
