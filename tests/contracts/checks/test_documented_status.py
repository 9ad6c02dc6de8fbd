import pytest

from docdouble.contracts.model.case import Purpose

from .made import applies, documented, exchange, findings_of, line, operation, reply, response, summary

CONTRACT = documented(operation())


@pytest.mark.parametrize("status", [201, 202, 302])
def test_an_undocumented_status_is_an_error(status: int) -> None:
    (finding,) = findings_of("documented-status", exchange(CONTRACT, reply(status=status)))
    assert summary(finding) == ("error", "books.md:9", "", str(status))
    assert finding.expected == "one of the statuses 200"


def test_an_assumed_status_gives_a_note() -> None:
    contract = documented(operation(responses={"200": response(**line(3, "assumed"))}))
    assert summary(*findings_of("documented-status", exchange(contract, reply(status=204))))[0] == "note"


@pytest.mark.parametrize("documented_as", ["2XX", "default", "202"])
def test_ranges_are_documented(documented_as: str) -> None:
    contract = documented(operation(responses={documented_as: response()}))
    assert not findings_of("documented-status", exchange(contract, reply(status=202)))


def test_whatever_follows_an_interim_response_is_right_where_nothing_else_is_documented() -> None:
    assert not applies("documented-status", exchange(documented(operation(responses={"103": response()})), reply()))
    both = documented(operation(responses={"103": response(), "204": response()}))
    assert findings_of("documented-status", exchange(both, reply()))


def test_refusals_and_broken_calls_are_not_judged() -> None:
    assert not applies("documented-status", exchange(CONTRACT, reply(status=400)))
    assert not applies("documented-status", exchange(CONTRACT, reply(status=202), purpose=Purpose.HOSTILE))
    assert not applies("documented-status", exchange(documented(operation(responses={})), reply()))
