"""Answers to requests that fit their operation: the status, the header fields and the value of the body."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.http import Headers
from docdouble.schemas.resources.bindings import Binding

from ..behaviours import changed_by_added
from ..behaviours.conditional_requests import dated, last_modified, precondition
from ..behaviours.localisation import asked_locale, culture, rewritten, time_zone
from ..behaviours.select import select_projection
from ..http.codecs import Content
from ..http.documented import FAILURE, WITHOUT_BODY, documented_answer, response_schema
from ..http.preferences import Preferences
from ..http.standard_headers import HeaderContext, is_known
from ..requests.patch import Patch
from ..requests.request_reader import Request
from ..sampler.data.images import ELSEWHERE
from ..sampler.no_value import NoValueError
from ..settings import Settings
from ..state.changes import State
from ..state.entity_change import EntityChange
from ..state.entity_table import EntityTable
from ..state.path_bodies import PathBodies
from ..state.path_state import PathState
from ..state.seed_data import seeded
from ..state.stores.store import Store
from ..state.worlds import Worlds, WorldView, world_of
from .answer_plan import AnswerChoice, AnswerPlan, AnswerPlans, answer_key
from .bodies import AnswerContext, Bodies
from .documented_headers import DocumentedHeaders
from .entity_examples import with_entity_examples
from .entity_tags import EntityTags
from .error_bodies import ErrorBodies
from .example_choice import asked_example, usual_example
from .lists import ListContent, Lists
from .sample_requests import SampleRequests
from .samplers import Samplers


class Answer(NamedTuple):
    """Status, header fields and body of an answer: ``body`` and ``content`` are ``None`` where nothing is sent.

    ``detail`` says why, where the documentation doesn't. ``text`` is the body of a documented example that is sent as
    it stands.
    """

    status: int
    body: Any = None
    content: Content | None = None
    headers: Headers = ()
    detail: str = ""
    text: str | None = None


class Answerer:
    """Source of the answers to requests of one contract: the same request, seed and world, the same answer.

    Without a ``store`` nothing is kept, and every id exists. ``images`` begins the URLs of made-up images. Raises
    ``ConfigError`` for a locale, for a source of samples or for an entity that is none.
    """

    def __init__(
        self, contract: Contract, settings: Settings, store: Store | None = None, images: str = ELSEWHERE
    ) -> None:
        self.contract = contract
        self._settings = settings
        self._state = State(contract)
        self._samplers = Samplers(
            with_entity_examples(contract), settings, images, self._state.stateful if store else None
        )
        self.sampler = self._samplers.of("", settings.seed)
        self._lists = Lists(contract)
        self.plans = AnswerPlans(contract, self.sampler)
        self.headers = DocumentedHeaders(contract)
        self._tags = EntityTags(contract, self._shown)
        self.error_bodies = ErrorBodies(contract, self.sampler)
        path_bodies = PathBodies(contract, self.sampler)
        self._paths = PathState(contract, path_bodies, self.sampler)
        self.table = EntityTable(contract, self._state, self._paths, path_bodies, self.sampler)
        self._bodies = Bodies(contract, self.plans, settings.nulls, self.error_bodies, path_bodies)
        self.sample_requests = SampleRequests(contract, self._state, self._paths, self.sampler)
        entities, population = settings.entities, settings.population
        rows = seeded(entities, contract, self._state, path_bodies, self.sampler, population) if store else {}
        self.worlds = Worlds(store, population, rows, self._state.documented) if store else None

    def warm(self) -> None:
        """Compile what all operations are answered from, instead of each on its first call."""
        for operation in self.contract.operations:
            schema = response_schema(documented_answer(operation))
            if schema is not None:
                with suppress(NoValueError):
                    self.sampler.sample(schema, 0, encoded=True)
                    self.sampler.sample(schema, 0)

    def answer(
        self, request: Request, choice: AnswerChoice, media_type: str, preferences: Preferences, base_url: str
    ) -> Answer:
        """Return what is documented, with what the request states of it; ``media_type`` is the one that is sent.

        Its body may hold ``orjson.Fragment`` where that is a JSON one. Raises ``PatchConflictError`` for a patch that
        doesn't fit what it changes, ``ConfigError`` for the name of a world that none can have, and ``StoreError``
        where the state can't be read or written.
        """
        context = self._context(request, choice, media_type, preferences, base_url)
        if context is None:
            return Answer(404)
        if self.worlds:
            return self._stateful(context, self.worlds)
        if self._tags.is_unmet(context, None):
            return Answer(412)
        return self._headed(self._answered(context, None), context, None)

    def _context(
        self, request: Request, choice: AnswerChoice, media_type: str, preferences: Preferences, base_url: str
    ) -> AnswerContext | None:
        """Return what an answer is made of; ``None`` for one of what can't exist."""
        response = self.plans.response(request.operation, choice, media_type)
        plan = self.plans.plan(request.operation)
        language = asked_locale(request.asked, self._settings.locale) if request.asked else ""
        seed = self._settings.seed if preferences.seed is None else preferences.seed
        sampler = self._samplers.of("" if language == self._settings.locale else language, seed)
        asked = asked_example(response, preferences, self._settings.answers)
        is_asked = asked is not None
        is_usual = choice.is_usual and (not is_asked or response.examples.stand_alone)
        acts = is_usual and choice.status < FAILURE and self.worlds
        acting = self._state.acting(request.operation) if acts else None
        if acting is None and plan.has_not_found and preferences.code is None and _names_no_entity(request, plan):
            return None
        key = answer_key(request, plan)
        is_open = asked is None and acting is None and not self.contract.dialect
        example = usual_example(request, response, plan, preferences, key) if is_open else asked
        return AnswerContext(
            request, response, plan, media_type, example, is_asked, is_usual, key, language, sampler, base_url, acting
        )

    def _shown(self, read: Request, asked: AnswerContext, view: WorldView | None) -> tuple[Any, Headers] | None:
        """Return the body and the header fields that a GET is answered in a world; ``None`` for a failure."""
        choice = self.plans.choice(read.operation, None)
        context = self._context(read, choice, next(iter(choice.offered), ""), Preferences(), asked.base_url)
        if context is None:
            return None
        answer = self._seen(context, view) if view else self._answered(context, None)
        answer = self._headed(answer, context, view)
        return (answer.body, answer.headers) if answer.status < FAILURE else None

    def _headed(self, answer: Answer, context: AnswerContext, view: WorldView | None) -> Answer:
        """Return an answer with the header fields that are documented for its status."""
        request = context.request
        response = context.response
        if not response.has_headers and answer.status == response.status:
            return answer
        documented = request.operation.response(answer.status)
        if documented is None:
            return answer
        body = answer.body if answer.text is None else answer.text
        sampler, written = context.sampler, self._tags.written(context, documented, view)
        answered = HeaderContext(
            request.call, context.base_url, sampler, context.key, context.media_type, body, written
        )
        fields = self.headers.fields(request.operation, documented, answered, answer.headers)
        if context.plan.listing and context.example is None:
            fields = tuple(field for field in fields if field[0] not in context.plan.listing.page_headers)
        if answer.status == 200 and is_known(answered, fields):
            return Answer(304, headers=fields)
        return answer._replace(headers=(*answer.headers, *fields))

    def _stateful(self, context: AnswerContext, worlds: Worlds) -> Answer:
        """Return the answer in a world, in which it shows all entities, and change it as the call says."""
        world, acting = worlds.world(world_of(context.request.call)), context.acting
        if acting is None or not acting.role.writes:
            view = world.view()
            if self._tags.is_unmet(context, view):
                return Answer(412)
            return self._headed(self._seen(context, view), context, view)

        def change(view: WorldView) -> EntityChange:
            if self._tags.is_unmet(context, view):
                return EntityChange(unmet=412)
            return self._change(acting, context, view)

        change_made, view = world.write(change)
        if acting.resource.path and acting.role.name == "update":
            context = _with_status(context, change_made, self.plans)
        with context.sampler.present.showing(self._state.known(acting.resource, view, context.sampler)):
            answer = self._answered(context, change_made)
        return self._headed(answer, context, view)

    def _change(self, acting: Binding, context: AnswerContext, view: WorldView) -> EntityChange:
        """Return what comes of a call to something that is kept."""
        request = context.request
        if acting.resource.path:
            gone = self._state.missing(request, view)
            return EntityChange(missing=gone) if gone else self._paths.change(acting, request, view)
        with context.sampler.present.showing(self._state.known(acting.resource, view, context.sampler)):
            return self._state.change(acting, request, view, context.sampler)

    def _seen(self, context: AnswerContext, view: WorldView) -> Answer:
        """Return the answer to a call that changes nothing."""
        acting = context.acting
        if acting is None:
            request = context.request
            if context.is_usual and (
                missing := self._paths.documented_missing(request, view) or self._state.missing(request, view)
            ):
                return Answer(404, detail=missing)
            with context.sampler.present.showing(view.known):
                return self._answered(context, None)
        change = self._change(acting, context, view)
        with context.sampler.present.showing(self._state.known(acting.resource, view, context.sampler)):
            return self._answered(context, change)

    def _answered(self, context: AnswerContext, change: EntityChange | None) -> Answer:
        request, response, plan = context.request, context.response, context.plan
        operation = request.operation
        if change and change.missing:
            return Answer(_status_of_missing(operation), detail=change.missing)
        if change and change.conflict:
            return Answer(409, detail=change.conflict)
        if change and change.unmet:
            return Answer(change.unmet, headers=dated(operation, change.changed))
        value = None if response.schema is None else self._bodies.value(context, change)
        changed = last_modified(value) if plan.is_conditional else None
        is_read = changed and not (context.acting and context.acting.role.writes)
        if is_read and (unmet := precondition(operation, request.call, changed)):
            return Answer(unmet, headers=dated(operation, changed))
        if response.schema is None or response.status in WITHOUT_BODY:
            return Answer(response.status, headers=self._located(context, change))
        if context.example and context.example.text is not None:
            return Answer(response.status, content=response.content, text=context.example.text)
        if response.status >= FAILURE:
            return Answer(response.status, value, response.content)
        body = request.body.applied(value) if isinstance(request.body, Patch) and change is None else value
        if plan.is_list and response.is_primary and not context.is_asked:
            listed = _list_content(context, change, self._state)
            body = self._lists.answer(request, body, context.sampler, context.key, context.base_url, listed)
        if change is None and response.is_primary and not context.is_asked:
            body = self._bodies.repeating(context, body)
        paged: Headers = ()
        if plan.listing and response.is_primary and context.example is None:
            rows = self._bodies.rows(context, plan.listing) if change is None else None
            body, paged = plan.listing.answer(request, body, rows, context.base_url)
        if plan.fields and response.is_primary and not context.is_asked:
            body = plan.fields.shown(body, request.parameters, context.sampler)
        if request.asked:
            body = _as_asked(request.asked, body, response.content)
        spoken = (("Content-Language", context.language.replace("_", "-")),) if context.language else ()
        headers = (*dated(operation, changed), *spoken, *paged, *self._located(context, change))
        return Answer(response.status, body, response.content, headers)

    def _located(self, context: AnswerContext, change: EntityChange | None) -> Headers:
        if change is None or context.acting is None or context.response.status != 201:
            return ()
        located = self._paths.location(change) or self._state.location(change, context.acting)
        return self.headers.located(context.request.operation, located, context.base_url)


