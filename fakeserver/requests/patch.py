"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396), read by the type that they change.

The slash at the start of a path may be missing; names match without regard to letter case where that is documented.
"""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from docdouble.schemas import Contract, Schema, Validator, Violation
from docdouble.schemas.contract.model import Grade, non_null
from docdouble.schemas.json_pointer import pointer_of, unescape_token
from docdouble.schemas.jsonschema.validator import documented_spelling

from ..http.body_limits import MOST_PATCH_OPERATIONS

_SHOWN = 80
"""Characters of a wrong value that errors show."""

OPERATIONS = {"add": True, "replace": True, "remove": False, "test": True}
"""Operations of a JSON Patch → whether they need a value."""


_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
"""The index of an item (RFC 6901, section 4)."""


class PatchConflictError(ValueError):
    """A patch that doesn't fit the present state of what it changes (RFC 5789, section 2.2); ``pointer`` is where."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


class _UndocumentedError(ValueError):
    """A path leads to a property that isn't documented."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch that was read: ``operations`` of a JSON Patch, else ``members`` of a merge patch.

    What comes of it has to fit the ``changed`` type.
    """

    operations: tuple[Mapping[str, Any], ...] = ()
    members: Mapping[str, Any] | None = None
    changed: Validator | None = None

    def applied(self, value: Any) -> Any:
        """Return the value as changed; raises ``PatchConflictError``, also where it would lack what it must have."""
        if self.members is not None:
            after = merge_patch(value, self.members)
        else:
            document = {"": deepcopy(value)}
            for operation in self.operations:
                _apply(document, operation)
            after = document[""]
        if self.changed and not self.changed.is_valid_loosely(after) and self.changed.is_valid_loosely(value):
            broken = self.changed.violations(after)[0]
            raise PatchConflictError(broken.pointer, f"the result has to be {broken.expected}, it is {broken.got}")
        return after


def merge_patch(value: Any, patch: Any) -> Any:
    """Return the result of a merge patch (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for name, part in patch.items():
        if part is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), part)
    return result


def read_patch(
    document: Any, schema: Schema, contract: Contract, page: str, *, any_case: bool
) -> tuple[Patch, tuple[Violation, ...]]:
    """Return the patch of a decoded body, and what it breaks of the type that it changes; an array is a JSON Patch."""
    if isinstance(document, dict):
        members = documented_spelling(document, schema, contract) if any_case else document
        validator = Validator(_optional(schema, members, contract), contract, page)
        patch = Patch(members=members, changed=Validator(schema, contract, page))
        return patch, validator.violations(_without_nulls(members))
    if not isinstance(document, list):
        return Patch(), (_violation("", "type", "an array of operations, or an object to merge", document),)
    if len(document) > MOST_PATCH_OPERATIONS:
        most = f"at most {MOST_PATCH_OPERATIONS:,} operations"
        return Patch(), (Violation("", "maxItems", most, f"{len(document):,}", Grade.STATED, None),)
    operations: list[Mapping[str, Any]] = []
    violations: list[Violation] = []
    for number, item in enumerate(document):
        operation, broken = _operation(item, schema, contract, page, any_case=any_case)
        operations += [operation] if operation else []
        violations += [_below(f"/{number}", violation) for violation in broken]
    return Patch(tuple(operations), changed=Validator(schema, contract, page)), tuple(violations)


def _operation(
    item: Any, schema: Schema, contract: Contract, page: str, *, any_case: bool
) -> tuple[Mapping[str, Any], tuple[Violation, ...]]:
    named = item if isinstance(item, dict) else {}
    named = {str(name).lower(): part for name, part in named.items()} if any_case else named
    verb, path = named.get("op"), named.get("path")
    if not isinstance(verb, str) or verb not in OPERATIONS:
        return {}, (_violation("/op", "enum", f"one of {', '.join(OPERATIONS)}", verb),)
    if not isinstance(path, str):
        return {}, (_violation("/path", "type", "a JSON Pointer", path),)
    if OPERATIONS[verb] and "value" not in named:
        return {}, (Violation("/value", "required", f"a value to {verb}", "nothing", Grade.STATED, None),)
    try:
        tokens, below = _located(path, schema, contract, any_case=any_case)
    except _UndocumentedError as error:
        # a record may have more properties than are documented, so one may be added; nothing comes of it
        return {}, () if verb == "add" else (_violation("/path", "path", str(error), path),)
    except ValueError as error:
        return {}, (_violation("/path", "path", str(error), path),)
    value = documented_spelling(named.get("value"), below, contract) if any_case else named.get("value")
    record = contract.resolve(non_null(contract.resolve(below))) if not tokens else {}
    kept = [
        name for name, part in record.get("properties", {}).items() if contract.resolve(part).get("readOnly") is True
    ]
    operation = {"op": verb, "tokens": tokens, "value": value, "kept": kept}
    if verb not in ("add", "replace"):
        return operation, ()
    if kept:
        below = {**record, "required": [name for name in record.get("required", ()) if name not in kept]}
    violations = Validator(below, contract, page).violations(value)
    return operation, tuple(_below("/value", violation) for violation in violations)


def _located(path: str, schema: Schema, contract: Contract, *, any_case: bool) -> tuple[tuple[str, ...], Schema]:
    """Return the steps of a path as documented, and the schema there; raises ``ValueError`` for what can't be there."""
    path = path if path.startswith("/") or not path else "/" + path
    tokens: list[str] = []
    for step in path.split("/")[1:]:
        token = unescape_token(step)
        schema = contract.resolve(non_null(contract.resolve(schema)))
        if isinstance(items := schema.get("items"), dict):
            if token != "-" and not _INDEX.fullmatch(token):
                raise ValueError(f"an index or - where {token!r} stands")
            schema = items
        else:
            token, schema = _member(token, schema, any_case=any_case)
        tokens.append(token)
    return tuple(tokens), schema


