"""Excerpts of a recorded call: the answer that would prepare its reply, and a pytest test of it."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from .journal import JournalEntry

_SENT_AGAIN = ("location", "content-type", "retry-after", "etag", "last-modified", "allow", "link", "www-authenticate")
"""Header fields of a reply that its prepared answer has, too; the others are made for each reply."""

_OWN_LINK = "/openapi.json"
_SENT = ("accept", "content-type", "prefer", "accept-language")
"""Header fields of a call that a test of it sends."""

_TEST = """def test_{name}(fake_client):
    fake_client.control.set_answer({prepared})
    reply = fake_client.open({sent})  # in its place: your own client
    assert reply.status_code == {status}
{expected}    assert len(fake_client.control.calls(method={method!r}, path={path!r})) == 1
"""


def prepared_answer(entry: JournalEntry) -> dict[str, Any]:
    """Return what ``POST answers`` takes so that such calls are answered as this one was."""
    which = {"operation": entry.operation} if entry.operation else {"method": entry.method, "path": _path(entry)}
    headers = {name: value for name, value in entry.reply_headers if _is_sent_again(name, value, entry)}
    body = entry.reply_body.value
    return {
        **which,
        "status": entry.status,
        **({"answer_headers": headers} if headers else {}),
        **({} if body is None or entry.status in (204, 304) else {"answer": body}),
    }


def pytest_test(entry: JournalEntry) -> str:
    """Return a test that sends the call again to a fake with this answer prepared, and looks at what it gets."""
    prepared = prepared_answer(entry)
    sent = [repr(entry.target), f"method={entry.method!r}"]
    if headers := {name: value for name, value in entry.headers if name.lower() in _SENT}:
        sent.append(f"headers={headers!r}")
    if entry.body.value is not None:
        sent.append(f"json={entry.body.value!r}" if entry.body.is_json else f"data={entry.body.text!r}")
    answer = prepared.get("answer", "")
    how = "get_data(as_text=True)" if isinstance(answer, str) else "json"
    expected = "" if "answer" not in prepared or entry.method == "HEAD" else f"    assert reply.{how} == {answer!r}\n"
    name = re.sub(r"[^a-z0-9]+", "_", f"{entry.method} {_path(entry)}".lower()).strip("_")
    return _TEST.format(
        name=f"{name}_answers_{entry.status}",
        prepared=", ".join(f"{key}={value!r}" for key, value in prepared.items()),
        sent=", ".join(sent),
        status=entry.status,
        expected=expected,
        method=entry.method,
        path=_path(entry),
    )


def _path(entry: JournalEntry) -> str:
    return unquote(urlsplit(entry.target).path)


def _is_sent_again(name: str, value: str, entry: JournalEntry) -> bool:
    is_json = name.lower() == "content-type" and value.partition(";")[0].strip() == "application/json"
    return name.lower() in _SENT_AGAIN and not is_json and _OWN_LINK not in value
