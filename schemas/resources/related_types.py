"""Related types: named types that show one kind of entity, and the property by which each is known."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..contract.model import Contract
from ..words import endings, singulars, words_of
from .collections import Collection
from .naming import id_named, is_carrier, is_made_up, leading_key, named_key, resource_name, short_name, stem_of
from .signature import OperationSignature, object_properties


@dataclass(frozen=True)
class RelatedTypes:
    """The types that show one kind of entity, with their keys, and what paths and procedures call it in lower case.

    ``is_split`` tells that the same types live in several collections, so that a number alone does not identify one.
    """

    name: str
    views: Mapping[str, str]
    names: frozenset[str]
    is_split: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The lower-case names by which requests ask for its key."""
        named = {f"{name}{ending}" for name in self.names for ending in ("id", "_id")}
        return frozenset(named | {key.lower() for key in self.views.values()} | {"id"})

    def is_meant(self, words: str) -> bool:
        """Tell whether lower-case words without spaces name it, in the singular or the plural."""
        return bool(singulars(words) & self.names)


def group_related_types(
    contract: Contract, signatures: Iterable[OperationSignature], paths: Iterable[Collection]
) -> tuple[RelatedTypes, ...]:
    """Return the groups of related types of a contract, in the order of its types."""
    known = list(signatures)
    collected = list(paths)
    answered = {signature.answer.type for signature in known if signature.answer}
    properties = {
        name: members
        for name in contract.schemas
        if not is_made_up(name)
        and (name in answered or not is_carrier(name))
        and (members := object_properties(contract.schemas[name], contract))
    }
    named = {name: key for name, members in properties.items() if (key := named_key(name, members))}
    resources = {resource_name(name) for name in named}
    own = {value.type for signature in known if (value := signature.answer) and _asks_by_name(signature, value.type)}
    held: dict[str, list[Collection]] = {name: [] for name in properties}
    for collection in collected:
        for name in collection.types(properties):
            held[name].append(collection)
    keys: dict[str, str] = {}
    for name, members in properties.items():
        key = named.get(name) or _collected_key(held[name], members) or _asked_key(name, held[name], members, resources)
        if not key and (held[name] or name in own) and _is_own(leading_key(members), resources, known=True):
            key = leading_key(members)
        if key:
            keys[name] = key
    segments = Counter(collection.segment for collection in collected)
    return tuple(_related_types(group, held, segments) for group in _groups(keys))


def _collected_key(held: list[Collection], properties: Mapping[str, object]) -> str:
    """Return the id that is named after a collection: ``RelationId`` for what is at ``/Relation/{id}``."""
    names = sorted(f"{name}id" for collection in held for name in singulars(collection.segment))
    return id_named(tuple(names), properties)


def _asked_key(name: str, held: list[Collection], properties: Mapping[str, object], resources: set[str]) -> str:
    """Return the property by whose name items of a collection are asked for, where that is not of another resource."""
    asked = (
        key
        for collection in held
        for key, signature in collection.items
        if signature.answer and signature.answer.type == name
    )
    key = id_named(tuple(key.lower() for key in asked), properties)
    return key if _is_own(key, resources - {resource_name(name)}, known=False) else ""


def _is_own(key: str, resources: set[str], known: bool) -> bool:
    """Tell whether an id is a type's own: it names no other resource, or the same where the type is ``known`` by it.

    ``Dash`` is asked for as one, so that its ``DashboardId`` is its own; ``SourceContactId`` is never one's own.
    """
    stem = stem_of(key) or key
    longest, *shorter = endings(words_of(stem) or (stem,))
    return bool(key) and not resources.intersection(shorter) and (known or longest not in resources)


def _asks_by_name(signature: OperationSignature, type_name: str) -> bool:
    """Tell whether an operation asks for a key that is named after the type which it answers."""
    wanted = {f"{short_name(type_name).lower()}id", f"{resource_name(type_name)}id"}
    return any(member.place.name.lower() in wanted and member.value.is_integer for member in signature.asked)


def _groups(keys: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield the types that have the same plain name, or the same key that names what it is of, with their keys."""
    leaders: dict[str, str] = {}

    def leader(mark: str) -> str:
        while leaders.setdefault(mark, mark) != mark:
            mark = leaders[mark]
        return mark

    for name, key in keys.items():
        group = leader(f"type {resource_name(name)}")
        leaders[leader(f"key {key.lower()}") if stem_of(key) else group] = group
    groups: dict[str, dict[str, str]] = {}
    for name, key in keys.items():
        groups.setdefault(leader(f"type {resource_name(name)}"), {})[name] = key
    yield from groups.values()


def _related_types(
    views: dict[str, str], held: Mapping[str, list[Collection]], segments: Mapping[str, int]
) -> RelatedTypes:
    shared = any(len(held[name]) > 1 for name in views)
    own = {
        collection.segment
        for name in views
        for collection in held[name]
        if not shared and segments[collection.segment] == 1
    }
    types = {short_name(name).lower() for name in views} | {resource_name(name) for name in views}
    names = types | {singular for segment in own for singular in singulars(segment)}
    return RelatedTypes(_name(views, lambda name: bool(held[name])), views, frozenset(names), shared)


def related_types_of_views(name: str, views: Mapping[str, str]) -> RelatedTypes:
    """Return the related types that these types are, whatever else the contract holds."""
    names = {short_name(view).lower() for view in views} | set(map(resource_name, views)) | {name}
    return RelatedTypes(name, views, frozenset(names))


def _name(views: Mapping[str, str], is_held: Callable[[str], bool]) -> str:
    """Return what to call related types: as its key does, else by the shortest name, of those that collections hold."""
    names = {resource_name(view) for view in views if is_held(view)} or set(map(resource_name, views))
    stems = {stem_of(key).lower() for key in views.values()}
    return min(names, key=lambda name: (name not in stems, len(name), name))


def related_types_by_name(groups: Iterable[RelatedTypes]) -> dict[str, RelatedTypes]:
    """Return the related types of each type."""
    return {name: related for related in groups for name in related.views}
