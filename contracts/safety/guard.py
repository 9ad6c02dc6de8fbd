"""Guard of a run: decides on the call itself what may be sent, whatever made it and however its target is written."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from urllib.parse import parse_qsl, unquote

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.router import Router
from docdouble.schemas.http import Headers
from docdouble.schemas.resources.bindings import Binding, bindings

from ..client.http1 import wire_target
from .run_plan import Profile, RunPlan

MOST_CREATED = 10
"""Entities that one operation may create in a run on a server that others use, too."""

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"))
_OVERRIDES = frozenset(
    ("x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url")
)
"""Header fields that make some servers take another method or path than those of the call."""

_OVERRIDING_PARAMETERS = frozenset(("_method", *_OVERRIDES))
_OVERRIDING_BODY = re.compile(rb"(?:\A|[\"&])_method[\"=]", re.IGNORECASE)
_CREDENTIALS = frozenset(("authorization", "proxy-authorization", "cookie"))
_DECODINGS = 4
_KNOWN_PATHS = 1024


@dataclass(frozen=True, slots=True)
class _Meant:
    """Meaning of a call: a documented operation with the values of its path's variables, or only a documented path."""

    operation: Operation | None
    variables: dict[str, str]


class Guard:
    """Guard of a server, which admits the calls of a plan; safe to be used by several threads at once.

    ``created`` and ``removed`` note what the run has created. Where others use the server, too, nothing
    else is ever changed.
    """

    def __init__(self, plan: RunPlan, contract: Contract) -> None:
        self._plan = plan
        self._router = Router(contract)
        self._bindings = {name: binding for name, binding in bindings(contract).items() if binding.role.writes}
        self._verdicts = {verdict.operation.label: verdict for verdict in plan.verdicts}
        keys = (scheme.get("name") for scheme in contract.security_schemes.values() if scheme.get("in") == "header")
        self._credentials = _CREDENTIALS | {str(key).lower() for key in keys if key}
        self._lock = Lock()
        self._own: set[tuple[str, str]] = set()
        self._removing: set[Call] = set()
        self._made: Counter[str] = Counter()
        # most calls of an operation have the same path
        self._meaning = lru_cache(_KNOWN_PATHS)(self._find_meaning)

    @property
    def is_careful(self) -> bool:
        """Whether others use the server, too."""
        return self._plan.profile is Profile.CAREFUL

    def refusal(self, call: Call, *, signed: bool = True, chained: bool = False) -> str:
        """Return why a call may not be sent, empty when it may.

        ``signed`` calls get the user's credentials, ``chained`` ones are part of a chain, which removes what it makes.
        """
        if why := _disguise(call):
            return why
        meant = self._meant(call)
        if isinstance(meant, str):
            return meant
        if self.is_careful and not signed and self._holds_credentials(call.headers):
            return "wrong credentials might lock an account"
        if meant.operation is None:
            return "its method is not documented" if self.is_careful or call.method not in _METHODS else ""
        verdict = self._verdicts.get(meant.operation.label)
        if verdict is None or not verdict.called:
            return "" if call in self._removing else "its operation is not in the plan"
        return self._write_refusal(call, meant, chained) if self.is_careful and verdict.effect == "write" else ""

    def created(self, remove: Call, key: object) -> None:
        """Let the run change what it has created, and remove it by this call."""
        with self._lock:
            self._removing.add(remove)
            if resource := self._resource(remove):
                self._own.add((resource, str(key)))

    def removed(self, remove: Call, key: object) -> None:
        """Let the run no longer change what it has removed: what gets the same key then is somebody else's."""
        with self._lock:
            self._removing.discard(remove)
            if resource := self._resource(remove):
                self._own.discard((resource, str(key)))

    def _write_refusal(self, call: Call, meant: _Meant, chained: bool) -> str:
        assert meant.operation
        binding = self._bindings.get(meant.operation.id)
        if call in self._removing or binding is None:
            return ""
        if not chained:
            return "what it creates would stay"
        resource, keys = binding.resource.name, binding.named_keys(call, meant.variables)
        if keys is None or not (keys or binding.role.creates):
            return f"it isn't known which {resource} it would change"
        with self._lock:
            if not all((resource, key) in self._own for key in keys):
                return f"the run hasn't created that {resource}"
            return self._creation_refusal(binding) if not keys else ""

    def _creation_refusal(self, binding: Binding) -> str:
        if self._made[binding.role.operation] >= MOST_CREATED:
            return f"the run has created {MOST_CREATED} resources by it"
        self._made[binding.role.operation] += 1
        return ""

    def _resource(self, remove: Call) -> str:
        meant = self._meant(remove)
        binding = self._bindings.get(meant.operation.id) if isinstance(meant, _Meant) and meant.operation else None
        return binding.resource.name if binding else ""

    def _meant(self, call: Call) -> _Meant | str:
        return self._meaning(call.method, call.path)

    def _find_meaning(self, method: str, target: str) -> _Meant | str:
        """Return what every reading of the target means, or why they don't mean the same."""
        path = wire_target(target)
        readings = list(_readings(path))
        if not readings:
            return "its path is encoded over and over"
        if any(_is_dot(segment) for reading in readings for segment in reading.split("/")):
            return "its path leads elsewhere"
        operations = [self._find(reading, method) for reading in readings]
        first = operations[0]
        if first is None:
            return "its path is not documented"
        if "%" in path and (undecoded := self._find(path, method)):
            operations.append(undecoded)
        if any(operation is None or _label(operation) != _label(first) for operation in operations):
            return "its path can be read as another"
        return first

    def _find(self, path: str, method: str) -> _Meant | None:
        route = self._router.find(path)
        if route is None:
            return None
        return _Meant(*route.operations.get(method, (None, {})))

    def _holds_credentials(self, headers: Headers) -> bool:
        return any(name.lower() in self._credentials for name, _ in headers)


def _label(meant: _Meant) -> str:
    return meant.operation.label if meant.operation else ""


def _disguise(call: Call) -> str:
    """Return what makes a call something else than it looks like."""
    target = call.target
    if not target.startswith("/") or target[1:2] in ("/", "\\") or "#" in target:
        return "its target is no path"
    if any(name.lower() in _OVERRIDES for name, _ in call.headers):
        return "a header field of it stands for another method or path"
    if call.query and any(name.lower() in _OVERRIDING_PARAMETERS for name, _ in _pairs(call.query)):
        return "a parameter of it stands for another method"
    if b"_method" in call.body.lower() and _OVERRIDING_BODY.search(call.body):
        return "its body stands for another method"
    return ""


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _readings(path: str) -> Iterator[str]:
    """Yield a path as servers may decode it: once, then as often as it changes; nothing if that goes on for long."""
    decoded = [unquote(path)]
    while (again := unquote(decoded[-1])) != decoded[-1]:
        if len(decoded) == _DECODINGS:
            return
        decoded.append(again)
    yield from decoded
    yield from (reading.replace("\\", "/") for reading in decoded if "\\" in reading)


def _is_dot(segment: str) -> bool:
    return segment.partition(";")[0].strip() in (".", "..")
