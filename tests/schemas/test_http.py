import pytest

from docdouble.schemas import Call, PageError, Reply
from docdouble.schemas.http import SampleMessage, is_json, media_type, parse_request, parse_response


def test_a_sample_request_is_its_request_line_headers_and_body() -> None:
    text = '\nPOST /api/Book?a=1 HTTP/1.1\nAccept:  text/json \nX-Empty:\n\n\n{\n  "a": 1\n}\n\n'
    assert parse_request(text, "a.md", 10) == SampleMessage(
        start="POST /api/Book?a=1 HTTP/1.1",
        line=11,
        headers=(("Accept", "text/json", 12), ("X-Empty", "", 13)),
        body='{\n  "a": 1\n}',
        body_line=16,
        parts={"method": "POST", "target": "/api/Book?a=1"},
    )


def test_a_sample_response_is_its_status_line_headers_and_body() -> None:
    assert parse_response("HTTP/1.1 404 Not here\nAge: 1\n\nnull", "a.md", 3) == SampleMessage(
        start="HTTP/1.1 404 Not here",
        line=3,
        headers=(("Age", "1", 4),),
        body="null",
        body_line=6,
        parts={"status": "404", "reason": "Not here"},
    )


def test_a_message_may_end_after_its_first_line() -> None:
    request = parse_request("GET /api/Book", "a.md", 1)
    assert (request.headers, request.body) == ((), "")
    assert parse_response("HTTP/2 204", "a.md", 1).parts == {"status": "204", "reason": None}


def test_a_sample_header_is_found_without_regard_to_case() -> None:
    sample = parse_request("GET /\nAccept: a\naccept: b", "a.md", 1)
    assert sample.header("ACCEPT") == "a"
    assert sample.header("Age") == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.md:5: expected a request line such as 'GET /path', found ''"),
        ("\n\nget /x\n", "a.md:7: expected a request line such as 'GET /path', found 'get /x'"),
        ("GET /x\nAccept text/json\n", "a.md:6: expected a header field, found 'Accept text/json'"),
        ("GET /x\nA: 1\n{}\n", "a.md:7: expected a header field, found '{}'"),
    ],
)
def test_a_sample_request_that_is_none_is_an_error(text: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        parse_request(text, "a.md", 5)
    assert str(caught.value) == message


@pytest.mark.parametrize("line", ["200 OK", "HTTP/1.1 OK", "HTTP/1.1 999 Odd", "HTTP/1.1 ٢٠٠ OK"])
def test_a_sample_response_without_a_status_is_an_error(line: str) -> None:
    with pytest.raises(PageError) as caught:
        parse_response(line, "a.md", 5)
    assert str(caught.value) == f"a.md:5: expected a status line such as 'HTTP/1.1 200 OK', found {line!r}"


@pytest.mark.parametrize(
    ("header", "name"),
    [("application/json", "application/json"), (" Text/JSON ; charset=utf-8", "text/json"), ("", "")],
)
def test_a_media_type_is_lower_case_and_without_parameters(header: str, name: str) -> None:
    assert media_type(header) == name
    assert Reply((("content-type", header),)).media_type == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("application/json", True),
        ("text/json", True),
        ("application/merge-patch+json", True),
        ("application/xml", False),
        ("text/jsonp", False),
        ("", False),
    ],
)
def test_json_is_known_by_its_media_type(name: str, expected: bool) -> None:
    assert is_json(name) is expected


def test_header_fields_of_one_name_are_joined() -> None:
    call = Call((("Accept", "text/json"), ("ACCEPT", "text/xml"), ("Age", "1")))
    assert call.header("accept") == "text/json, text/xml"
    assert call.header("Host") is None


def test_a_target_is_path_and_query() -> None:
    call = Call(target="/a%20b?q=1?2")
    assert (call.path, call.query) == ("/a%20b", "q=1?2")
    assert Call(target="/a").query == ""


def test_headers_are_set_in_place_of_those_with_their_names() -> None:
    call = Call((("Accept", "a"), ("Age", "1"), ("accept", "b"), ("Cookie", "c")), b"x", "PUT", "/a")
    assert call.with_headers(("ACCEPT", "z"), drop=("cookie",)) == Call(
        (("Age", "1"), ("ACCEPT", "z")), b"x", "PUT", "/a"
    )


def test_a_reply_knows_the_phrase_of_its_status() -> None:
    assert (Reply(status=404).reason, Reply(status=599).reason) == ("Not Found", "")
