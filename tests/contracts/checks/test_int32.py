from typing import Any

import pytest

from .made import INT, TEXT, applies, documented, exchange, findings_of, line, operation, record, reply, summary

SHELF = record(
    Id={**INT, **line(11)},
    Count={"type": "integer", "format": "int64", **line(12, "sampled")},
    Level={"type": "integer", "maximum": 9, **line(13)},
)
CONTRACT = documented(operation(SHELF))


@pytest.mark.parametrize(
    ("body", "expected", "promised"),
    [
        ({"Id": 2**31}, ("error", "books.md:11", "/Id", "maximum"), "/Id is int32"),
        ({"Id": -(2**31) - 1}, ("error", "books.md:11", "/Id", "minimum"), "/Id is int32"),
        ({"Count": 2**63}, ("warning", "books.md:12", "/Count", "maximum"), "/Count is int64"),
    ],
)
def test_what_is_out_of_range(body: Any, expected: tuple[str, ...], promised: str) -> None:
    (finding,) = findings_of("int32", exchange(CONTRACT, reply(body)))
    assert (summary(finding), finding.expected) == (expected, promised)


def test_the_ends_of_the_range_and_other_bounds() -> None:
    assert not findings_of("int32", exchange(CONTRACT, reply({"Id": 2**31 - 1, "Count": -(2**63), "Level": 10})))


def test_only_what_has_such_formats_is_judged() -> None:
    assert not applies("int32", exchange(documented(operation(record(Title=TEXT))), reply({})))
