"""Changes of webhooks and callbacks: the server sends their requests, which callers read and answer."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..contract.facts import FactKind
from ..contract.model import Contract, Operation, Parameter
from .body_changes import media_type_changes
from .change import Change
from .diff_rules import BREAKING, RISKY, SAFE
from .operation_pair import ComparedPlace, ContractComparison, OperationPair

_Key = tuple[str, str, str]
"""The name of a callback, the method, and the path or the name of a webhook."""


def webhook_changes(comparisons: ContractComparison) -> Iterator[Change]:
    """Yield how the webhooks of two contracts changed."""
    before, after = _webhooks(comparisons.old), _webhooks(comparisons.new)
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        pair = OperationPair(old or after[key], new or before[key], comparisons)
        yield from _received(pair, old, new, "webhook", f"the webhook {key[2]}")


def callback_changes(pair: OperationPair) -> Iterator[Change]:
    """Yield how the callbacks of an operation changed."""
    before, after = _callbacks(pair.old, pair.old.id), _callbacks(pair.new, pair.old.id)
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        inner = replace(pair, old=old or after[key], new=new or before[key])
        yield from _received(inner, old, new, "callback", f"the callback {key[0]}")


def _webhooks(contract: Contract) -> dict[_Key, Operation]:
    return {("", operation.method, operation.path): operation for operation in contract.webhooks}


def _callbacks(operation: Operation, name: str) -> dict[_Key, Operation]:
    """Return the callbacks, each as an operation with the id of that which they belong to."""
    return {
        (callback.name, callback.operation.method, callback.operation.path): replace(callback.operation, id=name)
        for callback in operation.callbacks
    }


def _received(
    pair: OperationPair, old: Operation | None, new: Operation | None, kind: str, name: str
) -> Iterator[Change]:
    if old is None or new is None:
        rule, judgement, word = ("removed", BREAKING, "is gone") if old else ("added", SAFE, "is new")
        lines = old.evidence if old else None, new.evidence if new else None
        yield pair.change(f"{kind}-{rule}", judgement, pair.fact(), f"{name} {word}", *lines)
        return
    yield from _parameters(pair, name)
    yield from _body(pair, name)
    yield from _answers(pair, name)


def _parameters(pair: OperationPair, name: str) -> Iterator[Change]:
    before, after = _by_place(pair.old.parameters), _by_place(pair.new.parameters)
    for key in sorted(before.keys() - after.keys()):
        message = f"{name} no longer has the {key[0]} parameter {before[key].name}"
        yield pair.change("received-parameter-removed", BREAKING, pair.fact(), message, before[key].evidence, None)
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        label = f"the {key[0]} parameter {old.name} of {name}"
        where = ComparedPlace("response", "response", FactKind.OPERATION, "", label, old.evidence, new.evidence)
        yield from pair.schemas(old.schema, new.schema, where)


def _by_place(parameters: Iterable[Parameter]) -> dict[tuple[str, str], Parameter]:
    return {(parameter.location, parameter.name.lower()): parameter for parameter in parameters}


def _body(pair: OperationPair, name: str) -> Iterator[Change]:
    old, new = pair.old.request, pair.new.request
    comes = bool(old and old.required), bool(new and new.required)
    lines = old.evidence if old else pair.old.evidence, new.evidence if new else pair.new.evidence
    if (old and not new) or (comes[0] and not comes[1]):
        word = "may have no body now" if new else "has no body any more"
        yield pair.change("received-body-removed", BREAKING, pair.fact(), f"{name} {word}", *lines)
    elif (new and not old) or comes[0] != comes[1]:
        word = "always has a body now" if comes[1] else "may have a body now"
        yield pair.change("received-body-added", SAFE, pair.fact(), f"{name} {word}", *lines)
    if old and new:
        where = ComparedPlace("response", "response", FactKind.RESPONSE, "", f"the request of {name}", *lines)
        yield from media_type_changes(pair, old.media_types, new.media_types, where)


def _answers(pair: OperationPair, name: str) -> Iterator[Change]:
    """Yield how the answers changed that callers give."""
    before = {response.status.upper(): response for response in pair.old.responses}
    after = {response.status.upper(): response for response in pair.new.responses}
    for status in sorted(before.keys() - after.keys()):
        message = f"{name} is no longer documented to be answered by {status}"
        yield pair.change("received-status-removed", RISKY, pair.fact(), message, before[status].evidence, None)
    for status in sorted(before.keys() & after.keys()):
        old, new = before[status], after[status]
        label = f"the {status} answer to {name}"
        where = ComparedPlace("request", "request", FactKind.REQUEST, "", label, old.evidence, new.evidence)
        yield from media_type_changes(pair, old.media_types, new.media_types, where)
