"""Routing of calls: the operation that a method and a path mean. Paths match without regard to letter case."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import quote, unquote

from ..http import Call
from .base_paths import base_paths
from .model import Contract, Operation
from .parameter_styles import text_test
from .parameter_values import breadth
from .paths import path_variables, unnamed_template

_ANY = "(.+)"

_MOST_SEGMENTS = 20
"""Paths of more segments are looked at as they stand only: to try where a part begins takes time."""


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


class Destination(NamedTuple):
    """The target of a call: the call with its documented path alone, the base path before it, and what stands there.

    ``base_path`` is ``None`` where the call leaves out the one that is documented.
    """

    call: Call
    base_path: str | None
    route: Route | None


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
        self._base_paths = sorted(base_paths(contract.servers), key=len, reverse=True)
        self._literals: dict[str, Candidates] = {}
        self._certain: dict[str, Route] = {}
        self._variables: dict[str, tuple[str, ...]] = {}
        self._tests: dict[str, dict[str, Callable[[str], bool]]] = {}
        self._tree = _Segment()
        for operation in contract.operations:
            if "{" in operation.path:
                self._variables[operation.path] = tuple(path_variables(operation.path))
                _node(self._tree, operation.path).operations.setdefault(operation.method, []).append(operation)
            else:
                candidates = self._literals.setdefault(_plain(operation.path), {})
                candidates.setdefault(operation.method, [OperationMatch(operation, {})])
        _order(self._tree)

    def find(self, path: str) -> Route | None:
        """Return the route of a path as it is sent: an encoded slash is part of a value (RFC 3986, section 2.2).

        Literal segments win over variables, and of two operations whose paths differ in their variables' names
        alone, the one whose documented types fit: ``/books/{id}`` takes numbers and ``/books/{slug}`` the rest.
        """
        plain = _plain(path)
        if (certain := self._certain.get(plain)) is not None:
            return certain
        literal, templated = self._literals.get(plain, {}), self._templated(_split(path))
        methods = dict.fromkeys((*literal, *templated))
        route = Route(
            {method: self._meant([*literal.get(method, ()), *templated.get(method, ())]) for method in methods}
        )
        if literal and not templated:
            self._certain[plain] = route
        return route if methods else None

    def route_of(self, call: Call) -> Route | None:
        """Return the route of the path of a call."""
        return self.find(call.path)

    def destination(self, call: Call) -> Destination:
        """Return what a call reaches below the documented base paths, else without any of them."""
        path = call.path
        for base_path in self._base_paths:
            rest = _rest(path, base_path)
            if rest is not None and (route := self._served(self.find(rest), base_path)):
                return Destination(_with_path(call, rest), base_path, route)
        for base_path, route in reversed(list(self.below(path))) if path.count("/") <= _MOST_SEGMENTS else ():
            if base_path and (own := _with_own_server(route, base_path)):
                return Destination(_with_path(call, path[len(base_path) :]), base_path, own)
        return Destination(call, None, self.find(path))

    def with_encoded_slashes(self, call: Call) -> Call:
        """Return a call whose path was decoded by the server as it may have been sent.

        Where no path is documented, a variable may hold several segments, if its documented type takes them.
        """
        if self.destination(call).route:
            return call
        for base_path in ("", *self._base_paths):
            rest = _rest(call.path, base_path)
            for joined in _joined(_split(rest)) if rest is not None else ():
                path = "/".join(["", *(quote(segment, safe="") for segment in joined)])
                route = self.find(path)
                if route and any(self._fit(*match) for match in route.operations.values()):
                    return replace(call, target=f"{base_path}{path}{call.target[len(call.path) :]}")
        return call

    def match(self, call: Call) -> OperationMatch | None:
        """Return the operation of a call, ``None`` where its path or its method is not documented."""
        route = self.route_of(call)
        return route.operations.get(call.method) if route else None

    def below(self, path: str) -> Iterator[tuple[str, Route]]:
        """Yield what may stand before a documented path, the shortest first, with what stands at the rest of a path.

        The path is one as it is sent, with percent-encoding.
        """
        for end in (0, *(index for index in range(1, len(path)) if path[index] == "/")):
            if route := self.find(path[end:]):
                yield path[:end], route

    def _served(self, route: Route | None, base_path: str) -> Route | None:
        """Return the operations of a route that are served below a base path of the contract."""
        if route is None:
            return None
        for match in route.operations.values():  # any() takes twice as long, for every call
            if match.operation.servers:
                break
        else:
            return route
        return _only(route, lambda operation: not operation.servers or base_path in base_paths(operation.servers))

    def _templated(self, segments: list[str]) -> Candidates:
        candidates: Candidates = {}
        for node, values in _nodes_at(self._tree, segments):
            for method, operations in node.operations.items():
                # the narrower types first
                for operation in sorted(operations, key=self._breadth) if len(operations) > 1 else operations:
                    variables = dict(zip(self._variables[operation.path], values, strict=True))
                    candidates.setdefault(method, []).append(OperationMatch(operation, variables))
        return candidates

    def _meant(self, candidates: list[OperationMatch]) -> OperationMatch:
        if len(candidates) == 1:
            return candidates[0]
        return next((candidate for candidate in candidates if self._fit(*candidate)), candidates[0])

    def _fit(self, operation: Operation, variables: dict[str, str]) -> bool:
        tests = self._tests.get(operation.id)
        if tests is None:
            in_path = (parameter for parameter in operation.parameters if parameter.location == "path")
            tests = self._tests[operation.id] = {
                parameter.name: text_test(parameter, self._contract) for parameter in in_path
            }
        return all(test(variables[name]) for name, test in tests.items() if name in variables)

    def _breadth(self, operation: Operation) -> int:
        parameters = (parameter for parameter in operation.parameters if parameter.location == "path")
        return sum(breadth(parameter.schema, self._contract) for parameter in parameters)


def _only(route: Route, is_served: Callable[[Operation], bool]) -> Route | None:
    operations = {method: match for method, match in route.operations.items() if is_served(match.operation)}
    return Route(operations) if operations else None


def _with_own_server(route: Route, base_path: str) -> Route | None:
    return _only(route, lambda operation: bool(operation.servers) and base_path in base_paths(operation.servers))


def _rest(path: str, base_path: str) -> str | None:
    """Return what follows a base path, which may be encoded otherwise; ``None`` for a path that isn't below it."""
    if not base_path:
        return path
    if not unquote(f"{path}/").lower().startswith(unquote(f"{base_path}/").lower()):
        return None
    return "".join(f"/{segment}" for segment in path.split("/")[base_path.count("/") + 1 :])


