"""Small files where the documentation promises octets: real images and documents, other ones as plain text."""

import base64
from io import BytesIO
from time import struct_time
from typing import Any

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

_SIDE, _TILES, _MOST = 64, 8, 1024
_WIDTHS, _HEIGHTS = ("w", "width"), ("h", "height")


def is_file(media_types: list[str]) -> bool:
    """Tell whether one of several media types is that of an image or a document."""
    return any(name in _FORMATS or name == "application/octet-stream" for name in media_types)


def file_of(media_type: str, key: int, parameters: dict[str, Any]) -> str:
    """Return a file in base64, the same for the same key; images have the size that ``w`` and ``h`` ask for.

    Where the media type is none of a file, such as JSON, the file is a PNG.
    """
    name = _FORMATS.get(media_type, "" if media_type.startswith(("application/", "text/")) else "PNG")
    if media_type.endswith(("json", "xml")):
        name = "PNG"
    octets = _image(name, key, parameters) if name else f"A sample of {media_type}, number {key % 1000}.\n".encode()
    return base64.b64encode(octets).decode()


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
