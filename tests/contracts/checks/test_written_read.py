import json
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from docdouble.contracts.checks import CHECKS
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.schemas import Call
from docdouble.schemas.contract.resources import RequestPlace, Resource, Resources, RoleName
from docdouble.schemas.resources.path_resources import path_resources

from .made import INT, JSON, TEXT, chained, exchange, keeping_books, line, operation, record, reply, several, summary

BOOK = record(
    BookId={**INT, **line(11)},
    Title={**TEXT, **line(12)},
    Price={"type": "number", **line(13)},
    Printed={"type": "string", "format": "date-time", **line(14)},
    Note={**TEXT, **line(15, "assumed")},
    Sold={"type": "boolean", **line(16)},
    Kept={**TEXT, "readOnly": True, **line(17)},
    UpdatedDate={**TEXT, **line(18)},
    UpdatedDateTime={**TEXT, **line(19)},
    CreatedDateTime={**TEXT, **line(20)},
    Author={"type": "object"},
)
REF = {"$ref": "#/components/schemas/Book"}
BODY = {"content": {"application/json": {"schema": REF}}}
CONTRACT = keeping_books(
    several(
        {
            "/books": {
                "post": operation(REF, operationId="make", requestBody=BODY),
                "get": operation({"type": "array", "items": REF}, operationId="all"),
            },
            "/books/{id}": {
                "get": operation(REF),
                "patch": operation(REF, operationId="change", requestBody=BODY),
                "delete": operation(REF, operationId="drop"),
            },
        },
        schemas={"Book": BOOK},
    ),
    make="create",
    read="read",
    change="patch",
    drop="delete",
    all="list",
)


def sent(name: str, body: Any, status: int = 200, answer: Any = None) -> Exchange:
    method = {"make": "POST", "change": "PATCH"}[name]
    call = Call((JSON,), json.dumps(body).encode(), method)
    return exchange(CONTRACT, reply({} if answer is None else answer, status), call, name=name)


def shown(body: Any, status: int = 200) -> Exchange:
    return exchange(CONTRACT, reply(body, status))


def listed(body: Any) -> Exchange:
    return exchange(CONTRACT, reply(body), name="all")


def findings(written: Any, read: Any) -> list[Finding]:
    return chained("written-read", sent("make", written), shown(read))


def test_another_value_comes_back() -> None:
    (finding,) = findings({"Title": "Dune"}, {"BookId": 1, "Title": "Emma"})
    assert summary(finding) == ("warning", "books.md:12", "/Title", "value")
    assert (finding.expected, finding.got) == ('Title as it was written, "Dune"', '"Emma"')


def test_severity_follows_the_evidence() -> None:
    assert [finding.severity for finding in findings({"Note": "a"}, {"Note": "b"})] == ["note"]


def test_a_trimmed_text_is_reported_as_such() -> None:
    assert summary(*findings({"Title": " Dune "}, {"Title": "Dune"}))[::3] == ("warning", "trimmed")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"title": "Dune"}, {"Title": "Dune"}),
        ({"Price": 1}, {"Price": 1.0}),
        ({"Price": 0.1}, {"Price": 0.10000000001}),
        ({"Printed": "2026-01-01T10:00:00Z"}, {"Printed": "2026-01-01T10:00:00"}),
        ({"Printed": "2026-01-01T10:00:00Z"}, {"Printed": "2026-01-01T12:00:00+02:00"}),
        ({"Printed": "2026-01-01T10:00:00Z"}, {"Printed": "2026-01-01T12:00:00"}),
        ({"Printed": "2026-01-01T10:00:00.123Z"}, {"Printed": "2026-01-01T10:00:00"}),
        ({"BookId": 0}, {"BookId": 4}),
        ({"Kept": "a"}, {"Kept": "b"}),
        ({"UpdatedDate": "2026-01-01"}, {"UpdatedDate": "2026-01-02"}),
        ({"UpdatedDateTime": "2026-01-01"}, {"UpdatedDateTime": "2026-02-02"}),
        ({"CreatedDateTime": "2026-01-01"}, {"CreatedDateTime": "2026-02-02"}),
        ({"Author": {"Id": 1}}, {"Author": {"Id": 1, "Name": "x"}}),
        ({"Note": None}, {"Note": "made up"}),
        ({"Note": ""}, {"Note": None}),
        ({"Title": "Dune"}, {}),
        ([1], {"Title": "Dune"}),
    ],
)
def test_the_same_and_what_a_server_keeps(written: Any, read: Any) -> None:
    assert findings(written, read) == []


