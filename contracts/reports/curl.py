"""A call as a curl command that can be pasted into a POSIX shell, and sends the very same octets."""

import re
import shlex

from docdouble.schemas import Call

_ESCAPES = {"\\": "\\\\", "%": "%%", "'": "'\\''", "\r": "\\r", "\n": "\\n", "\t": "\\t"}
"""Characters that mean something to ``printf`` or to the shell, as both read them."""


def curl(call: Call, base_url: str, secret_headers: tuple[str, ...] = ()) -> str:
    """Return the command; the values of ``secret_headers`` are left to shell variables named after them."""
    url = base_url + call.target
    words = ["curl", "-i"]
    if re.search(r"[\[\]{}]", url):
        words.append("-g")  # curl reads brackets and braces in a URL as lists of several
    if re.search(r"/\.\.?(?:[/?#]|\Z)", url):
        words.append("--path-as-is")
    if call.method == "HEAD":
        words.append("-I")  # with -X it would wait for a body
    elif call.method != "GET" or call.body:
        words += ["-X", call.method]
    for name, value in call.headers:
        words += ["-H", shlex.quote(f"{name}: {value}" if value.strip() else f"{name};")]
    for name in secret_headers:
        words += ["-H", f'"{name}: ${_variable(name)}"']
    if not call.body:
        return " ".join([*words, shlex.quote(url)])
    if call.header("Content-Type") is None:
        words += ["-H", "Content-Type:"]  # curl adds that of a form otherwise
    text = _plain(call.body)
    words += ["--data-binary", "@-" if text is None else shlex.quote(text)]
    piped = "" if text is not None else f"printf '{_printf_format(call.body)}' | "
    return piped + " ".join([*words, shlex.quote(url)])


def _variable(name: str) -> str:
    variable = "".join(letter if letter.isalnum() else "_" for letter in name).upper()
    return f"_{variable}" if variable[:1].isdigit() else variable


def _plain(body: bytes) -> str | None:
    """Return a body as text, ``None`` when it can't stand in a command as it is."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() and not text.startswith("@") else None


def _printf_format(body: bytes) -> str:
    """Return bytes as every shell's ``printf`` reads them: ASCII as it is, all else in octal."""
    text = "".join(_ESCAPES.get(chr(byte), chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}") for byte in body)
    return f"\\055{text[1:]}" if text.startswith("-") else text  # a dash would begin an option
