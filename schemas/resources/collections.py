"""The collections of a contract: paths with entities below them, each under its number."""

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
        shapes = [shape for _, shape in self.items]
        shown = [shape.answer for shape in sorted(shapes, key=lambda one: one.operation.method != "GET")]
        told = [shape.body for shape in shapes if shape.operation.method != "PATCH"]
        whole = [part for shape in self.whole for part in (shape.body, shape.answer)]
        values = (*(one for one in (*shown, *told) if one and not one.many), *(one for one in whole if one))
        return tuple(dict.fromkeys(one.type for one in values if one.type in keyed))


def collections(shapes: Iterable[OperationSignature]) -> dict[str, Collection]:
    """Return the collections by their paths in lower case: where items have numbers, or a list is added to."""
    known = list(shapes)
    found: dict[str, Collection] = {}
    for shape, match in _items(known):
        collection = found.setdefault(match["collection"].lower(), Collection(match["collection"]))
        if match["below"]:
            collection.below.append((match["key"], match["below"], shape))
        else:
            collection.items.append((match["key"], shape))
    by_path: dict[str, list[OperationSignature]] = {}
    for shape in known:
        by_path.setdefault(shape.operation.path.rstrip("/").lower(), []).append(shape)
    for path, own in by_path.items():
        if path not in found and "{" not in path and _is_added_to(own):
            found[path] = Collection(own[0].operation.path.rstrip("/"))
    for path, own in by_path.items():
        outer, _, segment = path.rpartition("/")
        if path in found:
            found[path].whole.extend(own)
        if outer in found and "{" not in segment:
            found[outer].beside.extend((segment, shape) for shape in own)
    return {path: one for path, one in found.items() if one.items or one.whole}


def _items(shapes: Iterable[OperationSignature]) -> list[tuple[OperationSignature, re.Match[str]]]:
    """Return the operations on what is in a collection under a number, each with the parts of its path.

    What one operation says of a variable holds for the others of that path, however they spell it.
    """
    matches = [(shape, match) for shape in shapes if (match := _ITEM.fullmatch(shape.operation.path))]
    numbers = {_variable(match) for shape, match in matches if _is_number(shape, match["key"])}
    return [(shape, match) for shape, match in matches if _variable(match) in numbers]


def _variable(match: re.Match[str]) -> tuple[str, str]:
    return match["collection"].lower(), match["key"].lower()


def _is_number(shape: OperationSignature, name: str) -> bool:
    members = (one for one in shape.asked if one.place.location == "path" and one.place.name == name)
    return any(one.value.is_integer and not one.value.many for one in members)


def _is_added_to(shapes: list[OperationSignature]) -> bool:
    """Tell whether a path answers many of a named type to GET, and takes one by POST."""
    posted = {one.body.type for one in shapes if one.operation.method == "POST" and one.body and not one.body.many}
    listed = {one.answer.type for one in shapes if one.operation.method == "GET" and one.answer and one.answer.many}
    return bool(posted & listed - {""})


def textual_keys(shapes: Iterable[OperationSignature]) -> Iterator[str]:
    """Yield the named types that are read or written under a text at the end of a path."""
    known = list(shapes)
    numbered = {id(shape) for shape, _ in _items(known)}
    for shape in known:
        match = _ITEM.fullmatch(shape.operation.path)
        if match and not match["below"] and id(shape) not in numbered:
            for value in (shape.answer, shape.body):
                if value and value.type and not value.many:
                    yield value.type
