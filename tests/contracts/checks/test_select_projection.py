from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Call, Contract

from .made import applies, documented, exchange, findings_of, line, operation, reply, summary


def contract(grade: str = "stated") -> Contract:
    behaviour = {"name": "select-projection", "parameter": "$select", **line(4, grade)}
    return documented(operation(**{"x-docdouble-behaviours": [behaviour]}))


CALL = Call(target="/books/7?$select=title,author/name")


def test_what_is_not_selected_is_null() -> None:
    (finding,) = findings_of(
        "select-projection", exchange(contract(), reply({"Id": 1, "Title": "x", "Note": None}), CALL)
    )
    assert summary(finding) == ("error", "books.md:4", "", "projection")
    assert finding.expected == "null for all but author, title"
    assert finding.got == "another property, Id"


def test_severity_follows_the_evidence() -> None:
    assert (
        findings_of("select-projection", exchange(contract("sampled"), reply([{"Id": 1}]), CALL))[0].severity
        == "warning"
    )


def test_a_projection() -> None:
    assert not findings_of(
        "select-projection", exchange(contract(), reply({"Id": None, "Title": "x", "Author": {}}), CALL)
    )


def test_only_selections_are_judged() -> None:
    assert not applies("select-projection", exchange(contract(), reply({"Id": 1})))
    assert not applies("select-projection", exchange(documented(operation()), reply({"Id": 1}), CALL))
    assert not applies("select-projection", exchange(contract(), reply({"Id": 1}), CALL, purpose=Purpose.HOSTILE))
