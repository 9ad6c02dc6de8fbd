"""Documented media types are found by name, parameters and range."""

import pytest

from docdouble.schemas import MediaType
from docdouble.schemas.contract.media_types import body_schema, chosen_media_type, primary_schema, with_parameters

TEXT, BOOK = {"type": "string"}, {"type": "object"}


@pytest.mark.parametrize(
    ("documented", "sent", "chosen"),
    [
        (["text/csv", "application/json"], "Application/JSON; charset=utf-8", "application/json"),
        (["application/json", "application/vnd.library.v2+json"], "application/vnd.library.v2+json", None),
        (["application/json"], "application/vnd.library.v2+json", ""),
        (["*/*", "image/*", "image/png"], "image/png", "image/png"),
        (["*/*", "image/*", "image/png"], "image/gif", "image/*"),
        (["*/*", "image/*", "image/png"], "text/plain", "*/*"),
        (["application/*+json"], "application/json", "application/*+json"),
        (["application/json;version=1", "application/json;version=2"], "application/json; version=2", None),
        (["application/json;version=1"], "application/json; version=2", ""),
        (["application/json;version=1"], "application/json", "application/json;version=1"),
        (["application/json; charset=utf-8"], "application/json", "application/json; charset=utf-8"),
    ],
)
def test_the_most_exact_media_type_is_meant(documented: list[str], sent: str, chosen: str | None) -> None:
    media_type = chosen_media_type([MediaType(name) for name in documented], sent)
    assert (media_type.name if media_type else "") == (documented[-1] if chosen is None else chosen)


def test_a_body_is_about_what_its_json_shows() -> None:
    csv, json = MediaType("text/csv", TEXT), MediaType("application/json", BOOK)
    assert (primary_schema([csv, json]), primary_schema([csv]), primary_schema([])) == (BOOK, TEXT, None)


def test_only_what_has_a_structure_shares_the_schema_of_the_others() -> None:
    json, xml, pdf = MediaType("application/json", BOOK), MediaType("text/xml"), MediaType("application/pdf")
    assert [body_schema(media_type, [json, xml, pdf]) for media_type in (json, xml, pdf)] == [BOOK, BOOK, None]


def test_a_charset_is_no_part_of_what_a_body_is() -> None:
    assert with_parameters('Text/CSV; Charset=utf-8; Header="present"') == "text/csv;header=present"
