"""Collections of a contract: paths with entities below them, each under its number."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .signature import OperationSignature

_ITEM = re.compile(r"(?P<collection>(?:/[^/{}]+)+)/\{(?P<key>[^/{}]+)\}(?:/(?P<below>[^/{}]+))?/?")


@dataclass(frozen=True)
class Collection:
    """The operations on a path (``whole``), on ``path/{key}`` (``items``) and one segment deeper.

    ``below`` are those on ``path/{key}/segment``, ``beside`` those on ``path/segment``, by that segment. Only keys that
    are integers are looked at.
    """

    path: str
    whole: list[OperationSignature] = field(default_factory=list)
    items: list[tuple[str, OperationSignature]] = field(default_factory=list)
    below: list[tuple[str, str, OperationSignature]] = field(default_factory=list)
    beside: list[tuple[str, OperationSignature]] = field(default_factory=list)

    @property
    def segment(self) -> str:
        """The last segment of the path, in lower case."""
        return self.path.rpartition("/")[2].lower()

    @property
    def read_types(self) -> list[str]:
        """The types that GET of an item answers."""
        return [item.answer.type for _, item in self.items if item.method == "GET" and item.answer]

    def types(self, keyed: Mapping[str, object]) -> tuple[str, ...]:
        """Return those of the types in ``keyed`` that it holds, the surest first."""
        signatures = [signature for _, signature in self.items]
        shown = [signature.answer for signature in sorted(signatures, key=lambda item: item.method != "GET")]
        sent = [signature.body for signature in signatures if signature.method != "PATCH"]
        whole = [part for signature in self.whole for part in (signature.body, signature.answer)]
        values = (*(value for value in (*shown, *sent) if value and not value.many), *filter(None, whole))
        return tuple(dict.fromkeys(value.type for value in values if value.type in keyed))


def collections(signatures: Iterable[OperationSignature]) -> dict[str, Collection]:
    """Return the collections by their paths in lower case: where items have numbers, or a list is added to."""
    known = list(signatures)
    collected: dict[str, Collection] = {}
    for signature, match in _items(known):
        collection = collected.setdefault(match["collection"].lower(), Collection(match["collection"]))
        if match["below"]:
            collection.below.append((match["key"], match["below"], signature))
        else:
            collection.items.append((match["key"], signature))
    by_path: dict[str, list[OperationSignature]] = {}
    for signature in known:
        by_path.setdefault(signature.operation.path.rstrip("/").lower(), []).append(signature)
    for path, own in by_path.items():
        if path not in collected and "{" not in path and _is_added_to(own):
            collected[path] = Collection(own[0].operation.path.rstrip("/"))
    for path, own in by_path.items():
        outer, _, segment = path.rpartition("/")
        if path in collected:
            collected[path].whole.extend(own)
        if outer in collected and "{" not in segment:
            collected[outer].beside.extend((segment, signature) for signature in own)
    return {path: collection for path, collection in collected.items() if collection.items or collection.whole}


def _items(signatures: Iterable[OperationSignature]) -> list[tuple[OperationSignature, re.Match[str]]]:
    """Return the operations on what is in a collection under a number, each with the parts of its path.

    What one operation states of a variable holds for the others of that path, however they spell it.
    """
    matches = [(signature, match) for signature in signatures if (match := _ITEM.fullmatch(signature.operation.path))]
    numbers = {_variable(match) for signature, match in matches if _is_number(signature, match["key"])}
    return [(signature, match) for signature, match in matches if _variable(match) in numbers]


def _variable(match: re.Match[str]) -> tuple[str, str]:
    return match["collection"].lower(), match["key"].lower()


def _is_number(signature: OperationSignature, name: str) -> bool:
    members = (member for member in signature.asked if member.place.location == "path" and member.place.name == name)
    return any(member.value.is_integer and not member.value.many for member in members)


def _is_added_to(signatures: list[OperationSignature]) -> bool:
    """Tell whether a path answers many of a named type to GET, and takes one by POST."""
    bodies = [signature.body for signature in signatures if signature.method == "POST"]
    answers = [signature.answer for signature in signatures if signature.method == "GET"]
    posted = {body.type for body in bodies if body and not body.many}
    return any(answer and answer.many and answer.type and answer.type in posted for answer in answers)


def textual_keys(signatures: Iterable[OperationSignature]) -> Iterator[str]:
    """Yield the named types that are read or written under a text at the end of a path."""
    known = list(signatures)
    numbered = {id(signature) for signature, _ in _items(known)}
    for signature in known:
        match = _ITEM.fullmatch(signature.operation.path)
        if match and not match["below"] and id(signature) not in numbered:
            for value in (signature.answer, signature.body):
                if value and value.type and not value.many:
                    yield value.type
