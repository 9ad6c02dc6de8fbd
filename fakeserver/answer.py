"""A request that fits its operation → status, and the value of the body."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from docdouble.schemas import Contract, Operation, Parameter, Response, Schema, Validator
from docdouble.schemas.message import Headers, media_type

from .behaviours.conditional import dated, last_modified, precondition
from .behaviours.languages import asked_locale, culture, rewritten, time_zone
from .behaviours.lists import Lists, is_list
from .behaviours.select import select_projection
from .codecs import Content, codec_of
from .codecs import json as json_codec
from .documented import WITHOUT_BODY, body_schema, documented_answer, representations, status_of
from .files import file_of, is_file
from .patch import Patch
from .preferences import Preferences
from .request import Request, is_patched, spelled
from .sampler import Sampler, Sampling
from .sampler.own import added_rules
from .settings import Settings

_VARIABLE = re.compile(r"\{([^{}]*)\}")

_REWRITING = frozenset({"select-projection", "culture", "time-zone"})
"""Behaviours that change an answer after it is made."""

_SAMPLERS = 16
"""Samplers that are kept, of other languages and seeds than the server's own."""

_KEPT = 256
"""Entities that each of those keeps."""

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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of an operation decides its answers: ``place`` is its path without the names of its ``variables``.

    ``ids`` are the variables that are ids, ``names`` the properties of what is answered, by their names in lower case.
    """

    place: str
    variables: tuple[str, ...]
    ids: tuple[str, ...]
    names: Mapping[str, str]
    is_array: bool
    is_list: bool
    is_conditional: bool
    has_not_found: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a documented response shows: its status, the schema and the samples of its body."""

    status: int
    schema: Schema | None
    samples: tuple[Any, ...]
    media_types: tuple[str, ...]
    is_octets: bool


