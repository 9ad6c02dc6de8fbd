"""Routing of calls: the operation that a method and a path mean. Paths match without regard to letter case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from ..http import Call
from .model import Contract, Operation
from .parameter_values import fits, is_free_text
from .paths import path_variables, unnamed_template

_ANY = "(.+)"


class OperationMatch(NamedTuple):
    """An operation at a path, with the values of the variables of its own path."""

    operation: Operation
    variables: dict[str, str]

    @property
    def has_literal(self) -> bool:
        """Whether a segment of its path has no variable: only such a path tells where it begins."""
        return any(segment and "{" not in segment for segment in self.operation.path.split("/"))


@dataclass(frozen=True, slots=True)
class Route:
    """The operations at a path by their methods."""

    operations: dict[str, OperationMatch]

    def answering(self, method: str) -> OperationMatch | None:
        """Return what answers a method: that of GET answers HEAD, too (RFC 9110, section 9.3.2)."""
        return self.operations.get("GET" if method == "HEAD" and method not in self.operations else method)

    @property
    def allow(self) -> str:
        """The value of the ``Allow`` header (RFC 9110, section 10.2.1)."""
        methods = {*self.operations, "OPTIONS", *(["HEAD"] if "GET" in self.operations else [])}
        return ", ".join(sorted(methods))


Candidates = dict[str, list[OperationMatch]]
"""Method → operations that a path may mean."""


@dataclass
class _Segment:
    """A node of the tree of path segments; ``patterns`` are segments with variables, the narrower first."""

    literals: dict[str, "_Segment"] = field(default_factory=dict)
    patterns: dict[str, tuple[re.Pattern[str], "_Segment"]] = field(default_factory=dict)
    operations: dict[str, list[Operation]] = field(default_factory=dict)


class Router:
    """All documented paths: those without a variable in a table, the others in a tree.

    Only where two operations share a method and a place is more looked at than their methods and paths.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._literals: dict[str, Candidates] = {}
        self._certain: dict[str, Route] = {}
        self._tree = _Segment()
        for operation in contract.operations:
            if "{" in operation.path:
                _node(self._tree, operation.path).operations.setdefault(operation.method, []).append(operation)
            else:
                candidates = self._literals.setdefault(_plain(operation.path), {})
                candidates.setdefault(operation.method, [OperationMatch(operation, {})])
        _order(self._tree)

    def find(self, path: str) -> Route | None:
        """Return what stands at a decoded path.

        Literal segments win over variables, and of two operations whose paths differ in their variables' names
        alone, the one whose documented types fit: ``/books/{id}`` takes numbers and ``/books/{slug}`` the rest.
        """
        plain = _plain(path)
        if (certain := self._certain.get(plain)) is not None:
            return certain
        literal, templated = self._literals.get(plain, {}), self._templated(path)
        methods = dict.fromkeys((*literal, *templated))
        route = Route(
            {method: self._meant([*literal.get(method, ()), *templated.get(method, ())]) for method in methods}
        )
        if literal and not templated:
            self._certain[plain] = route
        return route if methods else None

    def route_of(self, call: Call) -> Route | None:
        """Return what stands at the path of a call."""
        return self.find(unquote(call.path))

    def match(self, call: Call) -> OperationMatch | None:
        """Return the operation of a call, ``None`` where its path or its method is not documented."""
        route = self.route_of(call)
        return route.operations.get(call.method) if route else None

    def below(self, path: str) -> Iterator[tuple[str, Route]]:
        """Yield what may stand before a documented path, the shortest first, with what stands at the rest of a path.

        The path is one as it is sent, with percent-encoding.
        """
        for end in (0, *(index for index in range(1, len(path)) if path[index] == "/")):
            if route := self.find(unquote(path[end:])):
                yield path[:end], route

    def _templated(self, path: str) -> Candidates:
        candidates: Candidates = {}
        for node, values in _walk(self._tree, _split(path), ()):
            for method, operations in node.operations.items():
                # the narrower types first
                for operation in sorted(operations, key=self._free_texts) if len(operations) > 1 else operations:
                    variables = dict(zip(path_variables(operation.path), values, strict=True))
                    candidates.setdefault(method, []).append(OperationMatch(operation, variables))
        return candidates

    def _meant(self, candidates: list[OperationMatch]) -> OperationMatch:
        if len(candidates) == 1:
            return candidates[0]
        return next((candidate for candidate in candidates if self._fit(*candidate)), candidates[0])

    def _fit(self, operation: Operation, variables: dict[str, str]) -> bool:
        return all(
            fits(variables[parameter.name], parameter.schema, self._contract)
            for parameter in operation.parameters
            if parameter.location == "path" and parameter.name in variables
        )

    def _free_texts(self, operation: Operation) -> int:
        parameters = (parameter for parameter in operation.parameters if parameter.location == "path")
        return sum(is_free_text(parameter.schema, self._contract) for parameter in parameters)


def _split(path: str) -> list[str]:
    return path.strip("/").split("/")


def _plain(path: str) -> str:
    return path.strip("/").lower()


def _node(root: _Segment, path: str) -> _Segment:
    """Return the node of a documented path, with all that lead to it made where they are missing."""
    node = root
    for segment in _split(path):
        node = _step(node, segment)
    return node


def _step(node: _Segment, segment: str) -> _Segment:
    if "{" not in segment:
        return node.literals.setdefault(segment.lower(), _Segment())
    pattern = _ANY.join(re.escape(part) for part in unnamed_template(segment).split("{}"))
    if pattern not in node.patterns:
        node.patterns[pattern] = re.compile(pattern, re.IGNORECASE | re.DOTALL), _Segment()
    return node.patterns[pattern][1]


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
