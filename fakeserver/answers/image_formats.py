"""Image and document formats: a picture of two colours as a PNG, GIF, BMP, TIFF, JPEG, WebP or PDF file.

Eight lines of tiles need no image library: each format is written without compression of its own, or with zlib's.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Red, green and blue from 0 to 255."""

_BLOCK = 8
"""Width and height of what JPEG encodes at once."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A rectangle of tiles, each in one of two colours, the second of which is the brighter one in each part."""

    width: int
    height: int
    colours: tuple[Colour, Colour]
    tiles: tuple[tuple[int, ...], ...]
    """Rows of tiles, as indices of ``colours``."""

    def index(self, column: int, row: int) -> int:
        """Return the index of the colour of a pixel."""
        return self.tiles[row * len(self.tiles) // self.height][column * len(self.tiles[0]) // self.width]

    def lines(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield each row of pixels, an index of a colour as one of two texts."""
        drawn: dict[int, str] = {}
        for row in range(self.height):
            line = row * len(self.tiles) // self.height
            if line not in drawn:
                drawn[line] = "".join(texts[self.index(column, row)] for column in range(self.width))
            yield drawn[line]


def png(picture: Picture) -> bytes:
    """Return a PNG (ISO/IEC 15948) with a palette."""
    rows = b"".join(b"\0" + _highest_first(line) for line in picture.lines("01"))
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 1, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", _palette(picture)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def gif(picture: Picture) -> bytes:
    """Return a GIF 89a, whose dictionary is cleared before it has to grow: three bits a code."""
    clear, codes, end = "001", ("000", "100"), "101"
    lines = (line[start : start + 6] for line in picture.lines(codes) for start in range(0, len(line), 6))
    data = _lowest_first("".join(clear + pair for pair in lines) + clear + end)
    blocks = b"".join(bytes([len(block)]) + block for block in _cut(data, 255))
    size = struct.pack("<HH", picture.width, picture.height)
    head = b"GIF89a" + size + b"\xf0\0\0" + _palette(picture) + b",\0\0\0\0" + size + b"\0"
    return head + b"\x02" + blocks + b"\0;"


def bmp(picture: Picture) -> bytes:
    """Return a bitmap file of Windows, a bit a pixel, from the bottom up."""
    rows = [_highest_first(line) for line in picture.lines("01")]
    data = b"".join(row + b"\0" * (-len(row) % 4) for row in reversed(rows))
    palette = b"".join(bytes([blue, green, red, 0]) for red, green, blue in picture.colours)
    start = 14 + 40 + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, picture.width, picture.height, 1, 1, 0, len(data), 2835, 2835, 2, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + palette + data


def tiff(picture: Picture) -> bytes:
    """Return a TIFF 6.0 with a palette, in one strip."""
    data = b"".join(_highest_first(line) for line in picture.lines("01"))
    palette = struct.pack("<6H", *(colour[part] * 257 for part in range(3) for colour in picture.colours))
    start, short, long = 8, 3, 4
    fields = [
        (256, long, 1, picture.width),
        (257, long, 1, picture.height),
        (258, short, 1, 1),
        (259, short, 1, 1),
        (262, short, 1, 3),
        (273, long, 1, start + len(palette)),
        (278, long, 1, picture.height),
        (279, long, 1, len(data)),
        (320, short, 6, start),
    ]
    directory = struct.pack("<H", len(fields)) + b"".join(struct.pack("<HHII", *field) for field in fields) + b"\0" * 4
    padding = b"\0" * (len(data) % 2)
    directory_start = start + len(palette) + len(data) + len(padding)
    return b"II*\0" + struct.pack("<I", directory_start) + palette + data + padding + directory


def jpeg(picture: Picture) -> bytes:
    """Return a baseline JPEG (ITU-T T.81): each block of pixels in the colour of its centre."""
    components = [_luma_and_chroma(colour) for colour in picture.colours]
    bits, before = [], (128, 128, 128)
    for row in range(0, picture.height, _BLOCK):
        for column in range(0, picture.width, _BLOCK):
            centre = (
                min(start + _BLOCK // 2, most - 1) for start, most in ((column, picture.width), (row, picture.height))
            )
            block = components[picture.index(*centre)]
            bits += [_difference(new - old) for new, old in zip(block, before, strict=True)]
            before = block
    text = "".join(bits)
    data = _highest_first(text + "1" * (-len(text) % 8)).replace(b"\xff", b"\xff\0")
    frame = struct.pack(">BHHB", 8, picture.height, picture.width, 3) + b"".join(
        bytes([number, 0x11, 0]) for number in (1, 2, 3)
    )
    parts = [
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        (0xDB, b"\0" + bytes([_BLOCK]) * 64),
        (0xC0, frame),
        (0xC4, b"\0" + bytes([0, 0, 0, 9, *[0] * 12, *range(9)])),
        (0xC4, b"\x10" + bytes([1, *[0] * 15, 0])),
        (0xDA, b"\3" + b"".join(bytes([number, 0]) for number in (1, 2, 3)) + b"\0\x3f\0"),
    ]
    segments = b"".join(bytes([0xFF, marker]) + struct.pack(">H", len(part) + 2) + part for marker, part in parts)
    return b"\xff\xd8" + segments + data + b"\xff\xd9"


def webp(picture: Picture) -> bytes:
    """Return a lossless WebP (RFC 9649): one bit for each of green, red and blue of a pixel."""
    (red, green, blue), brighter = picture.colours
    pairs = ((green, brighter[1]), (red, brighter[0]), (blue, brighter[2]))
    codes = "".join("111" + _byte(first) + _byte(second) for first, second in pairs)
    size = "".join(_bits(length - 1, 14) for length in (picture.width, picture.height))
    opaque, no_distance = "101" + _byte(255), "1000"
    head = _bits(0x2F, 8) + size + "0" * 4 + "0" * 3 + codes + opaque + no_distance
    data = _lowest_first(head + "".join(picture.lines(("000", "111"))))
    data += b"\0" * (len(data) % 2)
    chunk = b"WEBPVP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunk)) + chunk


def pdf(picture: Picture) -> bytes:
    """Return a PDF (ISO 32000-1) of one page, a point for each pixel, made at the beginning of 2025."""
    rows, columns = len(picture.tiles), len(picture.tiles[0])
    width, height = picture.width / columns, picture.height / rows
    drawn = [f"{_fill(picture.colours[1])} 0 0 {picture.width} {picture.height} re f {_fill(picture.colours[0])}"]
    for row, tiles in enumerate(reversed(picture.tiles)):
        places = [place for place, index in enumerate(tiles) if index == 0]
        drawn += [f"{place * width:g} {row * height:g} {width:g} {height:g} re f" for place in places]
    content, made = "\n".join(drawn), "(D:20250101000000Z)"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page\n/Parent 2 0 R /MediaBox [0 0 {picture.width} {picture.height}] /Contents 4 0 R >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        f"<< /CreationDate {made} /ModDate {made} >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return f"{out}xref\n0 {len(objects) + 1}\n{table}{trailer}\nstartxref\n{len(out)}\n%%EOF\n".encode("ascii")


FORMATS: dict[str, Callable[[Picture], bytes]] = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/jpg": jpeg,
    "image/gif": gif,
    "image/bmp": bmp,
    "image/tiff": tiff,
    "image/webp": webp,
    "application/pdf": pdf,
}
"""Media type → function that writes a picture in its format."""


def _palette(picture: Picture) -> bytes:
    return b"".join(map(bytes, picture.colours))


def _highest_first(bits: str) -> bytes:
    """Return bits as octets, the first one the most significant, filled up with zeros."""
    return int(bits.ljust(-len(bits) // 8 * -8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def _lowest_first(bits: str) -> bytes:
    """Return bits as octets, the first one the least significant, filled up with zeros."""
    return int(bits[::-1], 2).to_bytes(-(-len(bits) // 8), "little")


def _bits(number: int, count: int) -> str:
    """Return a number as bits, the least significant one first."""
    return f"{number:0{count}b}"[::-1]


def _byte(number: int) -> str:
    return _bits(number, 8)


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _luma_and_chroma(colour: Colour) -> tuple[int, int, int]:
    """Return a colour as JFIF encodes it: Y, Cb and Cr."""
    red, green, blue = colour
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(luma), round(128 + (blue - luma) * 0.564), round(128 + (red - luma) * 0.713)


def _difference(number: int) -> str:
    """Return the code of the difference to the block before, and of no other coefficients (T.81, F.1.2.1)."""
    size = abs(number).bit_length()
    digits = f"{number if number > 0 else number + (1 << size) - 1:0{size}b}" if size else ""
    return f"{size:04b}{digits}0"


def _fill(colour: Colour) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour) + " rg"
