"""A request that fits its operation → status, and the value of the body."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from docdouble.schemas import Contract, Operation, Parameter, Response, Schema, Validator
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import first_schema, non_null, types_of
from docdouble.schemas.contract.resources import RequestPlace
from docdouble.schemas.http import Headers, media_type
from docdouble.schemas.resources.bindings import Binding
from docdouble.schemas.resources.naming import referred

from ..behaviours.conditional_requests import dated, last_modified, precondition
from ..behaviours.localisation import asked_locale, culture, rewritten, time_zone
from ..behaviours.select import select_projection
from ..http.codecs import Content, codec_of, json_codec
from ..http.documented import WITHOUT_BODY, documented_answer, representations, response_schema, status_of
from ..http.preferences import Preferences
from ..requests.patch import Patch
from ..requests.request_reader import Request, is_patched, spelled
from ..sampler import Sampler, Sampling
from ..sampler.meaning.user_rules import added_rules
from ..settings import Settings
from ..state.changes import FIRST, EntityChange, State
from ..state.seed_data import seeded
from ..state.stores.store import Store
from ..state.worlds import Rows, Worlds, WorldView, world_of
from .answer_plan import AnswerPlan, AnswerPlans, answer_key
from .binary_files import file_of, is_file
from .lists import ListContent, Lists

_REWRITING = frozenset({BehaviourName.SELECT_PROJECTION, BehaviourName.CULTURE, BehaviourName.TIME_ZONE})
"""Behaviours that change an answer after it is made."""

_SAMPLERS = 16
"""Samplers that are kept, of other languages and seeds than the server's own."""

_KEPT = 256
"""Entities that each of those keeps."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: ``body`` is ``None`` with ``schema`` ``None`` where nothing is sent.

    ``detail`` says why, where the documentation doesn't.
    """

    status: int
    body: Any = None
    schema: Schema | None = None
    headers: Headers = field(default=())
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a documented response shows: its status, the schema and the samples of its body."""

    status: int
    schema: Schema | None
    samples: tuple[Any, ...]
    media_types: tuple[str, ...]
    is_octets: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, and what decides how it is answered; ``acting`` is what the operation does to the world.

    It ``is_usual`` to answer what there is, and not another status or the documented sample.
    """

    request: Request
    shown: _Shown
    plan: AnswerPlan
    media_type: str
    shows_sample: bool
    is_usual: bool
    key: int
    language: str
    sampler: Sampler
    base_url: str
    acting: Binding | None


