"""Calls of the operations of a chain: samples of what is documented, with what the chain knows put in."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from docdouble.fakeserver import Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.fakeserver.http.documented import JSON_PATCH, MERGE_PATCH, is_patched
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.contract.resources import WHOLE_BODY, RequestPlace, Role
from docdouble.schemas.http import is_json
from docdouble.schemas.json_pointer import escape_token
from docdouble.schemas.resources.bindings import entity_schema

from ..cases.draft import Draft
from .entity import Entity, member

ValuesByPlace = Mapping[RequestPlace, Any]
"""What the chain knows, by where a request tells it."""


class Calls:
    """Makes calls of a contract's operations."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(self._contract, Settings(state="off", nulls="never"))

    def call(self, operation: Operation, values: ValuesByPlace, around: Mapping[str, str]) -> Call | None:
        """Return a call, ``None`` where its body can't be JSON; ``around`` are values of path variables by name."""
        parameters: dict[str, dict[str, Any]] = {}
        variables: dict[str, Any] = dict(around)
        for one in operation.parameters:
            place = RequestPlace(one.location, one.name)
            if place not in values and not one.required and one.location != "path":
                continue
            value = values[place] if place in values else self._answerer.sample_requests.parameter(operation, one)
            if one.location == "path" and (place in values or one.name.lower() not in variables):
                variables[one.name.lower()] = value
            elif one.location != "path":
                parameters.setdefault(one.location, {})[one.name] = value
        names = path_variables(operation.path)
        parameters["path"] = {name: variables[name.lower()] for name in names if name.lower() in variables}
        draft = Draft(operation, self._contract, parameters)
        body = self._body(operation, values)
        if body is None:
            return draft.calling(b"") if not operation.request else None
        return draft.calling(body[1], body[0])

    def sample(self, role: Role, operation: Operation) -> Entity | None:
        """Return the entity of a sample request, ``None`` where it has none."""
        body = self._answerer.sample_requests.body(operation) if operation.request else None
        if role.entity and role.entity.name:
            body = body.get(member(body, role.entity.name)) if isinstance(body, dict) else None
        if isinstance(body, list):
            body = body[0] if body else None
        if body is None:
            body = self._answerer.sampler.sample_if_any(entity_schema(role, operation, self._contract), 0)
        return body if isinstance(body, dict) else None

    def _body(self, operation: Operation, values: ValuesByPlace) -> tuple[str, bytes] | None:
        names = [one.name for one in operation.request.media_types] if operation.request else []
        chosen = _chosen(names, is_patched(operation))
        if not chosen:
            return None
        value = values.get(WHOLE_BODY)
        if value is None:
            value = self._answerer.sample_requests.body(operation)
            inside = {place.name: one for place, one in values.items() if place.location == "body"}
            if inside:
                value = value if isinstance(value, dict) else {}
                value = value | {member(value, name): one for name, one in inside.items()}
        elif chosen == JSON_PATCH and is_patched(operation):
            value = [{"op": "replace", "path": f"/{escape_token(name)}", "value": one} for name, one in value.items()]
        return chosen, json.dumps(value).encode()


def _chosen(names: list[str], patches: bool) -> str:
    """Return the media type that is sent, empty for none: of patch documents one that says what it is."""
    preferred = (JSON_PATCH, MERGE_PATCH) if patches else ()
    usual = [name for name in names if is_json(name)]
    return next((name for name in preferred if name in names), usual[0] if usual else "")
