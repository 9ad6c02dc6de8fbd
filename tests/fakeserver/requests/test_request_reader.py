"""What is wrong with a request's body, and the sample that would do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.http.body_limits import MAX_BODY_BYTES
from docdouble.fakeserver.http.codecs.codec import MAX_DEPTH
from docdouble.schemas import Call, Contract, Reply

MakeContract = Callable[..., Contract]
Send = Callable[..., Reply]

LEND = "POST /api/v1/Agents/Loan/LendBook"
JSON = ("Content-Type", "application/json")
SAMPLE = {"CopyId": 31, "Days": 14, "Member": None, "Reason": "OnHoliday"}


def problem(reply: Reply) -> Any:
    assert (reply.status, reply.header("Content-Type")) == (400, "application/problem+json")
    return orjson.loads(reply.body)


def at(text: str, **member: Any) -> dict[str, Any]:
    """Return a violation with the line of the page that starts with ``text`` as its documentation."""
    name = "LoanAgent_LendBook.md"
    lines = (Path(__file__).parents[1] / "library" / name).read_text(encoding="utf-8").splitlines()
    line = next(number for number, content in enumerate(lines, 1) if content.startswith(text))
    return {**member, "documentation": f"{name}:{line}"}


def test_400_is_a_problem_with_every_broken_promise_and_its_line(lend: Send) -> None:
    reply = lend({"CopyId": "thirty", "Days": 2**31, "Reason": 5})
    assert problem(reply) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "the request breaks 3 promises of the documentation of v1LoanAgent_LendBook",
        "violations": [
            at(
                "| CopyId | Integer",
                **{"in": "body", "pointer": "/CopyId", "rule": "type"},
                message='expected integer (int32), got "thirty"',
            ),
            at(
                "| Days | Integer",
                **{"in": "body", "pointer": "/Days", "rule": "maximum"},
                message="expected int32, got 2147483648",
            ),
            at(
                "| Reason | String",
                **{"in": "body", "pointer": "/Reason", "rule": "type"},
                message="expected string, got 5",
            ),
        ],
        "sample": {"CopyId": 31, "Days": 14, "Reason": "OnHoliday"},
    }


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        (b"", "required", "the body is missing"),
        (b"null", "type", "expected object, got null"),
        (b"[]", "type", "expected object, got []"),
        (b"7", "type", "expected object, got 7"),
        (b'{"CopyId": 1, "copyid": 1}', "unique", "property 'CopyId' is given twice"),
        (b'{"CopyId": 1, "CopyId": 1}', "unique", 'the key "CopyId" is given more than once in one object'),
        (b"[" * 2000, "depth", "nested deeper than 128 levels"),
        (b"{", "syntax", "no JSON: "),
        (b'{"CopyId": 01}', "syntax", "no JSON: "),
        (b"{'CopyId': 1}", "syntax", "no JSON: "),
        (b'{"CopyId": NaN}', "syntax", "no JSON: "),
        (b'{"CopyId": 1e999}', "number", "no JSON: "),
        (b'{"Reason": "\xff"}', "syntax", "the body is no utf-8: "),
    ],
)
def test_a_body_that_is_wrong_as_a_whole_is_answered_with_a_whole_sample(
    app: FakeServer, send: Send, body: bytes, rule: str, message: str
) -> None:
    refusal = problem(send(app, LEND, JSON, body=body))
    (violation,) = refusal["violations"]
    assert violation.pop("message").startswith(message)
    assert violation == at("## Request Body", **{"in": "body", "pointer": "", "rule": rule})
    assert refusal["detail"] == "the request breaks 1 promise of the documentation of v1LoanAgent_LendBook"
    assert refusal["sample"] == SAMPLE


def nested(name: str, depth: int) -> bytes:
    """Return an object whose ``name`` makes it as many levels deep."""
    return b'{"%s": %s}' % (name.encode(), b"[" * (depth - 1) + b"]" * (depth - 1))


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 300, 600, 1000])
@pytest.mark.parametrize("name", ["CopyId", "Unheard"])
def test_a_body_that_is_nested_without_end_is_refused(app: FakeServer, send: Send, depth: int, name: str) -> None:
    (violation,) = problem(send(app, LEND, JSON, body=nested(name, depth)))["violations"]
    expected = {"in": "body", "pointer": "", "rule": "depth", "message": "nested deeper than 128 levels"}
    assert violation == at("## Request Body", **expected)


def test_a_body_of_the_deepest_level_is_read(app: FakeServer, send: Send) -> None:
    assert send(app, LEND, JSON, body=nested("Unheard", MAX_DEPTH)).status == 200
    (violation,) = problem(send(app, LEND, JSON, body=nested("CopyId", MAX_DEPTH)))["violations"]
    assert (violation["pointer"], violation["rule"]) == ("/CopyId", "type")


XML = ("Content-Type", "application/xml")


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        (b"{}", "syntax", "no XML: "),
        (b"<request>", "syntax", "no XML: "),
        (b"<request><CopyId>1</CopyId><CopyId>2</CopyId></request>", "unique", "the element CopyId is given more than"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><request/>', "syntax", "a document type or entity in XML is refused"),
        (b"<a>" * (MAX_DEPTH + 2) + b"</a>" * (MAX_DEPTH + 2), "depth", "nested deeper than 128 levels"),
    ],
)
def test_a_body_in_xml_that_is_wrong_as_a_whole_is_refused_as_such(
    app: FakeServer, send: Send, body: bytes, rule: str, message: str
) -> None:
    refusal = problem(send(app, LEND, XML, body=body))
    (violation,) = refusal["violations"]
    assert violation.pop("message").startswith(message)
    assert violation == at("## Request Body", **{"in": "body", "pointer": "", "rule": rule})
    assert refusal["sample"] == SAMPLE


def test_a_body_in_xml_keeps_the_documented_promises_or_is_refused_with_those_it_breaks(
    app: FakeServer, send: Send
) -> None:
    reply = send(app, LEND, XML, body=b"<request><copyid>77</copyid><Days>3</Days></request>")
    assert (reply.status, orjson.loads(reply.body)["CopyId"]) == (200, 77)
    refusal = problem(send(app, LEND, XML, body=b"<request><CopyId>77</CopyId><Days>three</Days></request>"))
    (violation,) = refusal["violations"]
    assert violation == at(
        "| Days | Integer",
        **{"in": "body", "pointer": "/Days", "rule": "type"},
        message='expected integer (int32), got "three"',
    )
    assert refusal["sample"] == {"CopyId": 77, "Days": 14}


def test_a_body_in_a_codec_that_fails_is_a_syntax_error(app: FakeServer, send: Send) -> None:
    refusal = problem(send(app, LEND, ("Content-Type", "application/json; charset=utf-16"), body=b"{}x"))
    assert refusal["violations"][0]["rule"] == "syntax"


def test_names_are_read_without_regard_to_case(lend: Send) -> None:
    reply = lend({"copyid": 77, "DAYS": 3, "member": {"MEMBERID": 4}})
    assert (reply.status, orjson.loads(reply.body)["CopyId"]) == (200, 77)


def test_violations_point_at_the_documented_spelling(lend: Send) -> None:
    (violation,) = problem(lend({"copyid": "x"}))["violations"]
    assert violation["pointer"] == "/CopyId"


def test_what_is_not_documented_is_let_through(lend: Send) -> None:
    assert lend({"Colour": "blue", "Member": {"Nickname": "ola"}}).status == 200


def test_the_sample_keeps_what_was_right(lend: Send) -> None:
    body = {"CopyId": 77, "Days": "three", "Colour": "blue"}
    assert problem(lend(body))["sample"] == {"CopyId": 77, "Days": 14, "Colour": "blue"}


def test_the_sample_for_a_wrong_parameter_is_the_body_that_was_sent(make_contract: MakeContract, send: Send) -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    operation = {"parameters": [limit], "requestBody": body, "responses": {"200": {}}}
    app = FakeServer(make_contract({"/books": {"post": operation}}))
    refusal = problem(send(app, "POST /books?limit=x", json={"Title": "fog"}))
    assert ([violation["in"] for violation in refusal["violations"]], refusal["sample"]) == (
        ["query"],
        {"Title": "fog"},
    )


def one_body(make_contract: MakeContract, schema: dict[str, Any], **more: Any) -> FakeServer:
    """Return the fake of a contract with one operation, ``POST /loans``."""
    media_type = {"schema": schema, **more.pop("media_type", {})}
    body = {"required": True, "content": {"application/json": media_type}, **more}
    return FakeServer(make_contract({"/loans": {"post": {"requestBody": body, "responses": {"200": {}}}}}))


def test_a_documented_sample_that_breaks_its_own_schema_is_not_recommended(
    make_contract: MakeContract, send: Send
) -> None:
    schema = {"type": "object", "properties": {"Days": {"type": "integer"}}, "required": ["Days"]}
    examples = {"wrong": {"value": {"Days": "ten"}}, "short": {"value": {}}, "right": {"value": {"Days": 10}}}
    app = one_body(make_contract, schema, media_type={"examples": examples})
    assert problem(send(app, "POST /loans", json={}))["sample"] == {"Days": 10}


def test_without_any_documented_sample_one_is_made(make_contract: MakeContract, send: Send) -> None:
    schema = {"type": "object", "properties": {"Kind": {"enum": ["Novel"]}}, "required": ["Kind"]}
    app = one_body(make_contract, schema)
    refusal = problem(send(app, "POST /loans", json={"Kind": 1}))
    assert refusal["sample"] == {"Kind": "Novel"}
    assert refusal["violations"][0]["documentation"] == "library.json#/paths/~1loans/post"


def test_the_sample_for_a_body_of_another_kind_is_made_anew(make_contract: MakeContract, send: Send) -> None:
    app = one_body(make_contract, {"type": "string", "enum": ["Novel"]})
    assert problem(send(app, "POST /loans", json={"Kind": "Novel"}))["sample"] == "Novel"


def test_a_body_that_is_not_required_may_be_missing(make_contract: MakeContract, send: Send) -> None:
    app = one_body(make_contract, {"type": "object"}, required=False)
    assert send(app, "POST /loans").status == 200
    assert send(app, "POST /loans", json=None).status == 400


def test_null_is_a_body_where_it_is_documented(make_contract: MakeContract, send: Send) -> None:
    assert send(one_body(make_contract, {"type": ["object", "null"]}), "POST /loans", json=None).status == 200


def test_letter_case_matters_where_no_page_says_otherwise(make_contract: MakeContract, send: Send) -> None:
    app = one_body(make_contract, {"properties": {"Days": {"type": "integer"}}, "required": ["Days"]})
    assert send(app, "POST /loans", json={"days": 3}).status == 400


def test_operations_that_share_an_id_keep_their_own_rules(make_contract: MakeContract, send: Send) -> None:
    def taking(kind: str) -> dict[str, Any]:
        content = {"application/json": {"schema": {"type": kind}}}
        return {"operationId": "lend", "requestBody": {"content": content}, "responses": {"200": {}}}

    app = FakeServer(make_contract({"/one": {"post": taking("integer")}, "/other": {"post": taking("string")}}))
    assert [send(app, f"POST {path}", json=5).status for path in ("/one", "/other")] == [200, 400]


def test_a_body_of_the_largest_size_is_read(app: FakeServer, send: Send) -> None:
    body = b'{"Reason": "%s"}'
    filled = body % (b"x" * (MAX_BODY_BYTES - len(body % b"")))
    assert send(app, LEND, JSON, body=filled).status == 200
    reply = send(app, LEND, JSON, body=filled + b" ")
    assert (reply.status, reply.media_type) == (413, "application/problem+json")
    assert orjson.loads(reply.body)["detail"] == "the body has more than 16777216 bytes, the most that are read"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["CopyId", "copyId", "Days", "Member", "member", "Reason", "Extra", "a/b~c"])
BODIES = st.dictionaries(NAMES, VALUES, max_size=5) | VALUES


def as_json(value: Any) -> bytes:
    """Return JSON with integers of any length, which orjson does not write."""
    match value:
        case dict():
            return b"{%s}" % b",".join(b"%s:%s" % (orjson.dumps(key), as_json(part)) for key, part in value.items())
        case list():
            return b"[%s]" % b",".join(map(as_json, value))
        case bool() | None | str() | float():
            return orjson.dumps(value)
    return str(value).encode()


@given(BODIES)
def test_the_sample_of_any_refusal_is_accepted(app: FakeServer, send: Send, value: Any) -> None:
    reply = send(app, LEND, JSON, body=as_json(value))
    if reply.status != 200:
        assert send(app, LEND, json=problem(reply)["sample"]).status == 200


@given(st.binary(max_size=40))
def test_bytes_are_refused_with_a_sample_that_is_accepted(shipped_app: FakeServer, send: Send, body: bytes) -> None:
    label = "POST /api/v1/Agents/Appointment/AssignTo"
    reply = send(shipped_app, label, JSON, body=body)
    if reply.status != 200:  # {} is fine
        assert send(shipped_app, label, json=problem(reply)["sample"]).status == 200


def test_the_request_of_a_sample_page_is_accepted(library: Contract, app: FakeServer) -> None:
    operation = library.operation("v1LoanAgent_LendBook")
    assert operation.request is not None
    (sample,) = operation.request.media_types[0].samples
    headers = (JSON, ("Authorization", "Basic ZGVzazpib29rcw=="))
    assert app.handle(Call(headers, orjson.dumps(sample), operation.method, operation.path)).status == 200