def _list_content(context: AnswerContext, change: EntityChange | None, state: State) -> ListContent | None:
    """Return what is in a list, ``None`` where nobody knows."""
    if change is None or context.acting is None or context.acting.resource.path:
        return None
    resource = context.acting.resource
    return ListContent(change.numbers, state.views(resource), resource.name)


def _with_status(context: AnswerContext, change: EntityChange, plans: AnswerPlans) -> AnswerContext:
    """Return the context of a PUT with the documented success for what it did: 201 where it made something new."""
    operation, sent = context.request.operation, context.media_type
    successes = [
        int(response.status)
        for response in operation.responses
        if response.status.isdigit() and response.status[0] == "2"
    ]
    if 201 not in successes or len(successes) < 2 or not context.is_usual:
        return context
    status = 201 if change.is_new else next(status for status in successes if status != 201)
    return context._replace(response=plans.response(operation, plans.choice(operation, status), sent))


def _status_of_missing(operation: Operation) -> int:
    """Return the status for what there is none of: 410 where only that is documented."""
    return 410 if operation.response(404) is None and operation.response(410) is not None else 404


def _names_no_entity(request: Request, plan: AnswerPlan) -> bool:
    """Tell whether the path names an entity by a number that none has: ids count from 1."""
    values = map(request.parameters.get, plan.ids)
    return any(isinstance(value, int) and value < 1 for value in values)


def _as_asked(asked: Mapping[str, Any], body: Any, content: Content) -> Any:
    """Return a body as the behaviours that are asked for change it, the added ones last."""
    body = select_projection(body, str(asked.get(BehaviourName.SELECT_PROJECTION, "")))
    has_language = BehaviourName.LANGUAGE in asked or BehaviourName.LANGUAGE_OVERRIDE in asked
    changes = (
        culture(str(asked[BehaviourName.CULTURE])) if BehaviourName.CULTURE in asked and has_language else None,
        time_zone(str(asked[BehaviourName.TIME_ZONE])) if BehaviourName.TIME_ZONE in asked else None,
    )
    for change in filter(None, changes):
        body = rewritten(body, content, change)
    return changed_by_added(asked, body)
