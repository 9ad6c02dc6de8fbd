import pytest

from docdouble.schemas import Contract

from .made import documented, exchange, line, operation, probed, reply, summary

NAMES = {"language": "Accept-Language", "culture": "SO-Culture", "time-zone": "SO-TimeZone"}


def contract(grade: str = "stated", method: str = "get") -> Contract:
    behaviours = [{"name": name, "parameter": header, **line(30, grade)} for name, header in NAMES.items()]
    return documented(operation(**{"x-docdouble-behaviours": behaviours}), method=method)


def test_a_language_is_no_reason_to_refuse() -> None:
    findings, sent = probed("languages", exchange(contract(), reply({})), lambda call: reply({}, 400))
    assert summary(*findings) == ("warning", "books.md:30", "", "refused")
    assert findings[0].expected == "an answer to Accept-Language: en-US, SO-Culture: en-US"
    assert [call.headers for call in sent] == [(("Accept-Language", "en-US"), ("SO-Culture", "en-US"))]


def test_severity_follows_the_evidence() -> None:
    first = exchange(contract("assumed"), reply({}))
    assert probed("languages", first, lambda call: reply({}, 400))[0][0].severity == "note"


@pytest.mark.parametrize("status", [200, 404, 429, 500])
def test_other_answers_are_right_or_reported_elsewhere(status: int) -> None:
    assert probed("languages", exchange(contract(), reply({})), lambda call: reply({}, status))[0] == []


def test_writes_and_operations_without_languages_are_not_asked() -> None:
    for unasked in (contract(method="post"), documented(operation())):
        assert probed("languages", exchange(unasked, reply({})), lambda call: reply({}, 400))[1] == []
