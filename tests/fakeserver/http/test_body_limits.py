"""What is refused before anything is read."""

import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.http.body_limits import (
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    MAX_HEADERS,
    MAX_URL_BYTES,
    WholeReads,
    refuse_environ,
    refuse_fields,
)
from docdouble.fakeserver.http.wsgi import header_fields

LENGTHS = ("5, 6", "-5", "+5", "x", "1_0", ",", "5,", "²")
TEXT = st.text(st.characters(max_codepoint=255))


def refusal(**environ: Any) -> tuple[int, str] | None:
    """Return status and detail."""
    asked = {"PATH_INFO": "/a", "QUERY_STRING": "", **environ}
    reply = refuse_environ(asked) or refuse_fields(header_fields(asked))
    return (reply.status, orjson.loads(reply.body)["detail"]) if reply else None


CONTROLS = ("HTTP_DOCDOUBLE_WORLD", "HTTP_DOCDOUBLE_TEST", "HTTP_DOCDOUBLE_", "HTTP_PREFER")
"""Fields by which callers choose what is answered."""

UNREADABLE = ("", " ", "caf\xc3\xa9", "caf\xe9")
"""Values as servers show them that were sent empty, or in UTF-8 or Latin-1; granian shows them as empty."""


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"PATH_INFO": "/b\xc3\xa5", "QUERY_STRING": "a=%C3%a5&b=\xc3\xa5"},
        {"PATH_INFO": "/100%zz"},  # granian's: sent as %25zz
        {"RAW_URI": "/a%2Fb?c=%", "QUERY_STRING": "c=%41"},  # the query counts, not what the target shows of it
        {"PATH_INFO": "a" * (MAX_URL_BYTES - 1)},
        {"HTTP_X": "a" * (MAX_HEADER_BYTES - 6)},
        {f"HTTP_{number}": "" for number in range(MAX_HEADERS)},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_TYPE": ""},
        {"HTTP_PREFER": "example", "HTTP_DOCDOUBLE_WORLD": "mine", "HTTP_X": "\xe9"},
        {"CONTENT_LENGTH": str(MAX_BODY_BYTES)},
        {"CONTENT_LENGTH": "0" * 30 + "5"},
    ],
)
def test_what_keeps_to_the_limits_passes(environ: dict[str, str]) -> None:
    assert refusal(**environ) is None


@pytest.mark.parametrize(
    ("environ", "status", "detail"),
    [
        ({"PATH_INFO": "a" * MAX_URL_BYTES}, 414, f"at most {MAX_URL_BYTES}"),
        ({"RAW_URI": "a" * (MAX_URL_BYTES + 1)}, 414, f"the URL has {MAX_URL_BYTES + 1} bytes"),
        ({"QUERY_STRING": "a" * MAX_URL_BYTES}, 414, "the URL"),
        ({"HTTP_X": "a" * MAX_HEADER_BYTES}, 431, f"at most {MAX_HEADER_BYTES}"),
        ({"CONTENT_TYPE": "a" * MAX_HEADER_BYTES}, 431, "the header fields"),
        ({f"HTTP_{number}": "" for number in range(MAX_HEADERS + 1)}, 431, "there are 201 header fields"),
        ({"HTTP_X_Y": "a\r\nb"}, 400, "the header field X-Y holds a line break or NUL"),
        ({"HTTP_X": "\0"}, 400, "NUL"),
        *(({key: value}, 400, "is empty or no ASCII text") for key in CONTROLS for value in UNREADABLE),
        ({"HTTP_DOCDOUBLE_WRLD": "a"}, 400, "Docdouble-Wrld is unknown, expected Docdouble-Test or Docdouble-World"),
        ({"HTTP_DOCDOUBLE_WRLD": "a"}, 400, "did you mean 'Docdouble-World'?"),
        ({"CONTENT_TYPE": "", "SERVER_SOFTWARE": "Granian"}, 400, "Content-Type is empty or no ASCII text"),
        *(({"CONTENT_LENGTH": length}, 400, "one number") for length in LENGTHS),
        ({"CONTENT_LENGTH": str(MAX_BODY_BYTES + 1)}, 413, f"more than {MAX_BODY_BYTES} bytes"),
        ({"CONTENT_LENGTH": "9" * 60_000}, 413, "more than"),
        ({"RAW_URI": "/%zz"}, 400, "'%zz' in the path is no percent-encoding"),
        ({"REQUEST_URI": "/a%"}, 400, "'%' in the path"),
        ({"QUERY_STRING": "a=%4"}, 400, "'%4' in the query"),
        ({"PATH_INFO": "/\xff"}, 400, "the path is no UTF-8 once it is decoded: octet 0xff"),
        ({"RAW_URI": "/%c0%af"}, 400, "octet 0xc0"),
        ({"QUERY_STRING": "a=%ed%a0%80"}, 400, "the query is no UTF-8"),
    ],
)  # fmt: skip
def test_what_does_not_is_refused_with_its_limit(environ: dict[str, str], status: int, detail: str) -> None:
    refused = refusal(**environ)
    assert refused is not None
    assert refused[0] == status
    assert detail in refused[1]


@pytest.mark.parametrize("name", ["Docdouble_World", "Docdouble.World", "Docdoubleworld", "Docdouble"])
def test_a_control_field_that_is_misspelt_is_refused(name: str) -> None:
    refused = refuse_fields(((name, "a"),))
    assert refused is not None
    assert refused.status == 400


@pytest.mark.parametrize(("stated", "read"), [("5, 5", "5"), ("5,05", "5"), (" 5 ", "5"), ("0", "0"), ("00", "0")])
def test_a_length_that_repeats_one_number_is_that_number(stated: str, read: str) -> None:
    environ = {"CONTENT_LENGTH": stated}
    assert refuse_environ(environ) is None
    assert environ["CONTENT_LENGTH"] == read


@given(TEXT, TEXT, TEXT, TEXT)
def test_any_text_is_judged(path: str, query: str, length: str, raw: str) -> None:
    refused = refusal(PATH_INFO=path, QUERY_STRING=query, CONTENT_LENGTH=length, RAW_URI=raw)
    assert refused is None or refused[0] in (400, 413)


def test_a_stream_that_ends_too_soon_raises() -> None:
    stream = WholeReads(io.BytesIO(b"5\nab"))
    assert (stream.readline(), stream.read(2)) == (b"5\n", b"ab")
    assert WholeReads(io.BytesIO(b"5\nab")).readline(1) == b"5"
    with pytest.raises(OSError, match="ends within a chunk"):
        stream.read(1)
