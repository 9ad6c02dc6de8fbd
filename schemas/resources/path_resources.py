"""Resources by their paths: ``/orders/{id}/items`` is a list, ``/orders/{id}/items/{itemId}`` what is in it.

Types may be named, written in place, or others for reading than for writing; keys may be integers or texts.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from ..contract.evidence import as_assumed
from ..contract.media_types import primary_schema
from ..contract.model import Contract, Operation, Schema
from ..contract.parameter_values import items_of, member_of, properties_of, schema_branches, value_kinds
from ..contract.paths import path_variables, unnamed_template, without_extension
from ..contract.resources import WHOLE_BODY, RequestPlace, Resource, Role, RoleName
from ..words import singular
from .entity_keys import key_property, kinds_shown, made_key, members_of, unchanging_key
from .envelopes import answered_schema, listed_in, wrapped_in
from .list_parameters import squeezed
from .naming import is_made_up, is_search, resource_name
from .signature import typed_value

_ENDING = re.compile(r"(?P<collection>.*)/\{(?P<key>[^/{}]+)\}")
_CUSTOM = re.compile(r"(?P<item>.*/\{\}):[A-Za-z]+")
_MANY = frozenset({"bulk", "batch", "many", "all", "import"})
"""Last segments of paths below a list that take several entities at once."""

_CREATES = ("create", "add", "insert", "import", "bulk", "batch")
"""Beginnings of such segments, where several of the same kind are sent: ``createWithArray``."""

_CREATES_ONE = ("create", "new")

_OF_CALLER = frozenset({"me", "self", "my", "mine"})
"""Segments that stand for whoever asks: below them isn't everything there is."""

_POSITIONS = frozenset({"index", "position", "offset", "ordinal"})
"""Names of variables that tell the place in a list."""

_BODY_NAMES = frozenset({"data", "attributes", "item", "entity", "object", "record", "payload", "resource"})

_ITEM_ROLES: Mapping[str, RoleName] = {
    "GET": "read",
    "PUT": "update",
    "PATCH": "patch",
    "POST": "patch",
    "DELETE": "delete",
}
_WRITES = frozenset({"create", "update", "patch", "delete"})


@dataclass
class _Paths:
    """The operations of a contract by path template, and the places that have a role already."""

    contract: Contract
    by_template: dict[str, dict[str, Operation]]
    taken: set[str] = field(default_factory=set)

    def at(self, path: str) -> Mapping[str, Operation]:
        """Return the operations at a path, whatever its variables are called, by method."""
        return self.by_template.get(path_template(path), {})

    def below(self, path: str) -> Iterator[tuple[str, Mapping[str, Operation]]]:
        """Yield the fixed segments one below a path, in lower case, with the operations there by method."""
        template = path_template(path)
        return ((segment, self.by_template[f"{template}/{segment}"]) for segment in self._segments.get(template, ()))

    @cached_property
    def _segments(self) -> Mapping[str, list[str]]:
        segments: dict[str, list[str]] = {}
        for template in self.by_template:
            outer, _, segment = template.rpartition("/")
            if segment and "{" not in segment:
                segments.setdefault(outer, []).append(segment)
        return segments


@dataclass
class _Kind:
    """A kind of entity while its roles are found: the list at ``path``, the schema of one, and what it is called."""

    path: str
    variable: str
    schema: Schema
    type: str
    names: tuple[str, ...]
    key: str
    singleton: bool = False
    roles: list[Role] = field(default_factory=list)

    @property
    def scope(self) -> str:
        """The template of the path up to the last variable that tells below what the list stands."""
        head, brace, _ = path_template(self.path).rpartition("}")
        return head + brace


def path_resources(contract: Contract) -> tuple[Resource, ...]:
    """Return the resources that paths tell: those of which something can be written."""
    return _named(_kept(_kinds(contract)), contract)