def test_another_flag_and_what_became_null() -> None:
    assert len(findings({"Sold": True}, {"Sold": False})) == 1
    assert len(findings({"Title": "Dune"}, {"Title": None})) == 1


@pytest.mark.parametrize(("written", "read"), [(True, 0), (1, False), ("Dune", False), ("5 min", 300), (7, "7")])
def test_values_of_two_types_are_two_views_of_one_entity(written: Any, read: Any) -> None:
    assert findings({"Title": written}, {"Title": read}) == []


def test_a_reference_to_another_entity() -> None:
    (finding,) = findings({"Author": {"Id": 1, "Name": "x"}}, {"Author": {"Id": 2, "Name": "y"}})
    assert summary(finding)[2:] == ("/Author", "reference")


def test_the_reply_to_the_write_itself_shows_it() -> None:
    call = Call((JSON,), b'{"Title": "Dune"}', "POST")
    first = exchange(CONTRACT, reply({"BookId": 4, "Title": "Emma"}), call, name="make")
    assert summary(*chained("written-read", first))[2:] == ("/Title", "value")


def test_the_row_of_a_list_shows_it() -> None:
    made = exchange(CONTRACT, reply({"BookId": 4}), Call((JSON,), b'{"Title": "Dune"}', "POST"), name="make")
    rows = [{"BookId": 3, "Title": "Persuasion"}, {"BookId": 4, "Title": "Emma"}]
    listed = exchange(CONTRACT, reply(rows), name="all")
    assert summary(*chained("written-read", made, listed))[2:] == ("/1/Title", "value")


@pytest.mark.parametrize("change", [{"Title": "Emma"}, [{"op": "replace", "path": "/Title", "value": "Emma"}]])
def test_the_last_write_counts(change: Any) -> None:
    first, last = sent("make", {"Title": "Dune"}), sent("change", change)
    assert chained("written-read", first, last, shown({"Title": "Emma"})) == []
    assert len(chained("written-read", first, last, shown([{"Title": "Dune"}]))) == 1


def test_what_a_part_of_a_composed_type_keeps_is_not_compared() -> None:
    schemas = {"Book": {"allOf": [BOOK, {"properties": {"Title": {**TEXT, "readOnly": True}}}]}}
    post = {"/books": {"post": operation(REF, operationId="make", requestBody=BODY)}}
    contract = keeping_books(several(post, schemas=schemas), make="create")
    call = Call((JSON,), json.dumps({"Kept": "a", "Note": "b"}).encode(), "POST")
    made = exchange(contract, reply({"BookId": 1, "Kept": "c", "Note": "d"}), call, name="make")
    assert [summary(finding)[2] for finding in chained("written-read", made)] == ["/Note"]


@pytest.mark.parametrize(("closing", "missed"), [({}, ["/Title"]), ({"additionalProperties": False}, [])])
def test_what_may_not_be_shown_is_not_missed(closing: dict[str, Any], missed: list[str]) -> None:
    schemas = {"Book": BOOK, "Shown": {"type": "object", "allOf": [REF], **closing}}
    answer = {"$ref": "#/components/schemas/Shown"}
    paths = {
        "/books": {
            "post": operation(REF, operationId="make", requestBody=BODY),
            "get": operation({"type": "array", "items": REF}, operationId="all"),
        },
        "/books/{BookId}": {"get": operation(answer)},
    }
    contract = several(paths, schemas=schemas)
    contract = replace(contract, resources=Resources(tuple(path_resources(contract))))
    call = Call((JSON,), json.dumps({"Title": "Dune"}).encode(), "POST")
    made = exchange(contract, reply({"BookId": 1, "Title": "Dune"}), call, name="make")
    read = exchange(contract, reply({}), name="read")
    assert [summary(finding)[2] for finding in chained("written-read", made, read)] == missed


