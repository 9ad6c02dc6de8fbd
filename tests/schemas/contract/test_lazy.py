"""Values that are read when they are first asked for, and can't be distinguished from others afterwards."""

import pickle
import threading
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from docdouble.schemas.contract.lazy import Deferrable


@dataclass(frozen=True, slots=True)
class Book(Deferrable):
    title: str
    pages: int = 0
    words: tuple[str, ...] = ()


WHOLE = Book("Fog", 7, ("a",))
READ: list[str] = []


def read() -> Book:
    READ.append("read")
    return WHOLE


def fail() -> Book:
    raise ValueError("torn")


@pytest.fixture
def book() -> Book:
    READ.clear()
    return Book.deferred(read, title="Fog")


def test_what_is_known_needs_no_reading(book: Book) -> None:
    assert (book.title, READ) == ("Fog", [])


def test_the_rest_is_read_once(book: Book) -> None:
    assert (book.pages, book.words, book.pages, READ) == (7, ("a",), 7, ["read"])


def test_what_was_known_stays(book: Book) -> None:
    renamed = Book.deferred(read, title="Rain")
    assert (renamed.pages, renamed.title) == (7, "Rain")


def test_it_equals_what_it_stands_for(book: Book) -> None:
    assert book == WHOLE
    assert Book.deferred(read, title="Fog") == Book.deferred(read, title="Fog")
    assert (repr(Book.deferred(read, title="Fog")), hash(Book.deferred(read, title="Fog"))) == (
        repr(WHOLE),
        hash(WHOLE),
    )


def test_it_is_replaced_and_frozen_as_any_other(book: Book) -> None:
    assert replace(book, pages=8) == Book("Fog", 8, ("a",))
    with pytest.raises(FrozenInstanceError):
        book.pages = 8  # type: ignore[misc]


def test_it_is_pickled_unread(book: Book) -> None:
    again = pickle.loads(pickle.dumps(book))
    assert (again.title, READ) == ("Fog", [])
    assert again == WHOLE
    assert pickle.loads(pickle.dumps(again)) == WHOLE


@pytest.mark.parametrize("book", [WHOLE, Book.deferred(read, title="Fog")])
def test_other_attributes_it_has_none(book: Book) -> None:
    assert not hasattr(book, "author")
    with pytest.raises(AttributeError, match="'Book' object has no attribute 'author'"):
        book.author  # type: ignore[attr-defined] # noqa: B018


def test_what_cannot_be_read_is_reported_each_time() -> None:
    torn = Book.deferred(fail, title="Fog")
    for _ in range(2):
        with pytest.raises(ValueError, match="torn"):
            torn.pages  # noqa: B018


def test_threads_read_it_once(book: Book) -> None:
    threads = [threading.Thread(target=lambda: book.pages) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert READ == ["read"]
