"""Calls of a case: sent to the fake in process, and what its answers should be."""

import base64
import io
import json
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from .checks import ABSENT, as_list, at_pointer, value_problem

BOUNDARY = "caseboundary7"


class Answer:
    """What the fake answered."""

    def __init__(self, app: Any, call: Mapping[str, Any], extra: list[tuple[str, str]]) -> None:
        chunks, status, self.headers = run_wsgi_app(app, _environ(call, extra), buffered=True)
        self.status, self.body = int(status.split()[0]), b"".join(chunks)

    def header(self, name: str) -> Any:
        values = self.headers.getlist(name)
        return ", ".join(values) if values else ABSENT

    @property
    def media_type(self) -> str:
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip().lower()

    @property
    def value(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return ABSENT

    @property
    def lines(self) -> Any:
        try:
            return [json.loads(line.lstrip("\x1e")) for line in self.body.decode().splitlines() if line.strip("\x1e ")]
        except ValueError:
            return ABSENT

    def __str__(self) -> str:
        value = self.value
        if isinstance(value, dict) and isinstance(value.get("violations"), list) and value["violations"]:
            return f"{self.status}: {json.dumps(value['violations'][0], ensure_ascii=False)[:240]}"
        return f"{self.status} {self.media_type} {self.body[:240].decode(errors='replace')!r}"


def _environ(call: Mapping[str, Any], extra: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the WSGI environment of a call, with the target as it stands."""
    method, _, target = call["send"].partition(" ")
    path, _, query = target.partition("?")
    media_type, body = _body(call)
    headers = Headers([("Host", "127.0.0.1"), *extra])
    for name, values in (call.get("headers") or {}).items():
        headers[name] = ",".join(str(value) for value in as_list(values))  # as servers join lines of one name
    headers.setdefault("Accept", "*/*")
    if media_type:
        headers.setdefault("Content-Type", media_type)
    fields = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers}
    length = "" if body is None and method not in ("POST", "PUT", "PATCH") else str(len(body or b""))
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": urllib.parse.unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": fields.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": fields.pop("HTTP_CONTENT_LENGTH", length),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **fields,
    }


def _body(call: Mapping[str, Any]) -> tuple[str, bytes | None]:
    """Return media type and octets of a call."""
    if "json" in call:
        return "application/json", json.dumps(call["json"]).encode()
    if "form" in call:
        pairs = call["form"].items() if isinstance(call["form"], dict) else call["form"]
        flat = [(name, item) for name, value in pairs for item in as_list(value)]
        return "application/x-www-form-urlencoded", urllib.parse.urlencode(flat).encode()
    if "multipart" in call:
        parts = b"".join(map(_part, call["multipart"]))
        return f"multipart/form-data; boundary={BOUNDARY}", parts + f"--{BOUNDARY}--\r\n".encode()
    if {"body", "hex", "base64"} & call.keys():
        return call.get("type", ""), _octets(call)
    return "", None


def _part(part: Mapping[str, Any]) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part["name"]}"'
    if "filename" in part:
        head += f'; filename="{part["filename"]}"'
    for name, value in (part.get("headers") or {}).items():
        head += f"\r\n{name}: {value}"
    if "type" in part:
        head += f"\r\nContent-Type: {part['type']}"
    return head.encode() + b"\r\n\r\n" + _octets(part) + b"\r\n"


def _octets(part: Mapping[str, Any]) -> bytes:
    if "hex" in part:
        return bytes.fromhex(part["hex"])
    if "base64" in part:
        return base64.b64decode(part["base64"])
    value = part["json"] if "json" in part else part.get("body", part.get("value", ""))
    return (value if isinstance(value, str) and "json" not in part else json.dumps(value)).encode()


def call_problems(app: Any, calls: list[Any], document: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the answers to calls, sent one after the other."""
    saved: dict[str, Any] = {}
    problems: list[str] = []
    for written in calls:
        call = _filled(written, saved)
        if not all(_is_status(status, saved.get(name)) for name, status in (call.get("if") or {}).items()):
            continue
        answer, answer_problems = _send(app, call, document)
        problems += [f"{call['send']}: {problem}" for problem in answer_problems]
        for name, place in (call.get("save") or {}).items():
            value = _saved(answer, place)
            if value is ABSENT or value is None:
                return [*problems, f"{call['send']}: expected a value at {place}, came {answer}"]
            saved[name] = value
    return problems


def _send(app: Any, call: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[Answer, list[str]]:
    """Send a call once, or with a seed each as often as it says, up to the first answer that isn't right."""
    for seed in range(1, call.get("repeat", 1) + 1):
        answer = Answer(app, call, [("Prefer", f"seed={seed}")] if "repeat" in call else [])
        if problems := list(_answer_problems(answer, call.get("expect", {}), document)):
            break
    return answer, problems


def _saved(answer: Answer, place: Any) -> Any:
    if place == "status":
        return answer.status
    return answer.header(place["header"]) if isinstance(place, dict) else at_pointer(answer.value, place)


def _filled(value: Any, saved: Mapping[str, Any]) -> Any:
    """Put the saved values in the place of each ``$name`` and ``${name}``."""
    if isinstance(value, str):
        whole = re.fullmatch(r"\$\{?(\w+)\}?", value)
        if whole and whole[1] in saved:
            return saved[whole[1]]
        return re.sub(r"\$\{?(\w+)\}?", lambda hit: str(saved.get(hit[1], hit[0])), value)
    if isinstance(value, list):
        return [_filled(item, saved) for item in value]
    return {key: _filled(item, saved) for key, item in value.items()} if isinstance(value, dict) else value


def _is_status(expected: Any, status: Any) -> bool:
    shapes = [str(shape).upper().replace("X", r"\d") for shape in as_list(expected)]
    return any(re.fullmatch(shape, str(status)) for shape in shapes)


def _answer_problems(answer: Answer, expect: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    if answer.status == 500 and not _is_status(expect.get("status"), 500):
        yield f"expected no 500, came {answer}"
    rules: dict[str, Callable[[Any], bool]] = {
        "status": lambda expected: _is_status(expected, answer.status),
        "status-not": lambda expected: not _is_status(expected, answer.status),
        "content-type": lambda expected: answer.media_type in [name.lower() for name in as_list(expected)],
        "empty": lambda expected: (not answer.body) is expected,
        "starts-hex": lambda expected: answer.body.startswith(bytes.fromhex(expected)),
    }
    for word, holds in rules.items():
        if word in expect and not holds(expect[word]):
            yield f"expected {word} {expect[word]}, came {answer}"
    for value, check, place in _checked(answer, expect):
        if problem := value_problem(value, check, document, place):
            yield f"{problem} ({answer})"


def _checked(answer: Answer, expect: Mapping[str, Any]) -> Iterator[tuple[Any, Any, str]]:
    """Yield the values of an answer that have a check, with it and the name of their place."""
    for name, check in (expect.get("headers") or {}).items():
        yield answer.header(name), {"present": check} if isinstance(check, bool) else check, f"header {name}"
    if "text" in expect:
        yield answer.body.decode(errors="replace"), expect["text"], "the text"
    if "lines" in expect:
        yield answer.lines, expect["lines"], "the lines"
    for pointer, check in (expect.get("body") or {}).items():
        yield at_pointer(answer.value, pointer), check, pointer