class Answerer:
    """Answers the requests of one contract: the same request, seed and world, the same answer.

    Without a ``store`` nothing is kept, and every id exists. Raises ``ConfigError`` for a locale, for a source of
    samples or for an entity that is none.
    """

    def __init__(self, contract: Contract, settings: Settings, store: Store | None = None) -> None:
        self.contract = contract
        self._settings = settings
        self._store = store
        self._state = State(contract)
        self._samplers = lru_cache(_SAMPLERS)(self._make_sampler)
        self.sampler = self._samplers("", settings.seed)
        self._lists = Lists(contract)
        self._plans = AnswerPlans(contract, self.sampler)
        self._responses: dict[tuple[str, int | None], _Shown] = {}
        self._fitting: dict[str, tuple[Any, ...]] = {}
        self.worlds = Worlds(store, settings.population, self._seeded()) if store else None

    def _seeded(self) -> Rows:
        settings = self._settings
        return seeded(settings.entities, self.contract, self._state, self.sampler, settings.population)

    def _make_sampler(self, language: str, seed: int) -> Sampler:
        settings = self._settings
        sampling = Sampling(seed, settings.locale, language, settings.nulls, settings.samples, added_rules())
        if language or seed != settings.seed:
            sampling = replace(sampling, kept=_KEPT)
        if self._store:
            sampling = replace(sampling, population=max(settings.population, 1), stateful=self._state.stateful)
        return Sampler(self.contract, sampling)

    def warm(self) -> None:
        """Compile what all operations are answered from, instead of each on its first call."""
        for operation in self.contract.operations:
            schema = response_schema(documented_answer(operation))
            if schema is not None:
                self.sampler.sample(schema, 0, encoded=True)
                self.sampler.sample(schema, 0)

    def answer(self, request: Request, name: str, preferences: Preferences, base_url: str) -> Answer:
        """Return what is documented, with what the request says of it; ``name`` is the media type that is sent.

        Its body may hold ``orjson.Fragment`` where that is a JSON one. Raises ``PatchConflictError`` for a patch that
        doesn't fit what it changes, ``ConfigError`` for the name of a world that none can have, and ``StoreError``
        where the state can't be read or written.
        """
        shown, plan = self._shown(request.operation, preferences), self._plans.plan(request.operation)
        language = asked_locale(request.asked, self._settings.locale)
        seed = self._settings.seed if preferences.seed is None else preferences.seed
        sampler = self._samplers("" if language == self._settings.locale else language, seed)
        shows_sample = bool(shown.samples) and (preferences.example or self._settings.answers == "documented")
        is_usual = _is_usual(preferences.code, request.operation) and not shows_sample
        acting = self._state.acting(request.operation) if self.worlds and is_usual else None
        if acting is None and plan.has_not_found and preferences.code is None and _is_nobody(request, plan):
            return Answer(404)
        key = answer_key(request, plan)
        asked = _Asked(request, shown, plan, name, shows_sample, is_usual, key, language, sampler, base_url, acting)
        return self._stateful(asked, self.worlds) if self.worlds else self._answered(asked, None)

    def _stateful(self, asked: _Asked, worlds: Worlds) -> Answer:
        """Return the answer in a world, which shows in all that is made of it."""
        world, acting = worlds.world(world_of(asked.request.call)), asked.acting
        if acting is None:
            view = world.view()
            if asked.is_usual and (missing := self._state.missing(asked.request, view)):
                return Answer(404, detail=missing)
            with asked.sampler.present.showing(view.known):
                return self._answered(asked, None)

        def change(view: WorldView) -> EntityChange:
            with asked.sampler.present.showing(self._state.known(acting, view, asked.sampler)):
                return self._state.change(acting, asked.request, view, asked.sampler)

        if acting.role.writes:
            change_made, view = world.write(change)
        else:
            view = world.view()
            change_made = change(view)
        with asked.sampler.present.showing(self._state.known(acting, view, asked.sampler)):
            return self._answered(asked, change_made)

    def _answered(self, asked: _Asked, change: EntityChange | None) -> Answer:
        request, shown, plan = asked.request, asked.shown, asked.plan
        operation = request.operation
        if change and change.missing:
            return Answer(404, detail=change.missing)
        if change and change.unmet:
            return Answer(change.unmet, headers=dated(operation, change.changed))
        made = None if shown.schema is None else self._made(asked, change)
        changed = last_modified(made) if plan.is_conditional else None
        writes = asked.acting is not None and asked.acting.role.writes
        if not writes and (unmet := precondition(operation, request.call, changed)):
            return Answer(unmet, headers=dated(operation, changed))
        if shown.schema is None or shown.status in WITHOUT_BODY:
            return Answer(shown.status)
        body = request.body.applied(made) if isinstance(request.body, Patch) and change is None else made
        if plan.is_list and not asked.shows_sample:
            listed = self._listed(asked, change)
            body = self._lists.answer(request, body, asked.sampler, asked.key, asked.base_url, listed)
        if request.asked:
            body = select_projection(body, str(request.asked.get(BehaviourName.SELECT_PROJECTION, "")))
            body = self._localised(request, body, shown.schema)
        spoken = (("Content-Language", asked.language.replace("_", "-")),) if asked.language else ()
        located = self._state.location(change, asked.acting) if change and asked.acting and shown.status == 201 else ()
        return Answer(shown.status, body, shown.schema, (*dated(operation, changed), *spoken, *located))

    def response(self, operation: Operation, preferences: Preferences) -> Response | None:
        """Return the documented response that is sent: the preferred one, else the success."""
        return documented_answer(operation) if preferences.code is None else operation.response(preferences.code)

    def sample_parameter(self, operation: Operation, parameter: Parameter) -> Any:
        """Return a value of a parameter: one that there is something of, where it is a key."""
        acting = self._state.acting(operation)
        place = RequestPlace(parameter.location, parameter.name)
        is_key = acting is not None and place in (acting.role.key, *(one.place for one in acting.role.criteria))
        return FIRST if is_key else self.sampler.sample(parameter.schema, 0)

    def sample_request(self, operation: Operation) -> Any:
        """Return a request body that fits: the first documented sample that does, else a generated one.

        The entity that it is about is the first one, which exists.
        """
        body, acting = self._sample_request(operation), self._state.acting(operation)
        return acting.with_key(body, FIRST) if acting else body

    def _sample_request(self, operation: Operation) -> Any:
        if is_patched(operation):
            return self._sample_patch(operation)
        media_types = operation.request.media_types if operation.request else ()
        schema = first_schema(media_types) or {}
        if operation.label not in self._fitting:
            documented = (sample for media_type in media_types for sample in media_type.samples)
            found = (sample for sample in documented if self._fits(sample, schema, operation))
            self._fitting[operation.label] = tuple(islice(found, 1))
        fitting = self._fitting[operation.label]
        return fitting[0] if fitting else self.sampler.sample(schema, 0)

    def _fits(self, sample: Any, schema: Schema, operation: Operation) -> bool:
        with suppress(ValueError):
            return Validator(schema, self.contract).accepts(spelled(sample, schema, operation, self.contract))
        return False

    def _sample_patch(self, operation: Operation) -> Any:
        schema = response_schema(documented_answer(operation)) or {}
        thing = self.sampler.sample(schema, 0)
        members = thing.items() if isinstance(thing, dict) else ()
        told = ((name, value) for name, value in members if isinstance(value, str))
        return [{"op": "replace", "path": f"/{name}", "value": value} for name, value in told][:1]

    def _shown(self, operation: Operation, preferences: Preferences) -> _Shown:
        key = operation.label, preferences.code
        known = self._responses.get(key)
        if known is None:
            response = self.response(operation, preferences)
            schema, offered = response_schema(response), representations(response)
            known = self._responses[key] = _Shown(
                status_of(response),
                schema,
                tuple(sample for one in offered for sample in one.samples),
                tuple(media_type(one.name) for one in offered),
                Content(schema or {}, self.contract).format in ("byte", "binary"),
            )
        return known

    def _made(self, asked: _Asked, change: EntityChange | None) -> Any:
        """Return what stands at the request's path, with what the request says of it."""
        request, shown, plan = asked.request, asked.shown, asked.plan
        # failures are told in the documentation's own words, where it shows some
        if asked.shows_sample or (shown.samples and shown.status >= 400):
            return self._repeated(request, shown.samples[0])
        if shown.is_octets and is_file([asked.media_type, *shown.media_types]):
            return file_of(asked.media_type, asked.key, request.parameters)
        encoded = self._is_sent_as_made(request, plan, asked.media_type)
        if change is None or plan.is_list:
            said = self._plans.said(request, plan)
            made = asked.sampler.sample(shown.schema or {}, asked.key, said, encoded=encoded)
        else:
            made = self._entities(asked, change, encoded)
        if self._settings.nulls != "documented":
            return made
        nulled = with_nulls_of(made, shown.samples)
        kept = self._said_by_callers(asked, change) if change and isinstance(made, dict) else {}
        return {**nulled, **{name: made[name] for name in made if _is_said(name.lower(), kept)}} if kept else nulled

    def _said_by_callers(self, asked: _Asked, change: EntityChange) -> Mapping[str, Any]:
        """Return what callers said of the one entity that is shown."""
        resource = asked.acting.resource.name if asked.acting else ""
        return (len(change.numbers) == 1 and asked.sampler.present.said(resource, change.numbers[0])) or {}

    def _listed(self, asked: _Asked, change: EntityChange | None) -> ListContent | None:
        """Return what is in a list, ``None`` where nobody knows."""
        if change is None or asked.acting is None:
            return None
        resource = asked.acting.resource
        return ListContent(change.numbers, self._state.views(resource), resource.name)

    def _entities(self, asked: _Asked, change: EntityChange, encoded: bool) -> Any:
        """Return what a change shows: one entity, an array of them, or the key of one."""
        schema, sampler = self.contract.resolve(non_null(asked.shown.schema or {})), asked.sampler
        items = schema.get("items")
        if isinstance(items, dict) and referred(items):
            return [sampler.sample(items, asked.key, {"id": number}, encoded=encoded) for number in change.numbers]
        number = next(iter(change.numbers), 0)
        kinds = types_of(schema)
        if kinds == ("boolean",):
            return True
        if kinds == ("integer",):
            return number
        is_draft = asked.acting is not None and asked.acting.role.name == "draft"
        said = self._plans.said(asked.request, asked.plan) if is_draft else {}
        return sampler.sample(asked.shown.schema or {}, asked.key, {**said, "id": number}, encoded=encoded)

    def _is_sent_as_made(self, request: Request, plan: AnswerPlan, name: str) -> bool:
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
        has_language = BehaviourName.LANGUAGE in asked or BehaviourName.LANGUAGE_OVERRIDE in asked
        changes = (
            culture(str(asked[BehaviourName.CULTURE])) if BehaviourName.CULTURE in asked and has_language else None,
            time_zone(str(asked[BehaviourName.TIME_ZONE])) if BehaviourName.TIME_ZONE in asked else None,
        )
        for change in filter(None, changes):
            body = rewritten(body, Content(schema, self.contract), change)
        return body

    def _repeated(self, request: Request, sample: Any) -> Any:
        """Return a documented sample with what the request says under the names of its properties."""
        if not isinstance(sample, dict):
            return sample
        said = self._plans.said(request, self._plans.plan(request.operation))
        return {name: said.get(name.lower(), value) for name, value in sample.items()}


def _is_usual(code: int | None, operation: Operation) -> bool:
    """Tell whether the status that is preferred, if any is, is the one that is sent anyway."""
    return code is None or code == status_of(documented_answer(operation))


def _is_said(lower: str, said: Mapping[str, Any]) -> bool:
    """Tell whether callers said something of a property, or which entity it shows."""
    return lower in said or f"{lower}id" in said


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


def _is_nobody(request: Request, plan: AnswerPlan) -> bool:
    """Tell whether the path names a thing by a number that no thing has: ids count from 1."""
    values = map(request.parameters.get, plan.ids)
    return any(isinstance(value, int) and value < 1 for value in values)
