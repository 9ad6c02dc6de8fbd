import shlex
import subprocess

from hypothesis import example, given, settings
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
    words = shlex.split(curl(Call((("A", "b c"), ("Content-Type", "text/plain")), text.encode(), "POST", "/x"), URL))
    assert words == [
        *("curl", "-i", "-X", "POST", "-H", "A: b c", "-H", "Content-Type: text/plain"),
        *("--data-binary", text, f"{URL}/x"),
    ]


@settings(max_examples=20, deadline=None)
@example(b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n'50 %d \\\\n'\t\r\n--x--\r\n7")
@example(b"\xff\x00\xfe")
@example(b"\x0012")
@example(b"@file")
@example("\u200b".encode())
@given(st.binary(min_size=1).filter(lambda body: not body.decode(errors="replace").isprintable()))
def test_any_other_body_is_piped_as_its_very_bytes(body: bytes) -> None:
    command = curl(Call((), body, "POST", "/"), URL)
    printf, _, rest = command.rpartition(" | ")
    assert rest == f"curl -i -X POST -H Content-Type: --data-binary @- {URL}/"
    assert subprocess.run(["sh", "-c", printf], capture_output=True, check=True).stdout == body


def test_a_multipart_body_can_be_read() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n'
    assert curl(Call((), body, "POST", "/"), URL).startswith(
        """printf '\\055-x\\r\\nContent-Disposition: form-data; name="a"\\r\\n\\r\\n\\377\\r\\n--x--\\r\\n' | curl"""
    )


def test_what_curl_would_read_otherwise() -> None:
    assert curl(Call(target="/a?filter[x]=1"), URL) == f"curl -i -g '{URL}/a?filter[x]=1'"
    assert curl(Call(target="/a/../b"), URL) == f"curl -i --path-as-is {URL}/a/../b"
    assert curl(Call(method="HEAD", target="/a"), URL) == f"curl -i -I {URL}/a"
    assert curl(Call((("X-Empty", ""),), b"", "GET", "/"), URL) == f"curl -i -H 'X-Empty;' {URL}/"
    assert '"2fa: $_2FA"' in curl(Call(), URL, ("2fa",))
