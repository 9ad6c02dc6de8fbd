import pytest

from .made import applies, documented, exchange, findings_of, operation, reply, summary

CONTRACT = documented(operation(media_types=("application/json", "text/plain; charset=utf-8")))


def rules(body: bytes, content_type: str) -> list[tuple[str, str]]:
    findings = findings_of("charset", exchange(CONTRACT, reply(body, 200, ("Content-Type", content_type))))
    return [(finding.severity.value, finding.rule) for finding in findings]


def test_octets_that_the_charset_has_not() -> None:
    (finding,) = findings_of("charset", exchange(CONTRACT, reply('"é"'.encode("latin-1"))))
    assert summary(finding) == ("error", "books.md:5", "", "octets")
    assert (finding.expected, finding.got) == ("a body in utf-8", "the octets e9")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ('"é"'.encode(), "application/json; charset=utf-8", []),
        (b"{}", "application/json; charset=us-ascii", []),
        ('"é"'.encode(), "application/json; charset=ascii", [("error", "octets")]),
        (b'"\xe9"', "application/json; charset=latin-1", [("note", "json")]),
        (b"\xef\xbb\xbf{}", "application/json", [("note", "byte-order-mark")]),
        (b"x", "text/plain; charset=klingon", [("error", "documented"), ("warning", "unknown")]),
        (b"x", "text/plain; charset=latin-1", [("error", "documented")]),
        (b"x", "text/plain; charset=UTF8", []),
    ],
)
def test_charsets(body: bytes, content_type: str, expected: list[tuple[str, str]]) -> None:
    assert rules(body, content_type) == expected


def test_what_names_no_charset_is_not_judged() -> None:
    assert not applies("charset", exchange(CONTRACT, reply(b"\xff", 200, ("Content-Type", "image/png"))))
    assert not applies("charset", exchange(CONTRACT, reply(b"")))


def test_a_byte_order_mark_does_not_keep_json_from_being_read() -> None:
    assert exchange(CONTRACT, reply(b"\xef\xbb\xbf[1]")).json == [1]
