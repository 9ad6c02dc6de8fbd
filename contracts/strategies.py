"""Operation → valid and hostile calls. The only module that touches Schemathesis."""

import contextlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract import non_null

from .budget import Budget
from .view import request_view

_BASE = "http://localhost"
_MODES = {False: GenerationMode.POSITIVE, True: GenerationMode.NEGATIVE}
_BOUNDARY_POOL = 20
"""Boundary cases are generated this many times as often as wanted, then chosen evenly among them."""


class CallStrategies:
    """Generators for the operations of one contract; the document is loaded once, operations on first use."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        config = SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
        self._schema = schemathesis.openapi.from_dict(request_view(contract), config=config)

    def calls(self, operation: Operation, *, hostile: bool) -> st.SearchStrategy[Call]:
        """Return a strategy for calls without credentials.

        Valid ones keep to the request's documentation and may carry a ``$select`` of documented names; hostile
        ones mostly break it, but not always: ask before you rely on it.
        """
        cases: st.SearchStrategy[Case[Any]] = self._operation(operation).as_strategy(generation_mode=_MODES[hostile])
        calls = cases.map(_call)
        names = self.selectable(operation)
        if hostile or not names:
            return calls
        nothing: list[str] = []
        selections = st.one_of(st.just(nothing), st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        return st.tuples(calls, selections).map(lambda drawn: selecting(*drawn))

    def boundaries(self, operation: Operation, limit: int, *, hostile: bool) -> list[Call]:
        """Return at most ``limit`` calls at the boundaries of documented constraints, spread evenly over them."""
        generated = self._schema.iter_coverage_cases(
            self._operation(operation),
            generation_modes=[_MODES[hostile]],
            generation_config=self._schema.config.generation,
        )
        cases = (case for case in islice(generated, limit * _BOUNDARY_POOL) if case.method.upper() == operation.method)
        calls = list(dict.fromkeys(map(_call, cases)))
        step = max(len(calls) / limit, 1) if limit else 1
        return [calls[int(number * step)] for number in range(min(limit, len(calls)))]

    def drawn(self, operation: Operation, budget: Budget, *, hostile: bool) -> list[Call]:
        """Return ``budget.max_examples`` random calls, chosen by its seed."""
        found: list[Call] = []
        configure = settings(
            max_examples=budget.max_examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        with contextlib.suppress(Unsatisfiable):
            configure(
                seed(budget.seed)(given(self.calls(operation, hostile=hostile))(lambda call: found.append(call)))
            )()
        return found

    def selectable(self, operation: Operation) -> list[str]:
        """Return the names that a ``$select`` may hold: the top-level properties of the documented answer."""
        if not operation.behaves("select-projection"):
            return []
        response = operation.success()
        schema = next((one.schema for one in response.media_types if one.schema), {}) if response else {}
        schema = self._contract.resolve(non_null(schema))
        record = self._contract.resolve(schema.get("items", schema))
        return list(record.get("properties", {}))

    def _operation(self, operation: Operation) -> Any:
        return self._schema[operation.path][operation.method]


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
