"""Removal of what a single call has created: the case that a chain would remove it by."""

from urllib.parse import unquote, urlsplit

from docdouble.schemas.resources.bindings import placed, shown_keys

from ..chains import Chains
from ..checks.helpers import shown_entity
from ..model.case import Case
from ..model.exchange import Exchange


def removal_of(exchange: Exchange, chains: Chains) -> tuple[Case, object] | None:
    """Return the case that removes what a call has created, and its key; ``None`` where that isn't known."""
    plan = chains.plans.get(exchange.operation.id) if exchange.succeeded else None
    if plan is None or plan.is_there or plan.delete is None:
        return None
    shown = shown_entity(exchange)[1] if exchange.is_readable else None
    located = urlsplit(exchange.reply.header("Location") or "").path.rstrip("/").rpartition("/")[2]
    key = next(iter(shown_keys(shown, plan.resource.key_names)), None) or unquote(located) or None
    if key is None:
        return None
    case = chains.case(plan.delete, placed(plan.delete, key=key), chains.variables(exchange.call), existing=True)
    return (case, key) if case else None
