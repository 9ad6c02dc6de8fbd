"""Images that the fake shows itself, without the internet: drawings behind the image URLs of its answers."""

import re

from docdouble.schemas import Call, Reply

from ..sampler.data.images import IMAGES

IMAGE_PATH = "/__docdouble__/images/"
"""Path below which the images stand; no documented path does."""

_NAME = re.compile(re.escape(IMAGE_PATH) + r"([0-9a-f]{8})\.svg")
_HEADERS = (
    ("Content-Type", "image/svg+xml"),
    ("Cache-Control", "public, max-age=86400"),
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
_PLACEHOLDER = IMAGES.encode()


def with_shown_images(body: bytes, scheme: str, host: str | None) -> bytes:
    """Return a body whose made-up image URLs lead to the host of its call; without a host they stay."""
    if not host or _PLACEHOLDER not in body:
        return body
    return body.replace(_PLACEHOLDER, f"{scheme}://{host}{IMAGE_PATH}".encode())


def image_reply(call: Call) -> Reply | None:
    """Return the image that a call asks for, ``None`` for a call of anything else."""
    match = _NAME.fullmatch(call.path)
    if match is None or call.method not in ("GET", "HEAD"):
        return None
    return Reply(_HEADERS, _drawing(int(match[1], 16)).encode())


def _drawing(number: int) -> str:
    """Return a landscape whose colours and hills depend on a number, as SVG."""
    hue, sun, hill, height = number % 360, 120 + (number >> 9) % 400, 160 + (number >> 17) % 320, (number >> 24) % 90
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" viewBox="0 0 640 480">'
        f'<rect width="640" height="480" fill="hsl({hue},55%,82%)"/>'
        f'<circle cx="{sun}" cy="120" r="56" fill="hsl({(hue + 40) % 360},80%,92%)"/>'
        f'<path d="M0 400 L{hill} {180 + height} L640 420 V480 H0 Z" fill="hsl({hue},38%,52%)"/>'
        f'<path d="M0 440 L{640 - hill} {280 + height} L640 400 V480 H0 Z" fill="hsl({(hue + 18) % 360},36%,38%)"/>'
        "</svg>"
    )
