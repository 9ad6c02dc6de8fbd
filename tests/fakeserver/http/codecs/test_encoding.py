"""Forms and multipart bodies of OpenAPI documents: properties are read and written as their encoding says."""

from collections.abc import Mapping
from email import message_from_bytes
from typing import Any

import pytest

from docdouble.fakeserver.http.codecs import BodyError, body_content, codec_of
from docdouble.fakeserver.http.codecs.multipart_codec import BOUNDARY
from docdouble.schemas import Contract, MediaType, Parameter
from docdouble.schemas.contract.model import Encoding
from docdouble.schemas.http import FORM

CONTRACT = Contract("library", "1", ())
MULTIPART = "multipart/form-data"
JSON = Encoding(content_types=("application/json",))
TAG = {"type": "object", "properties": {"k": {"type": "integer"}}}
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "lent": {"type": "boolean"},
        "numbers": {"type": "array", "items": {"type": "integer"}},
        "words[]": {"type": "array", "items": {"type": "string"}},
        "tag": TAG,
        "tags": {"type": "array", "items": TAG},
        "deep": {"type": "object", "properties": {"a": TAG}},
        "cover": {"type": "string", "format": "binary"},
        "pages": {"type": "array", "items": {"type": "string", "contentMediaType": "image/png"}},
        "code": {"type": "string", "contentEncoding": "base64"},
    },
}


def read(name: str, body: bytes, encoding: Mapping[str, Encoding] | None = None, boundary: str = "B") -> Any:
    content = body_content(MediaType(name, SCHEMA, encoding=encoding or {}), SCHEMA, CONTRACT, boundary=boundary)
    return codec_of(name).decode(body, content)


def written(name: str, value: Any, encoding: Mapping[str, Encoding] | None = None) -> bytes:
    return codec_of(name).encode(
        value, body_content(MediaType(name, SCHEMA, encoding=encoding or {}), SCHEMA, CONTRACT)
    )


def parts(*several: tuple[str, bytes]) -> bytes:
    """Return a multipart body; each part is what follows ``form-data; name=`` and its octets."""
    whole = (
        b"--B\r\nContent-Disposition: form-data; name=" + head.encode() + b"\r\n\r\n" + octets
        for head, octets in several
    )
    return b"\r\n".join(whole) + b"\r\n--B--\r\n"  # fmt: skip


FILE = '"{}"; filename="a.png"\r\nContent-Type: image/png'
STYLED = {
    "numbers": Encoding(explode=False),
    "deep": Encoding(style="deepObject", explode=True),
    "tag": Encoding(style="form", explode=True),
}


@pytest.mark.parametrize(
    ("body", "encoding", "value"),
    [
        (b"numbers=1&numbers=2", {}, {"numbers": [1, 2]}),
        (b"numbers=1", {}, {"numbers": [1]}),
        (b"numbers=1,2", STYLED, {"numbers": [1, 2]}),
        (b"numbers=1%2C2&title=x", STYLED, {"numbers": [1, 2], "title": "x"}),
        (b"deep[a][k]=1", STYLED, {"deep": {"a": {"k": 1}}}),
        (b"k=1&title=a+b", STYLED, {"tag": {"k": 1}, "title": "a b"}),
        (b'tag={"k":1}', {}, {"tag": {"k": 1}}),
        (b'tag={"k":1}', {"tag": JSON}, {"tag": {"k": 1}}),
        (b"tag=k", {}, {"tag": "k"}),
        (b"words[]=a&words%5B%5D=b", {}, {"words[]": ["a", "b"]}),
        (b"lent=1", {}, {"lent": True}),
    ],
)
def test_a_form_is_read_as_its_encoding_says(body: bytes, encoding: dict[str, Encoding], value: Any) -> None:
    assert read(FORM, body, encoding) == value


