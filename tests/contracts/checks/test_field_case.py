from .made import applies, documented, exchange, found, operation, reply, told

CONTRACT = documented(operation())


def test_severity_follows_the_evidence() -> None:
    findings = found("field-case", exchange(CONTRACT, reply({"id": 1, "Title": "", "NOTE": ""})))
    assert [told(one) for one in findings] == [
        ("error", "books.md:11", "/Id", "spelling"),
        ("warning", "books.md:13", "/Note", "spelling"),
    ]
    assert (findings[0].expected, findings[0].got) == ("the property Id", "id, spelled in another case")


def test_documented_spellings() -> None:
    assert not found("field-case", exchange(CONTRACT, reply({"Id": 1, "id": 2, "Other": 3})))


def test_only_records_are_judged() -> None:
    assert not applies("field-case", exchange(CONTRACT, reply([])))
