"""A call as a curl command that can be pasted into a POSIX shell."""

import shlex

from docdouble.schemas import Call


def curl(call: Call, base_url: str, secret_headers: tuple[str, ...] = ()) -> str:
    """Return the command; the values of ``secret_headers`` are left to shell variables named after them."""
    words = ["curl", "-i"]
    if call.method != "GET" or call.body:
        words += ["-X", call.method]
    for name, value in call.headers:
        words += ["-H", shlex.quote(f"{name}: {value}")]
    for name in secret_headers:
        words += ["-H", f'"{name}: ${_variable(name)}"']
    text = _plain(call.body)
    if call.body:
        words += ["--data-binary", "@-" if text is None else shlex.quote(text)]
    piped = "" if text is not None else f"printf '{_octal(call.body)}' | "
    return piped + " ".join([*words, shlex.quote(base_url + call.target)])


def _variable(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name).upper()


def _plain(body: bytes) -> str | None:
    """Return a body as text, ``None`` when it can't stand in a command as it is."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if (text.isprintable() and not text.startswith("@")) or not text else None


def _octal(body: bytes) -> str:
    """Return bytes as every shell's ``printf`` reads them: no shell word could hold a NUL."""
    return "".join(f"\\{byte:03o}" for byte in body)
