"""What operations do that are named after it; a name is only believed where the types agree."""

import pytest

from docdouble.schemas.contract.resources import Criterion, RequestPlace
from docdouble.schemas.dialects.verbs import USUAL, Verbs
from docdouble.schemas.resources.infer_roles import with_resources

from .small_api import api, body, resource, role, roles, unassigned

TYPES = {"BookEntity": "{BookId: int, Title: text, Shelf: Shelf}", "Book": "{BookId: int, ShelfId: int, Lent: bool}"}
SHELF = {"Shelf": "{ShelfId: int}"}
SAVE = "POST /Agents/Book/SaveBookEntity BookEntity -> BookEntity\n"
LABEL = "POST /Agents/Book/"


def of(line: str) -> str:
    """The role of one operation beside one that saves books, empty for none."""
    contract = api(f"{SAVE}POST /Agents/Book/{line}", **TYPES, **SHELF)
    others = {label: named_role for label, named_role in roles(contract).items() if "SaveBookEntity" not in label}
    return " ".join(next(iter(others.values()), ()))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GetBookEntity?bookEntityId:int -> BookEntity", "book read"),
        ("GetBook {BOOKID: int} -> Book", "book read"),
        ("GetBook {Id: int} -> Book", "book read"),
        ("GetBook {BookId: int, Deep: bool} -> Book", ""),
        ("GetBookFromShelf {ShelfId: int} -> Book", ""),
        ("GetMyBook -> Book", ""),
        ("GetBooks {BookIds: [int]} -> [Book]", "book list"),
        ("GetBooks {Books: [int]} -> [Book]", "book list"),
        ("GetBookList [int] -> [Book]", "book list"),
        ("GetBookList any -> [Book]", "book list"),
        ("GetBooksById {Ids: [int]} -> [Book]", "book list"),
        ("GetAllBooks -> [Book]", "book list"),
        ("GetMyBooks -> [Book]", "book search"),
        ("GetShelfBooks {ShelfId: int} -> [Book]", "book search"),
        ("GetBooksByReader {ReaderId: int} -> [Book]", ""),
        ("GetBooksByReader {Reader: text} -> [Book]", "book search"),
        ("GetLatest {Count: int} -> [Book]", ""),
        ("FindBooks {Words: text} -> [Book]", "book search"),
        ("FindBooks {Words: text} -> [text]", ""),
        ("CreateDefaultBookEntity -> BookEntity", "book draft"),
        ("CreateDefaultByShelf {ShelfId: int} -> BookEntity", "book draft"),
        ("Save {BookEntity: BookEntity, Quietly: bool} -> BookEntity", "book save"),
        ("SaveBooks {Books: [BookEntity]}", "book save"),
        ("SaveBooks [BookEntity] -> [BookEntity]", "book save"),
        ("SaveBook {First: BookEntity, Second: BookEntity}", ""),
        ("SaveCover BookEntity", ""),
        ("SaveBook BookEntity -> Shelf", ""),
        ("SaveBook {BookEntity: BookEntity, ReaderId: int}", ""),
        ("SaveBook {BookId: int, Title: text, Shelf: Shelf} -> BookEntity", "book save"),
        ("UpdateBook {Book: BookEntity}", "book update"),
        ("UpdateBook {Id: int, Title: text} -> BookEntity", ""),
        ("CreateBook BookEntity -> BookEntity", "book create"),
        ("CreateBook {Title: text} -> BookEntity", ""),
        ("AddBook {ShelfId: int, Book: BookEntity} -> BookEntity", ""),
        ("Delete {BookId: int, Quietly: bool}", "book delete"),
        ("DeleteBookEntity?BookEntityId:int", "book delete"),
        ("RemoveBooks {BookIds: [int]}", "book delete"),
        ("DeleteBook {BookId: int, Title: text}", ""),
        ("DeleteFavourite {BookId: int}", ""),
        ("DeleteEntities {BookId: int}", ""),
        ("Undelete {BookId: int}", ""),
        ("MergeBooks {BookIds: [int]}", ""),
        ("SetTitle {BookId: int, Title: text} -> BookEntity", ""),
        ("GetBook {BookIds: [int]} -> Book", ""),
        ("GetCover {BookId: int} -> Book", ""),
        ("GetBook {BookId: int} -> text", ""),
        ("GetBook{BookId} -> Book", ""),
        ("GetBooks {BookIds: [int]} -> text", ""),
        ("GetBooks {BookId: int} -> [Book]", "book search"),
        ("GetBooks {BookIds: [int], Deep: bool} -> [Book]", ""),
        ("GetCovers {BookIds: [int]} -> [Book]", ""),
        ("GetBooksByIds {Ids: [int]} -> [Book]", "book list"),
        ("GetList {Books: [int]} -> [Book]", ""),
        ("GetAll -> [Book]", "book list"),
        ("GetAllBooks {Since: text} -> [Book]", "book search"),
        ("GetAllBooks text -> [Book]", ""),
        ("GetShelfBooks text -> [Book]", ""),
        ("GetBooksInShelf {ShelfId: int, ReaderId: int} -> [Book]", "book search"),
        ("SaveBook BookEntity -> text", "book save"),
        ("SaveBook {BookEntity: BookEntity, ReaderIds: [int]}", ""),
        ("SaveBook {BookEntity: BookEntity, Id: int}", ""),
        ("SaveBook {BookEntity: BookEntity, Count: int}", "book save"),
        ("SaveBook {BookEntity: BookEntity, ReaderId: text}", "book save"),
        ("SaveBook{BookId} BookEntity -> BookEntity", ""),
        ("CreateDefaultBook BookEntity -> BookEntity", ""),
        ("CreateDefaultBooks -> [BookEntity]", ""),
        ("DeleteBook", ""),
        ("DeleteBook {Words: text}", ""),
    ],
)
def test_a_name_is_believed_where_the_types_agree(line: str, expected: str) -> None:
    assert of(line) == expected


