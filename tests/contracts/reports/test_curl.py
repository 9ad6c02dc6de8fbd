import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.contracts.reports.curl import curl
from docdouble.schemas import Call

URL = "http://127.0.0.1:4010"


def test_a_get_is_short() -> None:
    assert curl(Call(target="/books?a=1&b=2"), URL) == f"curl -i '{URL}/books?a=1&b=2'"


def test_a_secret_is_left_to_a_shell_variable() -> None:
    call = Call((("Accept", "*/*"),), b"", "GET", "/")
    assert curl(call, URL, ("x-api-key",)) == f"""curl -i -H 'Accept: */*' -H "x-api-key: $X_API_KEY" {URL}/"""


@settings(max_examples=50, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).filter(lambda text: text[0] != "@")
)
def test_a_printable_body_stands_in_the_command(text: str) -> None:
    words = shlex.split(curl(Call((("A", "b c"),), text.encode(), "POST", "/x"), URL))
    assert words == ["curl", "-i", "-X", "POST", "-H", "A: b c", "--data-binary", text, f"{URL}/x"]


@pytest.mark.parametrize("body", [b"\xff\x00\xfe", b"line\nline", b"@file", "\u200b".encode(), b"%d\\n\t"])
def test_any_other_body_is_piped_as_its_very_bytes(body: bytes) -> None:
    command = curl(Call((), body, "POST", "/"), URL)
    printf, _, rest = command.partition(" | ")
    assert rest == f"curl -i -X POST --data-binary @- {URL}/"
    assert subprocess.run(["sh", "-c", printf], capture_output=True, check=True).stdout == body
