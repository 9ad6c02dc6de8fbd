"""One name for one shape: what pages that disagree on a type's name are taken to mean."""

import json
from typing import Any

from docdouble.schemas import Contract, Evidence, Grade
from docdouble.schemas.contract.model import EVIDENCE, evidence_of, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.link import link
from docdouble.schemas.pages.merge import TypeReading
from docdouble.schemas.pages.page_reader import Reading, read_operation_page
from docdouble.schemas.pages.type_names import likeness, name_stems, resolve_type_names

TABLE = "| Property Name | Type | Description |\n|---|---|---|\n"


def rows(names: str) -> str:
    """``Id, Author Person`` is a row of a string and one of a Person."""
    cells = (name.split() for name in names.split(", "))
    return TABLE + "".join(f"| {name} | {' '.join(kind) or 'string'} | |\n" for name, *kind in cells)


def page(operation: str, heading: str = "", names: str = "", sample: str = "", request: str = "") -> Reading:
    """Read a page whose response heading is on line 7 and whose rows start on line 10."""
    text = f"---\nuid: v1{operation}\n---\n```http\nPOST /{operation}\n```\n"
    text += f"## Response body: {heading}\n{rows(names) if names else ''}" if names or sample else ""
    text += f"\n## Request body: {request.partition(':')[0]}\n{rows(request.partition(':')[2])}" if request else ""
    text += f"\n```http_\nHTTP/1.1 200 OK\n\n{sample}\n```\n" if sample else ""
    return read_operation_page(parse_page(text, f"{operation}.md"), SUPEROFFICE)


def linked(*readings: Reading) -> tuple[Contract, tuple[Contradiction, ...]]:
    return link(readings, SUPEROFFICE)


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: plain(part) for key, part in value.items() if key != EVIDENCE}


def properties(contract: Contract) -> dict[str, list[str]]:
    """The names of the properties of each component."""
    return {name: list(schema.get("properties", {})) for name, schema in contract.schemas.items()}


def answer(contract: Contract, operation: str) -> Any:
    success = contract.operation(f"v1{operation}").success()
    assert success is not None
    return plain(success.media_types[0].schema)


BOOK = "Title, Shelf, Pages, Isbn"
MEMBER = "FirstName, LastName, Street, Town"
GET_BOOK = page("Desk_GetBook", "Book", BOOK)
WRONG = page("Desk_GetMember", "Book", MEMBER)


def test_unlike_shapes_of_one_name_are_distinguished() -> None:
    contract, _ = linked(GET_BOOK, WRONG)
    assert properties(contract) == {"Book": BOOK.split(", "), "v1Desk_GetMember_body": MEMBER.split(", ")}
    assert answer(contract, "Desk_GetBook") == reference("Book")
    assert answer(contract, "Desk_GetMember") == reference("v1Desk_GetMember_body")


def test_the_wrong_name_is_reported_with_its_page_and_line() -> None:
    message = "named Book, but its properties (FirstName, LastName, Street, ...) are not those of Book elsewhere"
    assert linked(GET_BOOK, WRONG)[1] == (Contradiction("wrong-type-name", "Desk_GetMember.md", 7, message),)


def test_the_shape_that_an_operation_names_keeps_the_name_wherever_it_comes() -> None:
    wrong = page("ADesk_GetMember", "Book", MEMBER)
    contract, contradictions = linked(wrong, GET_BOOK)
    assert properties(contract) == {"Book": BOOK.split(", "), "v1ADesk_GetMember_body": MEMBER.split(", ")}
    assert [(contradiction.page, contradiction.line) for contradiction in contradictions] == [("ADesk_GetMember.md", 7)]


def test_a_shape_of_a_doubtful_name_is_the_named_type_that_it_is_like() -> None:
    contract, contradictions = linked(GET_BOOK, WRONG, page("Desk_FindMember", "Member", MEMBER))
    assert properties(contract) == {"Book": BOOK.split(", "), "Member": MEMBER.split(", ")}
    assert answer(contract, "Desk_GetMember") == reference("Member")
    assert [(contradiction.rule, contradiction.page, contradiction.line) for contradiction in contradictions] == [
        ("wrong-type-name", "Desk_GetMember.md", 7)
    ]


