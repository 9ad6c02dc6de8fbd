"""A request that fits its operation → status, and the value of the body."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import Any

from docdouble.schemas import Contract, Operation, Response, Schema, Validator
from docdouble.schemas.message import Headers, media_type

from .behaviours.conditional import dated, last_modified, precondition
from .behaviours.languages import asked_locale, culture, rewritten, time_zone
from .behaviours.lists import Lists, is_list
from .behaviours.select import select_projection
from .codecs import Content
from .documented import WITHOUT_BODY, body_schema, documented_answer, representations, status_of
from .files import file_of, is_file
from .patch import Patch
from .preferences import Preferences
from .request import Request, is_patched, spelled
from .sampler import Sampler
from .sampler.keys import mix, salt

_VARIABLE = re.compile(r"\{([^{}]*)\}")

_COMPOSED = 8
"""Schemas composed of schemas are looked into this deep."""

_NAMED_BY_PATH = ("GET", "HEAD", "PUT", "PATCH", "DELETE")
"""Methods whose path alone says which thing is meant (RFC 9110, section 9.3)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: ``body`` is ``None`` with ``schema`` ``None`` where nothing is sent."""

    status: int
    body: Any = None
    schema: Schema | None = None
    headers: Headers = field(default=())


class Answerer:
    """Answers the requests of one contract: the same request and seed, the same answer."""

    def __init__(self, contract: Contract, seed: int, locale: str) -> None:
        self.contract = contract
        self._locale = locale
        self.sampler = Sampler(contract, seed, locale)
        self._speaking = cache(lambda language: Sampler(contract, seed, locale, language))
        self._lists = Lists(contract)
        self._validator = cache(self._compile)

    def answer(self, request: Request, name: str, preferences: Preferences, base_url: str) -> Answer:
        """Return what is documented, with what the request says of it; ``name`` is the media type that is sent.

        Raises ``PatchConflictError`` for a patch that doesn't fit what it changes.
        """
        response = self.response(request.operation, preferences)
        status, schema = status_of(response), body_schema(response)
        key = mix(_key(request), salt(f"seed {preferences.seed}") if preferences.seed is not None else 0)
        thing = None if schema is None else self._thing(request, response, name, key, preferences)
        changed = last_modified(thing)
        if _is_nobody(request) and request.operation.response(404) and preferences.code is None:
            return Answer(404)
        if unmet := precondition(request.operation, request.call, changed):
            return Answer(unmet, headers=dated(request.operation, changed))
        if schema is None or status in WITHOUT_BODY:
            return Answer(status)
        body = self._changed(request, thing)
        if is_list(request.operation) and not preferences.example:
            body = self._lists.answer(request, body, self._sampler(request), key, base_url)
        body = select_projection(body, str(request.asked.get("select-projection", "")))
        return Answer(status, self._localised(request, body, schema), schema, self._headers(request, changed))

    def response(self, operation: Operation, preferences: Preferences) -> Response | None:
        """Return the documented response that is sent: the preferred one, else the success."""
        return documented_answer(operation) if preferences.code is None else operation.response(preferences.code)

    def sample_request(self, operation: Operation) -> Any:
        """Return a request body that fits: the first documented sample that does, else a generated one."""
        media_types = operation.request.media_types if operation.request else ()
        if is_patched(operation):
            return self._sample_patch(operation)
        documented = [sample for media_type in media_types for sample in media_type.samples]
        schema = next((one.schema for one in media_types if one.schema is not None), {})
        validator = Validator(schema, self.contract)
        for sample in documented:
            with suppress(ValueError):
                if validator.accepts(spelled(sample, schema, operation, self.contract)):
                    return sample
        return self.sampler.sample(schema, 0)

    def _sample_patch(self, operation: Operation) -> Any:
        schema = body_schema(documented_answer(operation)) or {}
        thing = self.sampler.sample(schema, 0)
        members = thing.items() if isinstance(thing, dict) else ()
        told = ((name, value) for name, value in members if isinstance(value, str))
        return [{"op": "replace", "path": f"/{name}", "value": value} for name, value in told][:1]

    def _thing(self, request: Request, response: Response | None, name: str, key: int, preferences: Preferences) -> Any:
        """Return what stands at the request's path, before the request says anything of it."""
        schema = body_schema(response) or {}
        documented = [sample for one in representations(response) for sample in one.samples]
        # failures are told in the documentation's own words, where it shows some
        if documented and (preferences.example or status_of(response) >= 400):
            return documented[0]
        names = [media_type(one.name) for one in representations(response)]
        if is_file([name, *names]) and Content(schema, self.contract).format in ("byte", "binary"):
            return file_of(name, key, request.parameters)
        return self._sampler(request).sample(schema, key)

    def _changed(self, request: Request, thing: Any) -> Any:
        if isinstance(thing, dict):
            thing = {**thing, **dict(self._echoed(request, thing))}
        return request.body.applied(thing) if isinstance(request.body, Patch) else thing

    def _sampler(self, request: Request) -> Sampler:
        language = asked_locale(request.asked, self._locale)
        return self.sampler if language in ("", self._locale) else self._speaking(language)

    def _localised(self, request: Request, body: Any, schema: Schema) -> Any:
        asked = request.asked
        has_language = "language" in asked or "language-override" in asked
        changes = (
            culture(str(asked["culture"])) if "culture" in asked and has_language else None,
            time_zone(str(asked["time-zone"])) if "time-zone" in asked else None,
        )
        for change in filter(None, changes):
            body = rewritten(body, Content(schema, self.contract), change)
        return body

    def _headers(self, request: Request, changed: Any) -> Headers:
        language = asked_locale(request.asked, self._locale)
        spoken = (("Content-Language", language.replace("_", "-")),) if language else ()
        return (*dated(request.operation, changed), *spoken)

    def _compile(self, label: str, name: str) -> Validator:
        operation = next(one for one in self.contract.operations if one.label == label)
        said = list(_said_of(name, body_schema(documented_answer(operation)), self.contract))
        return Validator({"allOf": said} if said else {"not": {}}, self.contract)

    def _echoed(self, request: Request, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield what the request says under the name of a response property: the answer is about that thing."""
        said = {name.lower(): value for name, value in request.parameters.items()}
        if isinstance(request.body, dict):
            said |= {name.lower(): value for name, value in request.body.items()}
        for name in body:
            value = said.get(name.lower())
            if _is_writable(value) and self._validator(request.operation.label, name).is_valid(value):
                yield name, value


def _is_nobody(request: Request) -> bool:
    """Tell whether the path names a thing by a number that no thing has: ids count from 1."""
    values = (
        request.parameters.get(one.name)
        for one in request.operation.parameters
        if one.location == "path" and one.name.lower().endswith("id")
    )
    return any(isinstance(value, int) and value < 1 for value in values)


def _is_writable(value: Any) -> bool:
    """Tell whether a value is a scalar that JSON readers everywhere can hold; orjson refuses longer integers."""
    return isinstance(value, str | float) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _said_of(name: str, schema: Any, contract: Contract, depth: int = 0) -> Iterator[Schema]:
    """Yield what a schema and those composed into it say of a property."""
    if not isinstance(schema, dict) or depth > _COMPOSED:
        return
    schema = contract.resolve(schema)
    rest = schema.get("additionalProperties")
    if name in schema.get("properties", {}):
        yield schema["properties"][name]
    elif isinstance(rest, dict):
        yield rest
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, ()):
            yield from _said_of(name, part, contract, depth + 1)


def _key(request: Request) -> int:
    """Return what decides the values: everything that names a thing, but not what asks how it is shown."""
    operation, said = request.operation, dict(request.parameters)
    names = [name for name in _VARIABLE.findall(operation.path) if name in said]
    place = [_VARIABLE.sub("{}", operation.path.lower()), *(said.pop(name) for name in names)]
    is_named = isinstance(request.body, Patch) or (operation.method in _NAMED_BY_PATH and bool(names))
    text = json.dumps([place, said, None if is_named else request.body], sort_keys=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