@pytest.mark.parametrize(
    ("line", "why", "is_of_many"),
    [
        (
            "GetBookList any -> [Book]",
            "answers an array of Book by their keys, what it is told is taken for the keys",
            True,
        ),
        ("GetBookList [int] -> [Book]", "answers an array of Book by their keys", True),
        ("GetBookList {BookIds: [int]} -> [Book]", "answers an array of Book by their keys", True),
        ("GetAllBooks -> [Book]", "answers all of Book", True),
        ("GetMyBooks -> [Book]", "answers an array of Book; what else its name says is not understood", True),
        ("FindBooks {A: text, B: text, C: text} -> [Book]", "answers an array of Book; not understood: A, B, C", True),
        (
            "FindBooks {A: text, B: text, C: text, D: text} -> [Book]",
            "answers an array of Book; not understood: A, B, C and 1 more",
            True,
        ),
        ("GetBooksInShelf {ShelfId: int} -> [Book]", "answers an array of Book", True),
        ("GetBook {Id: int} -> Book", "answers a Book", False),
        ("CreateDefaultBookEntity -> BookEntity", "answers a BookEntity", False),
        ("Delete {BookId: int}", "asks for the key", False),
        ("Delete {BookIds: [int]}", "asks for keys", True),
        ("SaveBooks [BookEntity]", "body is an array of BookEntity", True),
        ("Save {Books: [BookEntity]}", "Books is an array of BookEntity", True),
        ("Save BookEntity", "body is a BookEntity", False),
    ],
)
def test_a_role_says_why_and_whether_it_is_of_many(line: str, why: str, is_of_many: bool) -> None:
    label = f"{LABEL}{line.split()[0]}"
    inferred = role(api(f"{SAVE}{LABEL}{line}", **TYPES, **SHELF), label)
    assert (inferred.why, inferred.many) == (f"named {line.split()[0]}, {why}", is_of_many)


