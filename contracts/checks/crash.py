"""Signature of a crash: what distinguishes a failure of a server from others, without what differs from call to call.

It is made of the exception, or the type of a problem (RFC 9457), its message, and the function at the top of a stack
trace. Numbers, ids and what the call sent don't count.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import FORM, is_json

from ..model.reply_text import reply_lines
from ..model.text import cut

_LONGEST = 120

_NAMES = ("exception", "exceptiontype", "exceptionclass", "type", "error", "errors", "code", "errorcode", "title")
_MESSAGES = (
    "message",
    "detail",
    "msg",
    "errormessage",
    "errordescription",
    "description",
    "reason",
    "exceptionmessage",
)
_TRACES = ("trace", "stack", "stacktrace", "traceback", "exceptionstack")
"""Members of a JSON body, in lower case and without hyphens and underscores."""

_EXCEPTION = re.compile(r"^(?:[\w ]*\b(?:Uncaught|Unhandled|error):? )?[\w.$\\:]*(?:Error|Exception)\b")
_PANIC = re.compile(r"^panic: |panicked at ")
_PYTHON_FRAME = re.compile(r'File "(?:.*[/\\])?([^"/\\]+)", line \d+, in (\S+)')
_FRAME = re.compile(r"^at ([\w.$<>\[\]#]+)|\b([\w.-]+\.(?:go|rb|php|js|ts|rs|ex|exs)):\d+")
_VOLATILE = re.compile(r"0x[0-9a-f]+|(?<![a-z])(?=[\w-]*\d)[\w-]+", re.IGNORECASE)
_QUOTED = re.compile(r"""(["'`])((?:\\.|(?!\1).)*)\1""")
_NAME = re.compile(r"[A-Za-z_$][\w.$-]*")


def crash_signature(reply: Reply, call: Call, template: str = "") -> str:
    """Return the signature of a failure on one line, empty where the reply says nothing of it.

    ``template`` is the documented path: what it names isn't taken for a value of the call.
    """
    sent = _sent(call, template)
    named = list(_of_json(_json(reply))) or list(_of_text(reply_lines(reply)))
    parts = dict.fromkeys(_without_values(part, sent) for part in named if part.strip() != reply.reason)
    return cut(": ".join(part for part in parts if part), _LONGEST)


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.body) if is_json(reply.media_type) else None
    except (ValueError, RecursionError):
        return None


def _of_json(value: Any) -> Iterator[str]:
    """Yield the parts that a JSON object names, also one level further down; a stack trace says what it can."""
    members = (
        {re.sub(r"[_-]", "", name).lower(): part for name, part in value.items()} if isinstance(value, dict) else {}
    )
    for names in (_NAMES, _MESSAGES):
        parts = (members[name] for name in names if members.get(name) not in (None, "", "about:blank"))
        if (part := next(parts, None)) is None:
            continue
        if isinstance(part, str):
            yield part.splitlines()[0]
        elif isinstance(part, dict | list):
            yield from _of_json(next(iter(part), None) if isinstance(part, list) else part)
    traces = (members[name] for name in _TRACES if members.get(name))
    if trace := next(traces, None):
        lines = trace if isinstance(trace, list) else str(trace).splitlines()
        yield from _of_text([str(line).strip() for line in lines])


def _of_text(lines: list[str]) -> Iterator[str]:
    """Yield the exception of a text and the top of its stack: Python's is the last of each, others' the first."""
    exceptions = [line for line in lines if _is_exception(line)]
    python = [f"{file} {function}" for line in lines for file, function in _PYTHON_FRAME.findall(line)]
    if exceptions:
        yield exceptions[-1 if python else 0]
    if python:
        yield python[-1]
    elif frame := next((match for line in lines if (match := _FRAME.search(line))), None):
        yield frame[1] or frame[2]


def _is_exception(line: str) -> bool:
    return bool(line != "Error" and (_EXCEPTION.match(line) or _PANIC.search(line)))


def _without_values(text: str, sent: list[str]) -> str:
    """Return a text without what the call sent, quotes of what is no name, and words with digits."""
    for value in sent:
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", text)
    text = _QUOTED.sub(lambda quoted: quoted[0] if _NAME.fullmatch(quoted[2]) else f"{quoted[1]}…{quoted[1]}", text)
    return " ".join(_VOLATILE.sub("#", text).split())


def _sent(call: Call, template: str) -> list[str]:
    """Return the texts that a call sends, the longest first."""
    values = {unquote(segment) for segment in call.path.split("/")} - set(template.split("/"))
    values |= {value for _, value in parse_qsl(call.query)}
    if call.media_type == FORM:
        values |= {value for _, value in parse_qsl(call.body.decode(errors="replace"))}
    elif is_json(call.media_type):
        values |= set(_texts(_loaded(call.body)))
    values |= {line for value in values for line in value.splitlines()}  # a message may be cut at the end of a line
    return sorted((value for value in values if len(value) > 1), key=len, reverse=True)


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)