class Answerer:
    """Answers the requests of one contract: the same request and seed, the same answer.

    Raises ``ConfigError`` for a locale, or for a source of samples, that is none.
    """

    def __init__(self, contract: Contract, settings: Settings) -> None:
        self.contract = contract
        self._settings = settings
        self._samplers = lru_cache(_SAMPLERS)(self._make_sampler)
        self.sampler = self._samplers("", settings.seed)
        self._lists = Lists(contract)
        self._plans: dict[str, _Plan] = {}
        self._responses: dict[tuple[str, int | None], _Shown] = {}
        self._validators: dict[tuple[str, str], Validator] = {}

    def _make_sampler(self, language: str, seed: int) -> Sampler:
        settings = self._settings
        sampling = Sampling(seed, settings.locale, language, settings.nulls, settings.samples, added_rules())
        is_usual = not language and seed == settings.seed
        return Sampler(self.contract, sampling if is_usual else replace(sampling, kept=_KEPT))

    def warm(self) -> None:
        """Compile what all operations are answered from, instead of each on its first call."""
        for operation in self.contract.operations:
            schema = body_schema(documented_answer(operation))
            if schema is not None:
                self.sampler.sample(schema, 0, encoded=True)
                self.sampler.sample(schema, 0)

    def answer(self, request: Request, name: str, preferences: Preferences, base_url: str) -> Answer:
        """Return what is documented, with what the request says of it; ``name`` is the media type that is sent.

        Its body may hold ``orjson.Fragment`` where that is a JSON one. Raises ``PatchConflictError`` for a patch that
        doesn't fit what it changes.
        """
        shown = self._shown(request.operation, preferences)
        schema = shown.schema
        plan = self._plan(request.operation)
        if plan.has_not_found and preferences.code is None and _is_nobody(request, plan):
            return Answer(404)
        key = _key(request, plan)
        language = asked_locale(request.asked, self._settings.locale)
        seed = self._settings.seed if preferences.seed is None else preferences.seed
        sampler = self._samplers("" if language == self._settings.locale else language, seed)
        made = None if schema is None else self._made(request, shown, name, key, preferences, sampler)
        changed = last_modified(made) if plan.is_conditional else None
        if unmet := precondition(request.operation, request.call, changed):
            return Answer(unmet, headers=dated(request.operation, changed))
        if schema is None or shown.status in WITHOUT_BODY:
            return Answer(shown.status)
        body = request.body.applied(made) if isinstance(request.body, Patch) else made
        if plan.is_list and not self._shows_sample(preferences):
            body = self._lists.answer(request, body, sampler, key, base_url)
        if request.asked:
            body = select_projection(body, str(request.asked.get("select-projection", "")))
            body = self._localised(request, body, schema)
        spoken = (("Content-Language", language.replace("_", "-")),) if language else ()
        return Answer(shown.status, body, schema, (*dated(request.operation, changed), *spoken))

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

    def _shown(self, operation: Operation, preferences: Preferences) -> _Shown:
        key = operation.label, preferences.code
        known = self._responses.get(key)
        if known is None:
            response = self.response(operation, preferences)
            schema, offered = body_schema(response), representations(response)
            known = self._responses[key] = _Shown(
                status_of(response),
                schema,
                tuple(sample for one in offered for sample in one.samples),
                tuple(media_type(one.name) for one in offered),
                Content(schema or {}, self.contract).format in ("byte", "binary"),
            )
        return known

    def _made(
        self,
        request: Request,
        shown: _Shown,
        name: str,
        key: int,
        preferences: Preferences,
        sampler: Sampler,
    ) -> Any:
        """Return what stands at the request's path, with what the request says of it."""
        # failures are told in the documentation's own words, where it shows some
        if shown.samples and (self._shows_sample(preferences) or shown.status >= 400):
            return self._repeated(request, shown.samples[0])
        if shown.is_octets and is_file([name, *shown.media_types]):
            return file_of(name, key, request.parameters)
        plan = self._plan(request.operation)
        encoded = self._is_sent_as_made(request, plan, name)
        made = sampler.sample(shown.schema or {}, key, self._said(request, plan), encoded=encoded)
        return with_nulls_of(made, shown.samples) if self._settings.nulls == "documented" else made

    def _shows_sample(self, preferences: Preferences) -> bool:
        return preferences.example or self._settings.answers == "documented"

    def _is_sent_as_made(self, request: Request, plan: _Plan, name: str) -> bool:
        """Tell whether nothing but a writer of JSON needs the answer."""
        return (
            codec_of(name) is json_codec.CODEC
            and request.asked.keys().isdisjoint(_REWRITING)
            and not isinstance(request.body, Patch)
            and self._settings.nulls != "documented"
            and not plan.is_list
            and not plan.is_conditional
        )

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

    def _plan(self, operation: Operation) -> _Plan:
        plan = self._plans.get(operation.label)
        if plan is None:
            sample = self.sampler.sample(body_schema(documented_answer(operation)) or {}, 0)
            one = sample[0] if isinstance(sample, list) and sample else sample
            plan = self._plans[operation.label] = _Plan(
                _VARIABLE.sub("{}", operation.path.lower()),
                tuple(_VARIABLE.findall(operation.path)),
                tuple(one.name for one in operation.parameters if _is_path_id(one)),
                {name.lower(): name for name in one} if isinstance(one, dict) else {},
                isinstance(sample, list),
                is_list(operation),
                any(response.status in ("304", "412") for response in operation.responses),
                operation.response(404) is not None,
            )
        return plan

    def _said(self, request: Request, plan: _Plan) -> dict[str, Any]:
        """Return what the request says of what is answered, by names in lower case; of items of a list, ids only."""
        said = {name.lower(): value for name, value in request.parameters.items()}
        if isinstance(request.body, dict):
            said |= {name.lower(): value for name, value in request.body.items()}
        return {
            name: value
            for name, value in said.items()
            if (_is_id(name, value) or not plan.is_array) and self._fits(request.operation, plan, name, value)
        }

    def _fits(self, operation: Operation, plan: _Plan, name: str, value: Any) -> bool:
        """Tell whether something that is said can be a property of the answer, or an id of what it refers to."""
        if name not in plan.names:
            return _is_id(name, value)
        return _is_writable(value) and self._validator(operation, plan, name).is_valid(value)

    def _validator(self, operation: Operation, plan: _Plan, name: str) -> Validator:
        known = self._validators.get((operation.label, name))
        if known is None:
            schema = body_schema(documented_answer(operation)) or {}
            content = Content(schema, self.contract)
            whole = content.items.schema if plan.is_array else schema
            told = list(_said_of(plan.names[name], whole, self.contract))
            known = self._validators[operation.label, name] = Validator(
                {"allOf": told} if told else {"not": {}}, self.contract
            )
        return known

    def _repeated(self, request: Request, sample: Any) -> Any:
        """Return a documented sample with what the request says under the names of its properties."""
        if not isinstance(sample, dict):
            return sample
        said = self._said(request, self._plan(request.operation))
        return {name: said.get(name.lower(), value) for name, value in sample.items()}


def with_nulls_of(value: Any, samples: Sequence[Any]) -> Any:
    """Return a value that is null where the first sample is."""
    return _with_nulls(value, samples[0]) if samples else value


def _with_nulls(value: Any, sample: Any) -> Any:
    if isinstance(value, dict) and isinstance(sample, dict):
        return {
            name: None if name in sample and sample[name] is None else _with_nulls(part, sample.get(name, part))
            for name, part in value.items()
        }
    if isinstance(value, list) and isinstance(sample, list) and sample:
        return [_with_nulls(part, sample[0]) for part in value]
    return value


def _is_id(name: str, value: Any) -> bool:
    """Tell whether a name is of an id, or of several, and the value is such."""
    if name.endswith("ids"):
        return isinstance(value, list) and all(type(one) is int and one > 0 for one in value)
    return name.endswith("id") and type(value) is int and value > 0


def _is_path_id(parameter: Parameter) -> bool:
    return parameter.location == "path" and parameter.name.lower().endswith("id")


def _is_nobody(request: Request, plan: _Plan) -> bool:
    """Tell whether the path names a thing by a number that no thing has: ids count from 1."""
    values = map(request.parameters.get, plan.ids)
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


def _key(request: Request, plan: _Plan) -> int:
    """Return what decides the values: everything that names a thing, but not what asks how it is shown."""
    said = dict(request.parameters)
    named = [said.pop(name) for name in plan.variables if name in said]
    is_named = isinstance(request.body, Patch) or (request.operation.method in _NAMED_BY_PATH and bool(named))
    told = [plan.place, named, said, None if is_named else request.body]
    try:
        text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers of more than 64 bits, octets of a form
        text = json.dumps(told, sort_keys=True, default=repr).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
