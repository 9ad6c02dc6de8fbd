"""HTTP archive that is written while traffic passes: whole at every moment, and without secrets."""

import base64
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from docdouble.fakeserver.control.journal import json_without_secrets, redaction_of
from docdouble.fakeserver.http.masking import Masking
from docdouble.fakeserver.http.redaction import Redaction
from docdouble.schemas import ConfigError
from docdouble.schemas.http import FORM, Headers, Message, is_json
from docdouble.schemas.sources.har_entries import CALLER, HarEntry

_HEAD = b'{"log":{"version":"1.2","creator":{"name":"docdouble","version":"1"},"entries":['
_TAIL = b"\n]}}\n"


class HarFile:
    """An archive at a path, which is replaced; ``write`` may be called from several threads.

    Raises ``ConfigError`` for a file that can't be written.
    """

    def __init__(self, path: Path, masking: Masking) -> None:
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise ConfigError(
                "--record", str(path), expected=f"a file that can be written: {error.strerror}"
            ) from error
        self._masking = masking
        self._lock = Lock()
        self._count = 0
        self._file.write(_HEAD + _TAIL)
        self._file.flush()
        self.problem = ""

    def write(self, entry: HarEntry) -> None:
        """Add an entry; where the disk takes no more, ``problem`` says so, and nothing is added any more."""
        text = orjson.dumps(_entry_json(entry, self._masking, redaction_of(entry.call, entry.reply, self._masking)))
        with self._lock:
            if self.problem:
                return
            try:
                self._file.seek(-len(_TAIL), 2)
                self._file.write((b",\n" if self._count else b"\n") + text + _TAIL)
                self._file.flush()
                self._count += 1
            except OSError as error:
                self.problem = f"{self._file.name}: {error.strerror}; {self._count} calls are recorded"

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()


def _entry_json(entry: HarEntry, masking: Masking, redaction: Redaction) -> dict[str, Any]:
    call, reply = entry.call, entry.reply
    url = redaction.text(masking.pairs(entry.url.geturl()))
    request_body = _body(call, masking, redaction, is_whole=entry.call_is_whole)
    reply_body = _body(reply, masking, redaction, is_whole=entry.reply_is_whole)
    request = {
        "method": call.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(call.headers, masking, redaction),
        "queryString": [{"name": name, "value": value} for name, value in parse_qsl(urlsplit(url).query, True)],
        "headersSize": -1,
        "bodySize": len(call.body),
    }
    if call.body or not entry.call_is_whole:
        request["postData"] = {"mimeType": call.header("Content-Type") or "", "params": [], **request_body}
    milliseconds = round(entry.seconds * 1000, 3)
    return {
        "startedDateTime": entry.started,
        "time": milliseconds,
        "request": request,
        "response": {
            "status": reply.status,
            "statusText": reply.reason,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(reply.headers, masking, redaction),
            "content": {"mimeType": reply.header("Content-Type") or "", **reply_body},
            "redirectURL": redaction.text(masking.pairs(reply.header("Location") or "")),
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        CALLER: entry.caller,
    }


def _fields(headers: Headers, masking: Masking, redaction: Redaction) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in redaction.headers(masking.headers(headers))]


def _body(message: Message, masking: Masking, redaction: Redaction, *, is_whole: bool) -> dict[str, Any]:
    """Return a body's members; one without a text was not recorded."""
    if not is_whole:
        return {"size": max(len(message.body), 1), "comment": "too large, or cut off: not recorded"}
    try:
        text = message.body.decode()
    except UnicodeDecodeError:
        binary = base64.b64encode(message.body).decode()
        if masking.concerns(message.body.decode("latin-1")) and message.media_type.startswith("multipart/"):
            return {"size": len(message.body), "comment": "may hold a secret: not recorded"}
        return {"size": len(message.body), "text": binary, "encoding": "base64"}
    masked = _masked(text, message.media_type, masking, redaction)
    if masked is None:
        return {"size": len(message.body), "comment": "may hold a secret: not recorded"}
    return {"size": len(message.body), "text": masked}


def _masked(text: str, media_type: str, masking: Masking, redaction: Redaction) -> str | None:
    """Return a body without secrets, unchanged where it has none; ``None`` where nobody knows where they stand."""
    if media_type == FORM:
        return redaction.text(masking.pairs(text))
    if is_json(media_type):
        try:
            value = orjson.loads(text)
            masked = json_without_secrets(value, text, masking, redaction)
            return text if masked == value else orjson.dumps(masked).decode()
        except (ValueError, RecursionError):
            pass
    return redaction.text(text) if masking.text(text) == text else None
