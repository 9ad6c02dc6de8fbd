"""Broken state: writes that are not kept, reads that change something."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from docdouble.fakeserver.http.codecs import body_content, codec_of
from docdouble.fakeserver.http.documented import is_patched
from docdouble.fakeserver.http.header_fields import content_type
from docdouble.fakeserver.http.masking import Masking
from docdouble.fakeserver.http.problem import problem
from docdouble.fakeserver.state.worlds import HEADER
from docdouble.schemas import Call, Contract, Operation, Reply, Schema
from docdouble.schemas.contract.media_types import chosen_media_type
from docdouble.schemas.contract.resources import STORING, RoleName
from docdouble.schemas.http import is_json
from docdouble.schemas.json_pointer import escape_token, unescape_token
from docdouble.schemas.resources.audit_properties import is_set_by_server
from docdouble.schemas.resources.bindings import entity_schema, shown_keys
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.envelopes import listed_in
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.path_resources import answered_entity, listed_entity

from ..checks.repeatable import VOLATILE
from ..generation.fields import request_body_schema
from .mutant import Answer, Fault, MutationKind, Scope, Site
from .places import MAX_DEPTH

_MASKING = Masking()

_UNTOUCHED = "as-drawn"
"""Name of a world that nobody changes."""


def _with_role(*names: RoleName) -> Callable[[Operation, Scope], Iterator[str]]:
    def places(operation: Operation, scope: Scope) -> Iterator[str]:
        role = scope.roles.get(operation.id)
        if role and role.name in names and not role.many and operation.id in scope.shown:
            yield ""

    return places


def _kept(operation: Operation, scope: Scope) -> Iterator[str]:
    """Yield the place of a write that is documented to keep something which some operation shows."""
    role = scope.roles.get(operation.id)
    if role and (role.creates or _can_show(operation, scope)):
        yield from _with_role(*STORING)(operation, scope)


def _can_show(operation: Operation, scope: Scope) -> bool:
    """Tell whether a read or a list can show what an operation writes."""
    return is_patched(operation) or any(_seen_names(operation, scope))


def _changeable(operation: Operation, scope: Scope) -> Iterator[str]:
    """Yield the place of a read of what some operation changes: what never changes may be remembered."""
    resource = scope.contract.resources.resource_of(operation.id)
    others = [role for role in (resource.roles if resource else ()) if role.name != "create"]
    if any(role.name == "delete" for role in others) or any(
        role.stores and _can_show(scope.contract.operation(role.operation), scope) for role in others
    ):
        yield from _with_role("read")(operation, scope)


def _lists(operation: Operation, scope: Scope) -> Iterator[str]:
    if operation.id in scope.listing:
        yield ""


def _lost(place: str, site: Site) -> Fault:
    """Answer as if a change were made, and undo it."""

    def fault(call: Call, answer: Answer) -> Reply:
        undo = site.remember(call)
        reply = answer(call)
        if not 200 <= reply.status < 300:
            return reply
        undo()
        return site.broken(reply)

    return fault


def _entity_properties(operation: Operation, scope: Scope) -> Iterator[str]:
    role = scope.roles.get(operation.id) if operation.id in scope.shown else None
    if role is None or not role.stores or role.name == "patch" or role.many or role.entity is None:
        return
    head = f"/{escape_token(role.entity.name)}" if role.entity.name else ""
    yield from (f"{head}/{escape_token(name)}" for name in _kept_names(operation, scope))


def _kept_names(operation: Operation, scope: Scope) -> Iterator[str]:
    """Yield the properties of a write that a server keeps as they are: no keys, no secrets, no times of its own."""
    role = scope.roles[operation.id]
    resource = scope.contract.resources.resource_of(operation.id)
    keys = resource.key_names if resource else ()
    schema = scope.contract.resolve(entity_schema(role, operation, scope.contract))
    for name, part in schema.get("properties", {}).items():
        if name.lower() not in keys and not is_set_by_server(squeezed(name), part) and not _MASKING.is_secret(name):
            yield name


def _seen_names(operation: Operation, scope: Scope) -> Iterator[str]:
    """Yield the properties of a write that a read or a list shows under the same name: of others nobody can tell."""
    resource = scope.contract.resources.resource_of(operation.id)
    roles = [role for role in (resource.roles if resource else ()) if role.name in ("read", "list", "search")]
    shown: dict[str, list[Schema]] = {}
    for role in roles:
        reading = scope.contract.operation(role.operation)
        show = listed_entity if role.many else answered_entity
        for name, part in members_of(show(reading, scope.contract), scope.contract).items():
            shown.setdefault(name.lower(), []).append(part)
    sent = members_of(entity_schema(scope.roles[operation.id], operation, scope.contract), scope.contract)
    for name in _kept_names(operation, scope):
        if any(_have_common(sent.get(name, {}), part, scope.contract) for part in shown.get(name.lower(), ())):
            yield name


def _have_common(sent: Schema, shown: Schema, contract: Contract, depth: int = 0) -> bool:
    """Tell whether two schemas document one value, or some of its properties under the same names."""
    sent, shown = (
        {name.lower(): part for name, part in members_of(schema, contract).items()} for schema in (sent, shown)
    )
    if not sent or not shown or depth == MAX_DEPTH:
        return True
    return any(_have_common(sent[name], shown[name], contract, depth + 1) for name in sent.keys() & shown.keys())


def _property_lost(place: str, site: Site) -> Fault:
    tokens = [unescape_token(token).lower() for token in place.split("/")[1:]]

    def fault(call: Call, answer: Answer) -> Reply:
        less = _without(call, tokens, site)
        if less == call:
            return answer(call)
        undo = site.remember(call)
        right = answer(call)
        if right.status >= 300:
            return right
        undo()
        reply = answer(less)
        site.asked += 1
        return right if reply == right else site.broken(reply)

    return fault


def _without(call: Call, tokens: list[str], site: Site) -> Call:
    """Return a call whose body lacks a property, in whatever media type; as it is where that can't be read."""
    sent = content_type(call)
    media_types = site.operation.request.media_types if site.operation.request else ()
    documented = chosen_media_type(media_types, sent.media_type)
    if documented is None:
        return call
    schema = request_body_schema(site.operation, sent.media_type)
    content = body_content(documented, schema, site.scope.contract, sent.charset or "utf-8", sent.boundary)
    codec = codec_of(sent.media_type)
    try:
        body = codec.decode(call.body, content)
    except ValueError:
        return call
    less = _taken_out(body, tokens)
    if less == body:
        return call
    header = "Content-Type", sent.media_type + codec.parameters
    return replace(call.with_headers(header), body=codec.encode(less, content))


