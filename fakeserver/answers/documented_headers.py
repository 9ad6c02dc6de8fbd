"""Documented header fields of responses, from their examples, their meaning or their schema."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, Operation, Parameter, Response, Schema, Validator
from docdouble.schemas.contract.parameter_styles import ParameterReader, written_text
from docdouble.schemas.contract.parameter_values import schema_branches
from docdouble.schemas.http import Headers

from ..http.refusal import NOTE
from ..http.standard_headers import HeaderContext, Meaning, meaning_of
from ..sampler.seeds import mix

_NEVER_SENT = frozenset(
    {
        *("connection", "content-encoding", "content-length", "content-type", "keep-alive", "preference-applied"),
        *("proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
"""Fields that say how a message is sent, which only who sends it knows."""

_OF_LISTS = ("link", "total", "total-count")
"""Ends of the names of fields that describe the list that is sent, which no example does."""

_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_TRIES = 8


@dataclass(frozen=True, slots=True)
class _HeaderPlan:
    """A documented header field: ``text`` is its example, ``fits`` tells whether another text does.

    ``alone`` is the object schema of its value only, for where those of all fields can't be drawn together.
    """

    parameter: Parameter
    alone: Schema
    text: str | None
    meaning: Meaning | None
    fits: Callable[[str], bool]
    is_of_list: bool


@dataclass(frozen=True, slots=True)
class _ResponsePlan:
    """The header fields of a response, and the object schema of the values that are drawn for them together."""

    headers: tuple[_HeaderPlan, ...]
    schema: Schema


class DocumentedHeaders:
    """The documented header fields of the responses of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._plans: dict[tuple[str, str], _ResponsePlan] = {}

    def fields(self, operation: Operation, response: Response, answered: HeaderContext, sent: Headers) -> Headers:
        """Return the fields of a response that are not ``sent`` already."""
        if not response.headers:
            return ()
        plan = self._planned(operation, response)
        known = {name.lower() for name, _ in sent}
        wanted = [header for header in plan.headers if header.parameter.name.lower() not in known]
        return tuple(field for header_plan in wanted for field in _fields(header_plan, plan.schema, answered))

    def located(self, operation: Operation, fields: Headers, base_url: str) -> Headers:
        """Return fields that lead to what was created, written as the documented field takes them."""
        response = operation.response(201)
        if response is None or not response.headers:
            return fields
        documented = {header.parameter.name.lower(): header for header in self._planned(operation, response).headers}
        return tuple((name, _located(path, base_url, documented.get(name.lower()))) for name, path in fields)

    def fits(self, operation: Operation, response: Response, name: str, text: str) -> bool:
        """Tell whether a text is what is documented for a header field."""
        headers = self._planned(operation, response).headers
        return all(header.fits(text) for header in headers if header.parameter.name.lower() == name.lower())

    def _planned(self, operation: Operation, response: Response) -> _ResponsePlan:
        key = operation.label, response.status
        return self._plans.get(key) or self._plans.setdefault(key, self._plan(response))

    def _plan(self, response: Response) -> _ResponsePlan:
        headers = [header for header in response.headers if _is_sent(header.name)]
        return _ResponsePlan(tuple(map(self._header, headers)), fields_schema(headers))

    def _header(self, parameter: Parameter) -> _HeaderPlan:
        accepts = Validator(parameter.schema, self._contract).is_valid
        reader = ParameterReader(parameter, self._contract, accepts)

        def fits(text: str) -> bool:
            try:
                return accepts(reader.read([(parameter.name, text)]))
            except ValueError:
                return False

        examples = (*parameter.samples, *_schema_examples(parameter.schema, self._contract))
        texts = (example if isinstance(example, str) else written_text(parameter, example) for example in examples)
        text = next(filter(fits, map(_field_text, texts)), None)
        is_of_list = parameter.name.lower().endswith(_OF_LISTS)
        return _HeaderPlan(parameter, fields_schema([parameter]), text, meaning_of(parameter.name), fits, is_of_list)


def fields_schema(headers: Iterable[Parameter]) -> Schema:
    """Return the object schema of the values of header fields."""
    schemas = {header.name: header.schema for header in headers}
    return {"type": "object", "required": list(schemas), "properties": schemas}


def _located(path: str, base_url: str, documented: _HeaderPlan | None) -> str:
    """Return the way to write a path that is documented: as it is, as a URL, or as its end, below some base path."""
    if documented is None:
        return path
    steps = path.split("/")
    ends = ("/".join(["", *steps[first:]]) for first in range(2, len(steps)))
    return next(filter(documented.fits, (path, base_url + path, *ends)), path)


def _is_sent(name: str) -> bool:
    return name.lower() not in _NEVER_SENT and _NAME.fullmatch(name) is not None


def _schema_examples(schema: Schema, contract: Contract) -> list[Any]:
    branches = list(schema_branches(schema, contract))
    single = [branch[word] for word in ("example", "default") for branch in branches if word in branch]
    return [*(example for branch in branches for example in branch.get("examples", ())), *single]


def _fields(header: _HeaderPlan, schema: Schema, answered: HeaderContext) -> Headers:
    """Return a field, or none where it is left to others; a note instead of a required one that nothing fits."""
    name, is_required = header.parameter.name, bool(header.parameter.required)
    if name.lower().startswith("access-control-") and answered.call.header("Origin"):
        return ()  # what a web page may do is the server's to say
    is_list = header.is_of_list and isinstance(answered.body, list)
    if is_list and name.lower() == "link" and not is_required:
        return ()  # a list that ends here leads nowhere
    text = _text(header, schema, answered, is_list)
    if text is not None:
        return ((name, text),)
    return ((NOTE, f"no value was found for the header field {name}"),) if is_required else ()


def _text(header: _HeaderPlan, schema: Schema, answered: HeaderContext, is_list: bool) -> str | None:
    if header.text is not None and not is_list:
        return header.text
    meant = header.meaning(answered) if header.meaning else ""
    if meant and header.fits(meant):
        return meant
    return header.text or _drawn(header, schema, answered)


def _drawn(header: _HeaderPlan, schema: Schema, answered: HeaderContext) -> str | None:
    for attempt in range(_TRIES):
        key = mix(answered.key, attempt)
        values = answered.sampler.sample_if_any(schema, key) or answered.sampler.sample_if_any(header.alone, key) or {}
        value = values.get(header.parameter.name)
        text = None if value is None else _field_text(written_text(header.parameter, value))
        if text is not None and header.fits(text):
            return text
    return None


def _field_text(text: str) -> str:
    """Return a text as the value of a header field: on one line, what is no ASCII in UTF-8 (PEP 3333)."""
    return _CONTROLS.sub(" ", text).strip().encode().decode("latin-1")