@pytest.mark.parametrize(
    ("name", "written", "read", "severity"),
    [
        ("tags", ["a"], [], Severity.ERROR),
        ("tags", ["a"], None, Severity.ERROR),
        ("tagIds", [7], [], Severity.WARNING),
        ("tags", ["a", "b"], ["B"], None),
        ("tags", ["New York"], ["new-york"], None),
        ("tags", ["a"], ["b"], Severity.WARNING),
        ("tags", ["a"], [{"name": "b"}], None),
        ("times", ["2024-01-01T00:00:00Z"], ["2024-01-01T01:00:00+01:00"], None),
        ("tags", [], [], None),
        ("lines", [{"name": "a"}], [], None),
        ("colour", "red", "white", Severity.ERROR),
        ("colour", "red", "blue", Severity.WARNING),
        ("colour", "white", "white", None),
        ("size", "large", "small", Severity.WARNING),
        ("size", "huge", "small", None),
    ],
)
def test_what_paths_say_is_written_is_lost(name: str, written: Any, read: Any, severity: Severity | None) -> None:
    """Keys that are dropped may be those of nothing; a default in place of a value is none that was sent.

    What isn't documented to be shown can't be.
    """
    tags, numbers = {"type": "array", "items": TEXT}, {"type": "array", "items": INT}
    lines = {"type": "array", "items": {"type": "object"}}
    boat = record(
        id=INT,
        tags=tags,
        tagIds=numbers,
        lines=lines,
        colour={**TEXT, "default": "white"},
        size={"enum": ["small", "large"]},
    )
    of_boat = {"content": {"application/json": {"schema": boat}}}
    paths = {
        "/boats": {"post": operation(boat, operationId="make", requestBody=of_boat)},
        "/boats/{id}": {"get": operation(boat)},
    }
    contract = several(paths)
    contract = replace(contract, resources=Resources(tuple(path_resources(contract))))
    call = Call((JSON,), json.dumps({name: written}).encode(), "POST")
    made = exchange(contract, reply({"id": 1}), call, name="make")
    reported = chained("written-read", made, exchange(contract, reply({"id": 1, name: read}), name="read"))
    assert [finding.severity for finding in reported] == [severity] * (severity is not None)


def test_refused_writes_reads_of_nothing_and_what_is_deleted() -> None:
    create = sent("make", {"Title": "Dune"})
    delete = exchange(CONTRACT, reply({}), name="drop")
    assert chained("written-read", create, shown({"Title": ""}, 404)) == []
    assert chained("written-read", create, delete, shown({"Title": ""})) == []
    assert chained("written-read", sent("make", {"Title": "Dune"}, 400), shown({"Title": ""})) == []


T10 = "2026-01-01T10:00:00"


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("Price", 1, 2),
        ("Price", 10**9, 10**9 + 2),
        ("Price", 1, None),
        ("Price", -1, None),
        ("Sold", True, False),
        ("Title", "Dune", None),
        ("Title", "Dune", T10),
        ("Title", T10, "Dune"),
        ("Printed", f"{T10}Z", "2026-01-01T10:07:00"),
        ("Printed", f"{T10}Z", "2026-01-02T12:15:00"),
        ("Printed", f"{T10}Z", "2026-01-01T11:00:00Z"),
        ("Printed", f"{T10}Z", "2026-01-01T11:00:00+02:00"),
    ],
)
def test_another_value_is_reported_as_such(name: str, written: Any, read: Any) -> None:
    (finding,) = findings({name: written}, {name: read})
    assert (finding.check, finding.pointer, finding.rule) == ("written-read", f"/{name}", "value")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"Title": "Dune"}, {"Title": "Dune", "Price": 3}),
        ({"Price": 10**9}, {"Price": 10**9 + 1}),
        ({"Price": 0}, {"Price": None}),
        ({"Note": None}, {"Note": None}),
        ({"Author": {"Id": 1}}, {"Author": None}),
        ({"Title": ["Dune"]}, {"Title": None}),
        ({"Title": {"Id": 1}}, {"Title": "Dune"}),
        ({"Title": "Dune"}, {"Title": {"Id": 1}}),
        ({"Printed": f"{T10}Z"}, {"Printed": "2026-01-02T12:00:00"}),
        ({"Printed": f"{T10}Z"}, {"Printed": f"{T10}+02:00"}),
        ({"Printed": T10}, {"Printed": "2026-01-01T12:00:00Z"}),
    ],
)
def test_what_nobody_can_tell_apart_is_no_finding(written: Any, read: Any) -> None:
    assert findings(written, read) == []


