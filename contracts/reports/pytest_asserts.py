"""Assertions of generated tests: lines of Python that fail as long as the promise of a finding is broken."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract.model import non_null, nullable, types_of
from docdouble.schemas.json_pointer import steps_of
from docdouble.schemas.jsonschema.directions import directed, operation_of
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

from ..model.documented_objects import ANY
from ..model.exchange import Subject
from ..model.finding import Finding
from .python_text import literal

_MASKING = Masking()

_NUMBER, _TEXT, _ARRAY = ("number",), ("string",), ("array",)

_COMPARED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "minimum": (_NUMBER, "value >= {}"),
    "maximum": (_NUMBER, "value <= {}"),
    "exclusiveMinimum": (_NUMBER, "value > {}"),
    "exclusiveMaximum": (_NUMBER, "value < {}"),
    "minLength": (_TEXT, "len(value) >= {}"),
    "maxLength": (_TEXT, "len(value) <= {}"),
    "pattern": (_TEXT, "re.search({}, value)"),
    "minItems": (_ARRAY, "len(value) >= {}"),
    "maxItems": (_ARRAY, "len(value) <= {}"),
}
"""Keyword → the types that it speaks of, and the comparison with its value."""

_FORMATS = ("date-time", "date", "uuid")
"""Formats that the standard library reads."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A finding, with the operation that broke the promise, and its contract."""

    finding: Finding
    operation: Operation
    contract: Contract

    @property
    def place(self) -> str:
        """The pointer, with array indices folded to ``*``."""
        return self.finding.fingerprint[2]

    @property
    def status(self) -> int:
        """The status of the reply that broke the promise, 0 without one."""
        return self.finding.reply.status if self.finding.reply else 0

    @property
    def subject(self) -> Subject:
        """The operation, with what is worked out of its documentation."""
        contract = directed(self.contract)
        return Subject(operation_of(contract, self.operation), contract)

    @property
    def schema(self) -> Schema | None:
        """The schema of the place, ``None`` where it can't be determined."""
        response = self.operation.response(self.status)
        schema = self.subject.response_schema(response)
        for token in steps_of(self.finding.pointer):
            schema = _inside(schema, token, self.contract) if schema is not None else None
        return schema

    def body(self) -> Any:
        """Return the reply's JSON; raises ``ValueError`` when it is none."""
        return json.loads(self.finding.reply.body if self.finding.reply else b"")

    def records_with(self, name: str) -> list[str]:
        """Return the pointers of the objects that a finding about a property of a named type speaks of."""
        response = self.operation.response(self.status)
        records = self.subject.records(response).of(self.body()) if response else ()
        pointers = (
            record.pointer for record in records if name in record.value and name not in record.schema["properties"]
        )
        return sorted({replace(self.finding, pointer=pointer).fingerprint[2] for pointer in pointers})

    def seen(self) -> Any:
        """Return the value that broke the promise; raises ``ValueError`` or ``LookupError`` when there is none."""
        value = self.body()
        for token in steps_of(self.finding.pointer):
            value = value[int(token) if isinstance(value, list) else token]
        return value


def assertions(broken: Broken) -> list[str]:
    """Return the lines; those that need the same status as before skip the test where it is another."""
    return list(_OF_CHECK.get(broken.finding.check, _still_seen)(broken))


def _inside(schema: Schema, token: str, contract: Contract) -> Schema | None:
    record = contract.resolve(non_null(contract.resolve(schema)))
    rest = record.get("additionalProperties")
    for child in (record.get("properties", {}).get(token), record.get("items"), rest):
        if isinstance(child, dict):
            return child
    return None


def _same_status(broken: Broken) -> str:
    return f"expect_status(reply, {broken.status})"


_Assert = Callable[[Broken], Iterator[str]]
_NOT_ACCEPTED = "assert not 200 <= reply.status_code < 300, reply.text"


def _one_line(template: str) -> _Assert:
    """Return what yields one line, which may name the ``status``."""
    return lambda broken: iter((template.format(status=broken.status),))


def _where_rule(rule: str, line: str) -> _Assert:
    """Return what yields a line for findings of one rule, and for others what was seen."""
    return lambda broken: iter((line,)) if broken.finding.rule == rule else _still_seen(broken)


def _documented_status(broken: Broken) -> Iterator[str]:
    statuses = [response.status for response in broken.operation.responses]
    plain = [int(status) for status in statuses if status.isdecimal()]
    if len(plain) < len(statuses) or not plain or broken.status in plain:
        yield f"assert reply.status_code != {broken.status}, reply.text"
    else:
        yield f"assert reply.status_code in {literal(plain)}, reply.text"


def _content_type(broken: Broken) -> Iterator[str]:
    yield _same_status(broken)
    response = broken.operation.response(broken.status)
    if broken.finding.rule != "media-type" or response is None:
        yield "reply.json()"
        return
    names = [media_type.name.lower() for media_type in response.media_types]
    yield 'media_type = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()'
    if any("*" in name for name in names):
        yield f"assert any(fnmatch(media_type, name) for name in {literal(names)}), media_type"
    else:
        yield f"assert media_type in {literal(names)}"


def _response_schema(broken: Broken) -> Iterator[str]:
    if broken.finding.rule == "required":
        yield from _missing_field(broken)
        return
    if broken.finding.rule in ("additionalProperties", "unevaluatedProperties"):
        yield from _without_property(broken)
        return
    schema = broken.schema
    test = _test(broken, broken.contract.resolve(schema)) if schema is not None else None
    if test is None:
        yield from _still_seen(broken)
        return
    yield _same_status(broken)
    yield from _at_place(broken.place, f"assert {test}, value")


