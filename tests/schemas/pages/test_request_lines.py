"""Request lines and path templates in every spelling that documentation has for variables."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.pages.request_lines import (
    RELATIVE_LINE,
    REQUEST_LINE,
    is_server,
    path_templates,
    request_lines,
)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/boats/{id}", "/boats/{id}"),
        ("/boats/:id", "/boats/{id}"),
        ("/boats/<id>", "/boats/{id}"),
        ("/boats/[ID]", "/boats/{ID}"),
        ("/boats/(id or name)/crew", "/boats/{id_or_name}/crew"),
        ("/boats/${ID}", "/boats/{ID}"),
        ("/boats/{{ id }}", "/boats/{id}"),
        ("/boats/<int:id>", "/boats/{id}"),
        ("/boats/{path...}", "/boats/{path}"),
        ("/boats/{id}:rent", "/boats/{id}:rent"),
        ("/files/root:/{path and name}:/content", "/files/root:/{path_and_name}:/content"),
        ("/find(q='{text}')", "/find(q='{text}')"),
        ("/a/{id}/b/{id}", "/a/{id}/b/{id2}"),
        ("https://api.boats.test/v1/boats", "/v1/boats"),
        ("{{baseUrl}}/boats", "/boats"),
        ("$HOST_URL/boats", "/boats"),
        ("/boats?kind={kind}", "/boats"),
        ("{index}/_doc", "/{index}/_doc"),
        ("/", "/"),
    ],
)
def test_a_path_is_a_template(written: str, path: str) -> None:
    assert [template.path for template in path_templates(written)] == [path]


def test_an_optional_part_makes_two_templates() -> None:
    assert [template.path for template in path_templates("/random(/:source)")] == ["/random", "/random/{source}"]
    assert [template.path for template in path_templates("/export/{id}[/{version}]")] == [
        "/export/{id}",
        "/export/{id}/{version}",
    ]


def test_alternatives_are_a_variable_with_its_values() -> None:
    (template,) = path_templates("/rotate/(root|recovery)/init")
    assert (template.path, template.choices) == (
        "/rotate/{root_or_recovery}/init",
        (("root_or_recovery", ("root", "recovery")),),
    )


def test_names_of_a_query_and_the_server_are_kept() -> None:
    (template,) = path_templates("https://api.boats.test/boats?kind={kind}&list=true&{more}")
    assert template.query == (("kind", ""), ("list", "true"))
    assert template.server == "https://api.boats.test"


@pytest.mark.parametrize("written", ["/boats/{id", "/boats/id}", "/bo`ats", "/a b<c"])
def test_what_is_no_path_gives_none(written: str) -> None:
    assert path_templates(written) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`GET /boats`", ("GET", "/boats")),
        ("**POST** `/boats/{id}`", ("POST", "/boats/{id}")),
        ("DELETE: /boats/<a boat>", ("DELETE", "/boats/<a boat>")),
        ("GET /boats HTTP/1.1", ("GET", "/boats")),
        ("GET https://a.test/b", ("GET", "https://a.test/b")),
    ],
)
def test_a_request_line_is_found_in_running_text(text: str, expected: tuple[str, str]) -> None:
    match = REQUEST_LINE.search(text)
    assert match is not None
    assert (match["method"], match["path"]) == expected


@pytest.mark.parametrize("text", ["GET", "GET in line", "Get /boats", "see /boats", "GETTING /boats?"])
def test_other_text_is_no_request_line(text: str) -> None:
    match = REQUEST_LINE.search(text)
    assert match is None or match["method"] != "GET"


def test_a_whole_line_may_lack_the_slash() -> None:
    assert RELATIVE_LINE.fullmatch("PUT _settings/{name}")
    assert not RELATIVE_LINE.fullmatch("DELETE everything")


@given(st.text("/{}<>[]():|?&=$ab1 .", max_size=40))
def test_any_text_gives_templates_whose_braces_are_variables(text: str) -> None:
    for template in path_templates(text):
        assert template.path.startswith("/")
        assert not set(re.sub(r"\{[^{}]+\}", "", template.path)) & set("{}<>")
        assert len(set(template.variables)) == len(template.variables)


@pytest.mark.parametrize(
    "text", ["", "/boats", "http://[", "http://[x]", "http://a\u2100b", "https://{host}", "http://a b"]
)
def test_what_is_no_url_is_no_server(text: str) -> None:
    assert not is_server(text)
    assert is_server("https://api.boats.test/v1")


@pytest.mark.parametrize(
    "written", ["GET/HEAD  /boats", "GET, HEAD /boats", "GET | HEAD /boats", "GET and HEAD /boats"]
)
def test_methods_of_one_path_are_requests_of_their_own(written: str) -> None:
    assert request_lines(written) == ["GET /boats", "HEAD /boats"]


def test_one_method_is_one_request() -> None:
    assert request_lines("GET /boats or /yards") == ["GET /boats or /yards"]
