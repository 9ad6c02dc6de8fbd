"""Reading of requests: decoded parameters and body, or what of them breaks the documentation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from docdouble.schemas import Call, Contract, Evidence, MediaType, Operation, Parameter, Schema, Violation
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.parameter_styles import query_pairs, unusual_booleans
from docdouble.schemas.dialects.dialect_registry import dialect_of
from docdouble.schemas.json_pointer import unescape_token
from docdouble.schemas.jsonschema.directions import without_left_out
from docdouble.schemas.jsonschema.validator import Spellings, documented_spelling

from ..behaviours import readers
from ..behaviours.select import check_names
from ..http.body_limits import MAX_BODY_BYTES
from ..http.codecs import BodyError, Content, codec_of
from ..http.documented import documented_answer, response_schema
from ..http.header_fields import ContentType, content_type
from ..http.negotiate import unsupported_media_type
from ..http.problem import violation_member, without_none
from ..http.refusal import Refusal
from .patch import Patch, read_patch
from .requirements import PlannedBody, PlannedParameter, RequestPlan
from .valid_parts import valid_part


class Request(NamedTuple):
    """A call that fits its operation.

    ``parameters`` of path and query are by name, that of the path where both have it; those that ask for a behaviour
    are in ``asked``, by the behaviour's name. ``body`` is the decoded value, a ``Patch`` where the operation takes
    patch documents. ``notes`` tell what was taken though it isn't written as documented, ``violations`` what of it was
    left out since it breaks that, ``broken`` what was taken though it breaks a schema, such as a date-time without an
    offset.
    ``received`` is the body with what a request has no place for: the ``readOnly`` key of an entity that is sent back.
    """

    operation: Operation
    parameters: dict[str, Any]
    asked: dict[str, Any]
    body: Any
    call: Call
    notes: tuple[str, ...] = ()
    violations: tuple[dict[str, Any], ...] = ()
    received: Any = None
    broken: tuple[Violation, ...] = ()


ReadRequest = Request | Refusal
"""Result of reading a call."""


class _DecodedPart(NamedTuple):
    """A part of a call that was decoded: what it holds, or the members of the problem that it makes.

    ``broken`` is what of a schema it breaks, also where that doesn't count.
    """

    value: Any = None
    violations: tuple[dict[str, Any], ...] = ()
    is_readable: bool = True
    received: Any = None
    broken: tuple[Violation, ...] = ()


@dataclass(slots=True)
class _ReadParameters:
    """Values of parameters by name, those that ask for a behaviour by behaviour, and what is broken or noted."""

    named: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    violations: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    broken: tuple[Violation, ...] = ()


class RequestReader:
    """Reader of the calls of one contract; what an operation asks of them is worked out at its first call.

    Without ``refuses`` the valid parts are taken of a call that breaks the documentation.
    """

    def __init__(
        self, contract: Contract, sample: Callable[[Operation, MediaType | None], Any], *, refuses: bool = True
    ) -> None:
        self.contract = contract
        self._refuses = refuses
        self._sample = sample
        self._spellings = Spellings(contract)
        self._readers = readers(dialect_of(contract))
        self._plans: dict[str, RequestPlan] = {}

    def read(self, operation: Operation, call: Call, variables: dict[str, str]) -> Request | Refusal:
        """Return the request, or why it is refused: with 400, 413, 415 or 422."""
        if len(call.body) > MAX_BODY_BYTES:
            return Refusal(413, f"the body has more than {MAX_BODY_BYTES} bytes, the most that are read")
        plan = self._plan(operation)
        sent = content_type(call, plan.only_media_type)
        planned = plan.body(sent) if operation.request else None
        if refused := self._unsupported(plan, call, sent, planned):
            if self._refuses:
                return refused
            member = {"in": "header", "name": "Content-Type", "rule": "media type", "message": refused.detail}
            body = _DecodedPart(violations=(member,))
        else:
            body = self._body(plan, call, sent, planned)
        read = self._parameters(plan, call, variables)
        violations = read.violations + body.violations
        broken = read.broken + body.broken
        if violations and self._refuses:
            return replace(self._bad_request(plan, violations, body, planned), broken=broken)
        value = _valid_body(plan, body, planned) if body.violations else body.value
        notes = read.notes + _form_notes(call, value) if sent.is_form and call.body else read.notes
        return Request(operation, read.named, read.asked, value, call, notes, violations, body.received, broken)

    def _plan(self, operation: Operation) -> RequestPlan:
        label = operation.label
        return self._plans.get(label) or self._plans.setdefault(label, RequestPlan(operation, self._spellings))

    def _unsupported(
        self, plan: RequestPlan, call: Call, sent: ContentType, planned: PlannedBody | None
    ) -> Refusal | None:
        body = plan.operation.request
        if not call.body:
            return None
        if body is None:
            # a body that nothing documents is ignored, unless that is what a 415 is documented for
            is_refused = any(response.status == "415" for response in plan.operation.responses)
            return Refusal(415, "a body is not documented here") if is_refused else None
        if planned and sent.charset and call.header("Content-Encoding") is None:
            return None
        return unsupported_media_type(call, body.media_types, self.contract, body.evidence or plan.operation.evidence)

    def _parameters(self, plan: RequestPlan, call: Call, variables: dict[str, str]) -> _ReadParameters:
        query = query_pairs(call.query)
        parameters = _ReadParameters()
        for planned in plan.parameters:
            pairs = planned.sent(call, query, variables)
            if not pairs:
                if planned.parameter.required:
                    parameters.violations += _missing(planned, plan.operation)
                continue
            try:
                value = planned.reader.read(pairs)
            except ValueError as error:
                parameters.violations += (_misspelled(planned.parameter, str(error), plan.operation),)
                continue
            schema_violations = _schema_violations(planned, value)
            parameters.broken += schema_violations
            broken = tuple(_members(planned, schema_violations, plan.operation))
            if planned.behaviour and not broken:
                broken = tuple(self._unreadable(plan.operation, planned, value))
            if broken:
                parameters.violations += broken
                continue
            if unusual_booleans(value, pairs):
                parameters.notes += (f"{planned.parameter.name} is a boolean that isn't written as true or false",)
            if planned.reader.has_brackets(pairs):
                parameters.notes += (f"the items of {planned.parameter.name} are sent as {pairs[0][0]}",)
            if planned.behaviour:
                parameters.asked[planned.behaviour] = value
            elif planned.parameter.location == "path":
                parameters.named[planned.parameter.name] = value
            elif planned.parameter.location == "query":
                parameters.named.setdefault(planned.parameter.name, value)
        return parameters

    def _unreadable(self, operation: Operation, planned: PlannedParameter, value: Any) -> Iterator[dict[str, Any]]:
        """Yield the violation of a parameter that asks for a behaviour, but whose text doesn't say what to do."""
        parameter, behaviour = planned.parameter, planned.behaviour
        try:
            if read := self._readers.get(behaviour):
                read(str(value))
            if behaviour == BehaviourName.SELECT_PROJECTION and operation.behaves(BehaviourName.DOCUMENTED_NAMES_ONLY):
                check_names(str(value), Content(response_schema(documented_answer(operation)) or {}, self.contract))
        except ValueError as error:
            member = {"in": parameter.location, "name": parameter.name, "rule": behaviour, "message": str(error)}
            yield member | _documentation(parameter.evidence)

    def _body(self, plan: RequestPlan, call: Call, sent: ContentType, planned: PlannedBody | None) -> _DecodedPart:
        if plan.operation.request is None:
            return _DecodedPart()
        if not call.body:
            missing = _body_violation(plan.operation, "required", "the body is missing")
            return _DecodedPart(violations=(missing,) if plan.operation.request.required else ())
        try:
            value, broken, received = self._decoded(plan, call, sent, planned)
        except BodyError as error:
            violation = _body_violation(plan.operation, error.rule, str(error))
            return _DecodedPart(violations=(violation,), is_readable=False)
        except ValueError as error:
            return _DecodedPart(violations=(_body_violation(plan.operation, "unique", str(error)),))
        if not broken:
            return _DecodedPart(value, received=received)
        documentation = _of_body(plan.operation)
        counted = (violation for violation in broken if violation.counts)
        members = tuple(documentation | violation_member(violation, "body") for violation in counted)
        return _DecodedPart(value, members, received=received, broken=broken)

    def _decoded(
        self, plan: RequestPlan, call: Call, sent: ContentType, planned: PlannedBody | None
    ) -> tuple[Any, tuple[Violation, ...], Any]:
        """Return the value of a body, what it breaks, and all that was received.

        Raises ``ValueError`` for what can't be read.
        """
        is_free = plan.is_patched or planned is None
        content = Content({}, self.contract, sent.charset or "utf-8") if is_free or not planned else planned.content
        value = codec_of(sent.media_type).decode(call.body, content)
        if plan.is_patched:
            any_case = plan.operation.behaves(BehaviourName.ANY_CASE)
            return *read_patch(value, plan.patched, self.contract, plan.operation.page, any_case=any_case), None
        if planned is None:
            return value, (), value
        value = planned.spelling.spelled(value) if planned.spelling else value
        broken = planned.validator.violations(value)
        return without_left_out(value, planned.validator.schema, self.contract), broken, value

    def _bad_request(
        self, plan: RequestPlan, violations: tuple[dict[str, Any], ...], body: _DecodedPart, planned: PlannedBody | None
    ) -> Refusal:
        count = f"{len(violations)} {'promise' if len(violations) == 1 else 'promises'}"
        detail = f"the request breaks {count} of the documentation of {plan.operation.id}"
        sample = self._corrected(plan, violations, body.value, planned) if plan.operation.request else None
        status = 422 if body.is_readable else 400
        return Refusal(status, detail, violations=violations, members=without_none({"sample": sample}))

    def _corrected(
        self, plan: RequestPlan, violations: tuple[dict[str, Any], ...], body: Any, planned: PlannedBody | None
    ) -> Any:
        """Return the caller's body with what breaks the documentation replaced, else a sample of the whole body."""
        whole = self._sample(plan.operation, planned.documented if planned else None)
        pointers = [violation["pointer"] for violation in violations if violation["in"] == "body"]
        if not isinstance(body, dict) or not isinstance(whole, dict):
            return whole
        corrected = {**body, **{name: whole[name] for name in map(_first_token, pointers) if name in whole}}
        return corrected if planned is None or planned.validator.accepts(corrected) else whole