def readable_resources(contract: Contract) -> tuple[Resource, ...]:
    """Return the resources of paths that are listed and never written; none of an operation that has a role."""
    resources = contract.resources.resources
    names = {resource.name for resource in resources}
    having = {role.operation for resource in resources for role in resource.roles}
    kinds = [kind for kind in _kinds(contract) if kind.variable and _is_listed(kind)]
    free = [kind for kind in kinds if having.isdisjoint(role.operation for role in kind.roles)]
    return tuple(resource for resource in _named(free, contract) if resource.name not in names)


def _is_listed(kind: _Kind) -> bool:
    return any(role.name == "list" for role in kind.roles)


def _kinds(contract: Contract) -> list[_Kind]:
    """Return what the paths of a contract tell of."""
    contract = _without_extensions(contract)
    counts = Counter(operation.id for operation in contract.operations)
    paths = _Paths(contract, {})
    for operation in contract.operations:
        if counts[operation.id] == 1:
            paths.by_template.setdefault(path_template(operation.path), {}).setdefault(operation.method, operation)
    kinds = _with_views([*_collections(paths)])
    _add_distant(kinds, paths)
    kinds += _lists_added_to(paths)
    kinds += _singletons(kinds, paths)
    _add_actions(kinds, paths)
    return kinds


def _named(kinds: list[_Kind], contract: Contract) -> tuple[Resource, ...]:
    return tuple(_resource(kind, name, contract) for kind, name in zip(kinds, _names(kinds), strict=True))


def joined_resources(known: Iterable[Resource], contract: Contract) -> tuple[Resource, ...]:
    """Return resources that types tell together with those that paths tell; every operation has one role at most.

    Where both tell one, the types are believed if they explain all that the paths do, or what else is done to it.
    """
    by_types = dict(enumerate(known))
    holders: dict[str, list[int]] = {}
    for number, resource in by_types.items():
        for role in resource.roles:
            holders.setdefault(role.operation, []).append(number)
    by_paths: list[Resource] = []
    for resource in path_resources(contract):
        operations = {role.operation for role in resource.roles}
        numbers = sorted({number for name in operations for number in holders.get(name, ()) if number in by_types})
        rivals = [by_types[number] for number in numbers]
        explained = {role.operation for rival in rivals for role in rival.roles}
        added = tuple(role for role in resource.roles if role.operation not in explained and _adds(role))
        is_covered = operations <= explained | {role.operation for role in added}
        if len(rivals) > 1 or (explained - operations and not is_covered):
            continue
        if rivals and is_covered:
            by_types[numbers[0]] = replace(rivals[0], roles=(*rivals[0].roles, *added))
            for role in added:
                holders.setdefault(role.operation, []).append(numbers[0])
            continue
        for number in numbers:
            del by_types[number]
        by_paths.append(resource)
    taken = {resource.name for resource in by_types.values()}
    return (
        *by_types.values(),
        *(replace(resource, name=resource.path) if resource.name in taken else resource for resource in by_paths),
    )


def _adds(role: Role) -> bool:
    """Tell whether a role is one that types don't tell: an action, several at once, or a change by a form."""
    return (
        role.name == "action"
        or (role.name == "create" and role.many)
        or (role.name == "patch" and role.why.startswith("POST"))
    )


@lru_cache(4096)  # a large document's: each is asked for some fifty times
def path_template(path: str) -> str:
    """Return a path without the names of its variables, letter case, an extension and a slash at its end."""
    return unnamed_template(without_extension(path)).rstrip("/").lower()


def _without_extensions(contract: Contract) -> Contract:
    """Return a contract in whose paths no extension tells the media type: ``/boats/{id}`` for ``/boats/{id}.json``."""
    paths = [without_extension(operation.path) for operation in contract.operations]
    if all(path == operation.path for path, operation in zip(paths, contract.operations, strict=True)):
        return contract
    operations = (replace(operation, path=path) for path, operation in zip(paths, contract.operations, strict=True))
    return replace(contract, operations=tuple(operations))