def _at_place(place: str, line: str) -> Iterator[str]:
    yield f"for value in values(reply, {literal(place)}):"
    yield f"    {line}"


def _test(broken: Broken, schema: Schema) -> str | None:
    """Return the expression that a right ``value`` fulfils, ``None`` where it takes more than one."""
    rule = broken.finding.rule
    if rule == "type":
        return _type_test(broken, schema)
    schema = broken.contract.resolve(non_null(schema))
    if rule in ("minimum", "maximum") and rule not in schema and schema.get("format") in INTEGER_RANGES:
        schema = {**schema, rule: INTEGER_RANGES[schema["format"]][rule == "maximum"]}
    if rule in _COMPARED and rule in schema:
        kinds, expression = _COMPARED[rule]
        return f"not {_is_a(kinds)} or {expression.format(literal(schema[rule]))}"
    if rule == "enum" and rule in schema:
        return f"value in {literal(schema[rule])}"
    if rule == "const" and rule in schema:
        return f"value == {literal(schema[rule])}"
    if rule == "required" and rule in schema:
        return f"not {_is_a(['object'])} or set({literal(schema[rule])}) <= set(value)"
    if rule == "format" and schema.get(rule) in _FORMATS:
        return f"has_format(value, {literal(schema[rule])})"
    return None


def _type_test(broken: Broken, schema: Schema) -> str | None:
    kinds = types_of(broken.contract.resolve(non_null(schema)))
    if not kinds:
        return None
    # where null isn't documented, it breaks no promise
    may_be_null = broken.finding.got != "null" or nullable(schema)
    return _is_a([*kinds, *(["null"] if may_be_null else [])])


def _is_a(kinds: Any) -> str:
    return f"is_a(value, {', '.join(map(literal, kinds))})"


def _missing_field(broken: Broken) -> Iterator[str]:
    record, name = broken.place.rpartition("/")[0], literal(steps_of(broken.finding.pointer)[-1])
    yield _same_status(broken)
    yield from _at_place(record, f"assert not isinstance(value, dict) or {name} in value")


def _without_property(broken: Broken) -> Iterator[str]:
    record, name = broken.place.rpartition("/")[0], literal(steps_of(broken.finding.pointer)[-1])
    yield _same_status(broken)
    yield from _at_place(record, f"assert not isinstance(value, dict) or {name} not in value")


def _undocumented_field(broken: Broken) -> Iterator[str]:
    """Yield the lines for each place of the reply that shows the type: the finding names only the first of any."""
    name = steps_of(broken.finding.pointer)[-1]
    if name == ANY:
        yield _not_asserted(broken)
        return
    try:
        records = broken.records_with(name)
    except ValueError:
        records = []
    yield _same_status(broken)
    for record in records or [broken.place.rpartition("/")[0]]:
        yield from _at_place(record, f"assert not isinstance(value, dict) or {literal(name)} not in value")


def _headers(broken: Broken) -> Iterator[str]:
    name, _, rule = broken.finding.rule.partition(" ")
    value = broken.finding.reply.header(name) if broken.finding.reply else None
    yield _same_status(broken)
    if rule == "missing" or value is None:
        yield f"assert {literal(name)} in reply.headers"
    elif _MASKING.is_secret(name):
        yield _not_asserted(broken)
    else:
        yield f"assert reply.headers.get({literal(name)}) != {literal(value)}"


def _select_projection(broken: Broken) -> Iterator[str]:
    yield _same_status(broken)
    yield from _at_place(broken.place, "assert value is None")


def _still_seen(broken: Broken) -> Iterator[str]:
    """Yield what is true once something else is sent: what the promise is takes more than an assertion."""
    is_secret = any(map(_MASKING.is_secret, steps_of(broken.finding.pointer)))
    try:
        seen = broken.seen() if broken.finding.pointer and not is_secret else None
    except (ValueError, LookupError, TypeError):
        seen = None
    if isinstance(seen, str | int | float | bool):
        yield _same_status(broken)
        yield from _at_place(broken.place, f"assert value != {literal(seen)}")
    else:
        yield _not_asserted(broken)


def _not_asserted(broken: Broken) -> str:
    return f'pytest.skip("docdouble verify tells whether this is mended: {broken.finding.check}")'


_OF_CHECK: Mapping[str, _Assert] = {
    "content-type": _content_type,
    "credentials": _one_line(_NOT_ACCEPTED),
    "deleted-gone": _where_rule("read", "assert reply.status_code in [404, 410], reply.text"),
    "documented-status": _documented_status,
    "field-case": _missing_field,
    "headers": _headers,
    "int32": _response_schema,
    "invalid-request": _one_line("assert 400 <= reply.status_code < 500, reply.text"),
    "method": _where_rule("accepted", _NOT_ACCEPTED),
    "missing-field": _missing_field,
    "not-verified": _one_line("assert reply.status_code < 400, reply.text"),
    "null": _response_schema,
    "response-format": _response_schema,
    "response-schema": _response_schema,
    "select-projection": _select_projection,
    "server-error": _one_line("assert reply.status_code < 500, reply.text"),
    "undocumented-field": _undocumented_field,
    "valid-request": _one_line("assert reply.status_code != {status}, reply.text"),
    "wrong-credentials": _one_line(_NOT_ACCEPTED),
}
