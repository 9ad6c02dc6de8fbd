"""Roles of remote procedures, which their names tell: ``/Agents/Contact/SaveContactEntity``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..contract.resources import WHOLE_BODY, Role, RoleName
from ..words import article, singular, singulars
from .criteria import criteria
from .naming import resource_name, stem_of
from .related_types import RelatedTypes
from .request_places import entity_place, key_place
from .rest import RoleContext
from .signature import OperationSignature, RequestValue

_MOST_NAMED = 3
"""What isn't understood of a request and is named."""


@dataclass(frozen=True)
class _Procedure:
    """An operation whose name starts with a verb: the words after it, and what the segment before it says."""

    signature: OperationSignature
    rest: tuple[str, ...]
    agent: str
    related: RelatedTypes
    context: RoleContext

    def fits(self, rest: tuple[str, ...]) -> bool:
        """Tell whether words name the related types, alone or together with the segment before.

        ``DeleteEntities`` of a selection is not about a ``SelectionEntity``, so together they must be a plain name.
        """
        words = "".join(rest)
        plain = {resource_name(view) for view in self.related.views}
        return self.related.is_meant(words or self.agent) or not plain.isdisjoint(singulars(self.agent + words))

    @property
    def named(self) -> str:
        """What the operation is called, for people."""
        return f"named {_name(self.signature)}"


def procedure_role(signature: OperationSignature, context: RoleContext) -> tuple[RelatedTypes, Role] | None:
    """Return what an operation does by its name, its types and what it asks for; ``None`` where that doesn't fit."""
    split = context.verbs.split(_name(signature))
    if split is None or "{" in signature.operation.path.rpartition("/")[2]:
        return None
    verb, rest = split
    agent = "".join(signature.operation.path.split("/")[-2:-1]).lower()
    for related in _candidates(signature, rest, agent, context):
        if related.is_split:
            continue
        one = _Procedure(signature, rest, agent, related, context)
        match verb:
            case "draft":
                role = _draft(one)
            case "get" | "search":
                role = _read(one) or _list(one) or _search(one)
            case "delete":
                role = _delete(one)
            case _:
                role = _written(one, verb)
        if role:
            return related, role
    return None


def _name(signature: OperationSignature) -> str:
    return signature.operation.path.rstrip("/").rpartition("/")[2]


def _candidates(
    signature: OperationSignature, rest: tuple[str, ...], agent: str, context: RoleContext
) -> Iterator[RelatedTypes]:
    """Yield the related types that it answers, that it is told, and that its name means."""
    values = [signature.answer, signature.body, *(one.value for one in signature.asked)]
    seen: set[str] = set()
    meant = (context.meant("".join(rest) or agent), context.meant(agent + "".join(rest)))
    for related in (*(context.by_type.get(one.type) if one else None for one in values), *meant):
        if related and related.name not in seen:
            seen.add(related.name)
            yield related


def _draft(one: _Procedure) -> Role | None:
    is_told = one.signature.body is not None and one.signature.body.type in one.related.views
    if is_told or not one.signature.answers_one(one.related.views):
        return None
    return Role(one.signature.operation.id, "draft", f"{one.named}, answers {article(_answered(one))}")


def _read(one: _Procedure) -> Role | None:
    key = key_place(one.signature, one.related)
    if not key or key.many or key.others or not one.fits(one.rest) or not one.signature.answers_one(one.related.views):
        return None
    return Role(one.signature.operation.id, "read", f"{one.named}, answers {article(_answered(one))}", key.place)


def _list(one: _Procedure) -> Role | None:
    if not one.signature.answers_many(one.related.views):
        return None
    key = key_place(one.signature, one.related)
    rest = _without_ending(one.rest)
    if key and key.many and not key.others and one.fits(rest):
        taken = ", what it is told is taken for the keys" if key.place == WHOLE_BODY and not _is_described(one) else ""
        why = f"{one.named}, answers an array of {_answered(one)} by their keys{taken}"
        return Role(one.signature.operation.id, "list", why, key.place, many=True)
    if one.signature.asked or one.signature.body or not one.fits(rest):
        return None
    return Role(one.signature.operation.id, "list", f"{one.named}, answers all of {_answered(one)}", many=True)


def _is_described(one: _Procedure) -> bool:
    return bool(one.signature.body and one.signature.body.many)


def _without_ending(rest: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without what says that many are meant: all of them, in a list, by their ids."""
    words = rest[1:] if rest[:1] == ("all",) else rest
    for ending in (("list",), ("by", "id"), ("by", "ids")):
        words = words[: -len(ending)] if words[-len(ending) :] == ending and len(words) > len(ending) else words
    return words


def _search(one: _Procedure) -> Role | None:
    signature = one.signature
    if (
        not signature.answers_many(one.related.views)
        or not _mentioned(one)
        or not (signature.asked or not signature.body)
    ):
        return None
    found = criteria(signature.asked, [_answered(one)], one.context.contract, one.context.by_type)
    left = [member for member in signature.asked if member.place not in {criterion.place for criterion in found}]
    if not found and any(_is_reference(member) for member in left):
        return None
    told = _not_understood(left) if signature.asked else "; what else its name says is not understood"
    why = f"{one.named}, answers an array of {_answered(one)}{told}"
    return Role(signature.operation.id, "search", why, many=True, criteria=found)


def _mentioned(one: _Procedure) -> bool:
    """Tell whether some words of the name, next to each other, name the related types."""
    rest = one.rest
    runs = (rest[start:end] for start in range(len(rest)) for end in range(start + 1, len(rest) + 1))
    return any(one.related.is_meant("".join(run)) for run in runs) or one.fits(rest)


def _not_understood(members: list[RequestValue]) -> str:
    names = [one.place.name for one in members]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"; not understood: {', '.join(names[:_MOST_NAMED])}{more}" if names else ""


def _delete(one: _Procedure) -> Role | None:
    key = key_place(one.signature, one.related)
    if not key or not one.fits(one.rest) or _tells_more(one, key.others, list(one.related.views)):
        return None
    why = f"{one.named}, asks for {'keys' if key.many else 'the key'}{_not_understood(list(key.others))}"
    return Role(one.signature.operation.id, "delete", why, key.place, many=key.many)


def _written(one: _Procedure, verb: str) -> Role | None:
    place = entity_place(one.signature, one.related)
    if not place or not one.fits(one.rest) or _tells_more(one, place.others, [place.view]):
        return None
    if one.signature.answer and one.signature.answer.type and one.signature.answer.type not in one.related.views:
        return None
    names: dict[str, RoleName] = {"create": "create", "save": "save", "update": "update"}
    kind = f"an array of {place.view}" if place.many else article(place.view)
    why = f"{one.named}, {place.place.name or 'body'} is {kind}{_not_understood(list(place.others))}"
    return Role(one.signature.operation.id, names[verb], why, entity=place.place, many=place.many)


def _tells_more(one: _Procedure, members: Iterable[RequestValue], views: list[str]) -> bool:
    """Tell whether members say what a thing belongs to, or more of it: nobody knows what that changes."""
    told = list(members)
    is_property = criteria(told, views, one.context.contract, one.context.by_type)
    return bool(is_property) or any(_is_reference(member) for member in told)


def _is_reference(member: RequestValue) -> bool:
    """Tell whether a member holds the id of something, or ids."""
    name = member.place.name
    asked = singular(name) if member.value.many else name
    return member.value.is_integer and (bool(stem_of(asked)) or asked.lower() == "id")


def _answered(one: _Procedure) -> str:
    return one.signature.answer.type if one.signature.answer else ""