def item_path(resource: Resource, contract: Contract) -> str:
    """Return the path of one entity where methods and paths tell what is done to it, empty where they don't."""
    if resource.path or contract.dialect:
        return f"{resource.path.rstrip('/')}/{{{resource.variable}}}" if resource.path and resource.variable else ""
    named = {role.operation for role in resource.roles if role.name in _ITEM_ROLES.values() and role.key}
    paths = {
        operation.path for operation in contract.operations if operation.id in named and operation.path.endswith("}")
    }
    return next(iter(paths)) if len(paths) == 1 else ""


def _collections(paths: _Paths) -> Iterator[_Kind]:
    """Yield what is in lists, at ``path/{key}``."""
    for operations in paths.by_template.values():
        match = _ENDING.fullmatch(next(iter(operations.values())).path.rstrip("/"))
        kind = _kind(match["collection"], match["key"], paths) if match else None
        if kind:
            paths.taken.update(role.operation for role in kind.roles)
            yield kind


def _with_views(kinds: list[_Kind]) -> list[_Kind]:
    """Return kinds of which those below others that show what stands at the top, too, are views of that."""
    kept = []
    at_top: dict[str, list[_Kind]] = {}
    for kind in kinds:
        if kind.type and "{" not in kind.path and not _OF_CALLER & set(kind.path.lower().split("/")):
            at_top.setdefault(kind.type, []).append(kind)
    for kind in kinds:
        same = at_top.get(kind.type, ()) if "{" in kind.path else ()
        tops = [top for top in same if _ends_alike(kind.path, top)]
        if len(tops) == 1:
            tops[0].roles += kind.roles
        else:
            kept.append(kind)
    return kept


def _lists_added_to(paths: _Paths) -> Iterator[_Kind]:
    """Yield what is in lists to which one may be added, though no path names one of them."""
    for operations in paths.by_template.values():
        if {"GET", "POST"} <= operations.keys() and not any(
            operation.id in paths.taken for operation in operations.values()
        ):
            kind = _kind(operations["GET"].path.rstrip("/"), "", paths)
            if kind and {"list", "create"} <= {role.name for role in kind.roles}:
                paths.taken.update(role.operation for role in kind.roles)
                yield kind


def _kept(kinds: list[_Kind]) -> list[_Kind]:
    """Return what is kept: what can be written, and what that stands below."""
    written = {id(kind) for kind in kinds if any(role.name in _WRITES for role in kind.roles)}
    below = sorted(path_template(kind.path) for kind in kinds if id(kind) in written)

    def is_above(kind: _Kind) -> bool:
        prefix = f"{_item(kind)}/"
        place = bisect_left(below, prefix)
        return place < len(below) and below[place].startswith(prefix)

    return [kind for kind in kinds if id(kind) in written or (kind.variable and is_above(kind))]


def _kind(path: str, variable: str, paths: _Paths) -> _Kind | None:
    """Return what is in a list, ``None`` where nothing tells what that is."""
    contract, whole = paths.contract, paths.at(path)
    items = paths.at(f"{path}/{{}}") if variable else {}
    read = items.get("GET")
    if read and "object" not in kinds_shown(answered_entity(read, contract), contract):
        return None
    if read and paths.at(f"{path}/{{}}/{{}}") and listed_in(read, contract):
        return None  # the last variable tells which list: /shelves/{room}/{shelf}
    of_list = listed_in(whole["GET"], contract) if "GET" in whole else None
    if of_list and squeezed(variable) in _POSITIONS and "object" not in kinds_shown(of_list.items, contract):
        return None  # a plain value at a place of a list is not known by its value
    shown = (answered_entity(read, contract) if read else None) or listed_entity(whole.get("GET"), contract)
    others = (items.get("PATCH"), items.get("PUT"), whole.get("POST"))
    shown = shown or next((schema for operation in others if (schema := answered_entity(operation, contract))), None)
    shown = shown or next((schema for operation in others if (schema := sent_entity(operation, contract))), None)
    if not shown or "object" not in kinds_shown(shown, contract):
        return None
    type_name = typed_value(shown, contract).type
    segments = [step for step in path.split("/") if step and "{" not in step]
    names = tuple(filter(None, (segments[-1] if segments else "", type_name, resource_name(type_name))))
    asked = next(
        (parameter for operation in items.values() for parameter in operation.parameters if parameter.name == variable),
        None,
    )
    kinds = kinds_shown(asked.schema, contract) if asked else frozenset({"string"})
    properties = members_of(shown, contract)
    key = key_property(variable or "id", kinds, names, properties, contract)
    key = unchanging_key(key, [sent_entity(items.get(method), contract) for method in ("PUT", "PATCH")], contract)
    if not key and variable:
        key = made_key(kinds, properties, members_of(sent_entity(whole.get("POST"), contract), contract), contract)
    kind = _Kind(path, variable, shown, type_name, names, key)
    kind.roles += _item_roles(items, kind, paths)
    kind.roles += _list_roles(path, whole, kind, paths)
    for segment, operations in paths.below(path):
        kind.roles += _beside(segment, operations, kind, paths)
    return kind


