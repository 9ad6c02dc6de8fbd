"""XML as the XML Object of OpenAPI documents says: the specification's examples, and what else people send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.http.codecs import BodyError, Content, codec_of
from docdouble.schemas import Contract, Schema

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
TEXT: Schema = {"type": "string"}
NAMED: dict[str, Schema] = {
    "Tag": {"type": "object", "properties": {"id": {"type": "integer"}}, "xml": {"name": "tag"}},
    "Owner": {"type": "object", "properties": {"name": TEXT}},
}
REF = "#/components/schemas/"


def content(schema: Schema) -> Content:
    return Content(schema, Contract("harbour", "1", (), {**NAMED, "Root": schema}))


def record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def animals(items: dict[str, Any] | None = None, **xml: Any) -> Schema:
    return record(animals={"type": "array", "items": {**TEXT, **({"xml": items} if items else {})}, "xml": xml})


def written(value: Any, schema: Schema) -> str:
    text = codec_of("application/xml").encode(value, content(schema)).decode()
    assert text.startswith(f"{DECLARATION}<root")
    return text.removeprefix(f"{DECLARATION}<root").removesuffix("</root>")


def read(text: str, schema: Schema) -> Any:
    return codec_of("application/xml").decode(text.encode(), content(schema))


URN = {"namespace": "http://harbour.example/a&b", "prefix": "h"}
CASES = [
    pytest.param(record(animals=TEXT), {"animals": "a"}, "><animals>a</animals>", id="plain"),
    pytest.param(record(a={**TEXT, "xml": {"name": "animal"}}), {"a": "x"}, "><animal>x</animal>", id="name"),
    pytest.param(
        record(id={"type": "integer", "xml": {"attribute": True}}, name={**TEXT, "xml": URN}),
        {"id": 5, "name": "x"},
        ' id="5"><h:name xmlns:h="http://harbour.example/a&amp;b">x</h:name>',
        id="attribute, namespace and prefix",
    ),
    pytest.param(animals(), {"animals": ["a", "b"]}, "><animals>a</animals><animals>b</animals>", id="unwrapped"),
    pytest.param(animals({"name": "animal"}), {"animals": ["a"]}, "><animal>a</animal>", id="name of items"),
    pytest.param(
        animals({"name": "animal"}, name="aliens"), {"animals": ["a"]}, "><animal>a</animal>", id="no wrapper"
    ),
    pytest.param(
        animals(wrapped=True), {"animals": ["a"]}, "><animals><animals>a</animals></animals>", id="wrapped, no names"
    ),
    pytest.param(
        animals({"name": "animal"}, wrapped=True), {"animals": ["a"]}, "><animals><animal>a</animal></animals>", id="in"
    ),
    pytest.param(
        animals(None, name="aliens", wrapped=True), {"animals": ["a"]}, "><aliens><aliens>a</aliens></aliens>", id="out"
    ),
    pytest.param(
        animals({"name": "animal"}, name="aliens", wrapped=True),
        {"animals": ["a", "b"]},
        "><aliens><animal>a</animal><animal>b</animal></aliens>",
        id="both",
    ),
    pytest.param(animals(None, wrapped=True), {"animals": []}, "><animals></animals>", id="empty wrapper"),
    pytest.param(
        record(owner={"$ref": f"{REF}Owner"}, one={"$ref": f"{REF}Tag"}, two={"$ref": f"{REF}Tag"}),
        {"owner": {"name": "x"}, "one": {"id": 1}, "two": {"id": 2}},
        "><owner><name>x</name></owner><tag><id>1</id></tag><tag><id>2</id></tag>",
        id="names behind references",
    ),
    pytest.param(
        record(tags={"type": "array", "items": {"$ref": f"{REF}Tag"}}),
        {"tags": [{"id": 1}, {"id": 2}]},
        "><tag><id>1</id></tag><tag><id>2</id></tag>",
        id="named items",
    ),
    pytest.param(
        record(a={"type": ["string", "null"]}, b={"type": ["array", "null"], "items": TEXT}),
        {"a": None, "b": None},
        '><a xsi:nil="true"/><b xsi:nil="true"/>',
        id="null",
    ),
    pytest.param(
        record(a={}),
        {"a": {"b": [1]}},
        '><a xsi:type="object"><b xsi:type="array"><b xsi:type="xsd:long">1</b></b></a>',
        id="of no known type",
    ),
    pytest.param(
        record(n={"type": "integer", "xml": {"nodeType": "attribute"}}, t={**TEXT, "xml": {"nodeType": "text"}}),
        {"n": 1, "t": "a < b"},
        ' n="1">a &lt; b',
        id="nodeType text",
    ),
    pytest.param(
        record(t={**TEXT, "xml": {"nodeType": "cdata"}}),
        {"t": "a < b ]]>"},
        "><![CDATA[a < b ]]]]><![CDATA[>]]>",
        id="nodeType cdata",
    ),
    pytest.param(
        record(inner={**record(a=TEXT, b={"type": "integer"}), "xml": {"nodeType": "none"}}, c=TEXT),
        {"inner": {"a": "x", "b": 2}, "c": "y"},
        "><a>x</a><b>2</b><c>y</c>",
        id="nodeType none",
    ),
    pytest.param(
        record(l={"type": "array", "items": TEXT, "xml": {"nodeType": "element"}}),
        {"l": ["x"]},
        "><l><l>x</l></l>",
        id="nodeType element of an array",
    ),
    pytest.param(
        record(ids={"type": "array", "items": {"type": "integer"}, "xml": {"attribute": True}}),
        {"ids": [1, 2]},
        ' ids="1 2">',
        id="an array in an attribute",
    ),
    pytest.param(
        record(a={"type": "array", "items": {"type": "array", "items": TEXT}}),
        {"a": [["x", "y"], ["z"]]},
        "><a><a>x</a><a>y</a></a><a><a>z</a></a>",
        id="arrays in an array",
    ),
]


@pytest.mark.parametrize(("schema", "value", "text"), CASES)
def test_the_xml_object_says_how_a_value_is_written_and_read(schema: Schema, value: Any, text: str) -> None:
    schema = {**schema, "xml": {"name": "root"}}
    shown = written(value, schema)
    start = shown.partition(">")[0] if "xsi:" in text else ""
    assert shown.removeprefix(start) == text
    assert read(f"{DECLARATION}<root{shown}</root>", schema) == value


@pytest.mark.parametrize(
    ("schema", "root"),
    [
        ({"$ref": f"{REF}Tag"}, "<tag>"),
        ({"$ref": f"{REF}Owner"}, "<Owner>"),
        ({**record(), "xml": {"name": "boat", "namespace": "urn:a"}}, '<boat xmlns="urn:a">'),
        ({**record(), "xml": {"prefix": "p"}}, "<root>"),
        (record(), "<root>"),
    ],
)
def test_the_root_is_named_by_xml_or_its_type(schema: Schema, root: str) -> None:
    assert codec_of("text/xml").encode({}, content(schema)).decode().startswith(DECLARATION + root)


def test_items_of_a_whole_array_are_named_by_their_type() -> None:
    text = codec_of("text/xml").encode([{"name": "x"}], content({"type": "array", "items": {"$ref": f"{REF}Owner"}}))
    assert text.decode() == f"{DECLARATION}<root><Owner><name>x</name></Owner></root>"


LENIENT = record(
    ids={"type": "array", "items": {"type": "integer"}},
    tags={"type": "array", "items": {"$ref": f"{REF}Tag"}},
    names={"type": "array", "items": TEXT, "xml": {"wrapped": True, "name": "Names"}},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<r><ids><int>1</int><int>2</int></ids></r>", {"ids": [1, 2]}),
        ("<r><ids/></r>", {"ids": []}),
        ("<r><tags><tag><id>1</id></tag><tag><id>2</id></tag></tags></r>", {"tags": [{"id": 1}, {"id": 2}]}),
        ("<r><tags><id>1</id></tags></r>", {"tags": [{"id": 1}]}),
        ("<r xmlns='urn:a' other='x'><names><n>a</n></names></r>", {"names": ["a"]}),
        ("<r><other><x>1</x></other></r>", {"other": {"x": "1"}}),
    ],
)
def test_what_cannot_be_mistaken_is_read(text: str, value: Any) -> None:
    assert read(text, LENIENT) == value


def test_a_required_array_of_no_items_is_empty() -> None:
    assert read("<r/>", {**LENIENT, "required": ["ids"]}) == {"ids": []}


@pytest.mark.parametrize("text", ["<r><a>1</a><a>2</a></r>", "<r>x<a>1</a></r>"])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(BodyError):
        read(text, record(a=TEXT))


XML = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["one", "a b"]),
        "prefix": st.just("p"),
        "namespace": st.just("urn:x"),
        "wrapped": st.booleans(),
    },
)
LETTERS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(xml=XML, items=XML, outer=XML, value=st.lists(LETTERS, min_size=1, max_size=3), number=st.integers())
def test_what_is_written_is_read_again(xml: Any, items: Any, outer: Any, value: list[str], number: int) -> None:
    inner = record(n={"type": "integer", "xml": {"attribute": True}}, t={**TEXT, "xml": {"nodeType": "text"}})
    array = {"type": "array", "items": {**TEXT, "xml": {**items, "name": "item"}}, "xml": xml}
    schema = {**record(many=array, inner={**inner, "xml": {**outer, "name": "two"}}), "xml": outer}
    whole = {"many": value, "inner": {"n": number, "t": value[0]}}
    known = content(schema)
    assert codec_of("text/xml").decode(codec_of("text/xml").encode(whole, known), known) == whole
