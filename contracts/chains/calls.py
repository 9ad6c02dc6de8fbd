"""Calls of the operations of a chain: samples of what is documented, with what the chain knows put in."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from docdouble.fakeserver import Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.fakeserver.http.documented import JSON_PATCH, MERGE_PATCH, is_patched
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.contract.resources import WHOLE_BODY, RequestPlace, Role
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.json_pointer import escape_token
from docdouble.schemas.resources.bindings import entity_schema

from ..cases.draft import Draft
from .entity import Entity, member

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

ValuesByPlace = Mapping[RequestPlace, Any]
"""Values that the chain knows, by their places in requests."""


class Calls:
    """Maker of calls of a contract's operations."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._samples: dict[tuple[str, str], Entity | None] = {}

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(self._contract, Settings(state="off", nulls="never"))

    def call(self, operation: Operation, values: ValuesByPlace, around: Mapping[str, str]) -> Call | None:
        """Return a call, ``None`` where its body is neither JSON nor a form.

        ``around`` are values of path variables by name.
        """
        parameters: dict[str, dict[str, Any]] = {}
        variables: dict[str, Any] = dict(around)
        for parameter in operation.parameters:
            place = RequestPlace(parameter.location, parameter.name)
            if place not in values and not parameter.required and parameter.location != "path":
                continue
            value = values[place] if place in values else self._answerer.sample_requests.parameter(operation, parameter)
            if parameter.location == "path" and (place in values or parameter.name.lower() not in variables):
                variables[parameter.name.lower()] = value
            elif parameter.location != "path":
                parameters.setdefault(parameter.location, {})[parameter.name] = value
        names = path_variables(operation.path)
        parameters["path"] = {name: variables[name.lower()] for name in names if name.lower() in variables}
        draft = Draft(operation, self._contract, parameters)
        if not operation.request:
            return draft.calling(b"")
        chosen = _chosen([content.name for content in operation.request.media_types], is_patched(operation))
        draft = replace(draft, body=self._value(operation, chosen, values), media_type=chosen)
        try:
            return draft.call() if chosen else None
        except (TypeError, ValueError):  # what a form has no way to say
            return None

    def sample(self, role: Role, operation: Operation) -> Entity | None:
        """Return the entity of a sample request, always the same, ``None`` where it has none."""
        key = role.operation, role.name
        if key not in self._samples:
            self._samples[key] = self._sample(role, operation)
        return self._samples[key]

    def _sample(self, role: Role, operation: Operation) -> Entity | None:
        names = [content.name for content in operation.request.media_types] if operation.request else []
        chosen = _chosen(names, is_patched(operation))
        body = self._answerer.sample_requests.upload(operation, chosen) if chosen else None
        if role.entity and role.entity.name:
            body = body.get(member(body, role.entity.name)) if isinstance(body, dict) else None
        if isinstance(body, list):
            body = body[0] if body else None
        if body is None:
            body = self._answerer.sampler.sample_if_any(entity_schema(role, operation, self._contract), 0)
        return body if isinstance(body, dict) else None

    def _value(self, operation: Operation, chosen: str, values: ValuesByPlace) -> Any:
        value = values.get(WHOLE_BODY)
        if value is None:
            value = self._answerer.sample_requests.upload(operation, chosen)
            inside = {place.name: content for place, content in values.items() if place.location == "body"}
            if inside:
                value = value if isinstance(value, dict) else {}
                value = value | {member(value, name): content for name, content in inside.items()}
        elif chosen == JSON_PATCH and is_patched(operation):
            value = [
                {"op": "replace", "path": f"/{escape_token(name)}", "value": content} for name, content in value.items()
            ]
        return value


def _chosen(names: list[str], patches: bool) -> str:
    """Return the media type that is sent, JSON or a form, empty for none: of patches one that says what it is."""
    preferred = (JSON_PATCH, MERGE_PATCH) if patches else ()
    usual = [name for name in names if is_json(name)]
    forms = [name for name in names if media_type(name) in _FORMS]
    return next((name for name in preferred if name in names), next(iter([*usual, *forms]), ""))
