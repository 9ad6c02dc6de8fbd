from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import EVIDENCE
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.link import link
from docdouble.schemas.pages.page_reader import Reading, read_operation_page


def reading(name: str, path: str, table: str, sample: str, kind: str = "") -> Reading:
    """Read a page whose table starts on line 13 and whose sample starts on line 22."""
    rows = "\n".join(f"| {row} |  |" for row in table.split(", "))
    text = f"""\
# {name}

```http
GET {path}
```

| Response | Description |
|---|---|
| 200 | OK |

## Response body: {kind or name}
| Property Name | Type | Description |
|---|---|---|
{rows}

```http_
HTTP/1.1 200 OK

{sample}
```
"""
    return read_operation_page(parse_page(text, f"{name}.md"), SUPEROFFICE)


def linked(*readings: Reading) -> dict[str, Any]:
    """The named schemas, without evidence and kinds."""
    return {name: plain(schema) for name, schema in link(readings, SUPEROFFICE)[0].schemas.items()}


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: plain(part) for key, part in value.items() if key not in (EVIDENCE, KINDS)}


def record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


INT: Schema = {"type": "integer", "format": "int32"}
BOOK = reading("Book", "/book", "Id | int32, Author | Author", '{"Id": 1, "Author": {"AuthorId": 5, "Alive": null}}')
AUTHOR = reading("Author", "/author", "AuthorId | int64, Alive | bool", '{"AuthorId": 5, "Alive": true}')
LOAN = reading(
    "Loan",
    "/loan",
    "Borrowers | array, Payer | BorrowerInfo",
    '{"Borrowers": [{"MemberId": 1}], "Payer": null}',
)


def test_the_order_of_the_pages_makes_no_difference() -> None:
    first, second = link([BOOK, AUTHOR, LOAN], SUPEROFFICE)[0], link([LOAN, AUTHOR, BOOK], SUPEROFFICE)[0]
    assert first == second
    assert [operation.path for operation in first.operations] == ["/author", "/book", "/loan"]
    assert list(first.schemas) == sorted(first.schemas)


def test_nothing_read_is_an_empty_contract() -> None:
    assert link([], SUPEROFFICE) == (Contract("superoffice", "0", (), dialect="superoffice"), ())


def test_a_named_type_is_completed_from_every_page_that_shows_it() -> None:
    assert linked(BOOK, AUTHOR) == {
        "Author": record(AuthorId={"type": "integer", "format": "int64"}, Alive={"type": ["boolean", "null"]}),
        "Book": record(Id=INT, Author={"$ref": "#/components/schemas/Author"}),
    }


def test_a_type_without_a_shape_has_that_of_the_items_of_its_plural() -> None:
    assert linked(LOAN) == {
        "BorrowerInfo": record(MemberId=INT),
        "Loan": record(
            Borrowers={"type": "array", "items": {"$ref": "#/components/schemas/BorrowerInfo"}},
            Payer={"anyOf": [{"$ref": "#/components/schemas/BorrowerInfo"}, {"type": "null"}]},
        ),
    }


def test_the_link_from_plural_to_type_is_assumed() -> None:
    items = link([LOAN], SUPEROFFICE)[0].schemas["Loan"]["properties"]["Borrowers"]["items"]
    assert items[EVIDENCE] == {"grade": "assumed", "page": "Loan.md", "line": 20}


def test_a_plural_on_another_page_completes_the_type_too() -> None:
    desk = reading("Desk", "/desk", "Clerk | Clerk", '{"Clerk": null}')
    branch = reading("Branch", "/branch", "Clerks | array", '{"Clerks": [{"Name": "some one"}]}')
    assert linked(desk, branch)["Clerk"] == record(Name={"type": "string"})


def test_a_type_with_a_shape_of_its_own_is_left_alone() -> None:
    shelf = reading("Shelf", "/shelf", "Books | array", '{"Books": [{"Title": "some title"}]}')
    schemas = linked(BOOK, shelf)
    assert schemas["Book"] == record(Id=INT, Author={"$ref": "#/components/schemas/Author"})
    assert schemas["Shelf"] == record(Books={"type": "array", "items": record(Title={"type": "string"})})


def test_of_two_types_of_one_plural_the_plainer_has_its_shape() -> None:
    loan = reading(
        "Loan",
        "/loan",
        "Borrowers | array, Payer | BorrowerInfo, Heir | Borrower",
        '{"Borrowers": [{"MemberId": 1}], "Payer": null, "Heir": null}',
    )
    contract, _ = link([loan], SUPEROFFICE)
    shapes = [plain(contract.schemas[name]) for name in ("Borrower", "BorrowerInfo")]
    assert shapes == [record(MemberId=INT), {"type": "object"}]


def test_a_type_that_no_page_shows_is_an_open_record() -> None:
    desk = reading("Desk", "/desk", "Clerk | Clerk", '{"Clerk": null}')
    assert link([desk], SUPEROFFICE)[0].schemas["Clerk"] == {
        "type": "object",
        EVIDENCE: {"grade": "assumed", "page": "Desk.md", "line": 14},
    }


def test_a_body_of_a_type_that_no_page_shows_is_an_open_record() -> None:
    text = "```http\nGET /desk\n```\n\n## Response body: Clerk\n"
    contract, _ = link([read_operation_page(parse_page(text, "desk.md"), SUPEROFFICE)], SUPEROFFICE)
    assert contract.schemas == {"Clerk": {"type": "object"}}
