"""Serialisation of parameters by ``style`` and ``explode``, read and written (OpenAPI 3.2, Style Values; RFC 6570).

What the specification leaves open is read as practice has it: ``deepObject`` nests (``a[b][c]=1``, ``a[b][]=1``), a
comma may be percent-encoded where no other reading fits, OpenAPI 3.0's ``.a.b`` of ``label`` means ``.a,b`` too, and
clients of many frameworks write the items of an array as ``a[]=1&a[]=2``.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from ..http import FORM, is_json
from .model import Contract, Parameter, Schema
from .parameter_values import (
    documented_name,
    field_scalar,
    is_free_text,
    is_text_of,
    items_of,
    member_of,
    properties_of,
    scalar,
    schema_branches,
    value_kinds,
)

Pair = tuple[str, str]
"""A name and its value as it was sent; of a path and a header field, the parameter's name and the whole text."""

_CONTAINERS = frozenset({"array", "object"})
_DELIMITERS = {
    "spaceDelimited": (re.compile(r"%20|\+| "), "%20"),
    "pipeDelimited": (re.compile(r"%7C|\|", re.IGNORECASE), "%7C"),
    "tabDelimited": (re.compile(r"%09|\t"), "%09"),
}
"""Style → what its items stand between where it is read, and where it is written."""

_REPEATED = frozenset({"form", "cookie", *_DELIMITERS})
"""Styles in which an exploded array is a parameter for each of its items."""

_STEP = re.compile(r"\[([^\[\]]*)\]")
_MOST_STEPS = 32
_RESERVED = ":/?@!$'()*,;="
"""Characters that ``allowReserved`` keeps; ``#``, ``&``, ``+`` and brackets would mean something else in a query."""

_FORM_COOKIE = ("cookie", "form")
_IN_COOKIES = "!#$&'()*+/:<=>?@[]^`{|}~"
_BOOLEAN = re.compile(r"\b(true|false)\b")


SentPairs = Mapping[str, Sequence[Pair]]
"""Name in lower case → the pairs of that name."""


def query_pairs(query: str) -> SentPairs:
    """Return the names of a query with their values, which stay encoded."""
    sent: dict[str, list[Pair]] = {}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        name = unquote_plus(name)
        sent.setdefault(name.lower(), []).append((name, value))
    return sent


