r"""``application/x-www-form-urlencoded`` (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).

``Contact.Name=x`` and ``Contact[Name]=x`` are a property of a property, ``Ids[]=1&Ids[]=2`` and ``Rows[0].Id=1`` are
items. A name without ``=`` is null, ``Ids[]`` and ``Contact.`` without one are empty. Inside a name, a dot, a bracket
or a backslash has a backslash before it, and ``\0`` is nothing. A body that is no object goes without a name.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from docdouble.schemas.contract.model import Encoding
from docdouble.schemas.contract.parameter_styles import SentPairs, query_pairs, written_pairs
from docdouble.schemas.contract.parameter_values import field_scalar, json_type
from docdouble.schemas.http import is_json, media_type

from .codec import MAX_DEPTH, BodyError, Codec, Content, is_styled, styled_parameter

MAX_FIELDS = 10_000
"""Number of fields that a form may have."""

_NOTHING = r"\0"
"""Field name of an empty property name."""

_EMPTY = ""
"""The step that ends the name of an empty object."""

_SPECIAL = re.compile(r"[\\.\[\]]")
_JSON_SCALAR = re.compile(r'-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?|true|false|"(.|\n)*"')
_TOKEN = re.compile(r"\[(?P<inside>[^\]]*)\]|(?P<empty>\.\Z)|\.?(?P<name>(?:\\.|[^\\.\[\]])+)", re.DOTALL)

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_INDEX = re.compile(r"[0-9]{1,9}", re.ASCII)

Pairs = Iterable[tuple[str, str | None]]


def encode(value: Any, content: Content) -> bytes:
    """Return a value as a form, in UTF-8 and percent-encoded."""
    if content.encoding is not None and isinstance(value, dict):
        return "&".join(part for name, member in value.items() for part in _written(name, member, content)).encode()
    return "&".join(_pair(name, text) for name, text in _pairs("", value, content)).encode()


def _written(name: str, value: Any, content: Content) -> list[str]:
    """Return the fields of a property as OpenAPI has them: items are repeated, and objects are JSON, unless it says."""
    encoding, member = (content.encoding or {}).get(name, Encoding()), content.member(name)
    if is_styled(encoding) and value is not None:
        return written_pairs(styled_parameter(name, encoding, member.schema), value)
    if value is None or _is_json_field(encoding):
        return [_pair(name, None if value is None else json.dumps(value))]
    items = [(item, member.items) for item in value] if isinstance(value, list) else [(value, member)]
    return [_pair(name, field_text(item, of)) for item, of in items]


def field_text(value: Any, content: Content) -> str:
    """Return the text of a field: of arrays, objects and null JSON."""
    return scalar_to_text(value, content) if isinstance(value, str | int | float) else json.dumps(value)


def _is_json_field(encoding: Encoding) -> bool:
    return any(is_json(media_type(name)) for name in encoding.content_types[:1])


def _pair(name: str, text: str | None) -> str:
    return quote_plus(name) if text is None else f"{quote_plus(name)}={quote_plus(text)}"


def _pairs(name: str, value: Any, content: Content) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict) and value:
        for key, part in value.items():
            escaped = _SPECIAL.sub(r"\\\g<0>", key) or _NOTHING
            yield from _pairs(f"{name}.{escaped}" if name else escaped, part, content.member(key))
    elif isinstance(value, list) and value:
        plain = all(isinstance(part, str | int | float) for part in value)
        for place, part in enumerate(value):
            yield from _pairs(f"{name}[]" if plain else f"{name}[{place}]", part, content.items)
    elif isinstance(value, dict | list):
        yield name + ("." if isinstance(value, dict) else "[]"), None
    else:
        yield name, None if value is None else scalar_to_text(value, content)


def scalar_to_text(value: Any, content: Content) -> str:
    """Return a scalar as text; quoted as in JSON where plain text would be taken for something else."""
    plain = value if isinstance(value, str) else json.dumps(value)
    read = scalar_from_text(plain, content)
    return plain if read == value and json_type(read) == json_type(value) else json.dumps(value)


def scalar_from_text(text: str, content: Content) -> Any:
    """Return the scalar that a text means; where the schema doesn't tell, what it is in JSON."""
    kinds = content.kinds
    if kinds & {"array", "object"} and "string" not in kinds and text[:1] in ("[", "{"):
        return _loads(text)
    if len(kinds) == 1:
        return text if kinds == {"string"} else field_scalar(text, kinds)
    if not _JSON_SCALAR.fullmatch(text):
        return text
    return _loads(text)


