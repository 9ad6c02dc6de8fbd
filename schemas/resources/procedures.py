"""Roles of remote procedures, which their names tell: ``/Agents/Contact/SaveContactEntity``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..contract.resources import WHOLE_BODY, RequestPlace, Role, RoleName
from ..words import article, singular, singulars
from .criteria import criteria
from .naming import resource_name, stem_of
from .related_types import RelatedTypes
from .request_places import entity_place, key_place
from .rest import RoleContext
from .signature import OperationSignature, RequestValue

_MOST_NAMED = 3
"""Members of a request that aren't understood and are named."""


def procedure_role(signature: OperationSignature, context: RoleContext) -> tuple[RelatedTypes, Role] | None:
    """Return what an operation does by its name, its types and what it asks for; ``None`` where that doesn't fit."""
    split = context.verbs.split(_name(signature))
    if split is None or "{" in signature.operation.path.rpartition("/")[2]:
        return None
    verb, words = split
    agent = "".join(signature.operation.path.split("/")[-2:-1]).lower()
    for related in _candidates(signature, words, agent, context):
        if not related.is_split and (role := _Procedure(signature, words, agent, related, context).role(verb)):
            return related, role
    return None


def _name(signature: OperationSignature) -> str:
    return signature.operation.path.rstrip("/").rpartition("/")[2]


def _candidates(
    signature: OperationSignature, rest: tuple[str, ...], agent: str, context: RoleContext
) -> Iterator[RelatedTypes]:
    """Yield the related types that it answers, that it is sent, and that its name means."""
    values = [signature.answer, signature.body, *(member.value for member in signature.asked)]
    seen: set[str] = set()
    meant = (context.meant("".join(rest) or agent), context.meant(agent + "".join(rest)))
    for related in (*(context.by_type.get(value.type) if value else None for value in values), *meant):
        if related and related.name not in seen:
            seen.add(related.name)
            yield related


@dataclass(frozen=True)
class _Procedure:
    """An operation whose name starts with a verb: the words after it, and the path segment before it."""

    signature: OperationSignature
    words: tuple[str, ...]
    agent: str
    related: RelatedTypes
    context: RoleContext

    def role(self, verb: str) -> Role | None:
        match verb:
            case "draft":
                return self._draft()
            case "get" | "search":
                return self._read() or self._list() or self._search()
            case "delete":
                return self._delete()
        return self._write(verb)

    def _role(self, name: RoleName, why: str, key: RequestPlace | None = None, many: bool = False) -> Role:
        return Role(self.signature.id, name, f"named {_name(self.signature)}, {why}", key, many=many)

    @property
    def _answered(self) -> str:
        """The type of the answer, empty where it has none."""
        return self.signature.answer.type if self.signature.answer else ""

    def _fits(self, words: tuple[str, ...]) -> bool:
        """Tell whether words name the related types, alone or together with the segment before.

        ``DeleteEntities`` of a selection is not about a ``SelectionEntity``, so together they must be a plain name.
        """
        name = "".join(words)
        plain = {resource_name(view) for view in self.related.views}
        return self.related.is_meant(name or self.agent) or not plain.isdisjoint(singulars(self.agent + name))

    def _draft(self) -> Role | None:
        body = self.signature.body
        if (body and body.type in self.related.views) or not self.signature.answers_one(self.related.views):
            return None
        return self._role("draft", f"answers {article(self._answered)}")

    def _read(self) -> Role | None:
        key = key_place(self.signature, self.related)
        if not key or key.many or key.others or not self._fits(self.words):
            return None
        if not self.signature.answers_one(self.related.views):
            return None
        return self._role("read", f"answers {article(self._answered)}", key.place)

    def _list(self) -> Role | None:
        if not self.signature.answers_many(self.related.views):
            return None
        key, body = key_place(self.signature, self.related), self.signature.body
        words = _without_ending(self.words)
        if key and key.many and not key.others and self._fits(words):
            is_guess = key.place == WHOLE_BODY and not (body and body.many)
            why = f"answers an array of {self._answered} by their keys"
            return self._role(
                "list", why + (", what it is told is taken for the keys" if is_guess else ""), key.place, True
            )
        if self.signature.asked or body or not self._fits(words):
            return None
        return self._role("list", f"answers all of {self._answered}", many=True)

    def _search(self) -> Role | None:
        asked = self.signature.asked
        if not self.signature.answers_many(self.related.views) or not self._is_mentioned():
            return None
        if self.signature.body and not asked:
            return None
        known = criteria(asked, [self._answered], self.context.contract, self.context.by_type)
        unknown = [member for member in asked if member.place not in {criterion.place for criterion in known}]
        if not known and any(_is_reference(member) for member in unknown):
            return None
        left = _not_understood(unknown) if asked else "; what else its name says is not understood"
        return replace(self._role("search", f"answers an array of {self._answered}{left}", many=True), criteria=known)

    def _is_mentioned(self) -> bool:
        """Tell whether some words of the name, next to each other, name the related types."""
        words = self.words
        runs = (words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1))
        return any(self.related.is_meant("".join(run)) for run in runs) or self._fits(words)

    def _delete(self) -> Role | None:
        key = key_place(self.signature, self.related)
        if not key or not self._fits(self.words) or self._changes_more(key.others, list(self.related.views)):
            return None
        why = f"asks for {'keys' if key.many else 'the key'}{_not_understood(key.others)}"
        return self._role("delete", why, key.place, key.many)

    def _write(self, verb: str) -> Role | None:
        entity = entity_place(self.signature, self.related)
        if not entity or not self._fits(self.words) or self._changes_more(entity.others, [entity.view]):
            return None
        if self._answered and self._answered not in self.related.views:
            return None
        names: dict[str, RoleName] = {"create": "create", "save": "save", "update": "update"}
        kind = f"an array of {entity.view}" if entity.many else article(entity.view)
        why = f"{entity.place.name or 'body'} is {kind}{_not_understood(entity.others)}"
        return replace(self._role(names[verb], why, many=entity.many), entity=entity.place)

    def _changes_more(self, members: Sequence[RequestValue], views: list[str]) -> bool:
        """Tell whether members say what an entity belongs to, or more of it: nobody knows what that changes."""
        is_property = criteria(members, views, self.context.contract, self.context.by_type)
        return bool(is_property) or any(_is_reference(member) for member in members)


def _without_ending(rest: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without what says that many are meant: all of them, in a list, by their ids."""
    words = rest[1:] if rest[:1] == ("all",) else rest
    for ending in (("list",), ("by", "id"), ("by", "ids")):
        words = words[: -len(ending)] if words[-len(ending) :] == ending and len(words) > len(ending) else words
    return words


def _not_understood(members: Sequence[RequestValue]) -> str:
    names = [member.place.name for member in members]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"; not understood: {', '.join(names[:_MOST_NAMED])}{more}" if names else ""


def _is_reference(member: RequestValue) -> bool:
    """Tell whether a member holds the id of something, or ids."""
    name = member.place.name
    asked = singular(name) if member.value.many else name
    return member.value.is_integer and (bool(stem_of(asked)) or asked.lower() == "id")
