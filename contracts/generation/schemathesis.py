"""Random calls of operations, valid and hostile, and values of schemas: the only module that touches Schemathesis.

Valid calls are drawn by Schemathesis and Hypothesis, and each is broken at random for a hostile one: to draw values of
a schema that was made wrong would take four times as long.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
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
from .broken_values import broken_parameters, broken_text, broken_value, is_no_json
from .drawable import Drawable
from .fields import Where
from .narrowed_document import asked_schemas, is_empty, lacks_body, parameter_schema, request_view
from .plain_variables import plain_variables, with_plain_variables

_BASE = "http://localhost"

Known = Callable[[Where, str], tuple[Any, ...]]
"""Location (``path``, ``query``, ``body``) and name → the values that are known to mean something there."""

_KNOWN_SHARE = 2
"""One in so many known fields of a random call has a known value."""

_MOST_SELECTED = 3

_BODY_SHARE = 2
"""So many times more breaches are in a body than in a path or a query."""

_CONFIG: dict[str, Any] = {"generation": {"allow-x00": False}}


def _nothing_known(where: Where, name: str) -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class RandomCalls:
    """Random calls of an operation; hostile ones mostly break its documentation: ask before you rely on it."""

    valid: list[Call] = field(default_factory=list)
    hostile: list[Call] = field(default_factory=list)


class CallStrategies:
    """Generators for the operations of one contract; each is read when it is first needed.

    Safe to be used by several threads, which draw one after the other.
    """

    def __init__(self, contract: Contract, seed: int = 0) -> None:
        self._contract = contract
        self._seed = seed
        self._config = SchemathesisConfig.from_dict(_CONFIG)
        self._drawable = Drawable(contract)
        self._lock = RLock()

    def drawn(self, operation: Operation, budget: Budget, known: Known = _nothing_known) -> RandomCalls:
        """Return at most ``budget.max_examples`` random calls of each kind, without credentials, chosen by its seed.

        Valid ones may carry a ``$select`` of documented names, and have ``known`` values in some places. There are none
        where all would be the same, none that would lack a body that is neither JSON nor a form, and none of a body
        that is too large to be drawn. Forms are drawn as JSON, to be written by whoever knows their files.
        """
        if not budget.max_examples or lacks_body(operation):
            return RandomCalls()
        if not all(map(self._drawable.is_drawable, asked_schemas(operation))):
            return RandomCalls()
        plain = plain_variables(operation)
        original = {variable: name for name, variable in plain.items()}
        operation = with_plain_variables(operation, plain)
        view = request_view(operation, self._contract, self._seed)
        if is_empty(view, hostile=False):
            return RandomCalls()
        random = Random(f"{operation.id} {budget.seed}")
        names = self.selectable(operation)
        cases = [_with_known(case, known, original, random) for case in self._cases(view, operation, budget)]
        valid = [selecting(_call(case), _some(names, random)) for case in cases]
        if is_empty(view, hostile=True):
            return RandomCalls(valid)
        documented = next(iter(view["paths"][operation.path].values()))
        sources = islice(cycle(zip(cases, valid, strict=True)), budget.max_examples)
        return RandomCalls(valid, [_broken(case, call, documented, random) for case, call in sources])

    def selectable(self, operation: Operation) -> list[str]:
        """Return the names that a ``$select`` may hold: the top-level properties of the documented answer."""
        if not operation.behaves(BehaviourName.SELECT_PROJECTION):
            return []
        response = operation.success()
        schema = next((content.schema for content in response.media_types if content.schema), {}) if response else {}
        schema = self._contract.resolve(non_null(schema))
        record = self._contract.resolve(schema.get("items", schema))
        return list(record.get("properties", {}))

    def _cases(self, view: dict[str, Any], operation: Operation, budget: Budget) -> list[Case[Any]]:
        """Return valid cases, drawn in one run of Hypothesis; a body that no value fits has none."""
        drawn: list[Case[Any]] = []
        configure = settings(
            max_examples=budget.max_examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        # what Hypothesis and Schemathesis remember is shared by all threads
        with self._lock, contextlib.suppress(Unsatisfiable, InvalidSchema):
            loaded: Any = schemathesis.openapi.from_dict(view, config=self._config)[operation.path][operation.method]
            cases: st.SearchStrategy[Case[Any]] = loaded.as_strategy(generation_mode=GenerationMode.POSITIVE)
            configure(seed(budget.seed)(given(cases)(lambda case: drawn.append(case))))()
        return drawn


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


def _with_known(case: Case[Any], known: Known, original: Mapping[str, str], random: Random) -> Case[Any]:
    """Put known values in some of the places where there are any; ``original`` has the names of renamed variables."""
    parts: dict[Where, Any] = {"path": case.path_parameters, "query": case.query, "body": case.body}
    for where, part in parts.items():
        for name in part if isinstance(part, dict) else ():
            drawn = random.random()  # also where nothing is known: the other draws must not depend on what is
            if drawn * _KNOWN_SHARE < 1 and (values := known(where, original.get(name, name))):
                part[name] = values[int(drawn * _KNOWN_SHARE * len(values))]
    return case


def _some(names: list[str], random: Random) -> list[str]:
    """Return some names, or none."""
    return random.sample(names, random.randint(0, min(len(names), _MOST_SELECTED)))


def _broken(case: Case[Any], call: Call, documented: dict[str, Any], random: Random) -> Call:
    """Return the call of a valid case with a breach in its path, its query or its body, where it has any of them."""
    parts = [part for part in ("path_parameters", "query") if getattr(case, part)]
    parts += ["body"] * (_BODY_SHARE * bool(call.body))
    part = random.choice(parts or ["query"])
    if part == "body" and is_no_json(random):
        return replace(call, body=broken_text(call.body, random))
    values = {name: getattr(case, name) for name in ("path_parameters", "query", "body")}
    if part == "body":
        content = next(iter(documented["requestBody"]["content"].values()))
        values["body"] = broken_value(case.body, content["schema"], random)
    else:
        schemas = {parameter["name"]: parameter_schema(parameter) for parameter in documented["parameters"]}
        values[part] = broken_parameters(values[part], schemas, random)
    others = {name: getattr(case, name) for name in ("headers", "cookies", "media_type")}
    return _call(case.operation.Case(**values, **others))


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
