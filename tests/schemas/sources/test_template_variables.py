import pytest

from docdouble.schemas.sources.template_variables import expanded, request_target, without_placeholders

VARIABLES = {"host": "https://a.test/v1/", "name": "a.test:8080", "id": "b1", "version": "v3", "loop": "{{loop}}x"}


@pytest.mark.parametrize(
    ("url", "server", "path", "query"),
    [
        ("https://a.test/boats?x=1#top", "https://a.test", "/boats", "x=1"),
        ("{{host}}/boats", "https://a.test/v1", "/boats", ""),
        ("{{host}}", "https://a.test/v1", "/", ""),
        ("{{ host }}?x=1", "https://a.test/v1", "/", "x=1"),
        ("{{name}}/boats", "https://a.test:8080", "/boats", ""),
        ("https://{{name}}/boats", "https://a.test:8080", "/boats", ""),
        ("{{unknown}}/boats", "", "/boats", ""),
        ("https://{{unknown}}/boats", "", "/boats", ""),
        ("/boats", "", "/boats", ""),
        ("a.test/boats", "https://a.test", "/boats", ""),
        ("localhost:8080/boats", "https://localhost:8080", "/boats", ""),
        ("https://user:pw@a.test/boats", "https://a.test", "/boats", ""),
        ("https://a.test/{{version}}/{{id}}/{{other}}.json", "https://a.test", "/v3/{id}/{other}.json", ""),
        ("https://a.test//boats/:boat-id/<port>/${PIER}", "https://a.test", "/boats/{boat-id}/{port}/{PIER}", ""),
        ("https://a.test/items:batch/{id}", "https://a.test", "/items:batch/{id}", ""),
        ("https://a.test/a{b", "https://a.test", "/a%7Bb", ""),
    ],
)
def test_parts_of_a_url(url: str, server: str, path: str, query: str) -> None:
    target = request_target(url, VARIABLES, {})
    assert target[:3] == (server, path, query)


def test_values_of_variables() -> None:
    assert request_target("/:boat/{{id}}", VARIABLES, {"boat": "{{id}}"}).values == {"boat": "b1", "id": "b1"}


def test_variables_that_name_themselves_come_to_an_end() -> None:
    assert expanded("{{loop}}", VARIABLES).endswith("x")


def test_placeholders_outside_of_texts_are_null() -> None:
    assert without_placeholders('{"a": {{b}}, "c": "{{d}}"}') == '{"a": null, "c": "{{d}}"}'
