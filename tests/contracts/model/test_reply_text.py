"""Texts of replies as people read them."""

import pytest

from docdouble.contracts.model.reply_text import reply_lines
from docdouble.schemas import Reply


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b'{\n  "a": "\xc3\xa9",\n  "b": 1\n}', "application/problem+json", ['{"a": "é", "b": 1}']),
        (b'{"a":\n\n 1', "application/json", ['{"a":', "1"]),
        (b"one\n\n  two  \n", "text/plain", ["one", "two"]),
        (b"<p>a &lt; b</p><!-- <p>no --><p>x <b>y</b>", "text/html; charset=utf-8", ["a < b", "x y"]),
        (b" \n<!DOCTYPE html><title>Down</title><style>p{}</style><script>x()", "", ["Down"]),
        (b"<html><title>Down</title><h1>Down</h1><p>Up", "text/html", ["Down", "Up"]),
        (b"<HTML lang=en><p>Down", "text/plain", ["Down"]),
        (b"<html><p>Down<p class=", "text/html", ["Down"]),
        (b"<order>7</order>", "application/xml", ["<order>7</order>"]),
        (b"a\xff", "text/plain", ["a\ufffd"]),
        (b"PNG\x00\n", "image/png", []),
        (b"", "text/plain", []),
    ],
)
def test_what_a_person_reads(body: bytes, media_type: str, expected: list[str]) -> None:
    assert reply_lines(Reply((("Content-Type", media_type),), body, 500)) == expected
