"""Charsets: those in use are read, and no other name is looked up."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.http.charsets import codec_name


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("us-ascii", "ascii"),
        ("ISO-8859-1", "iso8859-1"),
        ("latin1", "iso8859-1"),
        ("windows-1252", "cp1252"),
        ("Shift_JIS", "shift_jis"),
        ("utf-16le", "utf-16-le"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_charsets_in_use(charset: str, codec: str) -> None:
    assert codec_name(charset) == codec


@pytest.mark.parametrize(
    "charset",
    [
        *("", "idna", "punycode", "unicode_escape", "raw-unicode-escape", "rot13", "base64", "zlib", "utf-7", "mbcs"),
        *("undefined", "ütf-8", "utf-8\0", "utf(8", "../x", "os", "iso8859-12", "x" * 10_000),
    ],
)
def test_names_that_are_no_charset_in_use(charset: str) -> None:
    assert codec_name(charset) is None


@given(st.text(max_size=60))
def test_any_name_has_an_answer(charset: str) -> None:
    assert codec_name(charset) is None or "é".encode(codec_name(charset) or "", "replace")


LOOKED_UP = """
import sys
from docdouble.fakeserver.http.header_fields import _content_type
from docdouble.fakeserver.http.codecs import codec_of, Content, BodyError
from docdouble.schemas import Contract

content = Content({}, Contract("x", "1", (), {}))
bodies = [f'<?xml version="1.0" encoding="{name}"?><a/>'.encode(code) for name in NAMES for code in CODES]
bodies += [b'<?xml version="1.0"' + b" " * 5000 + b"encoding='idna'?><a/>"]
for header in ("text/plain; charset=idna", 'text/plain; charset="punycode"'):
    assert _content_type(header).charset is None
for body in bodies:
    try:
        codec_of("application/xml").decode(body, content)
    except BodyError as error:
        assert "not known" in str(error), error
    else:
        raise AssertionError(body)
assert not {"encodings.idna", "encodings.punycode", "stringprep"} & sys.modules.keys()
"""


def test_no_module_is_imported_because_a_caller_names_it() -> None:
    program = LOOKED_UP.replace("NAMES", "('idna', 'punycode')").replace("CODES", "('utf-8', 'utf-8-sig', 'utf-16')")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