def test_a_wrong_name_is_reported_of_every_page_that_has_it() -> None:
    _, contradictions = linked(GET_BOOK, WRONG, page("Desk_SaveMember", "Book", MEMBER))
    assert [(contradiction.rule, contradiction.page, contradiction.line) for contradiction in contradictions] == [
        ("wrong-type-name", "Desk_GetMember.md", 7),
        ("wrong-type-name", "Desk_SaveMember.md", 7),
    ]


def test_a_list_without_a_name_holds_the_type_that_it_is_like() -> None:
    sample = json.dumps([dict.fromkeys(MEMBER.split(", "), "a")])
    find = page("Desk_FindMembers", "array", MEMBER, sample)
    contract, _ = linked(find, page("Desk_GetMember", "Member", MEMBER))
    assert answer(contract, "Desk_FindMembers") == {"type": "array", "items": reference("Member")}


def test_alike_shapes_of_one_name_are_one_type() -> None:
    contract, contradictions = linked(GET_BOOK, page("Desk_FindBook", "Book", f"{BOOK}, Year"))
    assert (properties(contract), contradictions) == ({"Book": ["Title", "Shelf", "Pages", "Isbn", "Year"]}, ())


def test_half_of_all_properties_in_common_is_alike() -> None:
    contract, _ = linked(page("A_GetBook", "Book", "A, B"), page("B_Get", "Book", "A, B, C, D"))
    assert properties(contract) == {"Book": ["A", "B", "C", "D"]}
    contract, _ = linked(page("A_GetBook", "Book", "A, B"), page("B_Get", "Book", "A, B, C, D, E"))
    assert properties(contract) == {"Book": ["A", "B"], "v1B_Get_body": ["A", "B", "C", "D", "E"]}


def test_an_anonymous_body_that_is_like_a_named_type_joins_it() -> None:
    contract, contradictions = linked(GET_BOOK, page("Desk_SaveBook", "Done", "Ok", request=f"request:{BOOK}, Year"))
    assert properties(contract) == {"Book": ["Title", "Shelf", "Pages", "Isbn", "Year"], "Done": ["Ok"]}
    request = contract.operation("v1Desk_SaveBook").request
    assert request is not None
    assert plain(request.media_types[0].schema) == reference("Book")
    assert contradictions == ()


def test_an_anonymous_body_of_few_properties_joins_nothing() -> None:
    few = "Title, Shelf, Pages"
    contract, _ = linked(page("Desk_GetBook", "Book", few), page("Desk_Move", request=f"request:{few}"))
    assert properties(contract) == {"Book": few.split(", "), "v1Desk_Move_request": few.split(", ")}


def test_an_anonymous_body_that_is_only_much_like_a_named_type_stays_apart() -> None:
    few = page("Desk_GetBook", "Book", "Title, Shelf, Pages")
    contract, _ = linked(few, page("Desk_Move", request=f"request:{BOOK}"))
    assert list(contract.schemas) == ["Book", "v1Desk_Move_request"]


def test_an_anonymous_body_joins_the_most_like_of_several() -> None:
    film = page("Desk_GetFilm", "Film", "Title, Director, Minutes, Year, Studio")
    tape = page("Desk_GetTape", "Tape", "Title, Director, Minutes, Year, Studio, Colour")
    others = [GET_BOOK, page("Desk_GetMember", "Member", MEMBER), page("Desk_GetLoan", "Loan", "Due, Fine")]
    names = "Director, Minutes, Year, Studio, Colour, Sound"
    contract, _ = linked(film, tape, *others, page("Desk_Save", request=f"request:{names}"))
    assert properties(contract)["Tape"][-1] == "Sound"
    assert "v1Desk_Save_request" not in contract.schemas


