"""Refusals as documented: the status, media type and body that an operation states for a failure, else problem details.

A failure that a caller asks for and one that the fake comes to itself look alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from docdouble.schemas import Call, Contract, Operation, Reply, Response, Schema

from ..http.codecs import Codec, Content, codec_of
from ..http.documented import representations
from ..http.masking import Masking
from ..http.negotiate import answered_representations, preferred_media_type, shown_schema
from ..http.problem import MEDIA_TYPE as PROBLEM
from ..http.refusal import Refusal, violations_field
from ..http.standard_headers import HeaderContext
from .answerer import Answerer
from .error_values import FailureFacts, failure_of
from .examples import Examples
from .shared_failures import SharedFailures

_DOCUMENTED_AS: Mapping[int, tuple[int, ...]] = {
    400: (400, 422),
    404: (404, 410),
    422: (422, 400),
    503: (503, 500),
    507: (507, 503, 500),
}
"""Status of a refusal → the documented statuses that stand for it, the best first; others only stand for themselves."""

_UNDOCUMENTED = {422: 400}
"""Status of a refusal → the one that is sent where none of those is documented."""

_UNKNOWN = object()
"""Marker in place of a value of a schema of which none is known."""


class _Documented(NamedTuple):
    """A response that documents a refusal, and the status that is sent then."""

    operation: Operation
    status: int
    response: Response


class _Representation(NamedTuple):
    """A way to write the body of a documented failure, and its examples."""

    media_type: str
    codec: Codec
    schema: Schema
    samples: tuple[Any, ...]


class DocumentedRefusals:
    """The refusals of one contract; ``masking`` is applied to what they quote."""

    def __init__(self, contract: Contract, answerer: Answerer, masking: Masking) -> None:
        self._contract = contract
        self._answerer = answerer
        self._masking = masking
        self._elsewhere = SharedFailures(contract)
        self._known: dict[tuple[str, str], tuple[_Representation, ...]] = {}

    def reply(self, operations: Sequence[Operation], call: Call, refusal: Refusal) -> Reply:
        """Return the reply that reports a refusal as the first of some operations does that documents it.

        Where none does, the body has the shape that the document gives that failure of other operations.
        """
        violations = tuple(self._masking.json(violation) for violation in refusal.violations)
        if not refusal.is_asked:
            listed = violations or ({"status": refusal.status, "message": self._masking.json(refusal.detail)},)
            refusal = replace(refusal, headers=(*refusal.headers, violations_field(listed)))
        own = _documented(operations, refusal.status)
        documented = own or self._documented_elsewhere(refusal.status)
        if not documented:
            return refusal.problem(_UNDOCUMENTED.get(refusal.status, refusal.status))
        operation, status, response = documented[0]
        representation = self._chosen(documented, call)
        failure = failure_of(operation if own else operations[0], call, status, refusal.detail, violations)
        value = self._value(representation, failure) if representation else _UNKNOWN
        answered = HeaderContext(call, "", self._answerer.sampler, 0, body=value)
        fields = self._answerer.headers.fields(operation, response, answered, refusal.headers) if own else ()
        headers = (*refusal.headers, *fields)
        if representation is None or value is _UNKNOWN:
            return replace(refusal, headers=headers).problem(status)
        content_type = representation.media_type + representation.codec.parameters
        body = representation.codec.encode(value, Content(representation.schema, self._contract))
        return Reply((("Content-Type", content_type), *headers), body, status)

    def _documented_elsewhere(self, status: int) -> list[_Documented]:
        sent = _UNDOCUMENTED.get(status, status)
        failure = self._elsewhere.find(sent)
        return [_Documented(failure[0], sent, failure[1])] if failure else []

    def _value(self, representation: _Representation, failure: FailureFacts) -> Any:
        """Return the value of a body in a documented shape, ``_UNKNOWN`` where none is known."""
        try:
            return self._answerer.error_bodies.value(representation.schema, representation.samples, failure)
        except ValueError:
            return _UNKNOWN

    def _chosen(self, documented: Sequence[_Documented], call: Call) -> _Representation | None:
        """Return the documented body that the caller prefers, ``None`` for problem details.

        A status that is listed without a body has that of its range or of the default. A caller who accepts nothing of
        it gets the first: an error in another media type is better than another error.
        """
        status = documented[0].status
        fitting = (
            refusal for refusal in documented if refusal.status == status or not refusal.response.status.isdigit()
        )
        offered = next(
            filter(None, (self._representations(refusal.operation, refusal.response, status) for refusal in fitting)),
            (),
        )
        accept = call.header("Accept") or ""
        names = [representation.media_type for representation in offered]
        asks_for_problem = PROBLEM in accept.lower() and PROBLEM not in names
        preferred = preferred_media_type(accept, [*names, PROBLEM] if asks_for_problem else names)
        if preferred == PROBLEM and asks_for_problem:
            return None
        return next(
            (representation for representation in offered if representation.media_type == preferred),
            next(iter(offered), None),
        )

    def _representations(self, operation: Operation, response: Response, status: int) -> tuple[_Representation, ...]:
        key = operation.label, response.status
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tuple(self._find_representations(response, status))
        return known

    def _find_representations(self, response: Response, status: int) -> Iterator[_Representation]:
        media_types = representations(response, status)
        for name, documented in answered_representations(media_types, self._contract).items():
            schema = shown_schema(documented, media_types)
            examples = Examples(documented, media_types, name, schema, self._contract)
            samples = tuple(example.value for example in examples.fitting)
            if name != PROBLEM or schema is not None or samples:
                yield _Representation(name, codec_of(name), {} if schema is None else schema, samples)


def _documented(operations: Sequence[Operation], status: int) -> list[_Documented]:
    """Return the response that documents a status, and as which: itself or a substitute, its range, the default."""
    accepted = _DOCUMENTED_AS.get(status, (status,))
    sent = _UNDOCUMENTED.get(status, status)
    keys = [(str(code), code) for code in accepted] + [(f"{sent // 100}XX", sent), ("DEFAULT", sent)]
    responses = [(operation, response) for operation in operations for response in operation.responses]
    return [
        _Documented(operation, code, response)
        for key, code in keys
        for operation, response in responses
        if response.status.upper() == key
    ]
