"""Ways in which servers write a secret that they repeat: escaped and encoded."""

import html
import json
from base64 import b32encode, b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus

Encode = Callable[[str], str]


def units(character: str) -> list[int]:
    raw = character.encode("utf-16-be")
    return [int.from_bytes(raw[start : start + 2]) for start in range(0, len(raw), 2)]


def escaped(form: str) -> Encode:
    """Return what writes each character as its number."""
    return lambda text: "".join(form.format(ord(character)) for character in text)


CHARACTERS: Mapping[str, Encode] = {
    "plain": str,
    "json": lambda text: json.dumps(text)[1:-1],
    "json as some encoders write it": lambda text: "".join(
        character if character.isalnum() else "".join(f"\\u{unit:04X}" for unit in units(character))
        for character in text
    ),
    "json with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "percent": lambda text: quote(text, safe=""),
    "percent in lower case": lambda text: "".join(f"%{octet:02x}" for octet in text.encode()),
    "form": quote_plus,
    "html": html.escape,
    "pointer": lambda text: text.replace("~", "~0").replace("/", "~1"),
    "entities": escaped("&#{};"),
    "hexadecimal entities": escaped("&#x{:x};"),
    "entities without an end": escaped("&#{}"),
    "quoted-printable": lambda text: "".join(f"={octet:02X}" for octet in text.encode()),
    "python": lambda text: ascii(text)[1:-1],
    "quoted-printable in lines": lambda text: "=\r\n".join(f"={octet:02X}" for octet in text.encode()),
    "continued lines": "\\\n".join,
    "perl": escaped("\\x{{{:x}}}"),
    "percent as JavaScript escaped once": escaped("%u{:04X}"),
    "invisible characters": "\u202a\ufe0f\u200e".join,
    "octal": lambda text: "".join(f"\\{octet:03o}" for octet in text.encode("latin-1", "ignore")),
    "spaced": " ".join,
    "in lines": "\r\n".join,
    "upper case": str.upper,
    "lower case": str.lower,
    "case folded": str.casefold,
}
ENCODINGS: Mapping[str, Encode] = {
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 after one octet": lambda text: b64encode(b"a" + text.encode() + b" and").decode(),
    "base64 after two octets": lambda text: b64encode(b"ab" + text.encode() + b" and").decode(),
    "url-safe base64": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "unpadded base64": lambda text: urlsafe_b64encode(b"Bearer " + text.encode()).decode().rstrip("="),
    "hexadecimal": lambda text: text.encode().hex(),
    "upper hexadecimal": lambda text: text.encode().hex().upper(),
    "base32": lambda text: b32encode(text.encode()).decode(),
    "base32 after an octet": lambda text: b32encode(b"a" + text.encode() + b" and").decode(),
    "lower unpadded base32": lambda text: b32encode(b"abc" + text.encode()).decode().lower().rstrip("="),
}
DECODED: Mapping[str, Encode] = {
    "escaped octets": lambda text: "".join(f"\\x{octet:02x}" for octet in text.encode()),
    "base64 in lines": lambda text: encodebytes(b"a" * 50 + text.encode()).decode(),
    "base64 of two octets a character": lambda text: b64encode(text.encode("utf-16-le", "surrogatepass")).decode(),
    "octets in hexadecimal": lambda text: text.encode().hex(":"),
    "octets as .NET writes them": lambda text: text.encode().hex("-").upper(),
    "octets as JSON": lambda text: json.dumps(list(text.encode())),
}
"""Forms of which a part of what stands before the secret may stay."""
