"""Download of a document from a URL; a redirect may not lead to another host."""

import ssl
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from .tls_mismatch import tls_mismatch


class _SameHost(HTTPRedirectHandler):
    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        """Return the request that follows a redirect; raises ``OSError`` where it leads to another host."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        is_weaker = old.scheme == "https" and new.scheme != "https"
        if new.netloc.lower() != old.netloc.lower() or is_weaker:
            fp.close()
            raise OSError(f"it redirects to {newurl}, on another host; name that URL if it is meant")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(url: str, seconds: float, most: int) -> tuple[bytes, str]:
    """Return at most ``most`` bytes of what a URL holds, and the URL after redirects (RFC 3986, section 5.1.3).

    Raises ``OSError`` and ``ValueError``.
    """
    try:
        with build_opener(_SameHost).open(url, timeout=seconds) as response:
            content: bytes = response.read(most)
            return content, response.url
    except HTTPError as error:
        error.close()
        raise
    except URLError as error:
        raise OSError(_why(error.reason)) from error
    except HTTPException as error:
        raise OSError(tls_mismatch(error) or f"the reply is not HTTP: {error}") from error


def _why(reason: object) -> str:
    """Return in words why there is no reply."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {reason.verify_message}; download the document, and name the file"
    return tls_mismatch(reason) or f"nothing answers there: {getattr(reason, 'strerror', None) or reason}"