def _loads(text: str) -> Any:
    """Return a JSON value, other text as it is."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return text


def decode(body: bytes, content: Content) -> Any:
    """Return the value of a form; raises ``BodyError``."""
    text = content.text(body)
    if text.count("&") >= MAX_FIELDS:
        raise BodyError("size", f"a form of more than {MAX_FIELDS} fields")
    try:
        pairs = [_read(field_text, content.charset) for field_text in text.split("&") if field_text]
    except UnicodeError as error:
        raise BodyError("syntax", f"a percent-encoded field is no {content.charset}: {error}") from error
    styled, names = styled_members(query_pairs(text), content) if content.readers else ({}, set[str]())
    pairs = [pair for pair in pairs if pair[0].lower() not in names]
    if styled and not pairs:
        return styled
    rest = unflattened(pairs, content)
    if styled and not isinstance(rest, dict):
        raise BodyError("syntax", "fields without a name stand beside others")
    return {**rest, **styled} if styled else rest


def styled_members(sent: SentPairs, content: Content) -> tuple[dict[str, Any], set[str]]:
    """Return the properties that are written in a style, and the names in lower case that they are sent by."""
    members: dict[str, Any] = {}
    names: set[str] = set()
    for reader in content.readers.values():
        pairs = reader.pairs(sent)
        if pairs:
            names.update(name.lower() for name, _ in pairs)
            try:
                members[reader.parameter.name] = reader.read(pairs)
            except ValueError as error:
                raise BodyError("syntax", f"{reader.parameter.name}: {error}") from error
    return members, names


def _read(text: str, charset: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    return unquote_plus(name, charset, "strict"), unquote_plus(value, charset, "strict") if equals else None


@dataclass(slots=True)
class _FormNode:
    """Values that several fields have for one place."""

    texts: list[str | None] = field(default_factory=list)
    parts: dict[str | int, "_FormNode"] = field(default_factory=dict)
    following: int = 0
    """The index of the next item that tells none."""
    is_container: bool = False
    is_array: bool = False


def unflattened(pairs: Pairs, content: Content) -> Any:
    """Return the value that named texts make together; raises ``BodyError``."""
    root = _FormNode()
    whole = {known.lower() for known in content.names if _SPECIAL.search(known)}
    for name, text in pairs:
        _insert(root, _SPECIAL.sub(r"\\\g<0>", name) if name.lower() in whole else name, text)
    return _value(root, content, "the body")


def _insert(node: _FormNode, name: str, text: str | None) -> None:
    tokens = list(_tokens(name))
    if len(tokens) > MAX_DEPTH:
        raise BodyError("depth", f"the field {name[:40]!r} is nested deeper than {MAX_DEPTH} levels")
    for token in tokens:
        node.is_container = True
        node.is_array = node.is_array or token is None or isinstance(token, int)
        if token == _EMPTY or (token is None and text is None):
            return
        key = node.following if token is None else token
        if isinstance(key, int):
            node.following = max(node.following, key + 1)
        node = node.parts.setdefault(key.removeprefix(".") if isinstance(key, str) else key, _FormNode())
    node.texts.append(text)


def _tokens(name: str) -> Iterator[str | int | None]:
    """Yield the steps of a name: a dot and a property's name, an item's index, ``None`` for the next item."""
    place = 0
    while place < len(name):
        match = _TOKEN.match(name, place)
        if not match:
            raise BodyError("syntax", f"the field name {name[:40]!r} can't be read from {name[place:][:10]!r} on")
        place = match.end()
        inside = match["inside"]
        if inside is None:
            yield "." + _ESCAPED.sub(_unescaped, match["name"]) if match["name"] else _EMPTY
        elif inside == "" or _INDEX.fullmatch(inside):
            yield int(inside) if inside else None
        else:
            yield "." + inside


def _unescaped(match: re.Match[str]) -> str:
    return "" if match[0] == _NOTHING else match[1]


def _value(node: _FormNode, content: Content, name: str) -> Any:
    if node.is_container:
        if node.texts:
            raise BodyError("unique", f"{name} is given both as a whole and in parts")
        return _items(node, content, name) if _is_array(node, content) else _members(node, content, name)
    if "array" in content.kinds and "object" not in content.kinds and node.texts != [None]:
        only = (node.texts[0] or "") if len(node.texts) == 1 else ""
        if only.startswith("[") and "string" not in content.items.kinds:
            return scalar_from_text(only, content)
        return [None if text is None else scalar_from_text(text, content.items) for text in node.texts]
    if len(node.texts) > 1:
        raise BodyError("unique", f"{name} is given more than once")
    text = node.texts[0] if node.texts else None
    return None if text is None else scalar_from_text(text, content)


def _is_array(node: _FormNode, content: Content) -> bool:
    return node.is_array and content.kinds != {"object"} and all(isinstance(key, int) for key in node.parts)


def _items(node: _FormNode, content: Content, name: str) -> list[Any]:
    numbered = sorted((key, part) for key, part in node.parts.items() if isinstance(key, int))
    return [_value(part, content.items, f"{name}[{key}]") for key, part in numbered]


def _members(node: _FormNode, content: Content, name: str) -> dict[str, Any]:
    if len({str(key) for key in node.parts}) < len(node.parts):
        raise BodyError("unique", f"a part of {name} is given both as an item and by name")
    return {
        str(key): _value(part, content.member(str(key)), str(key) if name == "the body" else f"{name}.{key}")
        for key, part in node.parts.items()
    }


CODEC = Codec(decode, encode)