@pytest.mark.parametrize(
    ("written", "read", "is_another"),
    [
        ({"Id": 1}, {"id": 2}, True),
        ({"Id": 2}, {"Id": 1}, True),
        ({"Id": 1, "Pages": 5}, {"Id": 1, "Pages": 6}, False),
        ({"Pages": 5}, {"Pages": 6}, False),
        ({"Id": 1}, {"Name": "y"}, False),
        ({"Id": 1}, {"Id": "2"}, False),
        ({"Id": "1"}, {"Id": 2}, False),
        ({"Id": 0}, {"Id": 5}, False),
        ({"Id": 1}, {"Id": 0}, False),
        ({"Id": 1, "ShelfId": 2}, {"Id": 3, "ShelfId": 4}, False),
        ({"Name": "x"}, {"Name": "y"}, False),
    ],
)
def test_a_reference_is_recognised_by_its_one_id(written: Any, read: Any, is_another: bool) -> None:
    assert [finding.rule for finding in findings({"Author": written}, {"Author": read})] == ["reference"] * is_another


@pytest.mark.parametrize(("length", "shown_length"), [(58, 60), (59, 60)])
def test_a_long_value_is_cut(length: int, shown_length: int) -> None:
    (finding,) = findings({"Title": "Dune"}, {"Title": "a" * length})
    assert (len(finding.got), finding.got.endswith("…")) == (shown_length, length > 58)


@pytest.mark.parametrize(
    ("header", "body"), [("text/plain", b'{"Title": "Dune"}'), ("application/json", b"{"), ("application/json", b"[1]")]
)
def test_what_is_no_object_of_json_tells_nothing(header: str, body: bytes) -> None:
    call = Call((("Content-Type", header),), body, "POST")
    made = exchange(CONTRACT, reply({}), call, name="make")
    assert chained("written-read", made, shown({"Title": "Emma"})) == []


def test_what_is_no_json_shows_nothing() -> None:
    made = exchange(CONTRACT, reply(b"<p>", 200, ("Content-Type", "text/html")), sent("make", {}).call, name="make")
    assert chained("written-read", made, exchange(CONTRACT, reply(b"{"))) == []


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ([{"op": "add", "path": "/Title", "value": "Emma"}], "Emma"),
        ([{"op": "remove", "path": "/Title"}, 1], "Dune"),
        ([{"op": "test", "path": "/Title", "value": "Emma"}], "Dune"),
        ([{"op": "replace", "path": "/Title/0", "value": "Emma"}, {"op": "add"}], "Dune"),
    ],
)
def test_a_json_patch_writes_what_it_puts_at_the_first_level(patch: Any, expected: str) -> None:
    steps = sent("make", {"Title": "Dune"}), sent("change", patch)
    assert chained("written-read", *steps, shown({"Title": expected, "Title/0": "x"})) == []
    assert len(chained("written-read", *steps, shown({"Title": "Persuasion"}))) == 1


def test_an_array_is_a_json_patch_of_a_patch_only() -> None:
    made = sent("make", [{"op": "add", "path": "/Title", "value": "Emma"}])
    assert chained("written-read", made, shown({"Title": "Dune"})) == []


def test_values_may_be_written_below_a_name() -> None:
    place = RequestPlace("body", "book")
    roles = [replace(role, entity=place) for role in CONTRACT.resources.resources[0].roles]
    book = replace(CONTRACT.resources.resources[0], roles=tuple(roles))
    contract = replace(CONTRACT, resources=replace(CONTRACT.resources, resources=(book,)))

    def steps(body: Any) -> list[Finding]:
        call = Call((JSON,), json.dumps(body).encode(), "POST")
        return chained("written-read", exchange(contract, reply({}), call, name="make"), exchange(contract, wrong))

    wrong = reply({"Title": "Emma"})
    assert len(steps({"Book": {"Title": "Dune"}})) == 1
    assert steps({"Title": "Dune"}) == steps([1]) == []


