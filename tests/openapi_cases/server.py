"""Server of a case: HTTP/1.1 with kept connections in front of the Python that the case holds."""

import http.client
import http.server
import io
import json
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Call:
    """One call, as the ``handle(call)`` of a case gets it."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.method = environ["REQUEST_METHOD"]
        self.path = environ["PATH_INFO"]
        self.query = urllib.parse.parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
        self.headers = environ["case.headers"]
        self.body = environ["wsgi.input"].read()

    def json(self) -> Any:
        """Return the JSON body; raises ``ValueError`` for another media type, and for what is no strict UTF-8."""
        if "json" not in self.headers.get("content-type", ""):
            raise ValueError("no JSON")
        value = json.loads(self.body.decode("utf-8"))
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value


def _application(handle: Any) -> Any:
    """Return the WSGI application of a ``handle(call)``."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        status, headers, value = handle(Call(environ))
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
        if isinstance(value, str | bytes):
            body = value.encode() if isinstance(value, str) else value
        else:
            body = b"" if status in (204, 304) else json.dumps(value).encode()
            if body and not any(name.lower() == "content-type" for name, _ in pairs):
                pairs.append(("Content-Type", "application/json"))
        start_response(f"{status} {http.client.responses.get(status, 'Case')}", pairs)
        return [body]

    return app


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, text: str, close_after_ms: int | None) -> None:
        names: dict[str, Any] = {"json": json, "re": re, "urllib": urllib, "time": time}
        exec(compile(text, "server", "exec"), names)
        self.app = names.get("app") or _application(names["handle"])
        self.received: list[str] = []
        self.close_after_ms = close_after_ms
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the caller may be gone."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        fields = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in reversed(self.headers.items())}
        return {
            **fields,
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": urllib.parse.unquote(path),
            "RAW_URI": self.path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "case.headers": {name.lower(): value for name, value in self.headers.items()},
        }

    def _answer(self) -> None:
        """Answer; after an exception of the application, with 500 and a connection that closes without a word."""
        body = self._body()
        fields = [f"{name}: {value}" for name, value in self.headers.items()]
        self.server.received.append(
            "\n".join([f"{self.command} {self.path}", *fields, "", body.decode("utf-8", "backslashreplace")])
        )
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        closes_ms = self.server.close_after_ms
        try:
            start = lambda status, headers, _=None: begun.append((status, headers))  # noqa: E731
            data = b"".join(self.server.app(self._environ(body), start))
            status, headers = begun[-1]
        except Exception:  # noqa: BLE001
            status, headers = "500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")]
            data, closes_ms = b"Internal Server Error", 150 if closes_ms is None else closes_ms
        self._send(status, headers, data)
        if closes_ms is not None:
            time.sleep(closes_ms / 1000)
            self.close_connection = True

    def _send(self, status: str, headers: list[tuple[str, str]], data: bytes) -> None:
        code, _, phrase = status.partition(" ")
        is_empty = code in ("204", "304")
        self.send_response_only(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        if not is_empty and not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD" and not is_empty:
            self.wfile.write(data)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = do_QUERY = _answer  # noqa: N815


@contextmanager
def running(text: str, close_after_ms: int | None) -> Iterator[tuple[str, list[str]]]:
    """Serve the Python of a case; yields the URL, and the list of what is received."""
    server = _Server(text, close_after_ms)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