def test_properties_that_most_types_share_tell_nothing() -> None:
    stamps = "Created, Updated, Creator, Updater"
    types = [page(f"Desk_Get{name}", name, f"{stamps}, {name}Id") for name in ("Book", "Loan", "Desk")]
    contract, _ = linked(*types, page("Desk_Stamp", request=f"request:{stamps}"))
    assert properties(contract)["v1Desk_Stamp_request"] == stamps.split(", ")


def test_a_shape_that_shows_nothing_joins_the_first_of_its_name() -> None:
    empty = TypeReading("Book", {}, "Book")
    resolved = resolve_type_names([("a", TypeReading("Book", {"properties": {"Id": {}}})), ("b", empty)], SUPEROFFICE)
    assert (resolved.schemas, resolved.doubtful) == ({"Book": {"properties": {"Id": {}}}}, frozenset())


def test_a_shape_of_a_doubtful_name_completes_the_named_type_that_it_is_like() -> None:
    wrong = page("Desk_SaveMember", "Book", "FirstName, LastName, Street, Phone")
    contract, _ = linked(GET_BOOK, wrong, page("Desk_FindMember", "Member", f"{MEMBER}, Phone"))
    assert properties(contract)["Member"] == [*MEMBER.split(", "), "Phone"]


def test_a_shape_inside_a_property_is_named_after_it() -> None:
    book = {"properties": {key: {} for key in ("Title", "Shelf")}}
    member = {"properties": {key: {} for key in ("FirstName", "Town")}}
    shapes = [
        ("a_Get", TypeReading("Item", book, "")),
        ("b_Get", TypeReading("Item", member, "Holder")),
        ("c_Get", TypeReading("Item", {}, "Nothing")),
    ]
    resolved = resolve_type_names(shapes, SUPEROFFICE)
    assert resolved.schemas == {"a_Get_body": book, "Holder_Item": member}


def test_likeness_is_the_part_in_common() -> None:
    assert [likeness("ab", "abcd"), likeness("", ""), likeness("ab", "cd"), likeness("ab", "ba")] == [0.5, 0, 0, 1]


def test_a_type_is_of_its_name_and_of_what_that_names() -> None:
    names = [list(name_stems(name, SUPEROFFICE)) for name in ("BookEntity", "Book", "Item")]
    assert names == [["BookEntity", "Book"], ["Book"], ["Item"]]


class TestCell:
    LOAN = page("Desk_GetLoan", "Loan", "Due, Member Book, Book Book, Guest Book")

    def test_a_cell_with_a_doubtful_name_means_what_its_property_is_named_after(self) -> None:
        contract, _ = linked(GET_BOOK, WRONG, self.LOAN, page("Desk_FindMember", "Member", MEMBER))
        assert plain(contract.schemas["Loan"]["properties"]) == {
            "Due": {"type": "string"},
            "Member": reference("Member"),
            "Book": reference("Book"),
            "Guest": {"type": "object"},
        }

    def test_a_cell_with_a_doubtful_name_is_reported_with_a_mend(self) -> None:
        _, contradictions = linked(GET_BOOK, WRONG, self.LOAN, page("Desk_FindMember", "Member", MEMBER))
        cells = [contradiction for contradiction in contradictions if contradiction.rule == "wrong-type-cell"]
        doubt = "is stated as Book, a name that pages give to unlike types"
        assert [(cell.page, cell.line, cell.message, cell.mend) for cell in cells] == [
            ("Desk_GetLoan.md", 11, f"Member {doubt}", "write Member as the type of Member"),
            ("Desk_GetLoan.md", 13, f"Guest {doubt}", "write what is meant as the type of Guest"),
        ]

    def test_a_cell_that_may_be_null_stays_so(self) -> None:
        loan = page("Desk_GetLoan", "Loan", "Member Book", '{"Member": null}')
        contract, _ = linked(GET_BOOK, WRONG, loan, page("Desk_FindMember", "Member", MEMBER))
        assert plain(contract.schemas["Loan"]["properties"]["Member"]) == {
            "anyOf": [reference("Member"), {"type": "null"}]
        }