def _item_roles(items: Mapping[str, Operation], kind: _Kind, paths: _Paths) -> Iterator[Role]:
    for method, operation in items.items():
        name = _ITEM_ROLES.get(method)
        if name is None or (name in ("update", "patch") and not operation.request):
            continue
        variable = path_variables(operation.path)[-1]
        entity = _entity_place(operation, kind, paths.contract) if name in ("update", "patch") else None
        yield _role(operation, name, kind, RequestPlace("path", variable), entity)


def _list_roles(path: str, whole: Mapping[str, Operation], kind: _Kind, paths: _Paths) -> Iterator[Role]:
    contract = paths.contract
    for method, operation in whole.items():
        if method == "GET" and listed_in(operation, contract):
            yield replace(_role(operation, "list", kind), many=True)
        elif method == "POST" and (place := _several_place(operation, kind, contract)):
            yield replace(_role(operation, "create", kind, None, place), many=True)
        elif method == "POST" and not _searches(operation, contract):
            many = _is_array(_body(operation), contract)
            yield replace(_role(operation, "create", kind, None, _entity_place(operation, kind, contract)), many=many)
        elif method == "PUT" and _holds_key(operation, kind, contract):
            yield _role(operation, "update", kind, None, WHOLE_BODY)
        elif method == "DELETE" and not operation.request and "{" in path and not _is_item(path, whole, contract):
            yield replace(_role(operation, "delete", kind), many=True)


def _is_item(path: str, operations: Mapping[str, Operation], contract: Contract) -> bool:
    """Tell whether a path leads to one entity, which others stand below: its last variable names it."""
    read = operations.get("GET")
    return path.endswith("}") and not (read and listed_in(read, contract))


def _holds_key(operation: Operation, kind: _Kind, contract: Contract) -> bool:
    """Tell whether an operation is sent one whole entity, which its key in the body names."""
    sent = members_of(_body(operation), contract)
    return bool(kind.variable) and kind.key in sent and _is_like(_body(operation) or {}, kind, contract)


def _several_place(operation: Operation, kind: _Kind, contract: Contract) -> RequestPlace | None:
    """Return where an object that is sent has several of a kind, named like their list; ``None`` where it hasn't."""
    place = _array_place(operation, contract)
    if not place or not place.name or squeezed(place.name) != squeezed(kind.path.rpartition("/")[2]):
        return None
    items = items_of(schema_branches(members_of(_body(operation), contract)[place.name], contract))
    return place if _is_like(items, kind, contract) and place.name not in members_of(kind.schema, contract) else None


def _searches(operation: Operation, contract: Contract) -> bool:
    """Tell whether an operation that isn't sent an array answers a list in an object: it searches."""
    listed = listed_in(operation, contract)
    return bool(listed and listed.path) and not _is_array(_body(operation), contract)