def test_a_role_without_a_place_of_its_values_has_them_in_the_body() -> None:
    roles = [replace(role, entity=None) for role in CONTRACT.resources.resources[0].roles]
    book = replace(CONTRACT.resources.resources[0], roles=tuple(roles))
    contract = replace(CONTRACT, resources=replace(CONTRACT.resources, resources=(book,)))
    made = exchange(contract, reply({}), sent("make", {"Title": "Dune"}).call, name="make")
    assert len(chained("written-read", made, exchange(contract, reply({"Title": "Emma"})))) == 1


@pytest.mark.parametrize("role", ["create", "save", "update"])
def test_each_role_that_writes(role: RoleName) -> None:
    contract = keeping_books(CONTRACT, make=role, read="read")
    made = exchange(contract, reply({}), sent("make", {"Title": "Dune"}).call, name="make")
    assert len(chained("written-read", made, exchange(contract, reply({"Title": "Emma"})))) == 1


def test_the_key_of_another_resource_is_a_property_of_this_one() -> None:
    shelf = Resource("shelf", {"Shelf": "Price"}, ())
    both = replace(CONTRACT.resources, resources=(shelf, *CONTRACT.resources.resources))
    contract = replace(CONTRACT, resources=both)
    made = exchange(contract, reply({}), sent("make", {"Price": 1}).call, name="make")
    assert len(chained("written-read", made, exchange(contract, reply({"Price": 2})))) == 1


def test_the_key_of_what_an_entity_stands_below_is_that_of_the_path() -> None:
    (book,) = CONTRACT.resources.resources
    below = tuple(replace(role, parents=(RequestPlace("path", "author"),)) for role in book.roles)
    contract = replace(CONTRACT, resources=Resources((replace(book, roles=below),)))
    made = exchange(contract, reply({}), sent("make", {"Author": "Ann", "Title": "Emma"}).call, name="make")
    (finding,) = chained("written-read", made, exchange(contract, reply({"Author": "Jane", "Title": "Dune"})))
    assert finding.pointer == "/Title"


class TestLists:
    MADE = sent("make", {"Title": "Dune"}, answer={"Title": "Dune", "BookId": 4})
    ROWS: ClassVar = [{"Title": "Persuasion", "BookId": 3}, {"Title": "Emma", "BookId": 4}]

    def test_a_list_in_an_object(self) -> None:
        shown = listed({"Count": 2, "in/all": self.ROWS})
        assert [finding.pointer for finding in chained("written-read", self.MADE, shown)] == ["/in~1all/1/Title"]

    @pytest.mark.parametrize("body", [{"Title": "Emma", "BookId": 4}, "Emma", 4])
    def test_what_is_no_list(self, body: Any) -> None:
        assert chained("written-read", self.MADE, listed(body)) == []

    def test_a_search_is_a_list(self) -> None:
        contract = keeping_books(CONTRACT, make="create", all="search")
        made = exchange(contract, self.MADE.reply, self.MADE.call, name="make")
        assert len(chained("written-read", made, exchange(contract, reply(self.ROWS), name="all"))) == 1

    def test_a_later_reply_without_the_key(self) -> None:
        assert len(chained("written-read", self.MADE, sent("change", {"Price": 1}), listed(self.ROWS))) == 1

    @pytest.mark.parametrize("answer", [{}, {"BookId": 0}])
    def test_no_row_is_compared_where_the_key_is_not_known(self, answer: Any) -> None:
        made = sent("make", {"Title": "Dune"}, answer=answer)
        assert chained("written-read", made, listed([{**answer, "Title": "Emma"}])) == []

    def test_nothing_is_compared_before_the_write_and_behind_the_end(self) -> None:
        delete = exchange(CONTRACT, reply({}), name="drop")
        assert chained("written-read", listed(self.ROWS), self.MADE) == []
        assert chained("written-read", self.MADE, delete, listed(self.ROWS)) == []

    def test_what_is_neither_read_nor_listed_shows_nothing(self) -> None:
        contract = keeping_books(CONTRACT, make="create", all="draft")
        made = exchange(contract, self.MADE.reply, self.MADE.call, name="make")
        assert chained("written-read", made, exchange(contract, reply(self.ROWS), name="all")) == []

    def test_the_one_of_an_array_is_the_record(self) -> None:
        contract = keeping_books(CONTRACT, make="create", all="read")
        made = exchange(contract, reply({}), sent("make", {"Title": "Dune"}).call, name="make")
        (finding,) = chained("written-read", made, exchange(contract, reply(self.ROWS[1:]), name="all"))
        assert summary(finding)[1:3] == ("books.md:12", "/Title")
        assert chained("written-read", made, exchange(contract, reply(self.ROWS), name="all")) == []