def _taken_out(value: Any, tokens: list[str]) -> Any:
    if not isinstance(value, dict):
        return value
    token, rest = tokens[0], tokens[1:]
    if rest:
        return {name: _taken_out(part, rest) if name.lower() == token else part for name, part in value.items()}
    return {name: part for name, part in value.items() if name.lower() != token}


def _remembering(place: str, site: Site) -> Fault:
    """Answer what was read first, whatever was changed since."""
    known: dict[tuple[str, bytes, str], Reply] = {}

    def fault(call: Call, answer: Answer) -> Reply:
        reply = answer(call)
        if reply.status >= 300 and reply.status != 404:
            return reply
        asked = (call.target, call.body, call.header("Accept") or "")
        first = known.setdefault(asked, reply)
        return reply if first == reply else site.broken(first)

    return fault


def _removing(place: str, site: Site) -> Fault:
    """Let an entity be read once only."""
    seen: set[tuple[str, bytes]] = set()

    def fault(call: Call, answer: Answer) -> Reply:
        reply = answer(call)
        asked = (call.target, call.body)
        if reply.status >= 300:
            return reply
        if asked in seen:
            return site.broken(problem(404, "there is no such entity any more"))
        seen.add(asked)
        return reply

    return fault


def _counting(place: str, site: Site) -> Fault:
    """Change a text whenever the same is read again: one that servers don't make anew for each reply."""
    seen: dict[tuple[str, bytes], int] = {}

    def fault(call: Call, answer: Answer) -> Reply:
        reply = answer(call)
        asked = (call.target, call.body)
        seen[asked] = seen.get(asked, -1) + 1
        if reply.status >= 300 or not is_json(reply.media_type) or not seen[asked]:
            return reply
        site.asked += 1
        body = orjson.dumps(_marked(orjson.loads(reply.body), f" {seen[asked]}"))
        return reply if body == reply.body else site.broken(replace(reply, body=body))

    return fault


