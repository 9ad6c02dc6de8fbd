"""Settings of a family: what a file may hold, what it adds to its base, and how a mistake in it is reported."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import ConfigError, PageError
from docdouble.schemas.dialects.family_settings import FamilySettings, OperationMark, base_settings, read_settings

FILE = """
extends = "base"
scope = "page"

[[operation]]
mark = "fence"
word = "http"
under = ["http request"]

[methods]
LIST = "GET ?list=true"

[columns]
name = ["knob"]

[paths]
servers = ["https://api.boats.test"]
"""


def test_a_file_adds_its_lists_to_those_of_its_base_and_replaces_the_rest() -> None:
    read, base = read_settings(FILE, "own.toml"), base_settings()
    assert read.operation == (OperationMark("fence", "http", ("http request",)),)
    assert read.scope == "page"
    assert read.columns.name == (*base.columns.name, "knob")
    assert read.columns.type == base.columns.type
    assert read.methods == {"LIST": "GET ?list=true"}
    assert read.paths.servers == ("https://api.boats.test",)


def test_a_file_that_extends_nothing_stands_alone() -> None:
    assert read_settings('scope = "page"\n', "own.toml").columns.name == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extends = "base"\n\n[colums]\nname = []\n', "own.toml:3: colums is no setting; did you mean 'columns'?"),
        ("[columns]\nnmae = []\n", "own.toml:2: columns.nmae is no setting; did you mean 'name'?"),
        ('scope = "pge"\n', "own.toml:1: scope is 'pge', expected one of heading, page"),
        ('[columns]\nname = "x"\n', "own.toml:2: columns.name is 'x', expected a list"),
        ('[[operation]]\nword = "http"\n', "own.toml:1: an [[operation]] needs a mark: one of component"),
        ("title = 3\n", "own.toml:1: title is 3, expected a text"),
        ('title = "a\n', "own.toml:1: no TOML"),
    ],
)
def test_a_mistake_is_reported_with_its_line(text: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        read_settings(text, "own.toml")
    assert str(caught.value).startswith(message)


def test_there_is_one_base() -> None:
    with pytest.raises(ConfigError, match="did you mean 'base'"):
        read_settings('extends = "bsae"\n', "own.toml")


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_mistake_in_them(text: str) -> None:
    with suppress(PageError, ConfigError):
        assert isinstance(read_settings(text, "own.toml"), FamilySettings)
