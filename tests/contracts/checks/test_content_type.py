from dataclasses import replace

import pytest

from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Call, Reply

from .made import applies, documented, exchange, findings_of, operation, reply, response, summary

CONTRACT = documented(operation(media_types=("application/json; charset=utf-8", "image/*")))


@pytest.mark.parametrize(("sent", "got"), [("text/html", "text/html"), ("", "no Content-Type")])
def test_another_media_type(sent: str, got: str) -> None:
    (finding,) = findings_of("content-type", exchange(CONTRACT, reply({}, 200, ("Content-Type", sent))))
    assert (*summary(finding), finding.got) == ("error", "books.md:5", "", "media-type", got)


@pytest.mark.parametrize("sent", ["application/json", "Application/JSON; charset=utf-8", "image/png"])
def test_documented_ones(sent: str) -> None:
    assert not findings_of("content-type", exchange(CONTRACT, reply({}, 200, ("Content-Type", sent))))


@pytest.mark.parametrize(("body", "got"), [(b"{", "b'{'"), (b"", "no body")])
def test_what_is_no_json(body: bytes, got: str) -> None:
    (finding,) = findings_of("content-type", exchange(CONTRACT, reply(body)))
    assert (*summary(finding), finding.got) == ("error", "books.md:5", "", "syntax", got)


def test_a_body_that_is_assumed_may_be_another_or_none() -> None:
    assumed = {"grade": "assumed", "page": "books.md", "line": 9}
    content = {"application/json": {"schema": {}, "x-docdouble-evidence": assumed}}
    contract = documented(operation(responses={"200": {"description": "", "content": content}}))
    for sent in (
        reply(b"", 200, ("Content-Type", "")),
        reply(b"", 200),
        reply(b"ok", 200, ("Content-Type", "text/plain")),
    ):
        (finding,) = findings_of("content-type", exchange(contract, sent))
        assert summary(finding)[:2] == ("note", "books.md:9")


@pytest.mark.parametrize(
    ("purpose", "status", "severity"),
    [(Purpose.HOSTILE, 404, "note"), (Purpose.VALID, 404, "error"), (Purpose.HOSTILE, 400, "warning")],
)
def test_a_router_that_knows_no_such_path_speaks_for_itself(purpose: Purpose, status: int, severity: str) -> None:
    refusals = {"4XX": {"description": "", "content": {"application/json": {"schema": {"required": ["code"]}}}}}
    contract = documented(operation(responses={"200": {"description": ""}, **refusals}))
    plain = exchange(contract, reply(b"no such path", status, ("Content-Type", "text/plain")), purpose=purpose)
    other = exchange(contract, reply({"detail": "no such path"}, status), purpose=purpose)
    findings = (*findings_of("content-type", plain), *findings_of("response-schema", other))
    assert [finding.severity for finding in findings] == [severity, severity]
    assert {finding.once for finding in findings} == {purpose is Purpose.HOSTILE}


@pytest.mark.parametrize(("signed", "severity"), [(True, "error"), (False, "warning")])
def test_credentials_are_often_refused_by_a_framework(signed: bool, severity: str) -> None:
    refusals = {"400": {"description": "", "content": {"application/json": {}}}}
    contract = documented(operation(responses={"200": {"description": ""}, **refusals}))
    refused = exchange(contract, reply(b"Bad Request", 400, ("Content-Type", "text/plain")), purpose=Purpose.PROBE)
    refused = replace(refused, case=replace(refused.case, signed=signed))
    (finding,) = findings_of("content-type", refused)
    assert (finding.severity, finding.once) == (severity, not signed)


@pytest.mark.parametrize(
    ("key", "severity"), [("7", "error"), ("north-7", "error"), ("-7", "note"), ("a%20b", "note"), ("%C3%A9", "note")]
)
def test_a_router_may_not_take_an_odd_key_for_one(key: str, severity: str) -> None:
    refusals = {"404": {"description": "", "content": {"application/json": {}}}}
    contract = documented(operation(responses={"200": {"description": ""}, **refusals}))
    html = reply(b"no such path", 404, ("Content-Type", "text/html"))
    for existing, expected in ((False, severity), (True, "error")):
        answered = exchange(contract, html, Call(target=f"/books/{key}"), existing=existing)
        assert [finding.severity for finding in findings_of("content-type", answered)] == [expected]


def test_what_has_no_body_or_no_documented_one() -> None:
    assert not applies("content-type", exchange(documented(operation(responses={"204": {}})), reply(b"", 204)))
    assert not applies("content-type", exchange(CONTRACT, reply({}, 404)))


def test_a_body_of_any_media_type_may_be_empty() -> None:
    contract = documented(operation(responses={"200": response(content={"*/*": {}})}))
    empty = Reply(status=200)
    assert not applies("content-type", exchange(contract, empty))
    json_only = documented(operation(responses={"200": response(content={"application/json": {}})}))
    assert applies("content-type", exchange(json_only, empty))


def test_a_reply_to_head_has_no_body() -> None:
    contract = documented(operation(), method="head")
    assert not findings_of("content-type", exchange(contract, reply(b"")))


@pytest.mark.parametrize(("coding", "rule"), [("compress", "coding"), ("br, compress", "coding"), ("gzip", "syntax")])
def test_a_content_coding_that_cant_be_undone_is_a_note(coding: str, rule: str) -> None:
    answered = exchange(CONTRACT, reply(b"\x1f\x9d\x90", 200, ("Content-Encoding", coding)))
    (finding,) = findings_of("content-type", answered)
    assert summary(finding)[0::3] == ("note" if rule == "coding" else "error", rule)
    assert applies("charset", answered) is (rule == "syntax")


def test_the_default_response_of_an_operation_says_nothing_of_other_methods() -> None:
    contract = documented(operation(responses={"default": {"description": "", "content": {"application/json": {}}}}))
    refused = reply(b"", 405, ("Content-Type", ""))
    assert findings_of("content-type", exchange(contract, refused))
    assert not findings_of("content-type", exchange(contract, refused, Call(method="POST")))
