import pytest

from docdouble.contracts.model.case import Origin, Purpose
from docdouble.schemas import Call

from .made import JSON, applies, documented, exchange, findings_of, operation, reply, response, summary

CONTRACT = documented(operation())


@pytest.mark.parametrize(("body", "severity"), [(b"", "note"), (b"{}", "error")])
def test_what_reads_a_body_may_ask_for_its_media_type(body: bytes, severity: str) -> None:
    contract = documented(operation(requestBody={"content": {"application/json": {}}}), method="patch")
    call = Call((JSON,) if body else (), body, "PATCH", "/books/7")
    (finding,) = findings_of("valid-request", exchange(contract, reply(status=415), call))
    assert finding.severity == severity


@pytest.mark.parametrize("status", [401, 403, 405, 406, 415])
def test_what_the_call_has_as_documented_is_not_refused(status: int) -> None:
    (finding,) = findings_of("valid-request", exchange(CONTRACT, reply(status=status)))
    assert summary(finding) == ("error", "books.md:1", "", str(status))


def test_credentials_may_be_the_reason() -> None:
    (finding,) = findings_of("valid-request", exchange(CONTRACT, reply(status=403)))
    assert finding.got == "403 Forbidden (are the credentials right?)"


def test_a_documented_403_is_a_note() -> None:
    contract = documented(operation(responses={"403": response()}))
    assert findings_of("valid-request", exchange(contract, reply(status=403)))[0].severity == "note"


@pytest.mark.parametrize("status", ["405", "4XX"])
def test_a_documented_refusal_is_a_note_where_no_success_is_documented(status: str) -> None:
    contract = documented(operation(responses={status: response()}))
    assert findings_of("valid-request", exchange(contract, reply(status=405)))[0].severity == "note"
    assert findings_of("valid-request", exchange(contract, reply(status=405), existing=True))[0].severity == "note"
    both = documented(operation(responses={status: response(), "default": response()}))
    assert findings_of("valid-request", exchange(both, reply(status=405)))[0].severity == "error"


def test_an_undocumented_refusal_is_an_error_where_no_success_is_documented() -> None:
    contract = documented(operation(responses={"404": response()}))
    assert findings_of("valid-request", exchange(contract, reply(status=405)))[0].severity == "error"


@pytest.mark.parametrize(
    ("security", "severity"),
    [([{"Ghost": []}], "note"), ([{"Ghost": [], "Desk": []}], "note"), ([{"Ghost": []}, {"Desk": []}], "error")],
)
def test_nobody_has_credentials_that_nothing_defines(security: list[dict[str, list[str]]], severity: str) -> None:
    schemes = {"Desk": {"type": "http", "scheme": "basic"}}
    contract = documented(operation(security=security), securitySchemes=schemes)
    refused = exchange(contract, reply(status=401))
    assert findings_of("valid-request", refused)[0].severity == severity


@pytest.mark.parametrize("status", [400, 409, 422, 429])
def test_a_server_may_know_better(status: int) -> None:
    assert findings_of("valid-request", exchange(CONTRACT, reply(status=status)))[0].severity == "note"


def test_a_documented_sample_is_a_warning() -> None:
    (finding,) = findings_of("valid-request", exchange(CONTRACT, reply(status=400), origin=Origin.SAMPLE))
    assert (finding.severity, finding.expected) == ("warning", "no refusal of a documented sample")


@pytest.mark.parametrize("status", [404, 410])
def test_only_what_exists_has_to_be_found(status: int) -> None:
    assert not findings_of("valid-request", exchange(CONTRACT, reply(status=status)))
    assert (
        findings_of("valid-request", exchange(CONTRACT, reply(status=status), existing=True))[0].severity == "warning"
    )


def test_broken_calls_are_not_judged() -> None:
    assert not applies("valid-request", exchange(CONTRACT, reply(status=400), purpose=Purpose.HOSTILE))
    assert not findings_of("valid-request", exchange(CONTRACT, reply()))


def test_no_success_is_expected_where_no_value_fits_its_body() -> None:
    contract = documented(operation({"allOf": [{"type": "string"}, {"type": "integer"}]}))
    refused = exchange(contract, reply(status=406))
    assert findings_of("valid-request", refused)[0].severity == "note"
    assert findings_of("valid-request", exchange(contract, reply(status=405)))[0].severity == "error"