@pytest.mark.parametrize(
    ("value", "encoding", "body"),
    [
        ({"numbers": [1, 2], "title": "a b"}, {}, b"numbers=1&numbers=2&title=a+b"),
        ({"numbers": [1, 2]}, STYLED, b"numbers=1,2"),
        ({"deep": {"a": {"k": 1}}}, STYLED, b"deep%5Ba%5D%5Bk%5D=1"),
        ({"tag": {"k": 1}}, {}, b"tag=%7B%22k%22%3A+1%7D"),
        ({"title": "x"}, {"title": JSON}, b"title=%22x%22"),
        ({"words[]": ["a"], "lent": True}, {}, b"words%5B%5D=a&lent=true"),
    ],
)
def test_a_form_is_written_as_its_encoding_says(value: Any, encoding: dict[str, Encoding], body: bytes) -> None:
    assert written(FORM, value, encoding) == body
    assert (
        read(FORM, body, {name: encoded for name, encoded in encoding.items() if encoded is not JSON}).keys()
        == value.keys()
    )


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (parts((FILE.format("cover"), b"\x00\xff")), {"cover": "AP8="}),
        (parts(('"cover"', b"\x00\xff")), {"cover": "AP8="}),
        (parts((FILE.format("pages"), b"\x00")), {"pages": ["AA=="]}),
        (parts((FILE.format("pages"), b"\x00"), (FILE.format("pages"), b"\x01")), {"pages": ["AA==", "AQ=="]}),
        (parts(('"numbers"', b"1")), {"numbers": [1]}),
        (parts(('"numbers"', b"1"), ('"numbers"', b"2")), {"numbers": [1, 2]}),
        (parts(('"numbers"\r\nContent-Type: application/json', b"[1, 2]")), {"numbers": [1, 2]}),
        (parts(('"tag"', b'{"k": 1}'), ('"title"', b"x")), {"tag": {"k": 1}, "title": "x"}),
        (parts(('"tags"\r\nContent-Type: application/json', b'{"k": 1}')), {"tags": [{"k": 1}]}),
        (parts(('"tags"', b'{"k": 1}'), ('"tags"', b'{"k": 2}')), {"tags": [{"k": 1}, {"k": 2}]}),
        (parts(('"code"', b"AP8=")), {"code": "AP8="}),
        (parts((FILE.format("code"), b"AP8=")), {"code": "AP8="}),
    ],
)
def test_parts_are_read_by_the_schema(body: bytes, value: Any) -> None:
    assert read(MULTIPART, body) == value


def test_a_part_may_be_written_in_a_style() -> None:
    assert read(MULTIPART, parts(('"numbers"', b"1,2"), ('"deep[a][k]"', b"1")), STYLED) == {
        "numbers": [1, 2],
        "deep": {"a": {"k": 1}},
    }


def test_a_part_has_a_documented_media_type_and_header_fields() -> None:
    png = Encoding(content_types=("image/png", "text/*"), headers=(Parameter("X-Page", "header", {}, required=True),))
    named = FILE.format("cover") + "\r\nX-Page: 1"
    assert read(MULTIPART, parts((named, b"\x00")), {"cover": png}) == {"cover": "AA=="}
    for head, rule in ((named.replace("image/png", "image/gif"), "media-type"), (FILE.format("cover"), "required")):
        with pytest.raises(BodyError) as caught:
            read(MULTIPART, parts((head, b"\x00")), {"cover": png})
        assert caught.value.rule == rule


def test_parts_are_written_as_files_fields_and_json() -> None:
    value = {"title": "x", "cover": "AP8=", "pages": ["AA==", "AQ=="], "tag": {"k": 1}, "numbers": [1, 2]}
    body = written(MULTIPART, value, {"cover": Encoding(content_types=("image/*",))})
    assert body.count(b'name="pages"; filename=') == 2
    assert b'name="cover"; filename="cover.png"\r\nContent-Type: image/png\r\n\r\n\x00\xff\r\n' in body
    assert b'name="numbers"\r\n\r\n1\r\n' in body
    assert b'name="tag"\r\nContent-Type: application/json\r\n\r\n{"k": 1}\r\n' in body
    assert read(MULTIPART, body, boundary=BOUNDARY) == value


@pytest.mark.parametrize("title", ["", "a", "\r\n", "a\r\n--", "é"])
def test_another_reader_finds_the_very_parts(title: str) -> None:
    body = written(MULTIPART, {"title": title, "cover": "", "lent": True, 'a "b"\n': "x"})
    read_back = message_from_bytes(f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode() + body)
    assert not read_back.defects
    assert [
        (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        for part in read_back.get_payload()
    ] == [("title", title.encode()), ("cover", b""), ("lent", b"true"), ("a %22b%22%0A", b"x")]


@pytest.mark.parametrize(
    ("charset", "octets"), [("latin-1", b"\xe9"), ("UTF-8", b"\xc3\xa9"), ('"utf-16le"', b"\xe9\0")]
)
def test_a_part_names_a_charset_of_its_own(charset: str, octets: bytes) -> None:
    body = parts((f"title\r\nContent-Type: text/plain; charset={charset}", octets))
    assert read(MULTIPART, body) == {"title": "é"}


def test_a_part_in_an_unknown_charset_is_refused() -> None:
    with pytest.raises(BodyError, match="'idna' is not known"):
        read(MULTIPART, parts(("title\r\nContent-Type: text/plain; charset=idna", b"a")))