def _valid_body(plan: RequestPlan, body: _DecodedPart, planned: PlannedBody | None) -> Any:
    """Return the valid part of a body; of a patch nothing, since its operations belong together."""
    if isinstance(body.value, Patch):
        return Patch()
    return valid_part(body.value, planned.validator) if planned and not plan.is_patched else None


def spelled(value: Any, schema: Schema, operation: Operation, contract: Contract) -> Any:
    """Return a body as its operation reads it: names in the documented spelling where letter case doesn't matter."""
    return documented_spelling(value, schema, contract) if operation.behaves(BehaviourName.ANY_CASE) else value


def _form_notes(call: Call, value: Any) -> tuple[str, ...]:
    if unusual_booleans(value, [("", call.body.decode(errors="replace"))]):
        return ("a field of the form is a boolean that isn't written as true or false",)
    return ()


def _of_body(operation: Operation) -> dict[str, str]:
    return _documentation(operation.request.evidence if operation.request else None, operation.evidence)


def _body_violation(operation: Operation, rule: str, message: str) -> dict[str, Any]:
    return {"in": "body", "pointer": "", **_of_body(operation), "rule": rule, "message": message}


def _missing(planned: PlannedParameter, operation: Operation) -> tuple[dict[str, Any], ...]:
    parameter = planned.parameter
    if planned.reader.may_be_nothing:
        return ()
    missing = {"in": parameter.location, "name": parameter.name, "rule": "required", "message": "missing"}
    return (missing | _documentation(parameter.evidence, operation.evidence),)


def _misspelled(parameter: Parameter, message: str, operation: Operation) -> dict[str, Any]:
    """Return the violation of a parameter that isn't written in its style or media type."""
    members = {"in": parameter.location, "name": parameter.name, "pointer": "", "rule": "syntax", "message": message}
    return members | _documentation(parameter.evidence, operation.evidence)


def _schema_violations(planned: PlannedParameter, value: Any) -> tuple[Violation, ...]:
    if value in ("", [""], None) and planned.parameter.allow_empty:
        return ()
    return planned.validator.violations(value)


def _members(
    planned: PlannedParameter, violations: tuple[Violation, ...], operation: Operation
) -> Iterator[dict[str, Any]]:
    for violation in violations:
        if violation.counts:
            documentation = _documentation(planned.parameter.evidence, violation.evidence, operation.evidence)
            yield violation_member(violation, planned.parameter.location, planned.parameter.name) | documentation


def _documentation(*known: Evidence | None) -> dict[str, str]:
    """Return the member that names the most exact documentation line that is known."""
    line = next((str(evidence) for evidence in known if evidence), None)
    return without_none({"documentation": line})


def _first_token(pointer: str) -> str:
    return unescape_token(pointer[1:].partition("/")[0])
