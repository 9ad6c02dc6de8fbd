"""JSON Patch and JSON Merge Patch: as a value is changed, and as a call changes an entity."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.requests.patch import Patch, PatchConflictError, merge_patch, read_patch
from docdouble.schemas import Contract, Reply, Schema, Violation

Send = Callable[..., Reply]

CONTRACT = Contract(
    "library",
    "1",
    (),
    {
        "Place": {
            "type": "object",
            "properties": {"Room": {"type": "string"}, "Row": {"type": "integer"}},
            "required": ["Room", "Row"],
        }
    },
)
BOOK: Schema = {
    "type": "object",
    "properties": {
        "Title": {"type": "string"},
        "Count": {"type": "integer"},
        "Marks": {"type": "array", "items": {"type": "string"}},
        "Place": {"anyOf": [{"$ref": "#/components/schemas/Place"}, {"type": "null"}]},
        "Labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "a/b~c": {"type": "integer"},
    },
    "required": ["Title"],
}
VALUE: dict[str, Any] = {
    "Title": "fog",
    "Count": 1,
    "Marks": ["x", "y"],
    "Place": {"Room": "N", "Row": 3},
    "Labels": {"Red": "r", "a": "1", "A": "2"},
    "a/b~c": 7,
}
names = st.text(max_size=3)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | names,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
merges = st.dictionaries(names, values, max_size=3)


def op(verb: str, path: str, value: Any = ...) -> dict[str, Any]:
    return {"op": verb, "path": path, **({} if value is ... else {"value": value})}


def read(document: Any, schema: Schema = BOOK, *, any_case: bool = True) -> tuple[Patch, tuple[Violation, ...]]:
    return read_patch(document, schema, CONTRACT, "book.md", any_case=any_case)


def patched(value: Any, *operations: dict[str, Any], schema: Schema = BOOK) -> Any:
    patch, violations = read(list(operations), schema)
    assert violations == ()
    return patch.applied(value)


@pytest.mark.parametrize(
    ("value", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_rfc_7396(value: Any, patch: Any, result: Any) -> None:
    before = deepcopy(value)
    assert merge_patch(value, patch) == result
    assert value == before


@given(value=values, patch=merges)
def test_a_merge_changes_nothing_the_second_time_and_never_in_place(value: Any, patch: Any) -> None:
    before = deepcopy((value, patch))
    once = merge_patch(value, patch)
    assert merge_patch(once, patch) == once
    assert (value, patch) == before


@pytest.mark.parametrize(
    ("value", "operations", "result"),
    [
        pytest.param({"foo": "bar"}, [op("add", "/baz", "q")], {"foo": "bar", "baz": "q"}, id="A.1 add a member"),
        pytest.param({"f": [1, 3]}, [op("add", "/f/1", 2)], {"f": [1, 2, 3]}, id="A.2 add an item"),
        pytest.param({"a": 1, "b": 2}, [op("remove", "/a")], {"b": 2}, id="A.3 remove a member"),
        pytest.param({"f": [1, 2, 3]}, [op("remove", "/f/1")], {"f": [1, 3]}, id="A.4 remove an item"),
        pytest.param({"a": 1, "b": 2}, [op("replace", "/a", 3)], {"a": 3, "b": 2}, id="A.5 replace"),
        pytest.param(
            {"a": "x", "f": ["b", 2, "c"]},
            [op("test", "/a", "x"), op("test", "/f/1", 2)],
            {"a": "x", "f": ["b", 2, "c"]},
            id="A.8 tests that hold",
        ),
        pytest.param({"a": 1}, [op("add", "/c", {"g": {}})], {"a": 1, "c": {"g": {}}}, id="A.10 add an object"),
        pytest.param({"a": 1}, [op("add", "/b", 2) | {"x": 3}], {"a": 1, "b": 2}, id="A.11 unknown members"),
        pytest.param({"/": 9, "~1": 10}, [op("test", "/~01", 10)], {"/": 9, "~1": 10}, id="A.14 escapes"),
        pytest.param({"f": ["x"]}, [op("add", "/f/-", ["y"])], {"f": ["x", ["y"]]}, id="A.16 add at the end"),
        pytest.param({"a": 1}, [op("replace", "", [1])], [1], id="the whole"),
        pytest.param({"a": 1}, [op("add", "/a", 2)], {"a": 2}, id="add what is there"),
        pytest.param({"a": None}, [op("test", "/a", None), op("remove", "/a")], {}, id="null is there"),
        pytest.param({"a": 1}, [op("test", "/a", 1.0)], {"a": 1}, id="equal numbers"),
        pytest.param({"": 1}, [op("replace", "/", 2)], {"": 2}, id="an empty name"),
        pytest.param({"a": 1}, [], {"a": 1}, id="nothing to do"),
    ],
)
def test_what_rfc_6902_says(value: Any, operations: list[dict[str, Any]], result: Any) -> None:
    before = deepcopy(value)
    assert patched(value, *operations, schema={}) == result
    assert value == before


@pytest.mark.parametrize(
    ("operations", "pointer"),
    [
        pytest.param([op("test", "/Title", "rain")], "/Title", id="A.9 a test that fails"),
        pytest.param([op("add", "/Place/Room/x", 1)], "/Place/Room/x", id="A.12 add below what is no object"),
        pytest.param([op("test", "/a~1b~0c", "7")], "/a~1b~0c", id="A.15 numbers are no texts"),
        pytest.param([op("test", "/Count", True)], "/Count", id="1 is not true"),
        pytest.param([op("test", "/Marks", ["x"])], "/Marks", id="a part is not all"),
        pytest.param([op("remove", "/Marks/2")], "/Marks/2", id="no such item"),
        pytest.param([op("replace", "/Marks/-", "z")], "/Marks/-", id="replace behind the end"),
        pytest.param([op("add", "/Marks/3", "z")], "/Marks/3", id="add behind the end"),
        pytest.param([op("remove", "/Labels/Blue")], "/Labels/Blue", id="no such member"),
        pytest.param([op("replace", "/labels/blue", "b")], "/Labels/blue", id="replace what is not there"),
        pytest.param([op("remove", "/Place"), op("test", "/place/room", "N")], "/Place/Room", id="gone before"),
        pytest.param([op("remove", "")], "", id="the whole can't be removed"),
    ],
)
def test_what_does_not_fit_the_present_state_is_a_conflict(operations: list[dict[str, Any]], pointer: str) -> None:
    before = deepcopy(VALUE)
    patch, violations = read(operations)
    assert [violation for violation in violations if violation.rule != "type"] == []
    with pytest.raises(PatchConflictError) as caught:
        patch.applied(VALUE)
    assert caught.value.pointer == pointer
    assert before == VALUE


@pytest.mark.parametrize("path", ["/Place/Room", "Place/Room", "place/room", "/PLACE/ROOM"])
def test_paths_are_read_in_any_case_and_with_or_without_the_first_slash(path: str) -> None:
    assert patched(VALUE, op("replace", path, "S"))["Place"] == {"Room": "S", "Row": 3}


@pytest.mark.parametrize(("path", "left"), [("labels/RED", "aA"), ("labels/a", "RedA"), ("labels/A", "Reda")])
def test_names_that_no_page_lists_are_read_in_any_case_where_one_is_meant(path: str, left: str) -> None:
    assert "".join(patched(VALUE, op("remove", path))["Labels"]) == left


def test_an_operation_is_read_in_any_case() -> None:
    assert patched(VALUE, {"OP": "replace", "Path": "count", "VALUE": 2})["Count"] == 2


def test_the_names_inside_a_value_are_spelled_as_documented() -> None:
    assert patched(VALUE, op("replace", "place", {"ROOM": "S", "row": 1}))["Place"] == {"Room": "S", "Row": 1}
    assert patched(VALUE, op("test", "place", {"ROOM": "N", "row": 3})) == VALUE


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ({"COUNT": "many"}, None),
        ({"Count": "many"}, "type"),
        ([op("replace", "/COUNT", 2)], "path"),
        ([op("replace", "/Count", 2)], None),
        ([{"OP": "replace", "path": "/Count", "value": 2}], "enum"),
    ],
)
def test_letter_case_matters_where_no_page_says_otherwise(document: Any, rule: str | None) -> None:
    _, violations = read(document, any_case=False)
    assert [violation.rule for violation in violations] == ([rule] if rule else [])


def test_a_patch_can_be_applied_again() -> None:
    patch, _ = read([op("add", "/place", {"Room": "S", "Row": 1}), op("replace", "/Place/Row", 2)])
    assert patch.applied(VALUE) == patch.applied(VALUE)
    assert patch.operations[0]["value"] == {"Room": "S", "Row": 1}


@given(value=merges, name=names, part=values)
def test_what_was_replaced_passes_the_test(value: dict[str, Any], name: str, part: Any) -> None:
    path = "/" + name.replace("~", "~0").replace("/", "~1")
    before = deepcopy(value)
    result = patched(value, op("add", path, 0), op("replace", path, part), op("test", path, part), schema={})
    assert part in result.values()
    assert value == before


@pytest.mark.parametrize(
    ("document", "pointer", "rule"),
    [
        pytest.param(5, "", "type", id="a number"),
        pytest.param("x", "", "type", id="a text"),
        pytest.param(None, "", "type", id="null"),
        pytest.param([5], "/0/op", "enum", id="no operation"),
        pytest.param([{"path": "/Title"}], "/0/op", "enum", id="nothing to do"),
        pytest.param([op("move", "/Title") | {"from": "/x"}], "/0/op", "enum", id="move, which no page mentions"),
        pytest.param([{"op": ["add"], "path": "/Title", "value": 1}], "/0/op", "enum", id="a list for a verb"),
        pytest.param([{"op": "remove"}], "/0/path", "type", id="no path"),
        pytest.param([{"op": "remove", "path": ["Title"]}], "/0/path", "type", id="a list for a path"),
        pytest.param([op("add", "/Title")], "/0/value", "required", id="no value to add"),
        pytest.param([op("test", "/Title")], "/0/value", "required", id="no value to test"),
        pytest.param([op("replace", "/Titel", "x")], "/0/path", "path", id="no such property"),
        pytest.param([op("add", "/Marks/x", "x")], "/0/path", "path", id="no index"),
        pytest.param([op("add", "/Marks/01", "x")], "/0/path", "path", id="an index with a zero first"),
        pytest.param([op("add", "/Marks/٣", "x")], "/0/path", "path", id="an index in other digits"),
        pytest.param([op("add", "/Marks/" + "9" * 5000, "x")], "/0/path", "path", id="an endless index"),
        pytest.param([op("test", "/Count", 1), op("replace", "/Count", "x")], "/1/value", "type", id="a wrong value"),
        pytest.param([op("replace", "/Place", {"Room": 5})], "/0/value", "required", id="a part of a value"),
        pytest.param([op("add", "/Marks/-", 5)], "/0/value", "type", id="a wrong item"),
        pytest.param({"Count": "x"}, "/Count", "type", id="merge a wrong value"),
        pytest.param({"place": {"row": "x"}}, "/Place/Row", "type", id="merge a wrong value inside"),
        pytest.param({"Marks": [None]}, "/Marks/0", "type", id="merge null into a list"),
    ],
)
def test_patches_that_do_not_fit_the_type_say_where(document: Any, pointer: str, rule: str) -> None:
    violations = read(document)[1]
    assert (pointer, rule) in [(violation.pointer, violation.rule) for violation in violations]


def test_a_wrong_path_names_the_nearest_property() -> None:
    (violation,) = read([op("replace", "/Titel", "x")])[1]
    assert violation.expected == "a documented property where 'Titel' stands; the nearest is Title"


@pytest.mark.parametrize(
    ("members", "result"),
    [
        ({"count": 2}, {"Count": 2}),
        ({"Count": None}, {}),
        ({"PLACE": {"row": 4}}, {"Place": {"Room": "N", "Row": 4}}),
        ({"Labels": {"Red": None, "Blue": "b"}}, {"Labels": {"a": "1", "A": "2", "Blue": "b"}}),
    ],
)
def test_a_merge_tells_a_part_of_the_entity_and_of_what_is_inside(members: Any, result: dict[str, Any]) -> None:
    patch, violations = read(members)
    assert violations == ()
    after = patch.applied(VALUE)
    assert {name: after.get(name) for name in result} == result
    assert ("Count" in after) == (members != {"Count": None})


@pytest.mark.parametrize(
    "document",
    [
        {"Title": None},
        {"Place": {"Row": None}},
        [op("remove", "/Title")],
        [op("remove", "/Place/Row")],
        [op("add", "/Count", 2), op("remove", "/Title")],
    ],
)
def test_a_patch_leaves_what_the_documentation_requires(document: Any) -> None:
    patch, violations = read(document)
    assert violations == ()
    with pytest.raises(PatchConflictError, match="the result has to be the properties"):
        patch.applied(VALUE)
    assert patched(VALUE, op("remove", "/Title"), op("add", "/Title", "sea"))["Title"] == "sea"


def test_the_whole_is_replaced_like_a_put_of_it() -> None:
    server = {"type": "integer", "readOnly": True}
    book = {"type": "object", "properties": {"id": server, "title": {"type": "string"}}, "required": ["id", "title"]}
    before = {"id": 7, "title": "fog"}
    assert patched(before, op("replace", "", {"title": "sea"}), schema=book) == {"id": 7, "title": "sea"}
    _, violations = read([op("add", "", {})], book)
    assert [violation.missing for violation in violations] == [("title",)]


PATH = "PATCH /api/v1/Branch/5"


@pytest.mark.parametrize("media_type", ["application/json-patch+json", "application/json"])
def test_a_call_changes_what_it_names(app: FakeServer, send: Send, media_type: str) -> None:
    body = orjson.dumps([op("replace", "name", "south"), op("add", "tags/-", "new"), op("test", "/Name", "south")])
    reply = send(app, PATH, ("Content-Type", media_type), body=body)
    answer = orjson.loads(reply.body)
    assert (reply.status, answer["Name"], answer["Tags"][-1]) == (200, "south", "new")


@pytest.mark.parametrize("media_type", ["application/merge-patch+json", "application/json"])
def test_a_call_merges_what_it_says(app: FakeServer, send: Send, media_type: str) -> None:
    before = orjson.loads(send(app, PATH, json={}).body)
    reply = send(app, PATH, ("Content-Type", media_type), body=b'{"name": "south", "address": {"city": "Oslo"}}')
    assert reply.status == 200
    assert orjson.loads(reply.body) == {**before, "Name": "south", "Address": {**before["Address"], "City": "Oslo"}}


@pytest.mark.parametrize(
    ("operation", "pointer"),
    [(op("test", "name", "nobody"), "/Name"), (op("remove", "/tags/99"), "/Tags/99"), (op("remove", ""), None)],
)
def test_a_conflict_is_a_409(app: FakeServer, send: Send, operation: Any, pointer: str | None) -> None:
    reply = send(app, PATH, json=[operation])
    problem = orjson.loads(reply.body)
    assert (reply.status, reply.media_type) == (409, "application/problem+json")
    assert (problem["pointer"] or None, problem["documentation"]) == (pointer, "Branch_Patch.md:44")


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ([op("replace", "/Seats", "many")], "type"),
        ([op("replace", "/Seat", 5)], "path"),
        ({"Seats": "many"}, "type"),
        (5, "type"),
        ({"name": "a", "NAME": "b"}, "unique"),
        ([op("replace", "/address", {"city": "a", "CITY": "b"})], "unique"),
    ],
)
def test_a_patch_that_does_not_fit_is_a_400(app: FakeServer, send: Send, document: Any, rule: str) -> None:
    reply = send(app, PATH, json=document)
    problem = orjson.loads(reply.body)
    assert (reply.status, [violation["rule"] for violation in problem["violations"]]) == (400, [rule])
    assert send(app, PATH, json=problem["sample"]).status == 200


def test_a_property_that_is_not_documented_may_be_added_but_is_not_kept() -> None:
    patch, violations = read([op("add", "/Unheard", {})])
    assert (patch.applied({"Count": 1}), violations) == ({"Count": 1}, ())


@pytest.mark.parametrize(
    ("media_type", "patch"),
    [
        ("application/json-patch+json", [{"op": "replace", "path": "/Name", "value": "Acme"}]),
        ("application/merge-patch+json", {"Name": "Acme"}),
    ],
)
def test_a_patch_changes_nothing_that_other_answers_show(
    app: FakeServer, send: Send, media_type: str, patch: Any
) -> None:
    before = send(app, "GET /api/v1/Branch/5").body
    changed = send(app, "PATCH /api/v1/Branch/5", ("Content-Type", media_type), body=orjson.dumps(patch))
    assert orjson.loads(changed.body)["Name"] == "Acme"
    assert send(app, "GET /api/v1/Branch/5").body == before
