"""Documented keys: the entities that samples of a documentation name, which somebody who tries a sample asks for.

They are those of the requests that the documentation shows, of the entities that it shows as answers, and the examples
of a key itself. A key in the sample of an operation that creates is none: that entity isn't there yet.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice, product, takewhile
from typing import Any

from ..contract.media_types import primary_schema
from ..contract.model import Contract, MediaType, Operation, Parameter, reference
from ..contract.paths import unnamed_template
from ..contract.resources import Resource
from .bindings import Binding, RequestValues, shown_keys
from .signature import object_properties

_SHOWING = ("read", "list", "search", "update", "patch", "save")
"""Roles whose answers show entities that were there before, or that a request names."""

_DEEPEST = 2
"""An answer is looked into this deep for the entities that it holds."""

_MOST = 2**63
"""Larger numbers are no keys, but samples of what a caller may not send."""


class DocumentedKeys:
    """The keys of entities that the samples of one contract name."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def of(self, resource: Resource) -> tuple[int | str, ...]:
        """Return the keys of a resource, integers and texts, each once, in their order."""
        roles = (role for role in resource.roles if role.operation in self._operations)
        acting = [(Binding(role, resource), self._operations[role.operation]) for role in roles]
        named = [key for binding, operation in acting for key in _named(binding, operation)]
        below = [key for path in _item_paths(acting) for key in self._named_below(path)]
        shown = [key for view, name in resource.views.items() for key in _named_by_type(view, name, self._contract)]
        return tuple(dict.fromkeys(filter(_is_key, (*named, *below, *shown))))

    @cached_property
    def _operations(self) -> Mapping[str, Operation]:
        return {operation.id: operation for operation in self._contract.operations}

    @cached_property
    def _templates(self) -> Sequence[tuple[str, int]]:
        """The path templates in the order of the alphabet, each with the number of its operation."""
        return sorted((_template(operation.path), number) for number, operation in enumerate(self._contract.operations))

    def _named_below(self, path: str) -> Iterator[Any]:
        """Yield the keys that samples of operations below an entity name: ``/orders/7/items``."""
        head = f"{_template(path)}/"
        first = bisect_left(self._templates, (head, 0))
        below = takewhile(lambda pair: pair[0].startswith(head), islice(self._templates, first, None))
        for number in sorted(number for _, number in below):
            operation = self._contract.operations[number]
            name = operation.path.split("/")[path.rstrip("/").count("/")].strip("{}")
            for parameter in operation.parameters:
                if (parameter.location, parameter.name) == ("path", name):
                    yield from _parameter_samples(parameter)


def _named_by_type(view: str, key_name: str, contract: Contract) -> Iterator[Any]:
    """Yield the keys in the examples of a named type, and the examples of its key."""
    for example in _examples(contract.schemas.get(view)):
        yield from shown_keys(example, {key_name.lower()})
    yield from _examples(object_properties(reference(view), contract).get(key_name))


def _named(binding: Binding, operation: Operation) -> Iterator[Any]:
    """Yield the keys in the samples of an operation."""
    role = binding.role
    bodies = _samples(operation.request.media_types) if operation.request else []
    for values in _sample_requests(operation, bodies):
        yield from binding.keys(values) if role.key else ()
        if role.entity and role.name != "create":
            for entity in binding.entities(values):
                yield from shown_keys(entity, binding.resource.key_names)
    success = operation.success()
    if success and role.name in _SHOWING:
        for sample in _samples(success.media_types):
            yield from _keys_shown(sample, binding.resource.key_names, _DEEPEST)


def _samples(media_types: tuple[MediaType, ...]) -> list[Any]:
    """Return the samples of what a body is about, and not of the other schemas that it may have."""
    schema = primary_schema(media_types)
    return [
        sample for media_type in media_types if media_type.schema in (None, schema) for sample in media_type.samples
    ]


def _sample_requests(operation: Operation, bodies: list[Any]) -> Iterator[RequestValues]:
    """Yield the values of requests in which each sample of a parameter and of the body comes up."""
    pairs: dict[str, list[tuple[str, Any]]] = {"path": [], "query": []}
    for parameter in operation.parameters:
        if parameter.location in pairs:
            pairs[parameter.location] += product([parameter.name], _parameter_samples(parameter))
    yield from (RequestValues(pairs["path"], pairs["query"], body) for body in bodies or [None])


def _parameter_samples(parameter: Parameter) -> list[Any]:
    return [*parameter.samples, *_examples(parameter.schema)]


def _examples(schema: Any) -> list[Any]:
    """Return the examples that a schema itself has."""
    if not isinstance(schema, Mapping):
        return []
    examples = schema.get("examples")
    single = [schema["example"]] if "example" in schema else []
    return [*single, *(examples if isinstance(examples, list) else ())]


def _keys_shown(value: Any, key_names: frozenset[str], depth: int) -> Iterator[Any]:
    """Yield the keys of the entities that an answer is, or that it holds in an array or an envelope."""
    if isinstance(value, dict) and (keys := shown_keys(value, key_names)):
        yield keys[0]
    elif isinstance(value, list):
        for item in value:
            yield from shown_keys(item, key_names)
    elif isinstance(value, dict) and depth:
        for part in value.values():
            yield from _keys_shown(part, key_names, depth - 1) if isinstance(part, dict | list) else ()


def _item_paths(acting: list[tuple[Binding, Operation]]) -> dict[str, str]:
    """Return the paths that end in the key of an entity, as templates, with one of them as it is documented."""
    keyed = ((binding.role.key, operation.path.rstrip("/")) for binding, operation in acting)
    return {_template(path): path for key, path in keyed if key and path.endswith(f"{{{key.name}}}")}


@lru_cache(4096)
def _template(path: str) -> str:
    return unnamed_template(path).lower().rstrip("/")


def _is_key(value: Any) -> bool:
    """Tell whether a value may be the key of an entity that there is."""
    return bool(value) if isinstance(value, str) else type(value) is int and 0 < value < _MOST
