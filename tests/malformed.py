"""A seeded generator of requests that no client should send: as bytes for a socket, and as WSGI environs.

Few of them are as large as the limits allow: thousands are sent in a minute.
"""

import gzip
import io
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Target = tuple[str, str]
"""Method and path of an operation."""

Payload = tuple[str, bytes]
"""Content type and body."""

JSON = "application/json"
BASIC = "Basic ZGVzazpib29rcw=="

NUMBERS = [b"NaN", b"-Infinity", b"1e999", b"01", b"--1", b"0x10", b"1" * 1_000_000, b"0." + b"1" * 1000, b"1e-99999"]
TEXTS = [b'"\\ud800"', b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\x00"', b'"\\u0000"', b'"\\x41"', b'"' * 5000]
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY a%d "%s">' % (level, b"&a%s;" % (b"%d" % (level - 1) if level else b"") * 10) for level in range(9)
)
XMLS = [
    BOMB + b"]><a>&a8;</a>",
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    b"<a>" * 20_000,
    b"<a>" * 5000 + b"</a>" * 5000,
    b"<a b='1' b='2'/>",
    b"<?xml version='1.0' encoding='utf-7'?><a/>",
    b"<a>\x00</a>",
    b"<a>&#x0;</a>",
]


def _json(random: Random) -> Payload:
    depth = random.choice([129, 1000, 50_000])
    bodies = [
        b"[" * depth,
        b"[" * depth + b"]" * depth,
        b'{"a":' * depth,
        b'{"a":' * depth + b"1" + b"}" * depth,
        b'{"AppointmentId": 1, "AppointmentId": 2}',
        b'{"AppointmentId": 1, "appointmentid": 2}',
        b'{"AppointmentId": %s}' % random.choice(NUMBERS),
        b'{"AppointmentId": %s}' % random.choice(TEXTS),
        b"{%s: 1}" % random.choice(TEXTS),
        b'{"AppointmentId": 1' + b"\\" * 10_000,
        b"\xef\xbb\xbf{}",
        b"\x00" * 100,
        random.randbytes(200),
        b"",
    ]
    return JSON, random.choice(bodies)


def _xml(random: Random) -> Payload:
    return random.choice(["application/xml", "text/xml; charset=utf-16"]), random.choice(XMLS)


def _form(random: Random) -> Payload:
    bodies = [
        b"&".join(b"k%d=1" % number for number in range(100_000)),
        b"%zz=%",
        b"&" * 10_000,
        b"a=\xff",
        b"=" * 9999,
    ]
    return "application/x-www-form-urlencoded", random.choice(bodies)


def _multipart(random: Random) -> Payload:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    kinds = ["", "; boundary=", "; boundary=b", '; boundary="' + "b" * 5000 + '"', "; boundary=b; boundary=c"]
    bodies = [part, part * 2000, b"--b" * 10_000, b"--b\r\nX: " + b"a" * 50_000, b"", b"--b--"]
    return "multipart/form-data" + random.choice(kinds), random.choice(bodies)


def _charset(random: Random) -> Payload:
    names = ["nope", "utf-7", "base64", "rot13", "idna", "utf-16", "..", "a" * 500, "unicode_escape", "\u00e5"]
    return f"{JSON}; charset={random.choice(names)}", b'{"AppointmentId": 1}'


PAYLOADS: Sequence[Callable[[Random], Payload]] = (_json, _json, _xml, _form, _multipart, _charset)

