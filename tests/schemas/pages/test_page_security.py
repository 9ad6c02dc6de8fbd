"""Security schemes of reference pages: sections, rows of header fields, headers of samples, pages that name them."""

from pathlib import Path

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.contract.evidence import Grade

from .family_pages import read_pages

CALL = '## {title}\n\n`{method} {path}`\n\n{text}\n\n### Response\n\n```json\n{{"id": 1}}\n```\n\n'


def boats(tmp_path: Path, get: str, post: str = "", **pages: str) -> Contract:
    calls = [
        CALL.format(title="Get a boat", method="GET", path="/boats/{id}", text=get),
        CALL.format(title="Add a boat", method="POST", path="/boats", text=post),
        CALL.format(title="Drop a boat", method="DELETE", path="/boats/{id}", text=post),
    ]
    return read_pages(tmp_path, boats="# Boats\n\n" + "".join(calls), **pages).contract


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("A bearer token is needed.", {"type": "http", "scheme": "bearer"}),
        ("HTTP Basic, with the name of the captain.", {"type": "http", "scheme": "basic"}),
        ("An API key in the header `X-Harbour-Key`.", {"type": "apiKey", "in": "header", "name": "X-Harbour-Key"}),
        (
            "- **Type**: API key\n- **API key parameter name**: harbour\n- **Location**: query",
            {"in": "query", "name": "harbour"},
        ),
    ],
)
def test_a_section_on_authentication_states_the_scheme(tmp_path: Path, text: str, scheme: dict[str, str]) -> None:
    contract = boats(tmp_path, f"### Authentication\n\n{text}")
    operation = contract.operation("GET /boats/{id}")
    ((name,),) = operation.security
    assert contract.security_schemes[name].items() >= scheme.items()
    assert operation.security_evidence is not None
    assert (operation.security_evidence.grade, operation.security_evidence.line) == (Grade.STATED, 9)
    assert contract.operation("POST /boats").security == ()


def test_alternatives_are_reported(tmp_path: Path) -> None:
    contract = boats(tmp_path, "### Authorization\n\nBasic or bearer.")
    assert contract.operation("GET /boats/{id}").security == (("basic",), ("bearer",))


def test_links_lead_to_schemes_that_another_page_describes(tmp_path: Path) -> None:
    readme = "# Harbour\n\n## Documentation For Authorization\n\n### dock\n\n- **Type**: Bearer authentication\n"
    contract = boats(
        tmp_path,
        "### Authorization\n\n[dock](README.md#dock)",
        "### Authorization\n\nNo authorization required",
        README=readme,
    )
    assert contract.operation("GET /boats/{id}").security == (("dock",),)
    assert contract.security_schemes["dock"]["scheme"] == "bearer"
    free = contract.operation("POST /boats")
    assert free.security == ()
    assert free.security_evidence is not None


def test_rows_of_header_fields_state_the_scheme_and_are_no_parameters(tmp_path: Path) -> None:
    rows = "| Header | Description |\n|---|---|\n| `{name}` | {text} |\n| `X-Dock` | Which one |\n"
    get = "### Headers\n\n" + rows.format(name="Authorization", text="Bearer, then the token")
    post = "### Headers\n\n" + rows.format(name="X-Harbour-Token", text="From the desk")
    contract = boats(tmp_path, get, post)
    assert contract.operation("GET /boats/{id}").security == (("bearer",),)
    assert contract.operation("POST /boats").security == (("X-Harbour-Token",),)
    assert [parameter.name for parameter in contract.operation("POST /boats").parameters] == ["X-Dock"]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ('curl -H "Authorization: Bearer abc" https://harbour.test/boats/1', "bearer"),
        ("curl -u captain:secret https://harbour.test/boats/1", "basic"),
        ("GET /boats/1 HTTP/1.1\nHost: harbour.test\nX-Api-Key: abc", "X-Api-Key"),
    ],
)
def test_credentials_of_samples_count_where_most_samples_have_them(tmp_path: Path, command: str, name: str) -> None:
    sample = f"```sh\n{command}\n```"
    (tmp_path / "all").mkdir()
    (tmp_path / "one").mkdir()
    common = boats(tmp_path / "all", sample, sample)
    assert common.operation("GET /boats/{id}").security == ((name,),)
    assert common.operation("GET /boats/{id}").security_evidence.grade is Grade.SAMPLED  # type: ignore[union-attr]
    seldom = boats(tmp_path / "one", sample)
    assert seldom.operation("GET /boats/{id}").security == ()
    assert not seldom.security_schemes
