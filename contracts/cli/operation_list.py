"""Operations of a contract as a list of lines, and the one that a name means: also what the server sends."""

from collections.abc import Iterator
from dataclasses import replace

from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.contract.model import Callback
from docdouble.schemas.openapi.contract_file import unread_operation


def operation_lines(contract: Contract) -> Iterator[str]:
    """Yield a line for each operation, and then for what the server sends, which is marked."""
    sent = [(hook.path, f"webhook {hook.method}", hook) for hook in contract.webhooks]
    for caller, callback in _callbacks(contract):
        operation = callback.operation
        sent.append((callback.name, f"callback {operation.method} {operation.path} of {caller.id}", operation))
    names = [*(operation.id for operation in contract.operations), *(name for name, _, _ in sent)]
    width = max(map(len, names), default=0)
    for operation in contract.operations:
        yield f"{operation.id:{width}}  {operation.method:7} {operation.path}{_deprecation(operation)}"
    for name, words, operation in sent:
        yield f"{name:{width}}  {words}{_deprecation(operation)}"


def named_operation(contract: Contract, name: str) -> Operation:
    """Return the operation of a name, else the webhook or callback of it; raises ``ConfigError``."""
    callbacks = [replace(callback.operation, id=callback.name) for _, callback in _callbacks(contract)]
    sent = replace(contract, operations=(*contract.webhooks, *callbacks))
    wanted = name.casefold()
    if not any(wanted in (operation.id.casefold(), operation.label.casefold()) for operation in contract.operations):
        for operation in sent.operations:
            if wanted in (operation.id.casefold(), operation.path.casefold(), operation.label.casefold()):
                return operation
    try:
        return contract.operation(name)
    except ConfigError:
        if not any(
            wanted in operation.id.casefold() or wanted in operation.label.casefold() for operation in sent.operations
        ):
            raise
        return sent.operation(name)


def is_sent_by_server(contract: Contract, operation: Operation) -> bool:
    """Tell whether something is no operation of the server, but a webhook or a callback."""
    return not any(documented is operation for documented in contract.operations)


def _callbacks(contract: Contract) -> Iterator[tuple[Operation, Callback]]:
    for operation in contract.operations:
        if _may_have(operation, b'"callbacks"'):
            for callback in operation.callbacks:
                yield operation, callback


def _deprecation(operation: Operation) -> str:
    if not (_may_have(operation, b'"deprecated"') or _may_have(operation, b'unset"')):
        return ""
    if operation.sunset:
        return f"  deprecated, until {operation.sunset}"
    return "  deprecated" if operation.deprecated else ""


def _may_have(operation: Operation, key: bytes) -> bool:
    """Tell whether an operation may have a key, without reading one that we wrote and that nothing read yet."""
    raw = unread_operation(operation)
    return raw is None or key in bytes(raw)
