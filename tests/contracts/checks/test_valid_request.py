import pytest

from docdouble.contracts.model.case import Origin, Purpose
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding

from .made import applies, check_of, documented, exchange, found, operation, reply, response, told

CONTRACT = documented(operation())


@pytest.mark.parametrize("status", [401, 403, 405, 406, 415])
def test_what_the_call_has_as_documented_is_not_refused(status: int) -> None:
    (finding,) = found("valid-request", exchange(CONTRACT, reply(status=status)))
    assert told(finding) == ("error", "books.md:1", "", str(status))


def test_credentials_may_be_the_reason() -> None:
    (finding,) = found("valid-request", exchange(CONTRACT, reply(status=403)))
    assert finding.got == "403 Forbidden (are the credentials right?)"


def test_a_documented_403_is_a_note() -> None:
    contract = documented(operation(responses={"403": response()}))
    assert found("valid-request", exchange(contract, reply(status=403)))[0].severity == "note"


@pytest.mark.parametrize("status", ["405", "4XX"])
def test_a_documented_refusal_is_a_note_where_no_success_is_documented(status: str) -> None:
    contract = documented(operation(responses={status: response()}))
    assert found("valid-request", exchange(contract, reply(status=405)))[0].severity == "note"
    assert found("valid-request", exchange(contract, reply(status=405), existing=True))[0].severity == "note"
    both = documented(operation(responses={status: response(), "default": response()}))
    assert found("valid-request", exchange(both, reply(status=405)))[0].severity == "error"


def test_an_undocumented_refusal_is_an_error_where_no_success_is_documented() -> None:
    contract = documented(operation(responses={"404": response()}))
    assert found("valid-request", exchange(contract, reply(status=405)))[0].severity == "error"


@pytest.mark.parametrize(
    ("security", "severity"),
    [([{"Ghost": []}], "note"), ([{"Ghost": [], "Desk": []}], "note"), ([{"Ghost": []}, {"Desk": []}], "error")],
)
def test_nobody_has_credentials_that_nothing_defines(security: list[dict[str, list[str]]], severity: str) -> None:
    schemes = {"Desk": {"type": "http", "scheme": "basic"}}
    contract = documented(operation(security=security), securitySchemes=schemes)
    refused = exchange(contract, reply(status=401))
    assert found("valid-request", refused)[0].severity == severity
    end = check_of("valid-request").end
    assert end is not None
    (finding,) = end([refused])
    assert finding.severity == {"note": "note", "error": "warning"}[severity]
    assert finding.got.endswith("nothing defines the credentials") == (severity == "note")


@pytest.mark.parametrize("status", [400, 409, 422, 429])
def test_a_server_may_know_better(status: int) -> None:
    assert found("valid-request", exchange(CONTRACT, reply(status=status)))[0].severity == "note"


def test_a_documented_sample_is_a_warning() -> None:
    (finding,) = found("valid-request", exchange(CONTRACT, reply(status=400), origin=Origin.SAMPLE))
    assert (finding.severity, finding.expected) == ("warning", "no refusal of a documented sample")


@pytest.mark.parametrize("status", [404, 410])
def test_only_what_exists_has_to_be_found(status: int) -> None:
    assert not found("valid-request", exchange(CONTRACT, reply(status=status)))
    assert found("valid-request", exchange(CONTRACT, reply(status=status), existing=True))[0].severity == "warning"


def test_broken_calls_are_not_judged() -> None:
    assert not applies("valid-request", exchange(CONTRACT, reply(status=400), purpose=Purpose.HOSTILE))
    assert not found("valid-request", exchange(CONTRACT, reply()))


def ended(*statuses: int) -> list[Finding]:
    exchanges: list[Exchange] = [exchange(CONTRACT, reply(status=status)) for status in statuses]
    end = check_of("valid-request").end
    assert end is not None
    return list(end(exchanges))


def test_an_operation_of_which_nothing_was_verified() -> None:
    (finding,) = ended(400, 404, 500)
    assert told(finding) == ("warning", "books.md:1", "", "nothing-verified")
    assert finding.got == "400, 404, 500 to all 3 valid calls: nothing was verified"


def test_an_operation_of_which_no_id_is_known() -> None:
    (finding,) = ended(404, 410)
    assert finding.severity == "note"
    assert "[verify.values]" in finding.got


def test_one_success_is_enough() -> None:
    assert ended(404, 200, 500) == []
    assert ended() == []


def test_nothing_can_be_verified_where_no_success_is_documented() -> None:
    contract = documented(operation(responses={"400": response(), "503": response()}))
    end = check_of("valid-request").end
    assert end is not None
    (finding,) = end([exchange(contract, reply(status=400)), exchange(contract, reply(status=503))])
    assert finding.severity == "note"
    assert finding.got == "400, 503 to all 2 valid calls: nothing was verified; no success is documented"


def test_no_success_is_expected_where_no_value_fits_its_body() -> None:
    contract = documented(operation({"allOf": [{"type": "string"}, {"type": "integer"}]}))
    refused = exchange(contract, reply(status=406))
    assert found("valid-request", refused)[0].severity == "note"
    assert found("valid-request", exchange(contract, reply(status=405)))[0].severity == "error"
    end = check_of("valid-request").end
    assert end is not None
    (finding,) = end([refused])
    assert (finding.severity, "no value fits" in finding.got) == ("note", True)
