"""Targets of documented redirects on the fake itself: to follow one never leads to the real API or the internet."""

import re
from hashlib import blake2b
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from docdouble.schemas import Call, Contract, Operation, Reply, Response
from docdouble.schemas.contract.router import Router
from docdouble.schemas.http import Headers

from ..requests.cors import is_preflight, preflight, shared_with
from ..requests.request_reader import Request
from .binary_files import octets_of
from .documented_headers import DocumentedHeaders

REDIRECTS = (301, 302, 303, 307, 308)
"""Statuses whose ``Location`` clients follow (RFC 9110, section 15.4)."""

FILE_PATH = "/__docdouble__/files/"
"""Path of the files that redirects to other servers lead to; no documented path does."""

_MEDIA_TYPES = {
    "zip": "application/zip",
    "tar.gz": "application/gzip",
    "tar": "application/x-tar",
    "json": "application/json",
    "csv": "text/csv",
    "xml": "application/xml",
    "html": "text/html",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
}
"""End of a file's name → its media type."""

_OTHER_WORDS = {
    "tgz": "tar.gz",
    "gz": "tar.gz",
    "tarball": "tar.gz",
    "zipball": "zip",
    "jpeg": "jpg",
    "log": "txt",
    "logs": "txt",
    "htm": "html",
}
"""Word of a path → the end of a file's name that it means."""

_WEB = ("http", "https")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_ENDINGS = {name: name for name in _MEDIA_TYPES} | _OTHER_WORDS
_WORD = re.compile(r"[^\W_]+")
_FILE = re.compile(re.escape(FILE_PATH) + r"([0-9a-f]{8})\.([a-z.]+)")

_TEXTS = {
    "json": '{{"sample": {0}}}\n',
    "csv": "id,name\n{0},Sample\n",
    "xml": '<?xml version="1.0" encoding="UTF-8"?>\n<sample id="{0}"/>\n',
    "html": "<!DOCTYPE html>\n<title>Sample {0}</title>\n<p>Here the documented redirect leads elsewhere.</p>\n",
}
"""End of the name of a text that has a form → that text."""


class Redirects:
    """The targets of the redirects of one contract; ``headers`` are its documented header fields."""

    def __init__(self, contract: Contract, router: Router, headers: DocumentedHeaders) -> None:
        self._contract = contract
        self._router = router
        self._headers = headers

    def on_fake(self, request: Request, status: int, fields: Headers, base_url: str) -> Headers:
        """Return the header fields of a redirect with a ``Location`` on the fake; ``base_url`` is that of the call.

        A URL of a documented server stays on the fake where its path is documented. Any other, and one that leads in a
        circle, becomes that of a file. What the schema of the field doesn't take, or an app of this machine, stays; and
        so does what a document has as the example of a field that it requires.
        """
        if _is_required(request.operation.response(status)):
            return fields
        return tuple(
            (name, self._target(request, status, text, base_url) if name.lower() == "location" else text)
            for name, text in fields
        )

    def _target(self, request: Request, status: int, location: str, base_url: str) -> str:
        here = urlsplit(base_url + request.call.path)
        try:
            url = urlsplit(urljoin(here.geturl(), location))
        except ValueError:  # no URL at all
            return location
        method = _followed_with(request.call.method, status)
        is_circle = (url.path, method) == (here.path, request.call.method)
        is_here = url.netloc == here.netloc
        if not (is_here and is_circle) and (is_here or url.scheme not in _WEB or url.hostname in _LOOPBACK):
            return location
        origin = urlunsplit((here.scheme, here.netloc, "", "", ""))
        is_known = not is_circle and (is_here or self._is_documented(request.operation, url, method))
        path = urlunsplit(("", "", url.path, url.query, url.fragment)) if is_known else _file_path(request, url)
        response = request.operation.response(status)
        fits = response is None or self._headers.fits(request.operation, response, "Location", origin + path)
        return origin + path if fits else location

    def _is_documented(self, operation: Operation, url: SplitResult, method: str) -> bool:
        """Tell whether something is documented for a URL of a documented server."""
        servers = (*self._contract.servers, *operation.servers)
        hosts = {urlsplit(server.default_url).netloc.lower() for server in servers}
        if url.netloc.lower() not in hosts:
            return False
        route = self._router.destination(Call(target=url.path or "/")).route
        return route is not None and route.answering(method) is not None


def _is_required(response: Response | None) -> bool:
    """Tell whether a response requires a ``Location`` and shows it."""
    headers = response.headers if response else ()
    return any(header.required and header.samples for header in headers if header.name.lower() == "location")


def file_reply(call: Call, cors: tuple[str, ...]) -> Reply | None:
    """Return the file that a redirect leads to, whatever the method, ``None`` for a call of anything else."""
    match = _FILE.fullmatch(call.path)
    media_type = _MEDIA_TYPES.get(match[2]) if match else None
    if match is None or media_type is None:
        return None
    if is_preflight(call):
        reply = preflight(call, None)
        return Reply((*reply.headers, *shared_with(call, cors, reply.headers)), status=reply.status)
    number, text = int(match[1], 16), _TEXTS.get(match[2])
    body = octets_of(media_type, number, {}) if text is None else text.format(number % 1000).encode()
    fields = (("Content-Type", media_type), ("Cache-Control", "public, max-age=86400"))
    return Reply((*fields, *shared_with(call, cors, fields)), body)


def _followed_with(method: str, status: int) -> str:
    """Return the method with which clients follow a redirect (https://fetch.spec.whatwg.org/#http-redirect-fetch)."""
    is_changed = (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST")
    return "GET" if is_changed else method


def _file_path(request: Request, url: SplitResult) -> str:
    number = blake2b(request.call.path.encode(), digest_size=4).hexdigest()
    return f"{FILE_PATH}{number}.{_ending(request, url)}"


def _ending(request: Request, url: SplitResult) -> str:
    """Return the end of the name of a file: that of a URL, else a word of the path that is called or of the URL."""
    name = url.path.rpartition("/")[2]
    successes = (response for response in request.operation.responses if response.status.startswith("2"))
    media_types = (media_type.name for response in successes for media_type in response.media_types)
    texts = (name.rpartition(".")[2] if "." in name else "", request.call.path, url.path, *media_types)
    words = (word for text in texts for word in reversed(_WORD.findall(text.lower())))
    return next((_ENDINGS[word] for word in words if word in _ENDINGS), "txt")
