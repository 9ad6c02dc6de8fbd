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

    def types(self, keyed: Mapping[str, object]) -> tuple[str, ...]:
        """Return those of the types in ``keyed`` that it holds, the surest first."""
        signatures = [signature for _, signature in self.items]
        shown = [signature.answer for signature in sorted(signatures, key=lambda one: one.operation.method != "GET")]
        told = [signature.body for signature in signatures if signature.operation.method != "PATCH"]
        whole = [part for signature in self.whole for part in (signature.body, signature.answer)]
        values = (*(one for one in (*shown, *told) if one and not one.many), *(one for one in whole if one))
        return tuple(dict.fromkeys(one.type for one in values if one.type in keyed))


def collections(signatures: Iterable[OperationSignature]) -> dict[str, Collection]:
    """Return the collections by their paths in lower case: where items have numbers, or a list is added to."""
    known = list(signatures)
    found: dict[str, Collection] = {}
    for signature, match in _items(known):
        collection = found.setdefault(match["collection"].lower(), Collection(match["collection"]))
        if match["below"]:
            collection.below.append((match["key"], match["below"], signature))
        else:
            collection.items.append((match["key"], signature))
    by_path: dict[str, list[OperationSignature]] = {}
    for signature in known:
        by_path.setdefault(signature.operation.path.rstrip("/").lower(), []).append(signature)
    for path, own in by_path.items():
        if path not in found and "{" not in path and _is_added_to(own):
            found[path] = Collection(own[0].operation.path.rstrip("/"))
    for path, own in by_path.items():
        outer, _, segment = path.rpartition("/")
        if path in found:
            found[path].whole.extend(own)
        if outer in found and "{" not in segment:
            found[outer].beside.extend((segment, signature) for signature in own)
    return {path: one for path, one in found.items() if one.items or one.whole}


def _items(signatures: Iterable[OperationSignature]) -> list[tuple[OperationSignature, re.Match[str]]]:
    """Return the operations on what is in a collection under a number, each with the parts of its path.

    What one operation says of a variable holds for the others of that path, however they spell it.
    """
    matches = [(signature, match) for signature in signatures if (match := _ITEM.fullmatch(signature.operation.path))]
    numbers = {_variable(match) for signature, match in matches if _is_number(signature, match["key"])}
    return [(signature, match) for signature, match in matches if _variable(match) in numbers]


def _variable(match: re.Match[str]) -> tuple[str, str]:
    return match["collection"].lower(), match["key"].lower()


def _is_number(signature: OperationSignature, name: str) -> bool:
    members = (one for one in signature.asked if one.place.location == "path" and one.place.name == name)
    return any(one.value.is_integer and not one.value.many for one in members)


def _is_added_to(signatures: list[OperationSignature]) -> bool:
    """Tell whether a path answers many of a named type to GET, and takes one by POST."""
    posted = {one.body.type for one in signatures if one.operation.method == "POST" and one.body and not one.body.many}
    listed = {one.answer.type for one in signatures if one.operation.method == "GET" and one.answer and one.answer.many}
    return bool(posted & listed - {""})


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