def _member(token: str, schema: Schema, *, any_case: bool) -> tuple[str, Schema]:
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties")
    name = {name.lower(): name for name in properties}.get(token.lower(), token) if any_case else token
    if name in properties:
        part = properties[name]
        return name, part if isinstance(part, dict) else {}
    if properties and not isinstance(rest, dict):
        near = get_close_matches(token, properties, n=1)
        hint = f"; the nearest is {near[0]}" if near else ""
        raise _UndocumentedError(f"a documented property where {token!r} stands{hint}")
    return token, rest if isinstance(rest, dict) else {}


def _optional(schema: Schema, value: Any, contract: Contract) -> Schema:
    """Return a record's schema without what it requires, as deep as a merge patch goes: it tells a part of it."""
    if not isinstance(value, Mapping) or not isinstance(schema, dict):
        return schema
    schema = contract.resolve(non_null(contract.resolve(schema)))
    optional = {key: part for key, part in schema.items() if key not in ("required", "minProperties")}
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties")
    members = {name: properties.get(name, rest) for name in value if name in properties or isinstance(rest, dict)}
    if members:
        optional["properties"] = {
            **properties,
            **{name: _optional(part, value[name], contract) for name, part in members.items()},
        }
    for word in ("allOf", "anyOf", "oneOf"):
        if word in schema:
            optional[word] = [_optional(part, value, contract) for part in schema[word]]
    return optional


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value


def _violation(pointer: str, rule: str, expected: str, got: Any) -> Violation:
    shown = json.dumps(got)
    return Violation(
        pointer, rule, expected, shown if len(shown) < _SHOWN else shown[:_SHOWN] + "…", Grade.STATED, None
    )


def _below(pointer: str, violation: Violation) -> Violation:
    return replace(violation, pointer=pointer + violation.pointer)


def _apply(document: dict[str, Any], operation: Mapping[str, Any]) -> None:
    tokens: tuple[str, ...] = operation["tokens"]
    *way, last = ("", *tokens)
    pointer = pointer_of(tokens)
    container: Any = document
    for token in way:
        container = _step(container, token, pointer)
    last = _spelled(container, last)
    verb, value = operation["op"], deepcopy(operation["value"])
    if not tokens and isinstance(value, dict):  # what only the server sets stays
        value = {name: document[""][name] for name in operation["kept"] if name in document[""]} | value
    if verb == "add":
        _add(container, last, value, pointer)
        return
    present = _step(container, last, pointer)
    key: Any = int(last) if isinstance(container, list) else last
    if verb == "replace":
        container[key] = value
    elif verb == "remove" and container is document:
        raise PatchConflictError(pointer, "the whole can't be removed")
    elif verb == "remove":
        del container[key]
    elif not same(present, value):
        raise PatchConflictError(pointer, f"the test failed: {pointer or 'the whole'} is {present!r}, not {value!r}")


def same(value: Any, other: Any) -> bool:
    """Tell whether two values are the same to JSON (RFC 6902, section 4.6): 1 is 1.0, but not true."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(same(part, other[name]) for name, part in value.items())
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(same, value, other))
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _spelled(container: Any, token: str) -> str:
    """Return a step as the container spells it, where that has one such name whatever the letter case."""
    if not isinstance(container, dict) or token in container:
        return token
    known = [name for name in container if name.lower() == token.lower()]
    return known[0] if len(known) == 1 else token


def _step(container: Any, token: str, pointer: str) -> Any:
    token = _spelled(container, token)
    if isinstance(container, dict) and token in container:
        return container[token]
    if isinstance(container, list) and _INDEX.fullmatch(token) and int(token) < len(container):
        return container[int(token)]
    raise PatchConflictError(pointer, f"there is no {token!r} on the way to {pointer}")


def _add(container: Any, last: str, value: Any, pointer: str) -> None:
    if isinstance(container, dict):
        container[last] = value
    elif isinstance(container, list) and (last == "-" or (_INDEX.fullmatch(last) and int(last) <= len(container))):
        container.insert(len(container) if last == "-" else int(last), value)
    else:
        raise PatchConflictError(pointer, f"nothing can be added at {pointer}")
