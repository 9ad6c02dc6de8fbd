"""Announcement of a started server: all operations, or how many there are of each kind."""

import pytest

from docdouble.contracts.cli.announcement import announcement
from docdouble.fakeserver import Settings
from docdouble.schemas import Contract, Operation


def lines(operations: list[Operation], capsys: pytest.CaptureFixture[str], name: str = "shop.yaml") -> list[str]:
    """Return the lines about operations that are printed for them."""
    announcement(Contract("shop", "1", tuple(operations)), name, "127.0.0.1", "", None, Settings())("http://x:1")
    printed = capsys.readouterr()
    assert printed.out == "DOCDOUBLE_URL=http://x:1\n"
    return [line for line in printed.err.splitlines() if "http://x:1" in line and "/__docdouble__/" not in line]


def operations(count: int, path: str, *tags: str) -> list[Operation]:
    return [Operation(f"{path}{number}", "GET", f"{path}/{number}", tags=tags) for number in range(count)]


def test_a_few_operations_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    printed = lines(operations(30, "/pets"), capsys)
    assert (len(printed), printed[3]) == (30, "GET     http://x:1/pets/3")


def test_many_are_counted_by_tag(capsys: pytest.CaptureFixture[str]) -> None:
    many = [*operations(20, "/a", "pets", "animals"), *operations(30, "/b", "store")]
    assert lines(many, capsys) == [
        "docdouble: http://x:1 answers store 30, pets 20; docdouble list shop.yaml names all"
    ]


def test_many_without_tags_are_counted_by_the_step_that_tells_them_apart(capsys: pytest.CaptureFixture[str]) -> None:
    many = [*operations(20, "/api/v1/pets"), *operations(11, "/api/v1/store")]
    assert lines(many, capsys, "a.yaml, b.yaml") == [
        "docdouble: http://x:1 answers pets 20, store 11; docdouble list a.yaml b.yaml names all"
    ]


def test_of_many_kinds_the_largest_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = lines([operation for number in range(14) for operation in operations(3, f"/kind{number:02}")], capsys)
    assert line.endswith("kind11 3 and 2 more; docdouble list shop.yaml names all")


def test_many_operations_of_one_path_are_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    many = [Operation(f"o{number}", f"M{number}", "/") for number in range(31)]
    assert lines(many, capsys) == ["docdouble: http://x:1 answers / 31; docdouble list shop.yaml names all"]