class ParameterReader:
    """The reader of the values of one parameter.

    ``accepts`` decides between several readings of a text; ``names`` are those of all parameters that are read beside
    it, in lower case: one set for all of them, for an operation may have thousands.
    """

    def __init__(
        self,
        parameter: Parameter,
        contract: Contract,
        accepts: Callable[[Any], bool],
        names: frozenset[str] = frozenset(),
    ) -> None:
        self.parameter = parameter
        self._contract = contract
        self._accepts = accepts
        self._names = names
        self._name = parameter.name.lower()
        self._style = parameter.effective_style
        self._scalar = scalar if parameter.location in ("path", "header") else field_scalar
        self._branches = tuple(schema_branches(parameter.schema, contract))
        self._kinds = value_kinds(self._branches)
        is_exploded = self._style in _REPEATED and parameter.explodes and not parameter.content
        is_form = parameter.location == "querystring" and parameter.content == FORM
        self._is_spread = is_form or (is_exploded and "object" in self._kinds)
        is_array = parameter.location == "query" and "array" in self._kinds and not parameter.content
        brackets = f"{self._name}[]"
        self._bracketed = brackets if is_array and brackets not in names else ""

    @cached_property
    def _properties(self) -> Mapping[str, str]:
        """The documented properties by their names in lower case."""
        return {name.lower(): name for name in properties_of(self._branches)}

    @property
    def _is_unstated(self) -> bool:
        """Whether nothing is known of the style, as of pages, so that arrays may be written in either way."""
        return bool(self._contract.dialect) and not self.parameter.style and self.parameter.explode is None

    @cached_property
    def _is_open(self) -> bool:
        return all(branch.get("additionalProperties") is not False for branch in self._branches)

    def pairs(self, sent: SentPairs) -> Sequence[Pair]:
        """Return what a query or the cookies hold of this parameter."""
        if self._is_spread or self._style == "deepObject":
            is_part = self._is_member if self._is_spread else self._is_below
            return [pair for name, pairs in sent.items() if is_part(name) for pair in pairs]
        return sent.get(self._name) or (sent.get(self._bracketed, ()) if self._bracketed else ())

    def has_brackets(self, pairs: Sequence[Pair]) -> bool:
        """Tell whether the items of an array are sent one by one below its name with brackets, ``a[]``."""
        return bool(self._bracketed) and self._style != "deepObject" and pairs[0][0].lower() == self._bracketed

    def _is_member(self, name: str) -> bool:
        is_other = self._is_of_another(name) or self._is_of_another(name.partition("[")[0])
        return name == self._name or name in self._properties or (self._is_open and not is_other)

    def _is_below(self, name: str) -> bool:
        return name == self._name or (name.startswith(f"{self._name}[") and name not in self._names)

    def _is_of_another(self, name: str) -> bool:
        return name in self._names and name != self._name

    @property
    def may_be_nothing(self) -> bool:
        """Whether a value of it is sent as nothing at all: an object without properties."""
        return self._is_spread and self._accepts({})

    def read(self, pairs: Sequence[Pair]) -> Any:
        """Return the value; raises ``ValueError`` with the reason where it isn't written in the documented style."""
        if self.parameter.content and not self._is_spread:
            return self._content(self._decoded(pairs[-1][1]))
        if not self._kinds & _CONTAINERS and self._style not in ("label", "matrix"):
            return self._scalar(self._decoded(pairs[-1][1]), self._kinds)
        reasons: list[ValueError] = []
        first: list[Any] = []
        for reading in (self._arrays, self._objects, self._scalars):
            try:
                for value in reading(pairs):
                    if self._accepts(value):
                        return value
                    first.append(value)
            except ValueError as error:
                reasons.append(error)
        if first:
            return first[0]
        raise reasons[0]

    def _content(self, text: str) -> Any:
        if not is_json(self.parameter.content):
            return self._scalar(text, self._kinds)
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError(f"no {self.parameter.content}: {error}") from error

    def _decoded(self, text: str) -> str:
        location = self.parameter.location
        if location == "query" or (location == "querystring" and self._is_spread):
            return unquote_plus(text)
        return unquote(text) if location == "querystring" or (location, self._style) == _FORM_COOKIE else text

    def _scalars(self, pairs: Sequence[Pair]) -> Iterator[Any]:
        own = [text for name, text in pairs if name.lower() == self._name]
        if own and (self._kinds - _CONTAINERS or not self._kinds or self._is_spread):
            text = _unprefixed(self.parameter, own[-1])
            yield self._scalar(self._decoded(text), self._kinds)

    def _arrays(self, pairs: Sequence[Pair]) -> Iterator[list[Any]]:
        if "array" in self._kinds:
            items = items_of(self._branches)
            if self._style == "deepObject":
                yield self._nested(pairs)
                return
            for texts in self._parts(pairs):
                yield [self._leaf(text, items) for text in texts]

    def _objects(self, pairs: Sequence[Pair]) -> Iterator[Any]:
        if "object" not in self._kinds:
            return
        if self._style == "deepObject":
            yield self._nested(pairs)
        elif self._is_spread:
            members = [pair for pair in pairs if pair[0].lower() != self._name or self._name in self._properties]
            if members:
                yield self._object([(name, self._decoded(text)) for name, text in members])
        elif self.parameter.explodes and self._style in ("simple", "label", "matrix"):
            yield self._object([_named(part) for part in _exploded_members(self.parameter, pairs[-1][1])])
        else:
            for texts in self._parts(pairs):
                if len(texts) % 2:
                    raise ValueError(f"{texts[-1][:40]!r} has no value: names and values alternate")
                yield self._object(list(zip(texts[::2], texts[1::2], strict=True)))

    def _object(self, members: list[Pair]) -> dict[str, Any]:
        texts: dict[str, list[str]] = {}
        for name, text in members:
            texts.setdefault(documented_name(name, self._branches), []).append(text)
        return {name: self._member(name, values) for name, values in texts.items()}

    def _member(self, name: str, texts: list[str]) -> Any:
        schema = member_of(self._branches, name)
        branches = tuple(schema_branches(schema, self._contract))
        is_json_text = len(texts) == 1 and texts[0].startswith("[")
        if "array" in value_kinds(branches) and not is_json_text:
            return [self._leaf(text, items_of(branches)) for text in texts]
        return self._leaf(texts[-1], schema)

    def _leaf(self, text: str, schema: Schema) -> Any:
        return _leaf(text, schema, self._contract, self._scalar)

    def _parts(self, pairs: Sequence[Pair]) -> Iterator[list[str]]:
        """Yield the texts that the items of an array, or the names and values of an object, may be."""
        is_repeated = self._style in _REPEATED and self.parameter.explodes
        if self.has_brackets(pairs) or (is_repeated and not (self._is_unstated and len(pairs) == 1)):
            yield [self._decoded(text) for _, text in pairs]
        elif self._style in ("form", "cookie"):
            yield from self._separated(pairs)
        elif self._style in _DELIMITERS:
            texts = _DELIMITERS[self._style][0].split(_only(pairs))
            yield from _possibly_empty([self._decoded(text) for text in texts])
        elif self._style == "label":
            yield from _label_parts(_unprefixed(self.parameter, pairs[-1][1]), explodes=self.parameter.explodes)
        elif self._style == "matrix" and self.parameter.explodes:
            yield [_value_of(part, self.parameter.name) for part in _after(";", pairs[-1][1]).split(";")]
        else:
            text = _unprefixed(self.parameter, pairs[-1][1])
            yield from _possibly_empty([part.strip() if self._is_header else part for part in text.split(",")])

    @property
    def _is_header(self) -> bool:
        return self.parameter.location == "header"

    def _separated(self, pairs: Sequence[Pair]) -> Iterator[list[str]]:
        raw = _only(pairs)
        yield from _possibly_empty([self._decoded(text) for text in raw.split(",")])
        if "," not in raw and "," in (text := self._decoded(raw)):
            yield text.split(",")

    def _nested(self, pairs: Sequence[Pair]) -> Any:
        root = _Node()
        for name, text in pairs:
            steps = name[len(self.parameter.name) :]
            if _STEP.sub("", steps) or steps.count("[") > _MOST_STEPS:
                raise ValueError(f"the name {name[:60]!r} can't be read")
            root.insert(_STEP.findall(steps), self._decoded(text))
        return root.value(self.parameter.schema, self._contract)