HEADERS = [
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "nope, br"),
    ("Content-Length", "-5"),
    ("Content-Length", "+5"),
    ("Content-Length", "5, 6"),
    ("Content-Length", "5, 5"),
    ("Content-Length", "\u0665"),
    ("Content-Length", "9" * 30),
    ("Content-Length", "9" * 5000),
    ("Content-Length", "17000000"),
    ("Content-Length", "x"),
    ("Transfer-Encoding", "chunked, nope"),
    ("Accept", "*/*;q=x, " * 500),
    ("Accept", "a/b;q=1e999;;;"),
    ("Accept-Language", "-" * 1000),
    ("Accept-Charset", "\xff"),
    ("Authorization", "Basic \xff\xff"),
    ("Authorization", "Basic " + "A" * 9999),
    ("Cookie", "a=" * 3000),
    ("Cookie", '="\\777'),
    ("Origin", "http://a\x0b"),
    ("Origin", "null, \xe5"),
    ("Host", ""),
    ("Host", "a b:99999999"),
    ("Host", "[::1"),
    ("Expect", "200-nope"),
    ("If-Match", '"' * 500),
    ("If-Modified-Since", "Thu, 99 Foo 0000 99:99:99 GMT"),
    ("Range", "bytes=-,9-1"),
    ("X-Forwarded-For", "\x00"),
    ("X-HTTP-Method-Override", "\x7f"),
    ("X", "a" * 70_000),
    ("Connection", "upgrade, close"),
    ("Upgrade", "websocket"),
    ("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA"),
]
METHODS = ["G\xe5T", "get", "", "A" * 5000, "GET\x00", "CONNECT", "TRACE", "PRI", "{}", "OPTIONS", "HEAD", "QUERY"]
SUFFIXES = [
    "%", "%zz", "%ff", "%c0%af", "%00", "/..%2f..%2fetc", "?%", "?a=%zz", "?a=%ff", "?$select=%", "?" + "&" * 5000,
    "?" + "a" * 17_000, "/" + "a" * 17_000, "?\xff", "\xff", "\xc3\xa5", "#a%", "?a=" + "%41" * 4000, ";a=b", "//",
    "?a[b]=1", "?" + "a=1&" * 3000, "?$filter=" + "(" * 5000,
]  # fmt: skip
WHOLE_TARGETS = ["*", "http://other.example/a", "http://", "//", "", "a b", "other:443", "/" * 5000, "http://[::1/a"]


def malformed(random: Random, targets: Sequence[Target]) -> bytes:
    """Return the bytes of one request, most of them broken in one way; ends with what closes the connection."""
    method, path = random.choice(targets)
    return random.choice(_RAW)(random, method, path)