def ended(*pairs: tuple[Any, Any]) -> list[Finding]:
    (check,) = (check for check in CHECKS if check.id == "written-read")
    assert check.end
    return list(check.end([sent("make", written, answer=answer) for written, answer in pairs]))


@pytest.mark.parametrize(
    ("before", "read", "is_lost"),
    [
        ({"Name": "a"}, {"Name": "a"}, True),
        ({"Name": "a"}, {"Name": "B"}, False),
        ({"Name": "a"}, {"Name": "other"}, False),  # another view
        ({"Id": 3, "Name": "a"}, {"Id": 3, "Name": "a"}, False),  # a reference
    ],
)
def test_an_object_inside_that_is_as_before(before: Any, read: Any, is_lost: bool) -> None:
    make = sent("make", {"Author": before})
    change = sent("change", {"Author": {**before, "Name": "b"}})
    reported = chained("written-read", make, change, shown({"Author": read}))
    assert [finding.pointer for finding in reported] == ["/Author"] * is_lost


@pytest.mark.parametrize(
    ("listed", "written", "is_lost"),
    [
        ({"Name": TEXT, "City": TEXT}, {"Name": "a", "City": "Oslo"}, True),  # City is listed, and never shown
        ({"Name": TEXT}, {"Name": "a", "City": "Oslo"}, False),
        ({"BookId": TEXT, "Name": TEXT}, {"Name": "a", "BookId": "b8"}, False),  # the key, which the path has
    ],
)
def test_what_an_object_inside_never_shows_is_lost_where_it_is_listed(
    listed: dict[str, Any], written: dict[str, Any], is_lost: bool
) -> None:
    book = record(Author=record(**{name: {**part, **line(11)} for name, part in listed.items()}))
    body = {"content": {"application/json": {"schema": book}}}
    paths = {
        "/books": {"post": operation(book, operationId="make", requestBody=body)},
        "/books/{id}": {
            "get": operation(book),
            "patch": operation(book, operationId="change", requestBody=body),
        },
    }
    contract = keeping_books(several(paths), make="create", read="read", change="patch")

    def call(name: str, author: Any) -> Exchange:
        method = {"make": "POST", "change": "PATCH"}[name]
        return exchange(contract, reply({}), Call((JSON,), json.dumps({"Author": author}).encode(), method), name=name)

    kept = {"Name": "a", "BookId": "b7"} if "BookId" in listed else {"Name": "a"}
    reported = chained(
        "written-read", call("make", kept), call("change", written), exchange(contract, reply({"Author": kept}))
    )
    assert [finding.pointer for finding in reported] == ["/Author"] * is_lost


def test_what_no_reply_shows_as_it_was_written_is_a_note() -> None:
    (finding,) = ended(({"Title": "Dune"}, {"Title": "x"}), ({"Title": "Emma"}, {"Title": "y"}))
    assert summary(finding) == ("note", "books.md:12", "/Title", "never")
    assert (finding.expected, finding.got) == ('Title as it was written, "Dune"', '"x"')


