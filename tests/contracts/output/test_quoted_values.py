"""What is quoted for a file is read from it as the same text, by the reader of its format."""

import json
import re
import tomllib

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from docdouble.contracts.model.text import UNSHOWN
from docdouble.contracts.output.quoted_values import (
    docker_copy,
    github_value,
    gitlab_value,
    toml_array,
    toml_string,
    yaml_string,
)

special = st.sampled_from("'\"\\${}[]*?#:@%&!|>- \n\t\r\x00\x1b\x7f\u2028\u202e\U0001f600a.,")
texts = st.text() | st.text(special, max_size=12)
HOSTILE = 'Bob\'s "docs" ${{ secrets.A }} $B \\ \n# x: y\x00\x1b\x7f\x85\u202e\U0001f600\U000e0041 @SOURCE@'


@given(texts)
@example(HOSTILE)
def test_a_text_is_read_back_from_toml(text: str) -> None:
    quoted = toml_string(text)
    assert tomllib.loads(f"[{quoted}]\n{quoted} = {quoted}\nlist = {toml_array([text, text])}\n") == {
        text: {text: text, "list": [text, text]} if text != "list" else {"list": [text, text]}
    }
    assert not UNSHOWN.search(quoted)


@given(texts)
@example(HOSTILE)
@example("yes")
@example("- a: b")
@example("a" * 500)
def test_a_text_is_read_back_from_yaml(text: str) -> None:
    quoted = yaml_string(text)
    assert yaml.safe_load(f"a:\n  b: {quoted}\n  c: 1\n") == {"a": {"b": text, "c": 1}}
    assert not UNSHOWN.search(quoted)
    assert "\n" not in quoted


@given(texts)
@example(HOSTILE)
def test_a_workflow_gets_the_text_and_evaluates_nothing_in_it(text: str) -> None:
    value: str = yaml.safe_load(github_value(text))
    expressions = re.findall(r"\$\{\{ '\$\{\{' \}\}|\$\{\{", value)
    assert set(expressions) <= {"${{ '${{' }}"}
    assert value.replace("${{ '${{' }}", "${{") == text


@given(texts)
@example(HOSTILE)
def test_a_job_gets_the_text_and_expands_nothing_in_it(text: str) -> None:
    value: str = yaml.safe_load(gitlab_value(text))
    assert "$" not in value.replace("$$", "")
    assert value.replace("$$", "$") == text


def expanded(word: str) -> str:
    """What Docker makes of a word: a backslash takes the next character as it is, quotes and variables are read."""
    assert not re.search(r"""(?<!\\)(?:\\\\)*["'$]""", word), word
    return re.sub(r"\\(.)", r"\1", word, flags=re.DOTALL)


def matched(pattern: str) -> str:
    """The one name that a pattern of Go's ``filepath.Match`` without wild cards stands for."""
    assert not re.search(r"[*?\[]", re.sub(r"\\\\|\[[*?[]\]", "", pattern)), pattern
    return re.sub(r"\\(\\)|\[([*?[])\]", lambda match: match[1] or match[2], pattern)


@given(texts)
@example(HOSTILE)
@example("a[b]*?\\")
def test_docker_copies_the_very_file(text: str) -> None:
    arguments = docker_copy(text, f"./{text}")
    assert arguments.isascii()
    assert "\n" not in arguments
    source, target = map(expanded, json.loads(arguments))
    assert (matched(source), target) == (text, f"./{text}")


@pytest.mark.parametrize("quote", [toml_string, yaml_string])
def test_half_a_character_is_replaced(quote: object) -> None:
    assert callable(quote)
    assert quote("a\ud800b") == '"a\ufffdb"'
