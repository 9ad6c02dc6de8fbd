"""One call and its reply, with what a check needs to judge them."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from docdouble.fakeserver import Sampler
from docdouble.fakeserver.http.codecs import Content, codec_of
from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Call, Contract, Evidence, Operation, Reply, Response, Schema, Validator, Violation
from docdouble.schemas.contract.media_types import body_schema, chosen_media_type, is_sequence, primary_schema
from docdouble.schemas.http import MASK, is_json, media_type

from .budget import NO_REPLY_LIMITS, ReplyLimits
from .case import Case, Purpose
from .documented_objects import DocumentedObject, DocumentedObjects
from .extreme_numbers import holds_extreme_number
from .finding import Finding, Severity
from .reply_text import reply_lines

_MASKING = Masking()
_VALUE = re.compile(r"""(["'])(?:\\.|(?!\1).)*(?:\1|\Z)|(?<![\w./])-?\d+(?:\.\d+)?(?!\w)""", re.DOTALL)
"""A quoted text, also one that is cut off, or a number."""

_USUAL_SEGMENT = re.compile(r"[A-Za-z0-9_][\w.~@:-]*|", re.ASCII)
"""A segment of a path as routers expect it: no negative number, no blank, nothing in percent signs."""

_SENTENCES = ("detail", "message", "error_description", "error_message", "errorMessage", "title", "error")
"""Members of a JSON object that say what went wrong, the one that says most first."""

_LARGE_BODY = 65536
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _BodyFacts:
    """Facts about a body: what breaks its schema, and its objects that a record schema documents."""

    def __init__(self, value: Any, validator: Validator, records: DocumentedObjects) -> None:
        self._value = value
        self._validator = validator
        self._records = records

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Violations of the documented schema."""
        return self._validator.violations(self._value)

    @cached_property
    def records(self) -> tuple[DocumentedObject, ...]:
        """Every object that a record schema documents."""
        return tuple(self._records.of(self._value))


class Subject:
    """An operation of a contract, with its validators compiled once, and the ``limits`` that its replies must keep.

    Where its server ``refuses_bounds`` that requests break, ``accepted_bounds`` tell more than lenience. It took null
    for the properties ``taken_nulls``, against the documentation.
    """

    def __init__(self, operation: Operation, contract: Contract, limits: ReplyLimits = NO_REPLY_LIMITS) -> None:
        self.operation = operation
        self.contract = contract
        self.limits = limits
        self.page = operation.page
        self._schemas: dict[str, Schema | None] = {}
        self._validators: dict[str, Validator] = {}
        self._records: dict[str, DocumentedObjects] = {}
        self._bodies: dict[tuple[str, bytes], _BodyFacts] = {}
        self._has_values: dict[str, bool] = {}
        self.refuses_bounds = False
        self.accepted_bounds: list[Finding] = []
        self.taken_nulls: set[str] = set()

    def response_schema(self, response: Response | None, content_type: str = "") -> Schema | None:
        """Return the documented schema of a response's body in a media type, ``None`` where there is none.

        Without a media type that is documented it is that of the JSON.
        """
        if response is None:
            return None
        key = _key(response, content_type)
        if key not in self._schemas:
            self._schemas[key] = _response_schema(response, content_type)
        return self._schemas[key]

    def response_validator(self, response: Response, content_type: str = "") -> Validator:
        """Return the validator of a response's body in a media type."""
        return self.validator(_key(response, content_type), self.response_schema(response, content_type) or {})

    def validator(self, key: str, schema: Schema) -> Validator:
        """Return the validator of a schema, the same for the same ``key``."""
        validator = self._validators.get(key)
        return validator or self._validators.setdefault(key, Validator(schema, self.contract, self.page))

    def records(self, response: Response, content_type: str = "") -> DocumentedObjects:
        """Return what is documented of the objects in a response's body in a media type."""
        key = _key(response, content_type)
        if key not in self._records:
            schema = self.response_schema(response, content_type) or {}
            samples = [sample for content in response.media_types for sample in content.samples]
            self._records[key] = DocumentedObjects(schema, self.contract, samples)
        return self._records[key]

    def body_facts(self, response: Response, content_type: str, body: bytes, value: Any) -> "_BodyFacts":
        """Return what is found of a response's body, which stands for a value: once, however often it comes."""
        key = _key(response, content_type)
        known = self._bodies.get((key, body))
        if known is None:
            validator, records = self.response_validator(response, content_type), self.records(response, content_type)
            known = self._bodies[key, body] = _BodyFacts(value, validator, records)
        return known

    def forget_bodies(self, most: int) -> None:
        """Forget the facts of bodies where they are of more than so many, or of a large one.

        Whoever judges without an end would keep them all.
        """
        if len(self._bodies) > most or any(len(body) > _LARGE_BODY for _, body in self._bodies):
            self._bodies.clear()

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self.contract)

    def may_have_body(self, response: Response) -> bool:
        """Tell whether a value fits a documented body of a response, as far as a bounded search finds one."""
        known = self._has_values.get(response.status)
        if known is None:
            schemas = [body_schema(content, response.media_types) for content in response.media_types]
            known = not schemas or any(schema is None or self.has_value(schema) for schema in schemas)
            self._has_values[response.status] = known
        return known

    def has_value(self, schema: Schema) -> bool:
        """Tell whether a value fits a schema, as far as a bounded search finds one."""
        return self._sampler.sample_if_any(schema, 0) is not None or Validator(schema, self.contract).is_valid(None)