def _marked(value: Any, mark: str) -> Any:
    if isinstance(value, list):
        return [_marked(part, mark) for part in value]
    texts = [key for key, part in value.items() if isinstance(part, str)] if isinstance(value, dict) else []
    name = next((key for key in texts if not VOLATILE.search(key)), None)
    return {**value, name: value[name] + mark} if name is not None else value


def _omitting(place: str, site: Site) -> Fault:
    """Leave the last one that callers created out of a list, the very last one where they created none.

    Which of the others a list shows is the server's to decide: a list without one of them is as good as one with it.
    """
    listed = listed_in(site.operation, site.scope.contract)
    path = listed.path if listed else ()
    resource = site.scope.contract.resources.resource_of(site.operation.id)
    keys = resource.key_names if resource else ()

    def fault(call: Call, answer: Answer) -> Reply:
        reply = answer(call)
        if reply.status >= 300 or not is_json(reply.media_type):
            return reply
        site.asked += 1
        body = orjson.loads(reply.body)
        drawn = answer(call.with_headers((HEADER, _UNTOUCHED)))
        others = _rows(orjson.loads(drawn.body), path) if is_json(drawn.media_type) else []
        last = _last_created(_rows(body, path), others, keys)
        shorter = _shorter(body, path, last)
        return reply if shorter == body else site.broken(replace(reply, body=orjson.dumps(shorter)))

    return fault


def _last_created(rows: Sequence[Any], others: Sequence[Any], keys: Collection[str]) -> int:
    """Return the place of the row that callers created last: the highest number among those that are new."""
    new = [index for index, row in enumerate(rows) if row not in others]
    numbers = [next(iter(shown_keys(rows[index], keys)), None) for index in new]
    if new and all(isinstance(number, int) for number in numbers):
        return max(zip(numbers, new, strict=True))[1]
    return new[-1] if new else len(rows) - 1


def _shorter(body: Any, path: Sequence[str], last: int) -> Any:
    if isinstance(body, list):
        return [row for index, row in enumerate(body) if index != last]
    name = next(iter(path), "value")
    return {**body, name: _shorter(body[name], path[1:], last)} if isinstance(body, dict) and name in body else body


def _rows(body: Any, path: Sequence[str]) -> Sequence[Any]:
    """Return the rows of a list, none where there is no list."""
    if isinstance(body, list):
        return body
    return _rows(body.get(next(iter(path), "value")), path[1:]) if isinstance(body, dict) else []


KINDS = (
    MutationKind("write-lost", "what is written is not kept", _kept, _lost, in_chains=True),
    MutationKind("delete-lost", "what is deleted is still there", _with_role("delete"), _lost, in_chains=True),
    MutationKind("property-lost", "{place} is not kept", _entity_properties, _property_lost, in_chains=True),
    MutationKind("stale-read", "what was read once is read again", _changeable, _remembering, in_chains=True),
    MutationKind("read-removes", "what is read is gone", _with_role("read"), _removing, in_chains=True),
    MutationKind("read-changes", "what is read changes", _with_role("read", "draft"), _counting, in_chains=True),
    MutationKind("list-omits", "a list lacks its last item", _lists, _omitting, in_chains=True),
)
"""Kinds of broken promises about what a server remembers."""
