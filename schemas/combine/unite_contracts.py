"""Union of several contracts: the first that states a fact is believed, the others add what it leaves open."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce
from itertools import chain, count

from ..contract.base_paths import base_paths, with_whole_paths
from ..contract.model import Body, Contract, Link, MediaType, Operation, Response
from ..contract.paths import path_variables, unnamed_template
from .component_names import with_names_apart


def unite(contracts: Iterable[Contract]) -> Contract:
    """Return the union of at least one contract; every fact keeps its own evidence.

    What the operations of several do to resources is worked out anew, since one may show what another leaves open.
    """
    first, *others = contracts
    if not others:
        return first
    # here because a single contract needs none of it
    from ..dialects.dialect_registry import dialect_of
    from ..resources.document_resources import with_document_resources
    from ..resources.infer_roles import with_resources

    united = reduce(_both, others, first)
    has_paths = any(resource.path for contract in contracts for resource in contract.resources.resources)
    return (with_document_resources if has_paths else with_resources)(united, dialect_of(united).verbs)


def _both(first: Contract, second: Contract) -> Contract:
    first, second = _comparable(first, second)
    others = {operation_key(operation): operation for operation in second.operations}
    pairs = [(operation, others.pop(operation_key(operation), None)) for operation in first.operations]
    renamed = {other.id: (other, operation) for operation, other in pairs if other}
    joined = [_operation(operation, _relinked(other, renamed) if other else None) for operation, other in pairs]
    ids = {operation.id for operation in joined}
    added = [_relinked(_with_own_id(operation, ids), renamed) for operation in others.values()]
    return replace(
        first,
        operations=(*joined, *added),
        schemas={**second.schemas, **first.schemas},
        security_schemes={**second.security_schemes, **first.security_schemes},
        servers=first.servers or second.servers,
        webhooks=(*first.webhooks, *_not_in(first.webhooks, second.webhooks)),
        dialect=first.dialect or second.dialect,
        documents_null=first.documents_null and second.documents_null,
    )


def _comparable(first: Contract, second: Contract) -> tuple[Contract, Contract]:
    """Return two contracts in which the same paths, and of documents the same names, mean the same."""
    if first.dialect or second.dialect:  # pages tell of one family: a name is one there
        return first, with_paths_of(first, second)
    if set(base_paths(first.servers)) != set(base_paths(second.servers)):
        first, second = with_whole_paths(first), with_whole_paths(second)
    return first, with_names_apart(second, first)


def with_paths_of(pages: Contract, document: Contract) -> Contract:
    """Return the contract of a document with its base path in its paths, where those of the pages have it there."""
    keys = {operation_key(operation) for operation in pages.operations}
    whole = with_whole_paths(document)
    return whole if _shared(whole, keys) > _shared(document, keys) else document


def _shared(contract: Contract, keys: set[tuple[str, str]]) -> int:
    return sum(operation_key(operation) in keys for operation in contract.operations)


def _not_in(first: tuple[Operation, ...], second: tuple[Operation, ...]) -> Iterator[Operation]:
    known = {operation_key(operation) for operation in first}
    ids = {operation.id for operation in first}
    yield from (_with_own_id(operation, ids) for operation in second if operation_key(operation) not in known)


def _with_own_id(operation: Operation, taken: set[str]) -> Operation:
    """Return the operation under an id that no other has: a contract holds each once."""
    names = chain([operation.id], (f"{operation.id}_{number}" for number in count(2)))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return replace(operation, id=name)


def _relinked(operation: Operation, renamed: dict[str, tuple[Operation, Operation]]) -> Operation:
    """Return the operation with its links to what is ``renamed`` by the names of the other contract."""

    def links(response: Response) -> tuple[Link, ...]:
        return tuple(
            _renamed(link, *renamed[link.operation]) if link.operation in renamed else link for link in response.links
        )

    return replace(
        operation, responses=tuple(replace(response, links=links(response)) for response in operation.responses)
    )


def _renamed(link: Link, old: Operation, new: Operation) -> Link:
    variables = dict(zip(path_variables(old.path), path_variables(new.path), strict=True))
    name = variables.get(link.name, link.name) if link.location == "path" else link.name
    return replace(link, operation=new.id, name=name)


def operation_key(operation: Operation) -> tuple[str, str]:
    """Return what makes two operations one: method and path, whatever the variables are called."""
    return operation.method, unnamed_template(operation.path).lower()


def _operation(first: Operation, second: Operation | None) -> Operation:
    if second is None:
        return first
    known = {(parameter.location, parameter.name.lower()) for parameter in first.parameters}
    others = (parameter for parameter in second.parameters if parameter.location != "path")
    parameters = (other for other in others if (other.location, other.name.lower()) not in known)
    stated = {behaviour.name for behaviour in first.behaviours}
    statuses = {response.status: response for response in second.responses}
    own = tuple(_response(response, statuses.pop(response.status, None)) for response in first.responses)
    return replace(
        first,
        summary=first.summary or second.summary,
        description=first.description or second.description,
        parameters=first.parameters + tuple(parameters),
        request=_request(first.request, second.request),
        responses=own + tuple(statuses.values()),
        security=first.security or second.security,
        security_evidence=first.security_evidence if first.security else second.security_evidence,
        behaviours=first.behaviours
        + tuple(behaviour for behaviour in second.behaviours if behaviour.name not in stated),
        effect=first.effect or second.effect,
        effect_evidence=first.effect_evidence if first.effect else second.effect_evidence,
    )


def _request(first: Body | None, second: Body | None) -> Body | None:
    if first is None or second is None:
        return first or second
    required = second.required if first.required is None else first.required
    return replace(first, required=required, media_types=_media_types(first.media_types, second.media_types))


def _response(first: Response, second: Response | None) -> Response:
    if second is None:
        return first
    media_types = _media_types(first.media_types, second.media_types)
    return replace(first, media_types=media_types, links=first.links or second.links)


def _media_types(first: tuple[MediaType, ...], second: tuple[MediaType, ...]) -> tuple[MediaType, ...]:
    known = {media_type.name for media_type in first}
    return first + tuple(media_type for media_type in second if media_type.name not in known)