@dataclass(frozen=True)
class Exchange:
    """Call that was sent, why, and the reply that was received, after how many ``seconds``."""

    subject: Subject
    case: Case
    reply: Reply
    seconds: float = 0.0

    @property
    def call(self) -> Call:
        """The call that was sent, without the user's credentials."""
        return self.case.call

    @property
    def purpose(self) -> Purpose:
        """The purpose of the call, by which the reply is judged."""
        return self.case.purpose

    @property
    def operation(self) -> Operation:
        """The operation that was called."""
        return self.subject.operation

    @property
    def succeeded(self) -> bool:
        """The reply has a 2xx status."""
        return 200 <= self.reply.status < 300

    @property
    def may_be_authorized(self) -> bool:
        """Whether the operation asks for no credentials, or for some that are defined."""
        schemes, alternatives = self.subject.contract.security_schemes, self.operation.security
        return not alternatives or any(all(name in schemes for name in names) for names in alternatives)

    @property
    def may_succeed(self) -> bool:
        """Whether a value fits the documented body of the success."""
        success = self.operation.success()
        return success is None or self.subject.may_have_body(success)

    @property
    def answer(self) -> str:
        """The status of the reply, as people write it."""
        return f"{self.reply.status} {self.reply.reason}".strip()

    @cached_property
    def words(self) -> str:
        """The first line of the reply's body that isn't blank, JSON as one line; what has a secret name is masked."""
        try:
            value = _MASKING.json(orjson.loads(self.reply.body))
            return json.dumps(value, ensure_ascii=False) if value else ""
        except (ValueError, RecursionError):
            return str(_MASKING.json(next(iter(reply_lines(self.reply)), "")))

    @cached_property
    def sentence(self) -> str:
        """The sentence in which a JSON object says what is wrong, in the member that errors have for it; else words."""
        try:
            value = orjson.loads(self.reply.body)
        except ValueError:
            return self.words
        holders = [value, value.get("error")] if isinstance(value, dict) else []
        for holder in holders:
            texts = [holder.get(name) for name in _SENTENCES] if isinstance(holder, dict) else []
            if text := next((member for member in texts if isinstance(member, str) and member.strip()), ""):
                return str(_MASKING.json(text))
        return self.words

    @cached_property
    def documented(self) -> Response | None:
        """The documented response for the reply's status; an operation documents nothing of other methods."""
        is_its_own = self.call.method in (self.operation.method, "HEAD")
        return self.operation.response(self.reply.status) if is_its_own else None

    @cached_property
    def schema(self) -> Schema | None:
        """The documented schema of the reply's body, ``None`` where nothing is documented or it is no JSON."""
        return self.subject.response_schema(self.documented, self._content_type) if self._is_json else None

    @property
    def _content_type(self) -> str:
        return self.reply.header("Content-Type") or ""

    @property
    def _is_json(self) -> bool:
        return is_json(self.reply.media_type) or is_sequence(self.reply.media_type)

    @cached_property
    def json(self) -> Any:
        """The reply's body, of a sequence its items; raises ``ValueError`` when it is no JSON."""
        if is_sequence(self.reply.media_type):
            content = Content(self.schema or {}, self.subject.contract)
            return codec_of(self.reply.media_type).decode(self.reply.body, content)
        return orjson.loads(self.reply.body.removeprefix(_BYTE_ORDER_MARK))

    @cached_property
    def xml(self) -> Any:
        """The reply's body, read as XML by ``xml_schema``; raises ``BodyError`` when it is none."""
        content = Content(self.xml_schema or {}, self.subject.contract)
        return codec_of("application/xml").decode(self.reply.body, content)

    @property
    def xml_schema(self) -> Schema | None:
        """The documented schema of a body in XML: that of its media type, else of the JSON."""
        own = self.subject.response_schema(self.documented, self._content_type)
        return own if own is not None else self.subject.response_schema(self.documented)

    @cached_property
    def is_readable(self) -> bool:
        """Whether the reply has a body that is sent as JSON, and is."""
        try:
            return bool(self.reply.body) and self._is_json and [self.json] != []
        except ValueError:
            return False

    @property
    def is_described(self) -> bool:
        """Whether the reply has a JSON body with a documented schema."""
        return self.schema is not None and self.is_readable

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Violations of the documented schema of the body; nothing where there is none, or no JSON."""
        if self.is_described and self.json == [] and is_sequence(self.reply.media_type):
            return ()  # nothing has come of a stream yet
        return self._facts.violations if self._facts else ()

    def may_hold(self, body: Any) -> bool:
        """Tell whether the documentation allows another body in place of that of the reply."""
        if self.documented is None or not self.is_described:
            return True
        return self.subject.response_validator(self.documented, self._content_type).is_valid_loosely(body)

    @cached_property
    def records(self) -> tuple[DocumentedObject, ...]:
        """Every object of the body that a record schema documents."""
        return self._facts.records if self._facts else ()

    @cached_property
    def known_records(self) -> DocumentedObjects | None:
        """The documentation of the objects in the body; ``None`` where it has no documented schema, or is no JSON."""
        return (
            self.subject.records(self.documented, self._content_type) if self.documented and self.is_described else None
        )

    @cached_property
    def _facts(self) -> _BodyFacts | None:
        """Facts of the body; ``None`` where it has no documented schema, or is no JSON."""
        if self.documented is None or not self.is_described:
            return None
        return self.subject.body_facts(self.documented, self._content_type, self.reply.body, self.json)

    def body_severity(self, severity: Severity) -> Severity:
        """Return how bad a body is that isn't as documented: a note where the documentation allows none at all.

        So it is where a router says that it knows no such path: what is documented is that of the operation behind it.
        What a whole server does of its own accord is a warning at most.
        """
        if severity is Severity.NOTE:
            return severity  # whether a value fits takes long to find out
        fits_nothing = self.documented is not None and not self.subject.may_have_body(self.documented)
        if fits_nothing or self._may_be_of_router:
            return Severity.NOTE
        return max(severity, Severity.WARNING, key=lambda level: level.rank) if self.is_of_framework else severity

    @property
    def is_of_framework(self) -> bool:
        """Whether a reply may be what the framework behind any operation makes of a call.

        Frameworks refuse what breaks the documentation, and calls without the user's credentials, before an operation
        is reached, and numbers beyond all bounds become infinite or overflow where they are kept.
        """
        is_broken = self.purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE) or not self.case.signed
        return (is_broken and self.reply.status in range(400, 500)) or holds_extreme_number(self.call)

    @property
    def _may_be_of_router(self) -> bool:
        """Whether a 404 may come from a router, which takes numbers and words as they usually are for its paths."""
        if self.reply.status != 404 or self.case.existing:
            return False
        return self.purpose is Purpose.HOSTILE or not all(map(_USUAL_SEGMENT.fullmatch, self.call.path.split("/")[1:]))

    def finding(
        self,
        check: str,
        severity: Severity,
        *,
        expected: str,
        got: str,
        pointer: str = "",
        rule: str = "",
        evidence: Evidence | None = None,
    ) -> Finding:
        """Return a finding about this exchange, without values that have a secret name.

        Without ``evidence``, the operation's own line is named.
        """
        evidence = evidence or self.operation.evidence
        shown = mask_values(expected, pointer), mask_values(got, pointer)
        return Finding(check, severity, self.operation.id, *shown, pointer, rule, evidence, self.case, self.reply)


def _key(response: Response, content_type: str) -> str:
    return f"{response.status} {content_type}"


def _response_schema(response: Response, content_type: str) -> Schema | None:
    if documented := chosen_media_type(response.media_types, content_type):
        return body_schema(documented, response.media_types)
    known = (content for content in response.media_types if is_json(media_type(content.name)) or "*" in content.name)
    return primary_schema(known)


def mask_values(text: str, pointer: str = "") -> str:
    """Return a text about the value at a pointer, without what stands under a secret name there or in the text."""
    if any(map(_MASKING.is_secret, pointer.split("/"))):
        return _VALUE.sub(MASK, text)
    return str(_MASKING.json(text))