@dataclass(slots=True)
class _Node:
    """The values of a ``deepObject`` at one place, and below it."""

    texts: list[str] = field(default_factory=list)
    parts: "dict[str, _Node]" = field(default_factory=dict)

    def insert(self, steps: list[str], text: str) -> None:
        node = self
        for step in steps:
            node = node.parts.setdefault(step or str(len(node.parts)), _Node())
        node.texts.append(text)

    def value(self, schema: Schema, contract: Contract) -> Any:
        branches = tuple(schema_branches(schema, contract))
        kinds = value_kinds(branches)
        if not self.parts:
            items = items_of(branches)
            if "array" in kinds:
                return [_leaf(text, items, contract, field_scalar) for text in self.texts]
            return _leaf(self.texts[-1], schema, contract, field_scalar)
        if self.texts:
            raise ValueError("a value is given both as a whole and in parts")
        is_numbered = all(step.isdecimal() for step in self.parts)
        if is_numbered and "object" not in kinds and ("array" in kinds or not kinds):
            ordered = sorted(self.parts, key=int)
            return [self.parts[step].value(items_of(branches), contract) for step in ordered]
        named = ((documented_name(step, branches), node) for step, node in self.parts.items())
        return {name: node.value(member_of(branches, name), contract) for name, node in named}


def text_test(parameter: Parameter, contract: Contract) -> Callable[[str], bool]:
    """Return what tells of a text whether it has the parameter's type and form, and is listed where values are."""
    reader = ParameterReader(parameter, contract, lambda _: True)
    branches = tuple(schema_branches(parameter.schema, contract))
    listed = [branch["enum"] for branch in branches if "enum" in branch]
    is_free = is_free_text(parameter.schema, contract)

    def fits(text: str) -> bool:
        try:
            value = reader.read([(parameter.name, text)])
        except ValueError:
            return False
        if listed:
            return any(value in values for values in listed)
        return not isinstance(value, str) or (is_free and is_text_of(value, branches))

    return fits


def unusual_booleans(value: Any, pairs: Sequence[Pair]) -> bool:
    """Tell whether a boolean of a value was written otherwise than ``true`` or ``false``."""
    if isinstance(value, str):
        return False
    count = _booleans(value)
    return count > 0 and count > sum(len(_BOOLEAN.findall(text)) for _, text in pairs)


def _booleans(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(_booleans, value.values() if isinstance(value, dict) else value))
    return int(isinstance(value, bool))


def _leaf(text: str, schema: Schema, contract: Contract, read: Callable[[str, Collection[str]], Any]) -> Any:
    """Return a value inside of another; arrays and objects, for which no style has a form there, are JSON."""
    kinds = value_kinds(schema_branches(schema, contract))
    if kinds & _CONTAINERS and text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return read(text, kinds)


def _only(pairs: Sequence[Pair]) -> str:
    if len(pairs) > 1:
        raise ValueError("given more than once, where its values are documented to stand in one")
    return pairs[0][1]


def _possibly_empty(texts: list[str]) -> Iterator[list[str]]:
    yield texts
    if texts == [""]:
        yield []


def _after(prefix: str, text: str) -> str:
    if not text.startswith(prefix):
        raise ValueError(f"expected {prefix!r} before the value, got {text[:40]!r}")
    return text[1:]


def _value_of(part: str, name: str) -> str:
    sent, _, value = part.partition("=")
    if sent.lower() != name.lower():
        raise ValueError(f"expected ;{name}=, got {part[:40]!r}")
    return value


