import pytest

from docdouble.contracts.checks.server_error import no_reply
from docdouble.contracts.client.target import Failure
from docdouble.contracts.model.case import Breach, Purpose
from docdouble.schemas import Call

from .made import JSON, documented, exchange, findings_of, operation, reply, response, summary

CONTRACT = documented(operation())


def test_a_failure_is_an_error_at_the_operation() -> None:
    (finding,) = findings_of("server-error", exchange(CONTRACT, reply(status=500)))
    assert summary(finding) == ("error", "books.md:1", "", "500")
    assert finding.got == "500 Internal Server Error"


def test_a_documented_failure_is_a_warning() -> None:
    responses = {"200": response(), "503": response(**{"x-docdouble-evidence": _line(30)})}
    contract = documented(operation(responses=responses))
    (finding,) = findings_of("server-error", exchange(contract, reply(status=503)))
    assert summary(finding) == ("warning", "books.md:30", "", "503")


def test_a_valid_call_may_fail_where_nothing_but_failures_is_documented() -> None:
    contract = documented(operation(responses={"404": response(), "503": response()}))
    assert findings_of("server-error", exchange(contract, reply(status=503)))[0].severity == "note"
    assert findings_of("server-error", exchange(contract, reply(status=500)))[0].severity == "error"
    hostile = exchange(contract, reply(status=503), purpose=Purpose.HOSTILE)
    assert findings_of("server-error", hostile)[0].severity == "warning"


def test_a_failure_at_a_lone_surrogate_is_a_warning() -> None:
    breach = Breach("body/name", "surrogate")
    (finding,) = findings_of(
        "server-error", exchange(CONTRACT, reply(status=500), purpose=Purpose.HOSTILE, breach=breach)
    )
    assert finding.severity == "warning"


def _line(number: int) -> dict[str, object]:
    return {"grade": "stated", "page": "books.md", "line": number}


@pytest.mark.parametrize(
    ("body", "media_type", "severity", "rule"),
    [
        (b'{"a": "\xff"}', "application/json", "warning", "no-text"),
        ('{"a": "é"}'.encode(), "application/json", "error", "500"),
        (b"\xff\xd8", "image/jpeg", "error", "500"),
        (b"{}", "application/json; charset=docdouble", "warning", "no-text"),
        (b"{}", "application/json; charset=latin-1", "error", "500"),
    ],
)
def test_a_body_that_is_no_text_is_a_warning_of_its_own(body: bytes, media_type: str, severity: str, rule: str) -> None:
    call = Call((("Content-Type", media_type),), body, "POST")
    answered = exchange(CONTRACT, reply(status=500), call, purpose=Purpose.HOSTILE)
    (finding,) = findings_of("server-error", answered)
    assert (finding.severity, finding.rule, finding.once) == (severity, rule, rule == "no-text")


@pytest.mark.parametrize(
    ("target", "body", "rule"),
    [
        ("/books/9223372036854775808", b"", "extreme"),
        ("/books/9223372036854775807", b"", "500"),
        ("/books?limit=-9223372036854775809", b"", "extreme"),
        ("/books", b'{"price": [1e300]}', "extreme"),
        ("/books", b'{"price": 1e-300}', "extreme"),
        ("/books?limit=10", b'{"price": 12.5, "digits": "9223372036854775808"}', "500"),
    ],
)
def test_a_number_beyond_64_bits_is_a_warning_of_its_own(target: str, body: bytes, rule: str) -> None:
    (finding,) = findings_of("server-error", exchange(CONTRACT, reply(status=500), Call((JSON,), body, "POST", target)))
    severity = "warning" if rule == "extreme" else "error"
    assert (finding.severity, finding.rule, finding.once) == (severity, rule, rule == "extreme")


def test_a_refusal_is_no_failure() -> None:
    assert not findings_of("server-error", exchange(CONTRACT, reply(status=400)))


def test_a_method_that_is_not_implemented_may_be_answered_so() -> None:
    assert not findings_of("server-error", exchange(CONTRACT, reply(status=501), Call(method="PATCH")))
    assert findings_of("server-error", exchange(CONTRACT, reply(status=501)))


@pytest.mark.parametrize(
    ("media_type", "is_late", "severity"),
    [
        ("text/event-stream", True, "note"),
        ("text/event-stream", False, "error"),
        ("application/json", True, "error"),
    ],
)
def test_a_stream_may_be_silent_for_long(media_type: str, is_late: bool, severity: str) -> None:
    answered = exchange(documented(operation(media_types=(media_type,))), reply({}))
    finding = no_reply(answered.case, Failure("no whole reply after 30 s", is_late=is_late))
    assert summary(finding) == (severity, "books.md:1", "", "no-reply")
