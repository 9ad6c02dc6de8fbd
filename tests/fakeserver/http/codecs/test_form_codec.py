"""Forms as people write them: in the URL encoding, and in several parts."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from docdouble.fakeserver.http.codecs import BodyError, Content, codec_of
from docdouble.fakeserver.http.codecs.form_codec import MAX_FIELDS
from docdouble.schemas import Contract, Schema

Header = tuple[str, str]

BOOK: Schema = {
    "type": "object",
    "properties": {
        "Title": {"type": "string"},
        "BookId": {"type": "integer"},
        "IsLent": {"type": "boolean"},
        "Ids": {"type": "array", "items": {"type": "integer"}},
        "Labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "Scan": {"type": "string", "format": "byte"},
        "Either": {"type": ["integer", "string"]},
    },
}


def content(schema: Schema, charset: str = "utf-8", boundary: str = "") -> Content:
    return Content(schema, Contract("library", "1", (), {}), charset, boundary)


def read(text: str | bytes, schema: Schema = BOOK, charset: str = "utf-8") -> Any:
    body = text.encode() if isinstance(text, str) else text
    return codec_of("application/x-www-form-urlencoded").decode(body, content(schema, charset))


def part(name: str | None, text: str | bytes, *headers: Header, file: str = "") -> bytes:
    named = "" if name is None else f'; name="{name}"'
    disposition = f"form-data{named}" + (f'; filename="{file}"' if file else "")
    lines = [f"{key}: {value}" for key, value in (("Content-Disposition", disposition), *headers)]
    head = "".join(f"{line}\r\n" for line in lines)
    return b"--B\r\n" + head.encode() + b"\r\n" + (text.encode() if isinstance(text, str) else text) + b"\r\n"


def read_parts(*parts: bytes, schema: Schema = BOOK, boundary: str = "B", end: bytes = b"--B--\r\n") -> Any:
    body = b"".join(parts) + end
    return codec_of("multipart/form-data").decode(body, content(schema, boundary=boundary))


def refused(rule: str, message: str, read: Callable[[], Any]) -> None:
    with pytest.raises(BodyError, match=message) as caught:
        read()
    assert caught.value.rule == rule
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Contact.Name=x&Ids[]=1", {"Contact": {"Name": "x"}, "Ids": [1]}),
        ("Contact[Name]=x", {"Contact": {"Name": "x"}}),
        ("Contact%5BName%5D=x", {"Contact": {"Name": "x"}}),
        ("a.b[c].d=x", {"a": {"b": {"c": {"d": "x"}}}}),
        ("Title=fog+and%20rain%26", {"Title": "fog and rain&"}),
        ("Title=a=b", {"Title": "a=b"}),
        ("Title=", {"Title": ""}),
        ("Title", {"Title": None}),
        ("Title=%zz", {"Title": "%zz"}),
        ("Title=5", {"Title": "5"}),
        ("bookid=5", {"bookid": 5}),
        ("BookId=many", {"BookId": "many"}),
        ("IsLent=TRUE", {"IsLent": True}),
        ("Other=5&More=true&Text=fog", {"Other": 5, "More": True, "Text": "fog"}),
        ("Either=5&Other=%225%22", {"Either": 5, "Other": "5"}),
        ("Ids=1", {"Ids": [1]}),
        ("Ids=1&Ids=2", {"Ids": [1, 2]}),
        ("Ids[]=1&Ids[]=2", {"Ids": [1, 2]}),
        ("Ids[1]=2&Ids[0]=1", {"Ids": [1, 2]}),
        ("Ids[7]=1&Ids[]=2", {"Ids": [1, 2]}),
        ("Ids[1]=1&Ids[]=2", {"Ids": [1, 2]}),
        ("Ids[]", {"Ids": []}),
        ("Rows[0].Id=1&Rows[0].Name=x&Rows[1].Id=2", {"Rows": [{"Id": 1, "Name": "x"}, {"Id": 2}]}),
        ("Rows[0][Id]=1", {"Rows": [{"Id": 1}]}),
        ("Labels[1]=x&Labels[a]=y", {"Labels": {"1": "x", "a": "y"}}),
        ("Labels.", {"Labels": {}}),
        (r"a\.b=x&a\\c=y&\0=z", {"a.b": "x", "a\\c": "y", "": "z"}),
        ("&&Title=x&", {"Title": "x"}),
    ],
)
def test_names_are_nested_by_dots_and_brackets(text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("=5", {"type": "integer"}, 5),
        ("=x", {"type": "string"}, "x"),
        ("[]=1&[]=2", {"type": "array", "items": {"type": "integer"}}, [1, 2]),
        ("[0].Id=1", {}, [{"Id": 1}]),
        ("", {}, None),
    ],
)
def test_a_body_that_is_no_object_goes_without_a_name(text: str, schema: Schema, value: Any) -> None:
    assert read(text, schema) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Title": "fog & rain", "BookId": 5}, "Title=fog+%26+rain&BookId=5"),
        ({"Ids": [1, 2]}, "Ids%5B%5D=1&Ids%5B%5D=2"),
        ({"A": {"b.c": None}}, "A.b%5C.c"),
        ({"Rows": [{"Id": 1}, {}], "None": []}, "Rows%5B0%5D.Id=1&Rows%5B1%5D.&None%5B%5D"),
        ({"Either": "5"}, "Either=%225%22"),
    ],
)
def test_values_are_written_so_too(value: Any, text: str) -> None:
    assert codec_of("application/x-www-form-urlencoded").encode(value, content(BOOK)).decode() == text


@pytest.mark.parametrize("text", ["Title=bl%E5", b"Title=bl\xe5"])
def test_the_charset_is_also_that_of_what_is_percent_encoded(text: str | bytes) -> None:
    assert read(text, charset="latin-1") == {"Title": "blå"}


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        pytest.param(b"Title=\xff", "syntax", "the body is no utf-8", id="no UTF-8"),
        pytest.param("Title=%ff", "syntax", "a percent-encoded field is no utf-8", id="percent-encoded no UTF-8"),
        pytest.param("a[=1", "syntax", r"'a\[' can't be read from '\['", id="an open bracket"),
        pytest.param("a]=1", "syntax", "can't be read", id="a closed bracket"),
        pytest.param("a..b=1", "syntax", "can't be read", id="two dots"),
        pytest.param("Title=a&Title=b", "unique", "Title is given more than once", id="twice"),
        pytest.param("a=1&a.b=2", "unique", "a is given both as a whole and in parts", id="whole and parts"),
        pytest.param("Ids[0]=1&Ids[0]=2", "unique", r"Ids\[0\] is given more than once", id="an item twice"),
        pytest.param("a[1]=x&a.1=y", "unique", "both as an item and by name", id="item and name"),
        pytest.param("a" + ".a" * 128 + "=1", "depth", "deeper than 128", id="deep"),
        pytest.param("a" + "[]" * 500 + "=1", "depth", "deeper than 128", id="deep in items"),
        pytest.param("&" * MAX_FIELDS, "size", f"more than {MAX_FIELDS} fields", id="many fields"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str | bytes, rule: str, message: str) -> None:
    refused(rule, message, lambda: read(text))


JSON = ("Content-Type", "application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        pytest.param([part("Title", "fog & rain")], {"Title": "fog & rain"}, id="a text"),
        pytest.param([part("BookId", "5"), part("IsLent", "true")], {"BookId": 5, "IsLent": True}, id="scalars"),
        pytest.param([part("Ids[]", "1"), part("Ids[]", "2")], {"Ids": [1, 2]}, id="items"),
        pytest.param([part("Ids", "1"), part("Ids", "2")], {"Ids": [1, 2]}, id="a repeated name"),
        pytest.param([part("Labels.a", "x"), part("Labels[b]", "y")], {"Labels": {"a": "x", "b": "y"}}, id="nested"),
        pytest.param([part("Labels", '{"a": "x"}', JSON)], {"Labels": {"a": "x"}}, id="JSON"),
        pytest.param([part("", '{"Title": "x"}', JSON)], {"Title": "x"}, id="JSON as a whole"),
        pytest.param(
            [part("Title", "x"), part("Scan", b"\x89P\0", ("Content-Type", "image/png"), file="a.png")],
            {"Title": "x", "Scan": base64.b64encode(b"\x89P\0").decode()},
            id="a file",
        ),
        pytest.param([part("Scan", "", file="empty.txt")], {"Scan": ""}, id="an empty file"),
        pytest.param([], {}, id="no part"),
    ],
)
def test_parts_are_fields_files_or_json(parts: list[bytes], value: Any) -> None:
    assert read_parts(*parts) == value


@pytest.mark.parametrize("name", ["image", "", None])
def test_the_first_file_is_the_body_where_that_is_octets(name: str | None) -> None:
    parts = part("note", "hello"), part(name, b"\0\xff", file="a.png"), part("more", b"1", file="b.png")
    assert read_parts(*parts, schema={"type": "string", "format": "binary"}) == "AP8="


@pytest.mark.parametrize(
    ("parts", "rule", "message"),
    [
        pytest.param([part(None, "x")], "syntax", "a part has no name", id="no name"),
        pytest.param([part("", "x")], "syntax", "a part has no name", id="an empty name"),
        pytest.param([b"--B\r\nX: y\r\n\r\nx\r\n"], "syntax", "Content-Disposition", id="no disposition"),
        pytest.param([part("a]", "x")], "syntax", "can't be read", id="a wrong name"),
        pytest.param([part("Title", b"\xff")], "syntax", "the body is no utf-8", id="no UTF-8"),
        pytest.param([part("Labels", "{", JSON)], "syntax", "no JSON", id="broken JSON"),
        pytest.param([part("Labels", '{"a":1,"a":2}', JSON)], "unique", "more than once in one", id="equal keys"),
        pytest.param([part("BookId", "1e999", JSON)], "number", "infinity", id="a number too big"),
        pytest.param([part("Labels", "[" * 200 + "]" * 200, JSON)], "depth", "deeper", id="deep JSON"),
        pytest.param([part("Title", "x")] * 2, "unique", "Title is given more than once", id="twice"),
        pytest.param([part("Labels", "{}", JSON)] * 2, "unique", "a part is given more than once", id="JSON twice"),
        pytest.param(
            [part("Labels", "{}", JSON), part("Labels.a", "x")], "unique", "both as a whole and in parts", id="both"
        ),
    ],
)
def test_parts_that_make_no_sense_are_refused(parts: list[bytes], rule: str, message: str) -> None:
    refused(rule, message, lambda: read_parts(*parts))


@pytest.mark.parametrize("end", [b"", b"--B", b"--B\r\nContent-Disp"])
def test_parts_that_break_off_are_refused(end: bytes) -> None:
    refused("syntax", "no multipart body", lambda: read_parts(part("Title", "x"), end=end))


@pytest.mark.parametrize(("boundary", "message"), [("", "names no boundary"), ("other", "no multipart body")])
def test_without_the_right_boundary_nothing_can_be_read(boundary: str, message: str) -> None:
    refused("syntax", message, lambda: read_parts(part("Title", "x"), boundary=boundary))


def test_too_many_parts_are_refused() -> None:
    parts = [part(f"f{number}", "") for number in range(MAX_FIELDS + 1)]
    refused("size", f"more than {MAX_FIELDS} parts", lambda: read_parts(*parts))
