"""Samples of pages: JSON with what is usual in documentation put right, and texts that are none."""

from typing import Any

import pytest

from docdouble.schemas.pages.blocks import Fence
from docdouble.schemas.pages.page_samples import PageSample, fence_samples, json_sample

MEND = ("ellipsis", "comments", "trailing-comma", "several")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1,\n  ...\n}', {"a": 1}),
        ('{"hits": [ … ],\n  …\n  "page": {"A": {"x": 1}, …}\n}', {"hits": [], "page": {"A": {"x": 1}}}),
        ('{"a": …, "b": 2}', {"b": 2}),
        ('{"a": 1, "b": ...}', {"a": 1}),
        ('{\n "a": 1,\n ... more of the same ...\n}', {"a": 1}),
        ('{"a": [1, ..., 3]}', {"a": [1, 3]}),
        ('{"a": "x ... y", "b": "...",}', {"a": "x ... y", "b": "..."}),
    ],
)
def test_what_is_left_out_of_a_sample_is_mended(text: str, value: Any) -> None:
    assert json_sample(text, "page.md", 1, MEND)[0] == value


@pytest.mark.parametrize("text", ["[<String>, <String>, …]", "{<name>: <Boolean>}", '{"length": <Number>}'])
def test_names_in_place_of_values_are_no_sample(text: str) -> None:
    assert fence_samples(Fence("", text, 1), "page.md", [""], MEND) == []


@pytest.mark.parametrize(("media", "lines"), [("application/x-tar", None), ("text/plain", {"": 4, "/a": 4})])
def test_the_body_of_another_media_type_is_no_json(media: str, lines: Any) -> None:
    text = f'POST /boats HTTP/1.1\nContent-Type: {media}\n\n{{"a": 1}}'
    (sample,) = fence_samples(Fence("http", text, 1), "page.md", ["http"], MEND)
    assert isinstance(sample, PageSample)
    assert sample.lines == lines
