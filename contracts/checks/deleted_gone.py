"""Deleted entities: a read of them answers 404 or 410, and lists don't show them."""

from collections.abc import Iterator, Sequence

from docdouble.schemas import Evidence
from docdouble.schemas.dialects.dialect_registry import dialect_of
from docdouble.schemas.resources.audit_properties import marks_deletion, says_deleted
from docdouble.schemas.resources.bindings import shown_keys

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check, Step, never
from .helpers import chain_key_names, is_plain_by_paths, shown_entity, shown_rows


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    number = _deleted(steps)
    if number is None:
        return
    for step in steps[number + 1 :]:
        exchange = step.exchange
        if step.role.name in ("create", "save", "update"):
            return  # it may be there again
        if step.role.name == "read" and exchange.succeeded and not _is_marked(exchange):
            is_kept = is_plain_by_paths(steps) and _was_shown(exchange, steps[:number])
            yield _finding(exchange, "404 or 410 to what was deleted", exchange.answer, "read", is_kept=is_kept)
        elif step.role.name == "list" and exchange.succeeded and exchange.is_readable:
            keys = _keys(steps[: number + 1])
            names = (*sorted(chain_key_names(steps)), dialect_of(exchange.subject.contract).row_key)
            if keys & set(_listed(exchange, names)):
                yield _finding(exchange, "a list without what was deleted", f"one that shows {min(keys)}", "list")


def _deleted(steps: Sequence[Step]) -> int | None:
    deletes = ((number, step.exchange) for number, step in enumerate(steps) if step.role.name == "delete")
    return next((number for number, exchange in deletes if exchange.succeeded and not exchange.reply.is_pending), None)


def _keys(steps: Sequence[Step]) -> set[str]:
    """Return the key of the entity that a chain is about, as the replies before showed it; empty for an unknown one."""
    names = chain_key_names(steps)
    bodies = [shown_entity(step.exchange)[1] for step in steps if step.exchange.succeeded]
    keys = {str(key) for body in bodies for key in shown_keys(body, names)}
    keys = keys or {str(step.key) for step in steps[-1:] if step.key is not None}
    return keys if len(keys) == 1 else set()


def _listed(exchange: Exchange, names: Sequence[str]) -> Iterator[str]:
    """Yield the keys of the rows of a list, each under the first of the names that it has."""
    for _, row in shown_rows(exchange) or ():
        own = next((key for name in names for key in shown_keys(row, [name])), None)
        if own is not None:
            yield str(own)


def _is_marked(exchange: Exchange) -> bool:
    """Tell whether a reply shows nothing, or something that is marked as deleted."""
    if not exchange.is_readable:
        return not exchange.reply.body
    body = exchange.json
    if not isinstance(body, dict):
        return body is None or body == []
    # an entity may stand in an envelope
    entities = [body, *(part for part in body.values() if isinstance(part, dict))]
    return any(map(says_deleted, entities)) or any(part for name, part in body.items() if marks_deletion(name))


def _was_shown(exchange: Exchange, steps: Sequence[Step]) -> bool:
    """Tell whether a reply shows exactly what was shown before the delete: it has done nothing."""
    before = [step.exchange for step in steps if step.role.name == "read" and step.exchange.succeeded]
    return any(read.reply.body == exchange.reply.body for read in before[-1:])


def _finding(exchange: Exchange, expected: str, got: str, rule: str, *, is_kept: bool = False) -> Finding:
    evidence = _documented(exchange) if rule == "read" else None
    severity = severity_of(evidence.grade) if evidence else Severity.ERROR if is_kept else Severity.WARNING
    return exchange.finding("deleted-gone", severity, expected=expected, got=got, rule=rule, evidence=evidence)


def _documented(exchange: Exchange) -> Evidence | None:
    """Return where it is documented that a read of nothing answers 404 or 410."""
    gone = (response.evidence for response in exchange.operation.responses if response.status in ("404", "410"))
    return next((evidence for evidence in gone if evidence), None)


CHECK = Check("deleted-gone", "what is deleted is gone", applies=never, chain=_chain)