def _beside(segment: str, operations: Mapping[str, Operation], kind: _Kind, paths: _Paths) -> Iterator[Role]:
    """Yield what paths beside the items do: take several at once, or answer some."""
    contract = paths.contract
    for method, operation in operations.items():
        place = _array_place(operation, contract) if method == "POST" else None
        if place and (segment in _MANY or _creates_many(segment, operation, kind, contract)):
            yield replace(_role(operation, "create", kind, None, place), many=True)
        elif method == "POST" and segment in _CREATES_ONE and operation.request and "POST" not in paths.at(kind.path):
            yield _role(operation, "create", kind, None, _entity_place(operation, kind, contract))
        elif is_search(segment) and method in ("GET", "POST") and _lists(operation, kind, contract):
            yield replace(_role(operation, "list", kind), many=True)


def _creates_many(segment: str, operation: Operation, kind: _Kind, contract: Contract) -> bool:
    sent = sent_entity(operation, contract)
    return (
        segment.startswith(_CREATES)
        and sent is not None
        and _is_array(_body(operation), contract)
        and _is_like(sent, kind, contract)
    )


def _add_distant(kinds: list[_Kind], paths: _Paths) -> None:
    """Add what other paths do to the same kind: a list below something that its entities don't stand below."""
    for operations in paths.by_template.values():
        operation = next(iter(operations.values()))
        if operation.path.rstrip("/").endswith("}") or any(op.id in paths.taken for op in operations.values()):
            continue
        listing, making = operations.get("GET"), operations.get("POST")
        rows = listed_entity(listing, paths.contract) if listing else None
        made = answered_entity(making, paths.contract) if making else None
        kind = _meant(operation.path, rows or made, kinds, paths.contract)
        if kind is None:
            continue
        if listing and rows and _lists_one_kind(listing, paths.contract):
            _take(kind, replace(_role(listing, "list", kind), many=True), paths)
        is_shallow = operation.path.count("{") < kind.path.count("{")
        if making and made and making.request and not is_shallow and _ends_alike(operation.path, kind):
            _take(kind, _role(making, "create", kind, None, _entity_place(making, kind, paths.contract)), paths)


def _lists_one_kind(operation: Operation, contract: Contract) -> bool:
    """Tell whether the rows of a list are alike in all alternatives of what it answers."""
    branches = tuple(schema_branches(answered_schema(operation), contract))
    listed = listed_in(operation, contract)
    for step in listed.path if listed else ():
        parts = (branch["properties"][step] for branch in branches if step in branch.get("properties", {}))
        branches = tuple(branch for part in parts for branch in schema_branches(part, contract))
    items = [branch["items"] for branch in branches if isinstance(branch.get("items"), dict)]
    return all(item == items[0] for item in items)


def _take(kind: _Kind, role: Role, paths: _Paths) -> None:
    kind.roles.append(role)
    paths.taken.add(role.operation)


def _meant(path: str, shown: Schema | None, kinds: list[_Kind], contract: Contract) -> _Kind | None:
    """Return the one kind of entity that a path shows, ``None`` where none or several are."""
    if shown is None:
        return None
    type_name, template = typed_value(shown, contract).type, path_template(path)
    reached = [kind for kind in kinds if kind.variable and (not kind.scope or template.startswith(f"{kind.scope}/"))]
    if "{" not in path:
        reached = [kind for kind in kinds if kind.variable]
    typed = [kind for kind in reached if type_name and kind.type == type_name]
    if len(typed) > 1:
        typed = [kind for kind in typed if _ends_alike(path, kind)] or typed
    if not typed:
        typed = [kind for kind in reached if _ends_alike(path, kind) and _is_like(shown, kind, contract)]
    return typed[0] if len(typed) == 1 else None


def _ends_alike(path: str, kind: _Kind) -> bool:
    return squeezed(path.rstrip("/").rpartition("/")[2]) == squeezed(kind.path.rpartition("/")[2])


