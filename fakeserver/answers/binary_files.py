"""Small files where the documentation promises octets: real images, documents and archives, others are plain text."""

import base64
import gzip
import tarfile
from collections.abc import Callable
from io import BytesIO
from time import struct_time
from typing import Any
from zipfile import ZipFile, ZipInfo

from ..sampler.seeds import mix

_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
    "application/pdf": "PDF",
}
"""Media type → Pillow's name of the format."""

_MADE = (2025, 1, 1, 0, 0, 0, 0, 1, 0)
"""When documents were made: always at the same time, so that their octets are the same."""

_NAME_IN_ARCHIVES = "sample.txt"

_SIDE, _TILES, _MOST = 64, 8, 1024
_WIDTHS, _HEIGHTS = ("w", "width"), ("h", "height")


def is_file(media_types: list[str]) -> bool:
    """Tell whether one of several media types is that of an image, a document or an archive."""
    return any(name in _FORMATS or name in _ARCHIVES or name == "application/octet-stream" for name in media_types)


def file_of(media_type: str, key: int, parameters: dict[str, Any]) -> str:
    """Return a file in base64, the same for the same key; images have the size that ``w`` and ``h`` ask for.

    Where the media type is none of a file, such as JSON, the file is a PNG.
    """
    is_part = media_type.endswith(("json", "xml"))
    return base64.b64encode(octets_of("image/png" if is_part else media_type, key, parameters)).decode()


def octets_of(media_type: str, key: int, parameters: dict[str, Any]) -> bytes:
    """Return a file, the same for the same key: an image, a document, an archive of one text, or that text."""
    name = _FORMATS.get(media_type, "" if media_type.startswith(("application/", "text/")) else "PNG")
    if name:
        return _image(name, key, parameters)
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


def _image(name: str, key: int, parameters: dict[str, Any]) -> bytes:
    """Return a symmetric pattern of coloured tiles."""
    from PIL import Image  # here because few calls need it, and it takes 30 ms to import

    colour = tuple(64 + (mix(key, part) >> 8) % 160 for part in (1, 2, 3))
    tiles = Image.new("RGB", (_TILES, _TILES), (240, 240, 240))
    for place in range(_TILES * _TILES // 2):
        if mix(key, 100 + place) >> 13 & 1:
            row, column = divmod(place, _TILES // 2)
            tiles.putpixel((column, row), colour)
            tiles.putpixel((_TILES - 1 - column, row), colour)
    out = BytesIO()
    dates = {"creationDate": struct_time(_MADE), "modDate": struct_time(_MADE)} if name == "PDF" else {}
    size = _length(parameters, _WIDTHS), _length(parameters, _HEIGHTS)
    tiles.resize(size, Image.Resampling.NEAREST).save(out, format=name, **dates)
    return out.getvalue()


def _length(parameters: dict[str, Any], names: tuple[str, ...]) -> int:
    asked = next((value for name, value in parameters.items() if name.lower() in names), None)
    return min(max(asked, 1), _MOST) if isinstance(asked, int) else _SIDE
