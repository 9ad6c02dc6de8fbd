"""Contract → which operation a method and path mean. Paths match without regard to letter case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docdouble.schemas import Contract, Operation

from .parameters import fits, is_free_text

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_ANY = "(.+)"


@dataclass(frozen=True, slots=True)
class Route:
    """What stands at a path: its operations by method, each with its variables' values."""

    operations: dict[str, tuple[Operation, dict[str, str]]]

    @property
    def allow(self) -> str:
        """The value of the ``Allow`` header (RFC 9110, section 10.2.1)."""
        methods = {*self.operations, "OPTIONS", *(["HEAD"] if "GET" in self.operations else [])}
        return ", ".join(sorted(methods))


@dataclass
class _Segment:
    """A node of the tree of path segments; ``patterns`` are segments with variables, the narrower first."""

    literals: dict[str, "_Segment"] = field(default_factory=dict)
    patterns: dict[str, tuple[re.Pattern[str], "_Segment"]] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)


class Router:
    """The tree of all documented paths."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._root = _Segment()
        for operation in sorted(contract.operations, key=self._free_texts):
            node = self._root
            for segment in _split(operation.path):
                node = _step(node, segment)
            node.operations.append(operation)
        _order(self._root)

    def find(self, path: str) -> Route | None:
        """Return what stands at a decoded path.

        Literal segments win over variables, and of two operations whose paths differ in their variables' names
        alone, the one whose documented types fit: ``/books/{id}`` takes numbers and ``/books/{slug}`` the rest.
        """
        found: dict[str, list[tuple[Operation, dict[str, str]]]] = {}
        for node, values in _walk(self._root, _split(path), ()):
            for operation in node.operations:
                names = _VARIABLE.findall(operation.path)
                variables = dict(zip(names, values, strict=True))
                found.setdefault(operation.method, []).append((operation, variables))
        return Route({method: self._meant(candidates) for method, candidates in found.items()}) if found else None

    def _meant(self, candidates: list[tuple[Operation, dict[str, str]]]) -> tuple[Operation, dict[str, str]]:
        if len(candidates) == 1:
            return candidates[0]
        return next((one for one in candidates if self._fit(*one)), candidates[0])

    def _fit(self, operation: Operation, variables: dict[str, str]) -> bool:
        return all(
            fits(variables[parameter.name], parameter.schema, self._contract)
            for parameter in operation.parameters
            if parameter.location == "path" and parameter.name in variables
        )

    def _free_texts(self, operation: Operation) -> int:
        parameters = (one for one in operation.parameters if one.location == "path")
        return sum(is_free_text(parameter.schema, self._contract) for parameter in parameters)


def _split(path: str) -> list[str]:
    return path.strip("/").split("/")


def _step(node: _Segment, segment: str) -> _Segment:
    if "{" not in segment:
        return node.literals.setdefault(segment.lower(), _Segment())
    pattern = _ANY.join(re.escape(part) for part in _VARIABLE.split(segment)[::2])
    return node.patterns.setdefault(pattern, (re.compile(pattern, re.IGNORECASE | re.DOTALL), _Segment()))[1]


def _order(node: _Segment) -> None:
    """Put patterns with more literal text first: ``{id}.json`` before ``{id}``."""
    node.patterns = dict(sorted(node.patterns.items(), key=lambda item: -len(item[0].replace(_ANY, ""))))
    for child in (*node.literals.values(), *(child for _, child in node.patterns.values())):
        _order(child)


def _walk(node: _Segment, segments: list[str], values: tuple[str, ...]) -> Iterator[tuple[_Segment, tuple[str, ...]]]:
    if not segments:
        yield node, values
        return
    first, rest = segments[0], segments[1:]
    if (literal := node.literals.get(first.lower())) is not None:
        yield from _walk(literal, rest, values)
    for pattern, child in node.patterns.values():
        if match := pattern.fullmatch(first):
            yield from _walk(child, rest, values + match.groups())
