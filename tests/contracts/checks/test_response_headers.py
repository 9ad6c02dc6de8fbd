import pytest

from .made import BOOK, INT, applies, documented, exchange, findings_of, line, operation, reply, response, summary

HEADERS = {
    "X-Total": {"required": True, "schema": INT, **line(20)},
    "X-Tags": {"schema": {"type": "array", "items": INT}, **line(21, "sampled")},
    "Content-Type": {"required": True, "schema": {"type": "boolean"}},
}
CONTENT = {"application/json": {"schema": BOOK}}
CONTRACT = documented(operation(responses={"200": response(headers=HEADERS, content=CONTENT)}))


def test_a_required_field_that_is_not_sent() -> None:
    (finding,) = findings_of("headers", exchange(CONTRACT, reply({})))
    assert summary(finding) == ("error", "books.md:20", "", "x-total missing")


def test_a_value_that_does_not_fit() -> None:
    (finding,) = findings_of("headers", exchange(CONTRACT, reply({}, 200, ("x-total", "many"))))
    assert summary(finding) == ("error", "books.md:20", "", "x-total type")
    assert (finding.expected, finding.got) == ("X-Total is integer (int32)", "'many'")


def test_severity_follows_the_evidence() -> None:
    (finding,) = findings_of("headers", exchange(CONTRACT, reply({}, 200, ("X-Total", "1"), ("X-Tags", "1,b"))))
    assert summary(finding) == ("warning", "books.md:21", "", "x-tags type")


@pytest.mark.parametrize("tags", [(), (("X-Tags", "1,2"),), (("X-Tags", "[1, 2]"),)])
def test_values_that_fit(tags: tuple[tuple[str, str], ...]) -> None:
    assert not findings_of("headers", exchange(CONTRACT, reply({}, 200, ("X-Total", "3"), *tags)))


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ('{"total": 38, "next": 2}', []),
        ("total,38,next,2", []),
        ('{"total": "many"}', ["x-page type"]),
        ('{"total": 38', ["x-page syntax"]),
    ],
)
def test_an_object_may_be_written_as_json(value: str, rules: list[str]) -> None:
    page = {"type": "object", "properties": {"total": INT, "next": INT}, "additionalProperties": False}
    contract = documented(operation(responses={"200": response(headers={"X-Page": {"schema": page}}, content=CONTENT)}))
    assert [
        finding.rule for finding in findings_of("headers", exchange(contract, reply({}, 200, ("X-Page", value))))
    ] == rules


def test_a_text_may_be_written_as_an_object_is() -> None:
    headers = {"Report-To": {"schema": {"type": "string"}}}
    contract = documented(operation(responses={"200": response(headers=headers, content=CONTENT)}))
    assert not findings_of("headers", exchange(contract, reply({}, 200, ("Report-To", '{"group": "a"}'))))


def test_responses_without_documented_fields_are_not_judged() -> None:
    assert not applies("headers", exchange(documented(operation()), reply({})))
