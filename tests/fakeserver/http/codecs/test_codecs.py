"""Every representation gives back what it was given."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.http.codecs import (
    BINARY,
    TEXT,
    BodyError,
    Content,
    codec_of,
    form_codec,
    json_codec,
    multipart_codec,
    xml_codec,
)
from docdouble.fakeserver.http.codecs.codec import Codec
from docdouble.fakeserver.http.codecs.multipart_codec import BOUNDARY
from docdouble.schemas import Contract, Schema

from .round_trips import STRUCTURED, assert_all_come_back, same

MEMBERS: Schema = {
    "type": "object",
    "properties": {
        "Name": {"type": "string"},
        "Count": {"type": "integer"},
        "Weight": {"type": ["number", "null"]},
        "Open": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
        "Marks": {"type": "array", "items": {"type": ["string", "null"]}},
        "Rows": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
        "Parent": {"$ref": "#/components/schemas/Thing"},
        "Either": {"type": ["integer", "string"]},
    },
    "additionalProperties": {"type": "string"},
}

text = st.text(st.characters(codec="utf-8"), max_size=8)
floats = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers(-(2**63), 2**63 - 1)
scalars = st.none() | st.booleans() | integers | floats
values = st.recursive(
    scalars | text, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3), max_leaves=6
)
objects = st.deferred(
    lambda: st.dictionaries(text.filter(lambda name: name not in MEMBERS["properties"]), text, max_size=2).flatmap(
        lambda others: st.fixed_dictionaries(
            {},
            optional={
                "Name": text,
                "Count": integers,
                "Weight": st.none() | floats,
                "Open": st.none() | st.booleans(),
                "Marks": st.lists(st.none() | text, max_size=3),
                "Rows": st.lists(objects, max_size=2),
                "Parent": objects,
                "Either": integers | text,
            },
        ).map(lambda known: {**others, **known})
    )
)


def content(schema: Schema, **named: Schema) -> Content:
    return Content(schema, Contract("library", "1", (), named, dialect="superoffice"), boundary=BOUNDARY)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("application/json", json_codec.CODEC),
        ("text/json", json_codec.CODEC),
        ("application/merge-patch+json", json_codec.CODEC),
        ("application/xml", xml_codec.CODEC),
        ("text/xml", xml_codec.CODEC),
        ("application/atom+xml", xml_codec.CODEC),
        ("application/x-www-form-urlencoded", form_codec.CODEC),
        ("multipart/form-data", multipart_codec.CODEC),
        ("multipart/mixed", multipart_codec.CODEC),
        ("text/plain", TEXT),
        ("text/csv", TEXT),
        ("image/png", BINARY),
        ("application/octet-stream", BINARY),
    ],
)
def test_the_media_type_tells_the_representation(name: str, codec: Codec) -> None:
    assert codec_of(name) is codec


@pytest.mark.parametrize("name", STRUCTURED)
@settings(max_examples=50)
@given(value=values)
def test_what_nothing_is_known_of_comes_back(name: str, value: Any) -> None:
    codec, any_content = codec_of(name), content({})
    assert same(codec.decode(codec.encode(value, any_content), any_content), value)


@pytest.mark.parametrize("name", STRUCTURED)
@settings(max_examples=10)
@given(value=objects)
def test_an_entity_of_a_known_type_comes_back(name: str, value: Any) -> None:
    codec, known = codec_of(name), content({"$ref": "#/components/schemas/Thing"}, Thing=MEMBERS)
    assert same(codec.decode(codec.encode(value, known), known), value)


@pytest.mark.parametrize("name", ["application/json", "application/xml"])
@given(value=values)
def test_a_value_of_a_wrong_type_comes_back_where_the_representation_can_tell(name: str, value: Any) -> None:
    codec, known = codec_of(name), content({"type": "boolean"})
    assert same(codec.decode(codec.encode(value, known), known), value)


@given(octets=st.binary(max_size=40))
def test_octets_come_back(octets: bytes) -> None:
    known = content({"type": "string", "format": "byte"})
    assert BINARY.encode(BINARY.decode(octets, known), known) == octets


@given(value=st.text(st.characters(codec="utf-8")))
def test_texts_come_back(value: str) -> None:
    known = content({"type": "string"})
    assert TEXT.decode(TEXT.encode(value, known), known) == value


def test_a_text_is_read_in_its_charset() -> None:
    latin = Content({"type": "string"}, Contract("library", "1", (), {}), "latin-1")
    assert TEXT.decode("blå".encode("latin-1"), latin) == "blå"


@pytest.mark.parametrize(("value", "octets"), [("AAE=", b"\0\1"), ("no base64", b"no base64"), ("æ", b"\xc3\xa6")])
def test_octets_are_base64_where_they_can_be(value: str, octets: bytes) -> None:
    assert BINARY.encode(value, content({})) == octets


@pytest.mark.parametrize("codec", [BINARY, TEXT])
def test_null_has_no_octets(codec: Codec) -> None:
    assert codec.encode(None, content({"type": ["string", "null"]})) == b""


@pytest.mark.parametrize("codec", [BINARY, TEXT])
def test_only_strings_are_octets_or_text(codec: Codec) -> None:
    assert codec.carries(content({"type": "string"}))
    assert codec.carries(content({"type": ["string", "null"]}))
    assert codec.carries(content({}))
    assert not codec.carries(content({"type": "object"}))
    assert not codec.carries(content({"$ref": "#/components/schemas/Thing"}, Thing=MEMBERS))


def test_the_answers_of_the_library_come_back(library: Contract) -> None:
    assert_all_come_back(library)


def test_the_answers_of_the_shipped_contract_come_back(superoffice: Contract) -> None:
    assert_all_come_back(superoffice)


def test_json_is_sent_under_the_media_type_of_a_vendor() -> None:
    contract = Contract("", "", ())
    whole, text = Content({"type": "object"}, contract), Content({"type": "string"}, contract)
    codec = codec_of("application/vnd.books.v2")
    assert codec.carries(whole)
    assert codec.decode(codec.encode({"id": 1}, whole), whole) == {"id": 1}
    assert codec.decode(codec.encode("AAEC", text), text) == "AAEC"
    assert not codec_of("application/vnd.google.protobuf").carries(whole)
    with pytest.raises(BodyError):
        codec.decode(b"{", whole)


@pytest.mark.parametrize("name", ["application/yaml", "application/x-yaml", "text/vnd.yaml", "application/books+yaml"])
def test_yaml_is_read_and_written(name: str) -> None:
    contract = Contract("", "", ())
    whole, text = Content({"type": "object"}, contract), Content({"type": "string"}, contract)
    codec = codec_of(name)
    assert codec.decode(b"shelf: no\nbooks: [1, two]\n", whole) == {"shelf": "no", "books": [1, "two"]}
    assert codec.decode(codec.encode({"id": 1}, whole), whole) == {"id": 1}
    assert codec.decode(codec.encode("a: b", text), text) == "a: b"


@pytest.mark.parametrize(
    "body", [b"a: [", b"&a [*a]", b"[" * 200 + b"]" * 200, b"\xff", b"a: !python/object:os.system x"]
)
def test_what_is_no_yaml_is_refused(body: bytes) -> None:
    with pytest.raises(BodyError):
        codec_of("application/yaml").decode(body, Content({"type": "object"}, Contract("", "", ())))
