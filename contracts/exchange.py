"""One call and its reply, with what a check needs to judge them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from docdouble.schemas import Call, Contract, Evidence, Operation, Reply, Response, Schema, Validator
from docdouble.schemas.contract import non_null
from docdouble.schemas.message import is_json
from docdouble.schemas.positions import escape

from .case import Case, Purpose
from .finding import Finding, Severity


class Subject:
    """An operation of a contract, with its validators compiled once."""

    def __init__(self, operation: Operation, contract: Contract) -> None:
        self.operation = operation
        self.contract = contract
        self.page = operation.evidence.page if operation.evidence else ""
        self._validators: dict[str, Validator] = {}

    def response_schema(self, response: Response | None) -> Schema | None:
        """Return the documented schema of a response's body, ``None`` where there is none."""
        media_types = response.media_types if response else ()
        return next((one.schema for one in media_types if one.schema is not None and is_json(one.name)), None)

    def response_validator(self, response: Response) -> Validator:
        """Return the validator of a response's body."""
        if response.status not in self._validators:
            schema = self.response_schema(response) or {}
            self._validators[response.status] = Validator(schema, self.contract, self.page)
        return self._validators[response.status]


@dataclass(frozen=True)
class Exchange:
    """What was sent, why, and what came back, after how many ``seconds``."""

    subject: Subject
    case: Case
    reply: Reply
    seconds: float = 0.0

    @property
    def call(self) -> Call:
        """What was sent, without the user's credentials."""
        return self.case.call

    @property
    def purpose(self) -> Purpose:
        """What the reply is judged by."""
        return self.case.purpose

    @property
    def operation(self) -> Operation:
        """The operation that was called."""
        return self.subject.operation

    @property
    def succeeded(self) -> bool:
        """The reply has a 2xx status."""
        return 200 <= self.reply.status < 300

    @cached_property
    def documented(self) -> Response | None:
        """The documented response for the reply's status."""
        return self.operation.response(self.reply.status)

    @cached_property
    def schema(self) -> Schema | None:
        """The documented schema of the reply's body, ``None`` where nothing is documented or it is no JSON."""
        return self.subject.response_schema(self.documented) if is_json(self.reply.media_type) else None

    @cached_property
    def json(self) -> Any:
        """The reply's body; raises ``ValueError`` when it is no JSON."""
        return orjson.loads(self.reply.body)

    def records(self) -> Iterator[tuple[str, dict[str, Any], Schema]]:
        """Yield every object of the body with its pointer and the record schema that documents it."""
        if self.schema is not None:
            try:
                value = self.json
            except ValueError:
                return
            yield from _records(value, self.schema, "", self.subject.contract)

    def finding(
        self,
        check: str,
        severity: Severity,
        *,
        promised: str,
        came: str,
        pointer: str = "",
        rule: str = "",
        evidence: Evidence | None = None,
    ) -> Finding:
        """Return a finding about this exchange; without ``evidence``, the operation's own line is named."""
        evidence = evidence or self.operation.evidence
        return Finding(
            check, severity, self.operation.id, promised, came, pointer, rule, evidence, self.case, self.reply
        )


def _records(
    value: Any, schema: Schema, pointer: str, contract: Contract
) -> Iterator[tuple[str, dict[str, Any], Schema]]:
    schema = contract.resolve(non_null(contract.resolve(schema)))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _records(item, schema.get("items", {}), f"{pointer}/{index}", contract)
    if not isinstance(value, dict):
        return
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties")
    if properties and rest is None:
        yield pointer, value, schema
    for name, part in value.items():
        below = properties.get(name, rest if isinstance(rest, dict) else {})
        yield from _records(part, below, f"{pointer}/{escape(name)}", contract)
