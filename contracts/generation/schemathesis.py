"""Operation → random valid and hostile calls, schema → values. The only module that touches Schemathesis."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from threading import RLock
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.errors import InvalidSchema

from docdouble.schemas import Call, Contract, Operation, Schema
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import non_null
from docdouble.schemas.jsonschema.bundle import reached_components

from ..model.budget import Budget
from .fields import Where
from .narrowed_document import is_empty, lacks_body, request_view

_BASE = "http://localhost"
_MODES = {False: GenerationMode.POSITIVE, True: GenerationMode.NEGATIVE}

Known = Callable[[Where, str], tuple[Any, ...]]
"""Location (``path``, ``query``, ``body``) and name → the values that are known to mean something there."""

_KNOWN_SHARE = 2
"""One in so many known fields of a random call has a known value."""


_CONFIG: dict[str, Any] = {"generation": {"allow-x00": False}}


def _nothing_known(where: Where, name: str) -> tuple[Any, ...]:
    return ()


class CallStrategies:
    """Generators for the operations of one contract; each is read when it is first needed.

    Safe to be used by several threads, which draw one after the other.
    """

    def __init__(self, contract: Contract, seed: int = 0) -> None:
        self._contract = contract
        self._seed = seed
        self._config = SchemathesisConfig.from_dict(_CONFIG)
        self._lock = RLock()

    def calls(self, operation: Operation, *, hostile: bool, known: Known = _nothing_known) -> st.SearchStrategy[Call]:
        """Return a strategy for calls without credentials.

        Valid ones keep to the request's documentation, may carry a ``$select`` of documented names, and have ``known``
        values in some places; hostile ones mostly break it, but not always: ask before you rely on it.
        """
        cases = self._cases(request_view(operation, self._contract, self._seed), operation, hostile=hostile)
        if hostile:
            return cases.map(_call)
        meaningful = st.builds(_with_known, cases, st.just(known), st.integers(0, 2**32))
        names = self.selectable(operation)
        if not names:
            return meaningful.map(_call)
        nothing: list[str] = []
        selections = st.one_of(st.just(nothing), st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        return st.tuples(meaningful.map(_call), selections).map(lambda drawn: selecting(*drawn))

    def drawn(
        self, operation: Operation, budget: Budget, *, hostile: bool, known: Known = _nothing_known
    ) -> list[Call]:
        """Return at most ``budget.max_examples`` random calls, chosen by its seed.

        There are none where all would be the same, and none that would lack a body of another media type than JSON.
        """
        found: list[Call] = []
        view = request_view(operation, self._contract, self._seed)
        if not budget.max_examples or lacks_body(operation) or is_empty(view, hostile=hostile):
            return found
        configure = settings(
            max_examples=budget.max_examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        # what Hypothesis and Schemathesis remember is shared by all threads
        # a body that no value fits has no random calls
        with self._lock, contextlib.suppress(Unsatisfiable, InvalidSchema):
            calls = self.calls(operation, hostile=hostile, known=known)
            configure(seed(budget.seed)(given(calls)(lambda call: found.append(call))))()
        return found

    def selectable(self, operation: Operation) -> list[str]:
        """Return the names that a ``$select`` may hold: the top-level properties of the documented answer."""
        if not operation.behaves(BehaviourName.SELECT_PROJECTION):
            return []
        response = operation.success()
        schema = next((one.schema for one in response.media_types if one.schema), {}) if response else {}
        schema = self._contract.resolve(non_null(schema))
        record = self._contract.resolve(schema.get("items", schema))
        return list(record.get("properties", {}))

    def _cases(self, view: dict[str, Any], operation: Operation, *, hostile: bool) -> st.SearchStrategy[Case[Any]]:
        with self._lock:
            loaded: Any = schemathesis.openapi.from_dict(view, config=self._config)[operation.path][operation.method]
            strategy: st.SearchStrategy[Case[Any]] = loaded.as_strategy(generation_mode=_MODES[hostile])
            return strategy


def schema_values(schema: Schema, components: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    """Return a strategy for values of any JSON Schema 2020-12; references lead into ``components``."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"default": {"description": ""}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "components": {"schemas": reached_components(schema, components)},
        "paths": {"/": {"post": operation}},
    }
    loaded: Any = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(_CONFIG))["/"]["POST"]
    strategy: st.SearchStrategy[Case[Any]] = loaded.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return strategy.map(lambda case: _spelled(case.body))


def _with_known(case: Case[Any], known: Known, number: int) -> Case[Any]:
    """Put known values in some of the places where there are any."""
    random = Random(number)
    parts: dict[Where, Any] = {"path": case.path_parameters, "query": case.query, "body": case.body}
    for where, part in parts.items():
        for name in part if isinstance(part, dict) else ():
            values = known(where, name)
            if values and random.randrange(_KNOWN_SHARE) == 0:
                part[name] = random.choice(values)
    return case


def selecting(call: Call, names: list[str]) -> Call:
    """Return the call with a ``$select`` of property names; as it is where there are none."""
    if not names:
        return call
    select = f"$select={quote(','.join(names))}"
    query = f"{call.query}&{select}" if call.query else select
    return Call(call.headers, call.body, call.method, f"{call.path}?{query}")


def _call(case: Case[Any]) -> Call:
    """Return a Schemathesis case as it would go over the wire, without the headers of Schemathesis' own client."""
    arguments = case.as_transport_kwargs(base_url=_BASE)
    if "json" in arguments:
        arguments["data"] = json.dumps(_spelled(arguments.pop("json"))).encode()
    arguments["headers"] = dict(_own_headers(arguments["headers"]))
    prepared = requests.Request(**arguments).prepare()
    target = urlsplit(prepared.url or "")
    headers = tuple((name, str(value)) for name, value in prepared.headers.items() if name != "Content-Length")
    content = prepared.body or b""
    return Call(
        headers,
        content.encode() if isinstance(content, str) else content,
        str(prepared.method),
        f"{target.path}?{target.query}" if target.query else str(target.path),
    )


def _own_headers(headers: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    client = {"user-agent", "accept-encoding", "accept", "connection", "x-schemathesis-testcaseid"}
    return ((name, value) for name, value in headers.items() if name.lower() not in client)


def _spelled(value: Any) -> Any:
    """Return JSON with whole numbers written as such: JSON Schema allows ``852.0`` for an integer, servers may not."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [_spelled(part) for part in value]
    if isinstance(value, dict):
        return {key: _spelled(part) for key, part in value.items()}
    return value
