"""Pages of the journal: the calls as they are answered, and one call with why it was answered so."""

from collections.abc import Mapping
from typing import Any

import orjson

from docdouble.schemas import ConfigError
from docdouble.schemas.http import PHRASES

from ..control.admission import PREFIX
from ..control.answer_reasons import answer_reasons
from ..control.call_excerpts import prepared_answer, pytest_test
from ..control.journal import JournalEntry
from ..http.refusal import place_of
from .served import Served

API = f"{PREFIX}api/"


def journal_context(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return where the journal begins: with all that is kept."""
    return {"control": API, "after": 0}


def call_context(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return a call by its number; raises ``ConfigError`` where the journal has none of it."""
    number = query.get("number", "")
    entries = served.control.controls.journal.entries()
    entry = next((journal_entry for journal_entry in entries if str(journal_entry.number) == number), None)
    if entry is None:
        raise ConfigError("number", number, expected="the number of a call that the journal still has")
    return {
        "call": entry,
        "why": answer_reasons(entry, served.contract),
        "violations": [_violation(violation) for violation in entry.violations],
        "sides": _sides(entry),
        "prepared": pretty(prepared_answer(entry)),
        "test": pytest_test(entry),
    }


def pretty(value: Any) -> str:
    """Return a JSON value on several lines, a text as it is."""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _violation(violation: Mapping[str, Any]) -> dict[str, str]:
    return {"place": place_of(violation), **{key: str(violation.get(key, "")) for key in ("message", "documentation")}}


def _sides(entry: JournalEntry) -> list[dict[str, Any]]:
    request = {"title": "Request", "line": f"{entry.method} {entry.target}", "headers": entry.headers}
    reply = {"title": "Reply", "line": f"{entry.status} {PHRASES.get(entry.status, '')}".strip()}
    bodies = (entry.body, entry.reply_body)
    heads = (request, {**reply, "headers": entry.reply_headers})
    return [
        {**head, "note": body.note, "body": "" if body.value is None else pretty(body.value)}
        for head, body in zip(heads, bodies, strict=True)
    ]
