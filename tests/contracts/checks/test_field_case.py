from .made import applies, documented, exchange, findings_of, operation, reply, summary

CONTRACT = documented(operation())


def test_severity_follows_the_evidence() -> None:
    findings = findings_of("field-case", exchange(CONTRACT, reply({"id": 1, "Title": "", "NOTE": ""})))
    assert [summary(finding) for finding in findings] == [
        ("error", "books.md:11", "/Id", "spelling"),
        ("warning", "books.md:13", "/Note", "spelling"),
    ]
    assert (findings[0].expected, findings[0].got) == ("the property Id", "id, spelled in another case")


def test_documented_spellings() -> None:
    assert not findings_of("field-case", exchange(CONTRACT, reply({"Id": 1, "id": 2, "Other": 3})))


def test_only_records_are_judged() -> None:
    assert not applies("field-case", exchange(CONTRACT, reply([])))