def _unprefixed(parameter: Parameter, text: str) -> str:
    """Return the text without what ``label`` and ``matrix`` put before it."""
    if parameter.effective_style == "label":
        return _after(".", text)
    return _value_of(_after(";", text), parameter.name) if parameter.effective_style == "matrix" else text


def _label_parts(text: str, *, explodes: bool) -> Iterator[list[str]]:
    if explodes:
        yield text.split(".")
        return
    yield from _possibly_empty(text.split(","))
    if "," not in text and "." in text:
        yield text.split(".")


def _exploded_members(parameter: Parameter, text: str) -> list[str]:
    match parameter.effective_style:
        case "label":
            # a dot inside of a number separates nothing
            return re.split(r"\.(?=[^.=]+=)", _after(".", text))
        case "matrix":
            return _after(";", text).split(";")
    return [part.strip() for part in text.split(",")]


def _named(part: str) -> Pair:
    name, equals, value = part.partition("=")
    if not equals:
        raise ValueError(f"expected name=value, got {part[:40]!r}")
    return name, value


def written_pairs(parameter: Parameter, value: Any) -> list[str]:
    """Return a value of a query or a cookie parameter as the ``name=value`` that stand between ``&`` or ``;``."""
    if parameter.location == "querystring":
        if parameter.content != FORM or not isinstance(value, dict):
            return [quote(_content_text(parameter, value), safe="")]
        return [part for name, member in value.items() for part in _repeated(parameter, name, member)]
    if parameter.content or not isinstance(value, dict | list):
        return [_pair(parameter, parameter.name, _content_text(parameter, value))]
    style = parameter.effective_style
    if style == "deepObject":
        return [_pair(parameter, name, text) for name, text in _deep(parameter.name, value)]
    if parameter.explodes:
        named = value.items() if isinstance(value, dict) else [(parameter.name, value)]
        return [part for name, member in named for part in _repeated(parameter, name, member)]
    separator = _DELIMITERS[style][1] if style in _DELIMITERS else ","
    return [f"{_name(parameter, parameter.name)}={separator.join(_encoded(parameter, text) for text in _flat(value))}"]


def _repeated(parameter: Parameter, name: str, value: Any) -> list[str]:
    return [_pair(parameter, name, scalar_text(element)) for element in (value if isinstance(value, list) else [value])]


def _pair(parameter: Parameter, name: str, text: str) -> str:
    return f"{_name(parameter, name)}={_encoded(parameter, text, ',')}"


def _name(parameter: Parameter, name: str) -> str:
    return name if parameter.location == "cookie" else quote(name, safe="$")


def _encoded(parameter: Parameter, text: str, safe: str = "") -> str:
    if parameter.location == "cookie":
        return quote(text, safe=_IN_COOKIES) if parameter.effective_style == "form" else text
    if parameter.allow_reserved:
        return quote(text, safe=_RESERVED if safe else _RESERVED.replace(",", ""))
    return quote(text, safe=f"/${safe}")


def _deep(name: str, value: Any) -> Iterator[Pair]:
    members: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        is_plain = not any(isinstance(element, dict | list) for element in value)
        members = (("" if is_plain else str(place), element) for place, element in enumerate(value))
    else:
        yield name, scalar_text(value)
    for step, member in members:
        yield from _deep(f"{name}[{step}]", member)


def written_text(parameter: Parameter, value: Any) -> str:
    """Return a value of a path parameter as it is percent-encoded, and of a header parameter as its field's value."""
    encode = (lambda text: quote(text, safe="")) if parameter.location == "path" else str
    if parameter.content or not isinstance(value, dict | list):
        return _prefix(parameter) + encode(_content_text(parameter, value))
    style, explodes = parameter.effective_style, parameter.explodes
    if isinstance(value, dict) and explodes:
        parts = [f"{encode(name)}={encode(scalar_text(member))}" for name, member in value.items()]
    else:
        parts = [encode(text) for text in _flat(value)]
    match style:
        case "label":
            return "." + ("." if explodes else ",").join(parts)
        case "matrix" if explodes:
            return "".join(f";{part}" if isinstance(value, dict) else f";{parameter.name}={part}" for part in parts)
    separator = _DELIMITERS[style][1] if style in _DELIMITERS else ","
    return _prefix(parameter) + (unquote(separator) if parameter.location == "header" else separator).join(parts)


def _prefix(parameter: Parameter) -> str:
    match parameter.effective_style:
        case "label":
            return "."
        case "matrix":
            return f";{parameter.name}="
    return ""


def _flat(value: dict[str, Any] | list[Any]) -> list[str]:
    parts = [part for member in value.items() for part in member] if isinstance(value, dict) else value
    return [scalar_text(part) for part in parts]


def _content_text(parameter: Parameter, value: Any) -> str:
    return json.dumps(value) if is_json(parameter.content) else scalar_text(value)


def scalar_text(value: Any) -> str:
    """Return a text as it is, any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