def _message(method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    given = {name.lower() for name, _ in headers}
    usual = [("Host", "a"), ("Authorization", BASIC), ("Connection", "close"), ("Content-Length", str(len(body)))]
    fields = [*headers, *(header for header in usual if header[0].lower() not in given)]
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body


def _bad_body(random: Random, method: str, path: str) -> bytes:
    content_type, body = random.choice(PAYLOADS)(random)
    return _message(method, path, [("Content-Type", content_type)], body)


def _bad_header(random: Random, method: str, path: str) -> bytes:
    headers = random.sample(HEADERS, random.randint(1, 3))
    return _message(method, path, [*headers, ("Content-Type", JSON)], b'{"AppointmentId": 1}')


def _bad_method(random: Random, _: str, path: str) -> bytes:
    return _message(random.choice(METHODS), path, [], b"")


def _bad_target(random: Random, method: str, path: str) -> bytes:
    return _message(method, random.choice([path + random.choice(SUFFIXES), random.choice(WHOLE_TARGETS)]), [], b"")


def _bad_chunks(random: Random, method: str, path: str) -> bytes:
    chunks = [
        b"zz\r\na\r\n",
        b"-1\r\n",
        b"5\r\nab",
        b"1\r\nab\r\n0\r\n\r\n",
        b"f" * 40 + b"\r\n",
        b"1;" + b"a" * 20_000,
    ]
    body = random.choice([b"", b"2\r\n{}\r\n"]) + random.choice(chunks)
    headers = [("Transfer-Encoding", "chunked"), ("Content-Type", JSON), ("Host", "a"), ("Connection", "close")]
    if random.random() < 0.5:
        headers.append(("Content-Length", str(random.choice([0, 3, len(body)]))))
    text = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    return text.encode() + body


def _bad_frame(random: Random, method: str, path: str) -> bytes:
    line = f"{method} {path} HTTP/1.1\r\n".encode()
    frames = [
        line + b"Connection: close\r\n\r\n",  # no Host
        line + b"Host: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        line + b"Host: a\r\n folded: b\r\nConnection: close\r\n\r\n",
        line + b"Host: a\r\nX: a\rInjected: b\r\nConnection: close\r\n\r\n",
        line + b"Host: a\r\nOrigin: a\nInjected: b\r\nConnection: close\r\n\r\n",
        line + b"Host : a\r\n: b\r\nX\r\n\r\n",
        line + b"Host: a\r\n" + b"X: 1\r\n" * 300 + b"\r\n",
        line + b"Host: a\r\nX: " + b"a" * 600_000 + b"\r\n\r\n",
        line + b"Host: a\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\n123456",
        line + b"Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\nConnection: close\r\n\r\n12345",
        line + b"Host: a\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{",
        line.replace(b"1.1", b"9.9") + b"Host: a\r\n\r\n",
        line.replace(b"HTTP", b"HTTQ") + b"Host: a\r\n\r\n",
        line.replace(b" ", b"\t") + b"Host: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a TLS greeting
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + random.randbytes(50),
        b"\r\n" * 500 + line + b"Host: a\r\nConnection: close\r\n\r\n",
        b"\x00" * 100 + b"\r\n\r\n",
        random.randbytes(300) + b"\r\n\r\n",
        b"GET",
    ]
    return random.choice(frames)


def _packed(random: Random, method: str, path: str) -> bytes:
    packed = gzip.compress(b" " * 1_000_000)
    body = random.choice([packed, packed[:50], b"\x1f\x8b", b"{}"])
    return _message(method, path, [("Content-Encoding", "gzip"), ("Content-Type", JSON)], body)


_RAW = (_bad_body, _bad_body, _bad_header, _bad_method, _bad_target, _bad_chunks, _bad_frame, _packed)


class Broken(io.RawIOBase):
    """A body whose reading fails as a server's does when a chunk is malformed or a client is gone."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise self._error


def malformed_environ(random: Random, targets: Sequence[Target]) -> dict[str, Any]:
    """Return a WSGI environ, broken in up to three ways, some that no server lets through."""
    method, path = random.choice(targets)
    content_type, body = random.choice(PAYLOADS)(random)
    environ = _environ(method, path, content_type, body)
    for change in random.sample(_CHANGES, random.randint(0, 2)):
        change(random, environ)
    return environ


def _environ(method: str, path: str, content_type: str, body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": BASIC,
        "HTTP_HOST": "a",
        "SERVER_NAME": "a",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _change_header(random: Random, environ: dict[str, Any]) -> None:
    name, value = random.choice([*HEADERS, ("Origin", "a\r\nInjected: b"), ("Accept", "a\x00"), ("X", "a\nb")])
    key = name.upper().replace("-", "_")
    environ[key if key == "CONTENT_LENGTH" else f"HTTP_{key}"] = value.encode("utf-8").decode("latin-1")


def _change_headers(random: Random, environ: dict[str, Any]) -> None:
    environ.update({f"HTTP_X_{number}": "1" for number in range(random.choice([50, 201, 2000]))})


def _change_target(random: Random, environ: dict[str, Any]) -> None:
    path, mark, query = (environ["PATH_INFO"] + random.choice(SUFFIXES)).partition("?")
    environ |= {"PATH_INFO": path, "QUERY_STRING": query}
    if random.random() < 0.5:
        environ["RAW_URI"] = path + mark + query


def _change_whole_target(random: Random, environ: dict[str, Any]) -> None:
    environ["PATH_INFO"] = environ["REQUEST_URI"] = random.choice(WHOLE_TARGETS)


def _change_method(random: Random, environ: dict[str, Any]) -> None:
    environ["REQUEST_METHOD"] = random.choice(METHODS)


def _change_length(random: Random, environ: dict[str, Any]) -> None:
    environ["CONTENT_LENGTH"] = random.choice(["", "0", "1", "99999", "-1", "1_0", " 5 ", "5,", ","])


def _change_stream(random: Random, environ: dict[str, Any]) -> None:
    errors = [OSError("Invalid chunk header"), ConnectionResetError("gone"), TimeoutError("too slow")]
    environ |= {"wsgi.input": Broken(random.choice(errors)), "wsgi.input_terminated": True}


_CHANGES = (
    _change_header,
    _change_headers,
    _change_target,
    _change_whole_target,
    _change_method,
    _change_length,
    _change_stream,
)