def test_where_a_request_tells_it() -> None:
    contract = api(
        SAVE + f"{LABEL}Save {{Entity: BookEntity, Mode: text}}\n{LABEL}DeleteBooks {{BookIds: [int]}}",
        **TYPES,
        **SHELF,
    )
    assert role(contract, f"{LABEL}SaveBookEntity").entity == body()
    assert role(contract, f"{LABEL}Save").entity == body("Entity")
    assert role(contract, f"{LABEL}Save").why == "named Save, Entity is a BookEntity; not understood: Mode"
    inferred = role(contract, f"{LABEL}DeleteBooks")
    assert (inferred.key, inferred.many) == (body("BookIds"), True)


def test_criteria_are_what_a_view_has() -> None:
    label = f"{LABEL}GetBooksInShelf"
    contract = api(f"{SAVE}{label} {{ShelfId: int, Lent: bool, Since: text}} -> [Book]", **TYPES, **SHELF)
    inferred = role(contract, label)
    assert inferred.criteria == tuple(Criterion(body(name), "Book", name) for name in ("ShelfId", "Lent"))
    assert inferred.why == "named GetBooksInShelf, answers an array of Book; not understood: Since"


def test_a_criterion_may_lead_into_what_is_shown() -> None:
    label = f"{LABEL}GetBooksInShelf"
    contract = api(f"{SAVE}{label} {{ShelfId: int}} -> [BookEntity]", **TYPES, **SHELF)
    assert role(contract, label).criteria == (Criterion(body("ShelfId"), "BookEntity", "Shelf/ShelfId"),)


def test_an_agent_and_a_collection_are_about_one_resource() -> None:
    contract = api(SAVE + "GET /Book/{id} -> BookEntity", **TYPES, **SHELF)
    assert roles(contract) == {f"{LABEL}SaveBookEntity": ("book", "save"), "GET /Book/{id}": ("book", "read")}


def test_the_name_of_an_agent_may_be_the_first_word() -> None:
    contract = api("POST /Agents/Quote/SaveLine {Line: QuoteLine} -> QuoteLine", QuoteLine="{QuoteLineId: int}")
    assert roles(contract) == {"POST /Agents/Quote/SaveLine": ("quoteline", "save")}


def test_what_writes_and_is_not_understood_is_reported() -> None:
    contract = api(SAVE + f"{LABEL}Undelete {{BookId: int}}\nGET /Book/Undeleted -> [Book]", **TYPES, **SHELF)
    assert unassigned(contract) == {f"{LABEL}Undelete": ("book", "their names and types don't say what they do to it")}


def test_what_is_named_like_a_reader_is_not_reported() -> None:
    assert unassigned(api(SAVE + f"{LABEL}GetCover {{BookId: int}}", **TYPES, **SHELF)) == {}


def test_a_name_may_be_spelled_in_any_way() -> None:
    contract = api("POST /rpc/book/save_book Book -> Book\nPOST /rpc/book/deleteBook?book_id:int", Book="{id: int}")
    assert {role_name for _, role_name in roles(contract).values()} == {"save", "delete"}


def test_a_dialect_may_say_other_verbs() -> None:
    contract = api(f"{LABEL}KeepBookEntity BookEntity -> BookEntity", **TYPES, **SHELF)
    assert roles(contract) == {}
    verbs = Verbs({**USUAL.verbs, "save": ("Keep",)}, ("fresh",))
    assert roles(with_resources(contract, verbs)) == {f"{LABEL}KeepBookEntity": ("book", "save")}


def test_a_resource_knows_all_its_views() -> None:
    assert resource(api(SAVE, **TYPES, **SHELF), "book").views == {"BookEntity": "BookId", "Book": "BookId"}


def test_a_query_tells_a_key() -> None:
    contract = api(SAVE + f"{LABEL}GetBook?bookId:int -> Book", **TYPES, **SHELF)
    assert role(contract, f"{LABEL}GetBook").key == RequestPlace("query", "bookId")
