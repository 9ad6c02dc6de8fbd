"""Reasons of an answer: what decided it, the strongest first."""

from collections.abc import Iterator

from docdouble.schemas import Contract
from docdouble.schemas.http import Headers

from .journal import JournalEntry

SERVER = "server"
"""Note of a call that a real server answered."""

PREPARED = "prepared answer"
"""Note of a call that was given one."""

_REFUSED = {401: "credentials", 403: "credentials"}


def answer_reasons(entry: JournalEntry, contract: Contract) -> list[dict[str, str]]:
    """Return what decided the answer to a call: ``by`` is a word for it, ``detail`` says it to people."""
    return [{"by": by, "detail": detail} for by, detail in _reasons(entry, contract)]


def _reasons(entry: JournalEntry, contract: Contract) -> Iterator[tuple[str, str]]:
    notes = [(_word_of(note), note) for note in filter(None, entry.note.split(", "))]
    yield from notes
    if any(by in ("prepared", "server", "proxy") for by, _ in notes):
        return
    if asked := _field(entry.headers, "prefer") or _field(entry.reply_headers, "preference-applied"):
        yield "preference", f"the call asks for it, Prefer: {asked}"
    if entry.operation is None:
        yield "path", "no documented operation is at this method and path"
        return
    if entry.status in _REFUSED:
        yield "credentials", "the operation takes other credentials than were sent"
        return
    if entry.violations and entry.status >= 400:
        yield "refusal", f"the call breaks the documentation: {entry.violations[0].get('message', '')}"
        return
    resource = contract.resources.resource_of(entry.operation)
    role = next((role for role in resource.roles if role.operation == entry.operation), None) if resource else None
    if resource and role:
        yield "state", f"{role.name} of {resource.name}: {role.why}"
    elif entry.status < 400:
        yield "sample", "drawn from the documented schema and the seed"


def _word_of(note: str) -> str:
    if note.startswith("fault "):
        return "fault"
    return {PREPARED: "prepared", SERVER: "server"}.get(note, "fake" if note.startswith("fake:") else "proxy")


def _field(headers: Headers, name: str) -> str:
    return next((value for field, value in headers if field.lower() == name), "")
