"""Small files where the documentation promises octets: real images, documents and archives, others are plain text."""

import base64
import gzip
import tarfile
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from ..sampler.seeds import mix
from .image_formats import FORMATS, Picture, png

_MADE = (2025, 1, 1, 0, 0, 0, 0, 1, 0)
"""Time at which documents were made: always the same, so that their octets are the same."""

_NAME_IN_ARCHIVES = "sample.txt"

_SIDE, _TILES, _MOST = 64, 8, 1024
_BACKGROUND = (240, 240, 240)
_WIDTHS, _HEIGHTS = ("w", "width"), ("h", "height")


def is_file(media_types: list[str]) -> bool:
    """Tell whether one of several media types is that of an image, a document or an archive."""
    return any(name in FORMATS or name in _ARCHIVES or name == "application/octet-stream" for name in media_types)


def file_of(media_type: str, key: int, parameters: dict[str, Any]) -> str:
    """Return a file in base64, the same for the same key; images have the size that ``w`` and ``h`` ask for.

    Where the media type is none of a file, such as JSON, the file is a PNG.
    """
    is_part = media_type.endswith(("json", "xml"))
    return base64.b64encode(octets_of("image/png" if is_part else media_type, key, parameters)).decode()


def octets_of(media_type: str, key: int, parameters: dict[str, Any]) -> bytes:
    """Return a file, the same for the same key: an image, a document, an archive of one text, or that text."""
    is_image = not media_type.startswith(("application/", "text/"))
    if is_image or media_type in FORMATS:
        return FORMATS.get(media_type, png)(_picture(key, parameters))
    text = f"A sample of {media_type}, number {key % 1000}.\n".encode()
    if media_type == "text/csv":
        text = f"number,name\r\n{key % 1000},Sample\r\n".encode()
    return _ARCHIVES[media_type](text) if media_type in _ARCHIVES else text


def _zip(text: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(ZipInfo(_NAME_IN_ARCHIVES, _MADE[:6]), text)
    return out.getvalue()


def _tar(text: bytes) -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(_NAME_IN_ARCHIVES)
        member.size = len(text)
        archive.addfile(member, BytesIO(text))
    return out.getvalue()


def _tar_gz(text: bytes) -> bytes:
    return gzip.compress(_tar(text), mtime=0)


_ARCHIVES: dict[str, Callable[[bytes], bytes]] = {
    "application/zip": _zip,
    "application/x-zip-compressed": _zip,
    "application/x-tar": _tar,
    "application/gzip": _tar_gz,
    "application/x-gzip": _tar_gz,
}
"""Media type → function for an archive of one text."""


def _picture(key: int, parameters: dict[str, Any]) -> Picture:
    """Return a symmetric pattern of coloured tiles."""
    red, green, blue = (64 + (mix(key, part) >> 8) % 160 for part in (1, 2, 3))
    half = [
        [1 - (mix(key, 100 + row * _TILES // 2 + column) >> 13 & 1) for column in range(_TILES // 2)]
        for row in range(_TILES)
    ]
    tiles = tuple((*line, *reversed(line)) for line in half)
    size = _length(parameters, _WIDTHS), _length(parameters, _HEIGHTS)
    return Picture(*size, ((red, green, blue), _BACKGROUND), tiles)


def _length(parameters: dict[str, Any], names: tuple[str, ...]) -> int:
    asked = next((value for name, value in parameters.items() if name.lower() in names), None)
    return min(max(asked, 1), _MOST) if isinstance(asked, int) else _SIDE
