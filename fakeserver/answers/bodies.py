"""Bodies of answers: documented samples, files, generated values, or the entities that a change shows."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from docdouble.schemas import Contract
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import non_null, types_of
from docdouble.schemas.resources.bindings import Binding
from docdouble.schemas.resources.naming import referred

from ..behaviours import added_behaviours
from ..http.codecs import json_codec
from ..http.documented import FAILURE
from ..requests.patch import Patch
from ..requests.request_reader import Request
from ..sampler import Nulls, Sampler
from ..state.entity_change import EntityChange
from ..state.path_bodies import PathBodies
from .answer_plan import AnswerPlan, AnswerPlans, ResponsePlan
from .binary_files import file_of, is_file
from .error_bodies import ErrorBodies
from .error_schemas import ANYTHING
from .error_values import failure_of
from .examples import Example
from .row_lists import RowList

_REWRITING = (BehaviourName.SELECT_PROJECTION, BehaviourName.CULTURE, BehaviourName.TIME_ZONE)
"""Behaviours that change an answer after it is made, as those of packages do."""

_STRUCTURES = (dict, list)


class AnswerContext(NamedTuple):
    """A request, and what decides how it is answered; ``acting`` is what the operation does to the world.

    It ``is_usual`` to answer what there is, and not another status or a documented example. An ``example`` that was
    asked for ``is_asked``.
    """

    request: Request
    response: ResponsePlan
    plan: AnswerPlan
    media_type: str
    example: Example | None
    is_asked: bool
    is_usual: bool
    key: int
    language: str
    sampler: Sampler
    base_url: str
    acting: Binding | None


class Bodies:
    """The bodies of the answers of one contract; ``nulls`` is that of the settings."""

    def __init__(
        self, contract: Contract, plans: AnswerPlans, nulls: Nulls, errors: ErrorBodies, paths: PathBodies
    ) -> None:
        self._paths = paths
        self._contract = contract
        self._plans = plans
        self._nulls = nulls
        self._errors = errors
        self._rewriting = frozenset((*_REWRITING, *added_behaviours()))

    def value(self, context: AnswerContext, change: EntityChange | None) -> Any:
        """Return what stands at the request's path, with what the request states of it."""
        value, unlikely = self._made(context, change), context.response.errors
        if not unlikely or context.example or not isinstance(value, dict):
            return value
        given = _given_names(context, change)
        return {name: part for name, part in value.items() if name not in unlikely or name.lower() in given}

    def _made(self, context: AnswerContext, change: EntityChange | None) -> Any:
        request, response, plan = context.request, context.response, context.plan
        if context.example:
            value = context.example.value
            return value if response.status >= FAILURE else self._repeated(request, plan, value)
        if response.is_octets and is_file([context.media_type, *response.media_types]):
            return file_of(context.media_type, context.key, request.parameters)
        if response.status >= FAILURE:
            return self._failure(context)
        if change is not None and context.acting and context.acting.resource.path and response.is_primary:
            return self._paths.body(
                context.acting.role, request.operation, response.schema or {}, context.key, change, context.sampler
            )
        encoded = self._is_sent_as_made(context)
        if encoded and change is None:
            encoded = not plan.keys and not (plan.sent and _is_repeated(request, self._contract))
        if change is None or plan.is_list or not response.is_primary:
            known = self._plans.requested(request, plan)
            value = context.sampler.sample(response.schema or {}, context.key, known, encoded=encoded)
        else:
            value = self._entities(context, change, encoded)
        if self._nulls != "documented":
            return value
        nulled = with_nulls_of(value, response.examples.samples)
        changed = _changed_by_callers(context, change) if change and isinstance(value, dict) else {}
        kept = {name: value[name] for name in value if _is_changed(name.lower(), changed)} if changed else {}
        return {**nulled, **kept} if kept else nulled

    def _failure(self, context: AnswerContext) -> Any:
        """Return the body of a failure that the caller asks for, which reports what is documented of it."""
        request, response, sampler = context.request, context.response, context.sampler
        documented = request.operation.response(response.status)
        sentence = documented.description if documented else ""
        failure = failure_of(request.operation, request.call, response.status, sentence or "as documented")
        schema = ANYTHING if response.schema is None else response.schema
        try:
            return self._errors.value(schema, (), failure, context.key + sampler.world.seed)
        except ValueError:  # no value is known that reports anything
            return sampler.sample(schema, context.key)

    def _entities(self, context: AnswerContext, change: EntityChange, encoded: bool) -> Any:
        """Return what a change shows: one entity, an array of them, or the key of one."""
        documented, sampler = context.response.schema or {}, context.sampler
        schema = self._contract.resolve(non_null(documented))
        items = schema.get("items")
        if isinstance(items, dict) and referred(items):
            return [sampler.sample(items, context.key, {"id": number}, encoded=encoded) for number in change.numbers]
        number = next(iter(change.numbers), 0)
        kinds = types_of(schema)
        if kinds == ("boolean",):
            return True
        if kinds == ("integer",):
            return number
        is_draft = context.acting is not None and context.acting.role.name == "draft"
        known = self._plans.requested(context.request, context.plan) if is_draft else {}
        return sampler.sample(documented, context.key, {**known, "id": number}, encoded=encoded)

    def rows(self, context: AnswerContext, listing: RowList) -> list[Any] | None:
        """Return all rows of a list that no world keeps, ``None`` where an answer's own will do."""
        if not listing.steering or not listing.whole:
            return None
        known = self._plans.requested(context.request, context.plan)
        encoded = self._is_sent_as_made(context)
        encoded = encoded and not context.plan.keys
        made = context.sampler.sample(listing.whole, context.key, known, encoded=encoded)
        rows = listing.owned(made if isinstance(made, list) else [], context.request)
        return context.plan.keys.in_rows(rows, context.request.parameters) if context.plan.keys else rows

    def repeating(self, context: AnswerContext, body: Any) -> Any:
        """Return a body with the keys that the path names and the values that are sent, which no world keeps."""
        request, plan = context.request, context.plan
        if isinstance(body, orjson.Fragment):
            return body  # what the sampler sees to
        if plan.sent and _is_repeated(request, self._contract):
            body = plan.sent.put(body, request.body, context.sampler, context.key)
        return plan.keys.put(body, request.parameters) if plan.keys else body

    def _is_sent_as_made(self, context: AnswerContext) -> bool:
        """Tell whether nothing but a writer of JSON needs the answer."""
        request, plan = context.request, context.plan
        return (
            context.response.codec is json_codec.CODEC
            and not (request.asked and not self._rewriting.isdisjoint(request.asked))
            and not isinstance(request.body, Patch)
            and self._nulls != "documented"
            and not plan.is_list
            and not (plan.listing and plan.listing.needs_values(request))
            and not (plan.fields and plan.fields.needs_values(request.parameters))
            and not plan.is_conditional
        )

    def _repeated(self, request: Request, plan: AnswerPlan, sample: Any) -> Any:
        """Return a documented sample with what the request states under the names of its properties."""
        if not isinstance(sample, dict):
            return sample
        known = self._plans.requested(request, plan)
        return {
            name: value if isinstance(value, _STRUCTURES) else known.get(name.lower(), value)
            for name, value in sample.items()
        }


def _is_repeated(request: Request, contract: Contract) -> bool:
    """Tell whether a body is looked into for what it says of the answer; the sampler knows the scalars of pages."""
    body = request.body
    if not contract.dialect or not isinstance(body, dict):
        return isinstance(body, _STRUCTURES)
    return any(isinstance(value, _STRUCTURES) for value in body.values())


def _changed_by_callers(context: AnswerContext, change: EntityChange) -> Mapping[str, Any]:
    """Return the values that callers changed of the one entity that is shown."""
    resource = context.acting.resource.name if context.acting else ""
    return (len(change.numbers) == 1 and context.sampler.present.values(resource, change.numbers[0])) or {}


def _given_names(context: AnswerContext, change: EntityChange | None) -> set[str]:
    """Return the names, in lower case, of the properties that callers gave what is shown."""
    sent = context.request.body
    names = set(sent) if isinstance(sent, dict) else set()
    if change:
        names |= {name for entity in change.entities for name in entity.values}
        names |= _changed_by_callers(context, change).keys()
    return {name.lower() for name in names}


def _is_changed(lower: str, changed: Mapping[str, Any]) -> bool:
    """Tell whether callers changed a property, or which entity it shows."""
    return lower in changed or f"{lower}id" in changed


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
