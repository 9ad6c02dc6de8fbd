"""HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/) of the calls of a journal."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from docdouble.schemas.http import PHRASES, Headers

from .call_log import KeptBody
from .journal import JournalEntry


def archive(entries: Iterable[JournalEntry]) -> dict[str, Any]:
    """Return the calls as an archive, secrets masked; a body that wasn't kept whole has a comment in its place."""
    creator = {"name": "docdouble", "version": "1"}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_archived(entry) for entry in entries]}}


def _archived(entry: JournalEntry) -> dict[str, Any]:
    host = _field(entry.headers, "host") or "localhost"
    request = {
        "method": entry.method,
        "url": f"http://{host}{entry.target}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(entry.headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(urlsplit(entry.target).query, True)
        ],
        "headersSize": -1,
        "bodySize": len(entry.body.text),
    }
    if entry.body.text or entry.body.note:
        request["postData"] = {"mimeType": _field(entry.headers, "content-type"), "params": [], **_content(entry.body)}
    return {
        "startedDateTime": entry.time,
        "time": entry.milliseconds,
        "request": request,
        "response": {
            "status": entry.status,
            "statusText": PHRASES.get(entry.status, ""),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(entry.reply_headers),
            "content": {"mimeType": _field(entry.reply_headers, "content-type"), **_content(entry.reply_body)},
            "redirectURL": _field(entry.reply_headers, "location"),
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": entry.milliseconds, "receive": 0},
    }


def _content(body: KeptBody) -> dict[str, Any]:
    if body.note:
        return {"size": max(len(body.text), 1), "comment": body.note}
    return {"size": len(body.text.encode()), "text": body.text}


def _fields(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _field(headers: Headers, name: str) -> str:
    return next((value for field, value in headers if field.lower() == name), "")
