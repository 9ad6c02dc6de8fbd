"""Content codings of bodies: gzip and deflate, and br and zstd where their packages are installed (RFC 9110, 8.4.1).

None is asked for, but some servers, and the proxies before them, send one all the same.
"""

import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType

Decoder = Callable[[bytes, int], bytes]
"""Body and the most octets that are made of it → what it stands for; raises ``ValueError`` for a body that is none."""


def codings_of(header: str | None) -> list[str]:
    """Return the codings that a ``Content-Encoding`` names, in the order in which they were applied."""
    names = (name.strip().lower() for name in (header or "").split(","))
    return [name for name in names if name not in ("", "identity")]


def unreadable_coding(header: str | None) -> str:
    """Return the first coding of a ``Content-Encoding`` that can't be undone here, empty where there is none."""
    return next((name for name in codings_of(header) if _decoder(name) is None), "")


def decoded(body: bytes, header: str | None, limit: int) -> bytes:
    """Return at most ``limit`` octets of what a coded body stands for; the body where that can't be made out."""
    for name in reversed(codings_of(header)):
        decode = _decoder(name)
        if decode is None or not body:
            return body
        try:
            body = decode(body, limit)
        except ValueError:
            return body
    return body


def _gunzipped(body: bytes, limit: int) -> bytes:
    """Undo gzip, whose members may be several (RFC 1952, section 2.2)."""
    plain = b""
    while body and len(plain) < limit:
        decompressor = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain += _inflated(decompressor, body, limit - len(plain))
        body = decompressor.unused_data.lstrip(b"\0")
    return plain


def _deflated(body: bytes, limit: int) -> bytes:
    """Undo deflate, which some servers send without the zlib format around it (RFC 9110, section 8.4.1.2)."""
    try:
        return _inflated(zlib.decompressobj(zlib.MAX_WBITS), body, limit)
    except ValueError:
        return _inflated(zlib.decompressobj(-zlib.MAX_WBITS), body, limit)


def _inflated(decompressor: "zlib._Decompress", body: bytes, limit: int) -> bytes:
    try:
        return decompressor.decompress(body, limit)
    except zlib.error as error:
        raise ValueError(str(error)) from error


def _brotli(package: ModuleType) -> Decoder:
    def decode(body: bytes, limit: int) -> bytes:
        decompressor, plain = package.Decompressor(), b""
        try:
            for start in range(0, len(body), _STEP):
                plain += decompressor.process(body[start : start + _STEP])
                if len(plain) >= limit:
                    break
        except package.error as error:
            raise ValueError(str(error)) from error
        return plain[:limit]

    return decode


def _zstandard(package: ModuleType) -> Decoder:
    def decode(body: bytes, limit: int) -> bytes:
        try:
            with package.ZstdDecompressor().stream_reader(body, read_across_frames=True) as reader:
                return bytes(reader.read(limit))
        except package.ZstdError as error:
            raise ValueError(str(error)) from error

    return decode


_STEP = 1024
"""Octets that are decoded at a time: brotli has no limit of its own to what comes of them."""

_BUILT_IN: Mapping[str, Decoder] = {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _deflated}

_OF_PACKAGES: Mapping[str, tuple[str, Callable[[ModuleType], Decoder]]] = {
    "br": ("brotli", _brotli),
    "zstd": ("zstandard", _zstandard),
}
"""Coding → the package that undoes it, and how."""


def _decoder(name: str) -> Decoder | None:
    """Return what undoes a coding, ``None`` for one that nobody here knows."""
    if name not in _OF_PACKAGES:
        return _BUILT_IN.get(name)
    package, made = _OF_PACKAGES[name]
    try:
        return made(import_module(package))
    except ImportError:
        return None