def test_by_chance_one_value_may_be_what_a_server_shows_anyway() -> None:
    usual = {"Author": {"Name": "a"}}
    pairs = ((usual, usual), ({"Author": {"name": "A"}}, usual), ({"Author": {"Name": "b"}}, usual))
    assert [finding.pointer for finding in ended(*pairs)] == ["/Author"]


def test_what_was_shown_before_may_be_sent_back() -> None:
    first, second = {"Author": {"Name": "a"}}, {"Author": {"Name": "b"}}
    pairs = (({"Author": {"Name": "x"}}, first), ({"Author": {"Name": "y"}}, second), (first, first), (second, second))
    assert [finding.pointer for finding in ended(*pairs)] == ["/Author"]


@pytest.mark.parametrize(
    "pairs",
    [
        [({"Title": "Dune"}, {"Title": "x"})],  # once only
        [({"Title": "Dune"}, {"Title": "x"}), ({"Title": "Dune"}, {"Title": "y"})],
        [({"Title": ""}, {"Title": "x"}), ({"Title": None}, {"Title": "x"})],
        [({"Title": "a"}, {"Title": "a"}), ({"Title": "b"}, {"Title": "b"}), *[({"Title": t}, {}) for t in "cd"]],
        [({"BookId": 1}, {"BookId": 9}), ({"BookId": 2}, {"BookId": 9})],
        [({"Kept": "a"}, {"Kept": "x"}), ({"Kept": "b"}, {"Kept": "x"})],
        [({"Author": {"Id": n}}, {"Author": {"id": n, "Name": "x"}}) for n in (1, 2)],
        [({"Author": [{"Id": n}]}, {"Author": [{"id": n, "Name": "x"}]}) for n in (1, 2)],
    ],
)
def test_what_is_kept_once_or_is_the_server_s_own_is_fine(pairs: Any) -> None:
    assert ended(*pairs) == []


def test_refused_and_postponed_writes_tell_nothing_of_what_is_kept() -> None:
    (check,) = (check for check in CHECKS if check.id == "written-read")
    assert check.end
    for status in (202, 409):
        exchanges = [sent("make", {"Title": text}, status, {"Title": "x"}) for text in "ab"]
        assert list(check.end(exchanges)) == []


@pytest.mark.parametrize(
    ("written", "read", "rules"),
    [
        pytest.param("x" * 60, "x" * 40, ["cut"], id="cut off"),
        pytest.param("x" * 60, "x" * 60, [], id="the same"),
        pytest.param("x" * 60 + "  ", "x" * 60, [], id="trimmed"),
        pytest.param("x" * 60, "x" * 4, [], id="another value"),
        pytest.param("x" * 60, "y" * 40, [], id="another text"),
        pytest.param("2024-01-01T00:00:00.5Z", "2024-01-01T00:00", [], id="less of a time"),
        pytest.param("2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00Z", [], id="the same moment"),
        pytest.param("2024-01-01T02:00:00+02:00", "2024-01-01T02:00:00Z", ["moment"], id="another moment"),
        pytest.param("2024-01-01T02:00:00+02:00", "2024-01-01T02:00:00", [], id="no zone"),
    ],
)
def test_what_a_reply_makes_of_a_text(written: str, read: str, rules: list[str]) -> None:
    findings = ended(({"Title": written}, {"Title": read}), ({"Title": "abc"}, {"Title": "abc"}))
    assert [(finding.rule, finding.severity) for finding in findings] == [(rule, "warning") for rule in rules]


def test_one_value_is_shown_whatever_is_written() -> None:
    (finding,) = ended(
        ({"Sold": True}, {"Sold": True}), ({"Title": "b"}, {"Title": "a"}), ({"Title": "a"}, {"Title": "a"})
    )
    assert finding.pointer == "/Title"


@pytest.mark.parametrize(
    "shown", [{"Name": "x"}, [{"Id": 3}], {"Author": "x"}], ids=["an object", "an array", "other members"]
)
def test_another_view_of_what_was_written_is_fine(shown: Any) -> None:
    sent = [{"Id": 1}, {"Id": 2}] if shown == {"Author": "x"} else ["a", "b"]
    assert ended(*(({"Author": author}, {"Author": shown}) for author in sent)) == []