def _is_like(shown: Schema, kind: _Kind, contract: Contract) -> bool:
    """Tell whether most properties of a schema are those of an entity."""
    own = {squeezed(name) for name in members_of(kind.schema, contract)}
    others = {squeezed(name) for name in members_of(shown, contract)}
    return bool(others) and 2 * len(own & others) >= len(others)


def _lists(operation: Operation, kind: _Kind, contract: Contract) -> bool:
    rows = listed_entity(operation, contract)
    return rows is not None and (typed_value(rows, contract).type == kind.type != "" or _is_like(rows, kind, contract))


def _singletons(kinds: list[_Kind], paths: _Paths) -> Iterator[_Kind]:
    """Yield what there is one of: ``/me``, ``/cart``, ``/users/{id}/settings``."""
    contract = paths.contract
    for operations in paths.by_template.values():
        read = operations.get("GET")
        if not read or read.path.endswith("}") or any(op.id in paths.taken for op in operations.values()):
            continue
        writing = [operations[method] for method in ("PUT", "PATCH", "DELETE", "POST") if method in operations]
        shown = answered_entity(read, contract)
        if not writing or listed_in(read, contract) or "object" not in kinds_shown(shown, contract):
            continue
        type_name = typed_value(shown, contract).type
        segment = read.path.rstrip("/").rpartition("/")[2]
        part = _part_of(read.path, type_name, kinds)
        kind = part or _Kind(
            read.path.rstrip("/"), "", shown or {}, type_name, (segment, type_name), "", singleton=True
        )
        key = RequestPlace("path", path_variables(read.path)[-1]) if part else None
        roles = [_role(read, "read", kind, key)]
        for operation in writing:
            name = _ITEM_ROLES[operation.method]
            if name == "delete" or operation.request:
                entity = _entity_place(operation, kind, contract) if name != "delete" else None
                roles.append(_role(operation, name, kind, key, entity))
        if len(roles) == 1 or (part and any(role.name == "delete" for role in roles)):
            continue
        for role in roles:
            _take(kind, role, paths)
        if part is None:
            yield kind


def _part_of(path: str, type_name: str, kinds: list[_Kind]) -> _Kind | None:
    """Return the kind of entity of which a path shows another view: ``/pods/{name}/status``."""
    above = path_template(path).rpartition("/")[0]
    return next(
        (kind for kind in kinds if type_name and type_name == kind.type and above and above == _item(kind)), None
    )


def _item(kind: _Kind) -> str:
    return f"{path_template(kind.path)}/{{}}" if kind.variable else ""


def _add_actions(kinds: list[_Kind], paths: _Paths) -> None:
    """Add what is done to one: ``POST /orders/{id}/cancel``, ``/orders/{id}/actions/pay``, ``/orders/{id}:hold``."""
    by_item = {_item(kind): kind for kind in kinds if kind.variable}
    for template, operations in paths.by_template.items():
        custom = _CUSTOM.fullmatch(template)
        item = custom["item"] if custom else template.rpartition("/")[0].removesuffix("/actions")
        kind = by_item.get(item)
        if kind is None or "GET" in operations or (not custom and template.endswith("}")):
            continue
        if any(path_template(other.path).startswith(f"{template}/") for other in kinds):
            continue  # what lists stand below is no action, though it is in none of them
        for method in ("POST", "PUT", "PATCH"):
            operation = operations.get(method)
            if operation and operation.id not in paths.taken and not _is_array(_body(operation), paths.contract):
                variable = path_variables(operation.path)[-1]
                entity = WHOLE_BODY if operation.request else None
                _take(kind, _role(operation, "action", kind, RequestPlace("path", variable), entity), paths)


def _role(
    operation: Operation,
    name: RoleName,
    kind: _Kind,
    key: RequestPlace | None = None,
    entity: RequestPlace | None = None,
) -> Role:
    variables = [RequestPlace("path", variable) for variable in path_variables(operation.path)]
    parents = tuple(place for place in variables if place != key)
    why = f"{operation.method} of {operation.path}"
    return Role(operation.id, name, why, key, entity, evidence=as_assumed(operation.evidence), parents=parents)