def _with_path(call: Call, path: str) -> Call:
    """Return a call with another path, itself where it has that."""
    if path == call.path:
        return call
    return replace(call, target=f"{path or '/'}?{call.query}" if call.query else path or "/")


def _split(path: str) -> list[str]:
    segments = path.strip("/").split("/")
    return [unquote(segment) for segment in segments] if "%" in path else segments


def _plain(path: str) -> str:
    """Return a path as a key: decoded but for slashes, in lower case."""
    if "%" in path:
        path = "/".join(segment.replace("/", "%2f") for segment in _split(path))
    return path.strip("/").lower()


def _joined(segments: list[str]) -> Iterator[list[str]]:
    """Yield the segments with some that stand side by side made one, the fewest first."""
    if len(segments) > _MOST_SEGMENTS:
        return
    for length in range(2, len(segments) + 1):
        for start in range(len(segments) - length + 1):
            yield [*segments[:start], "/".join(segments[start : start + length]), *segments[start + length :]]


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


def _nodes_at(root: _Segment, segments: list[str]) -> list[tuple[_Segment, tuple[str, ...]]]:
    """Return the nodes that a path may lead to, literal segments first, with the values of its variables."""
    reached: list[tuple[_Segment, tuple[str, ...]]] = [(root, ())]
    for segment in segments:
        lower, before, reached = segment.lower(), reached, []
        for node, values in before:
            if (literal := node.literals.get(lower)) is not None:
                reached.append((literal, values))
            for pattern, child in node.patterns.values():
                if match := pattern.fullmatch(segment):
                    reached.append((child, values + match.groups()))
    return reached
