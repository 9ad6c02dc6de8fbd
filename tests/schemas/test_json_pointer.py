import pytest

from docdouble.schemas.json_pointer import escape_token, pointer_of, steps_of, unescape_token


@pytest.mark.parametrize(("name", "token"), [("Name", "Name"), ("a/b", "a~1b"), ("a~b", "a~0b"), ("~1", "~01")])
def test_a_name_is_escaped_and_read_back(name: str, token: str) -> None:
    assert (escape_token(name), unescape_token(token)) == (token, name)


def test_steps_become_a_pointer_and_back() -> None:
    assert pointer_of(["Rows", 0, "a/b"]) == "/Rows/0/a~1b"
    assert steps_of("/Rows/0/a~1b") == ["Rows", "0", "a/b"]
    assert (pointer_of([]), steps_of("")) == ("", [])
