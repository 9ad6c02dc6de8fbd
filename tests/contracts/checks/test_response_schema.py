from typing import Any

from docdouble.contracts.model.finding import Finding
from docdouble.schemas.jsonschema.directions import directed

from .made import BOOK, INT, TEXT, applies, documented, exchange, findings_of, line, operation, record, reply, summary

CONTRACT = documented(operation())


def findings(schema: Any, body: Any) -> list[Finding]:
    return findings_of("response-schema", exchange(documented(operation(schema)), reply(body)))


def test_a_wrong_type_is_an_error_where_it_is_stated() -> None:
    (finding,) = findings(BOOK, {"Id": "7", "Title": "x"})
    assert summary(finding) == ("error", "books.md:11", "/Id", "type")
    assert (finding.expected, finding.got) == ("/Id is integer (int32)", '"7"')


def test_what_only_a_sample_shows_is_a_warning() -> None:
    assert summary(*findings(BOOK, {"Note": 1})) == ("warning", "books.md:13", "/Note", "type")


def test_whole_numbers_may_be_written_with_a_point() -> None:
    assert findings(BOOK, b'{"Id": 7.0}') == []


def test_what_has_a_check_of_its_own_is_left_to_it() -> None:
    schema = record(Id=INT, At={"type": "string", "format": "date-time"}) | {"required": ["Id"]}
    assert findings(schema, {"At": "never"}) == []
    assert findings(schema, {"Id": 2**40, "At": None}) == []


def test_items_and_keys_of_dictionaries_are_one_place() -> None:
    schema = {"type": "array", "items": {"type": "object", "additionalProperties": {**INT, **line(20)}}}
    (finding,) = findings(schema, [{"a": "x", "b": "y"}, {"c": "z"}])
    assert finding.fingerprint[2] == "/*/*"


def test_a_named_place_keeps_its_name() -> None:
    schema = record(Links={"type": "object", "additionalProperties": record(Id=INT)})
    assert findings(schema, {"Links": {"a/b": {"Id": "x"}}})[0].pointer == "/Links/*/Id"


def test_the_same_fault_of_a_type_in_two_stated_places_is_reported_twice() -> None:
    author = {"$ref": "#/components/schemas/Author"}
    contract = documented(operation(record(First=author, Second=author)), schemas={"Author": record(Name=TEXT)})
    answered = exchange(contract, reply({"First": {"Name": 1}, "Second": {"Name": 2}}))
    assert {finding.pointer for finding in findings_of("response-schema", answered)} == {"/First/Name", "/Second/Name"}


def test_only_described_json_is_judged() -> None:
    assert applies("response-schema", exchange(CONTRACT, reply({})))
    assert not applies("response-schema", exchange(CONTRACT, reply(b"{")))
    assert not applies("response-schema", exchange(CONTRACT, reply(b"")))
    assert not applies("response-schema", exchange(CONTRACT, reply({}, 404)))
    assert not applies("response-schema", exchange(CONTRACT, reply({}, 200, ("Content-Type", "text/plain"))))


def test_a_body_is_no_error_where_no_value_fits() -> None:
    text = {"type": "string"}
    contract = documented(operation(record(Name={"allOf": [text, INT]}) | {"required": ["Name"]}))
    (finding,) = findings_of("response-schema", exchange(contract, reply({"Name": ""})))
    assert finding.severity == "note"
    (finding,) = findings_of("content-type", exchange(contract, reply({}, 200, ("Content-Type", "text/plain"))))
    assert finding.severity == "note"
    assert findings_of("content-type", exchange(contract, reply(b"{")))[0].severity == "error"


def test_a_stream_of_which_nothing_has_come_yet_breaks_nothing() -> None:
    contract = directed(documented(operation(BOOK, media_types=("text/event-stream",))))
    sent = ("Content-Type", "text/event-stream")
    assert not findings_of("response-schema", exchange(contract, reply(b": still there\n\n", 200, sent)))
    assert findings_of("response-schema", exchange(contract, reply(b'data: {"Id": "7"}\n\n', 200, sent)))


def test_each_part_of_an_all_of_is_a_place_of_its_own() -> None:
    parts = [record(Id=INT), {"properties": {"Title": TEXT}}]
    reported = findings({"type": "array", "items": {"allOf": parts}}, [{"Id": "x", "Title": 1}])
    assert [finding.fingerprint[2] for finding in reported] == ["/*/Id", "/*/Title"]


def test_an_alternative_that_nothing_names_is_identified_by_the_discriminator() -> None:
    cat, dog = ({"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog"))
    named = {"propertyName": "kind", "mapping": {"cat": cat["$ref"], "dog": dog["$ref"]}}
    schemas = {name: record(kind=TEXT) for name in ("Cat", "Dog")}
    pets = {"type": "array", "items": {"oneOf": [cat, dog], "discriminator": named}}
    contract = directed(documented(operation(pets), schemas=schemas))
    for pet, got in (({"kind": "bird"}, '"bird"'), ({}, "no kind"), ({"kind": None}, "null")):
        (finding,) = findings_of("response-schema", exchange(contract, reply([pet])))
        assert (finding.expected, finding.got) == ('kind to be one of ["cat", "dog"]', got)
        assert (finding.pointer, finding.rule) == ("/0", "discriminator")


def test_each_missing_property_and_each_without_a_place_is_a_finding() -> None:
    parts = [{"required": ["a", "b"]}, {"required": ["c"]}, {"properties": {"x": {"additionalProperties": False}}}]
    reported = findings({"allOf": parts}, {"x": {"y": 1, "z": 2}})
    assert [(finding.pointer, finding.expected, finding.got) for finding in reported] == [
        ("/a", "the property a", "the body without a"),
        ("/b", "the property b", "the body without b"),
        ("/c", "the property c", "the body without c"),
        ("/x/y", "/x with no properties", "the property y"),
        ("/x/z", "/x with no properties", "the property z"),
    ]


def test_what_no_value_can_be_is_a_note() -> None:
    page = record(data={"type": "array", "items": {"type": "array"}})
    rows = record(data={"type": "array", "items": {**record(size=INT), **line(7)}})
    answer = exchange(documented(operation({"allOf": [page, rows]})), reply({"data": [{"size": "5"}]}))
    found = {finding.pointer: finding.severity for finding in findings_of("response-schema", answer)}
    assert found == {"/data/0": "note", "/data/0/*": "error"}