def answered_entity(operation: Operation | None, contract: Contract) -> Schema | None:
    """Return the schema of the one entity that an operation answers, ``None`` where it answers nothing."""
    schema: Any = answered_schema(operation) if operation else None
    for step in wrapped_in(operation, contract) if operation and schema else ():
        schema = member_of(tuple(schema_branches(schema, contract)), step)
    return schema or None


def listed_entity(operation: Operation | None, contract: Contract) -> Schema | None:
    """Return the schema of an entity in the rows of a list, ``None`` where an operation answers none."""
    listed = listed_in(operation, contract) if operation else None
    schema: Any = listed.items if listed else None
    for step in listed.inside if listed else ():
        schema = member_of(tuple(schema_branches(schema, contract)), step)
    return schema or None


def sent_entity(operation: Operation | None, contract: Contract) -> Schema | None:
    """Return the schema of what a request is sent, or of each where it is an array; ``None`` for nothing."""
    schema = _body(operation) if operation else None
    return items_of(schema_branches(schema, contract)) if _is_array(schema, contract) else schema


def _body(operation: Operation) -> Schema | None:
    return primary_schema(operation.request.media_types) if operation.request else None


def _is_array(schema: Any, contract: Contract) -> bool:
    kinds = value_kinds(tuple(schema_branches(schema, contract)))
    return "array" in kinds and "object" not in kinds


def _entity_place(operation: Operation, kind: _Kind, contract: Contract) -> RequestPlace | None:
    """Return where a request has the values of an entity: in the whole body, or in the one member that is it."""
    if operation.request is None:
        return None
    properties = properties_of(tuple(schema_branches(_body(operation), contract)))
    objects = [name for name, part in properties.items() if "object" in kinds_shown(part, contract)]
    names = _BODY_NAMES | {squeezed(spelling) for name in kind.names for spelling in (name, singular(name))}
    is_wrapped = (
        len(objects) == 1 and squeezed(objects[0]) in names and objects[0] not in members_of(kind.schema, contract)
    )
    beside = [name for name in properties if name not in (*objects, "meta", "included", "jsonapi", "links")]
    return RequestPlace("body", objects[0]) if is_wrapped and not beside else WHOLE_BODY


def _array_place(operation: Operation, contract: Contract) -> RequestPlace | None:
    """Return where a request has an array of entities, ``None`` where it has none."""
    if _is_array(_body(operation), contract):
        return WHOLE_BODY
    properties = properties_of(tuple(schema_branches(_body(operation), contract)))
    arrays = [
        name
        for name, part in properties.items()
        if _is_array(part, contract) and "object" in kinds_shown(items_of(schema_branches(part, contract)), contract)
    ]
    return RequestPlace("body", arrays[0]) if len(arrays) == 1 else None


def _names(kinds: Iterable[_Kind]) -> list[str]:
    """Return what to call each kind: as its type or its list is, by the path where others are called so, too."""
    known = list(kinds)
    short = [_short_name(kind) for kind in known]
    counts = Counter(short)
    return [name if counts[name] == 1 else kind.path for kind, name in zip(known, short, strict=True)]


def _short_name(kind: _Kind) -> str:
    segment = next((step for step in reversed(kind.path.split("/")) if step and "{" not in step), "")
    if kind.type and not is_made_up(kind.type) and not kind.singleton:
        return resource_name(kind.type)
    return (segment if kind.singleton else singular(segment)).lower()


def _resource(kind: _Kind, name: str, contract: Contract) -> Resource:
    views = {kind.type: kind.key} if kind.type and kind.key and kind.type in contract.schemas else {}
    return Resource(
        name or "/", views, tuple(kind.roles), "", kind.path or "/", kind.key, kind.variable, kind.singleton
    )