class TestNull:
    NULL = page("Desk_GetDesk", sample='{"Clerk": null}')

    def null(self, *others: Reading) -> Any:
        return linked(self.NULL, *others)[0].schemas["v1Desk_GetDesk_response"]["properties"]["Clerk"]

    def test_a_null_is_of_the_type_of_nearly_all_its_namesakes(self) -> None:
        loan = page("Desk_GetLoan", "Loan", "Clerk Staff")
        assert plain(self.null(loan)) == {"anyOf": [reference("Staff"), {"type": "null"}]}

    def test_a_null_whose_namesakes_are_of_several_types_is_an_assumed_object(self) -> None:
        others = [page(f"Desk_Get{kind}Loan", f"{kind}Loan", f"Clerk {kind}") for kind in ("Staff", "Guest")]
        assert plain(self.null(*others)) == {"type": ["object", "null"]}

    def test_of_a_null_the_null_is_sampled_and_the_type_assumed(self) -> None:
        schema = self.null()
        facts = [evidence_of(schema, keyword) for keyword in ("null", "type")]
        assert plain(schema) == {"type": ["object", "null"]}
        assert facts == [
            Evidence(Grade.SAMPLED, "Desk_GetDesk.md", 12),
            Evidence(Grade.ASSUMED, "Desk_GetDesk.md", 12),
        ]


class TestInlineRecord:
    SHELF = '{"Top": {"Title": "a", "Shelf": "b", "Pages": "c", "Isbn": "d"}}'

    def test_a_record_with_exactly_the_properties_of_a_type_is_of_it(self) -> None:
        contract, _ = linked(GET_BOOK, page("Desk_GetShelf", "Shelves", "Top object", self.SHELF))
        assert plain(contract.schemas["Shelves"]["properties"]["Top"]) == reference("Book")
        assert contract.schemas["Shelves"]["properties"]["Top"][EVIDENCE]["grade"] == "assumed"

    def test_a_record_that_lacks_one_is_a_record_of_its_own(self) -> None:
        sample = self.SHELF.replace(', "Isbn": "d"', "")
        contract, _ = linked(GET_BOOK, page("Desk_GetShelf", "Shelves", "Top object", sample))
        assert list(contract.schemas["Shelves"]["properties"]["Top"]["properties"]) == ["Title", "Shelf", "Pages"]

    def test_a_record_that_two_types_are_like_is_of_neither(self) -> None:
        twin = page("Desk_GetTwin", "Twin", BOOK)
        contract, _ = linked(GET_BOOK, twin, page("Desk_GetShelf", "Shelves", "Top object", self.SHELF))
        assert list(contract.schemas["Shelves"]["properties"]["Top"]["properties"]) == BOOK.split(", ")


class TestPagesOfAFact:
    def title(self) -> Any:
        contract, _ = linked(GET_BOOK, page("Desk_SaveBook", "Book", f"Year, {BOOK}"))
        return contract.schemas["Book"]["properties"]["Title"]

    def test_a_page_that_states_a_fact_too_is_kept_beside_the_first(self) -> None:
        assert self.title()[EVIDENCE] == {
            "grade": "stated",
            "page": "Desk_GetBook.md",
            "line": 10,
            "also": {"Desk_SaveBook.md": 11},
        }

    def test_each_page_states_the_fact_with_its_own_line_and_others_share_it(self) -> None:
        pages = ("", "Desk_GetBook.md", "Desk_SaveBook.md", "Desk_Move.md")
        assert [evidence_of(self.title(), page=page) for page in pages] == [
            Evidence(Grade.STATED, "Desk_GetBook.md", 10),
            Evidence(Grade.STATED, "Desk_GetBook.md", 10),
            Evidence(Grade.STATED, "Desk_SaveBook.md", 11),
            Evidence(Grade.SHARED, "Desk_GetBook.md", 10),
        ]
