"""Signatures of crashes."""

import json
from typing import Any

import pytest

from docdouble.contracts.checks.crash import crash_signature
from docdouble.contracts.checks.server_error import MAX_CRASHES, as_one_crash
from docdouble.schemas import Call, Reply

from .made import documented, exchange, findings_of, operation, reply

PYTHON = """Traceback (most recent call last):
  File "/app/views.py", line 40, in dispatch
    return view(call)
  File "/app/ships.py", line {line}, in list_ships
    return pages[{key}]
KeyError: {key}
"""
JAVA = """java.lang.NullPointerException: Cannot invoke "Ship.name()"
    at com.harbour.ShipController.show(ShipController.java:41)
    at java.base/java.lang.Thread.run(Thread.java:833)
"""
NODE = """<!DOCTYPE html><html><head><title>Error</title></head><body>
<pre>TypeError: Cannot read properties of undefined (reading &#39;tons&#39;)<br>
 &nbsp; &nbsp;at show (/app/ships.js:7:3)<br></pre>
</body></html>"""
GO = """panic: runtime error: index out of range [5] with length 3

goroutine 7 [running]:
main.show(0x5)
	/app/ships.go:12 +0x1d
"""
DJANGO = """<!doctype html><html><head><title>KeyError at /ships</title><style>h1 {}</style></head>
<body><h1>KeyError at /ships</h1><pre>Traceback (most recent call last):
  File "/app/ships.py", line 40, in list_ships
KeyError: 'tons'</pre></body></html>"""


def signature(body: Any, media_type: str = "application/json", call: Call | None = None) -> str:
    octets = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return crash_signature(Reply((("Content-Type", media_type),), octets, 500), call or Call(target="/ships"), "/ships")


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (PYTHON.format(line=41, key="'tons'"), "text/plain", "KeyError: 'tons': ships.py list_ships"),
        (PYTHON.format(line=41, key=100), "text/plain", "KeyError: #: ships.py list_ships"),
        (DJANGO, "text/html", "KeyError: 'tons': ships.py list_ships"),
        (JAVA, "text/plain", 'java.lang.NullPointerException: Cannot invoke "…": com.harbour.ShipController.show'),
        (NODE, "text/html", "TypeError: Cannot read properties of undefined (reading 'tons'): show"),
        (GO, "text/plain", "panic: runtime error: index out of range [#] with length #: ships.go"),
        ({"error": "IndexError: text index"}, "application/json", "IndexError: text index"),
        ({"error": {"code": "db_down", "message": "no route"}}, "application/json", "db_down: no route"),
        ({"errors": [{"message": "no route to 10.0.0.7"}]}, "application/json", "no route to #.#.#.#"),
        (
            {"type": "https://example.com/full", "title": "Full", "detail": "Disk 7 is full", "trace_id": "a1"},
            "application/problem+json",
            "https://example.com/full: Disk # is full",
        ),
        ({"type": "about:blank", "title": "Internal Server Error", "status": 500}, "application/problem+json", ""),
        ({"exception": "RangeError", "trace": ["at pick (/a.js:1:2)"]}, "application/json", "RangeError: pick"),
        ("Internal Server Error", "text/plain", ""),
        ("", "text/plain", ""),
        ([], "application/json", ""),
        ({"error": 7}, "application/json", ""),
    ],
)
def test_what_tells_a_crash_from_others(body: Any, media_type: str, expected: str) -> None:
    assert signature(body, media_type) == expected


def test_what_the_call_sent_does_not_count() -> None:
    call = Call((("Content-Type", "application/json"),), b'{"name": ["some words"]}', "POST", "/ships/blue?flag=NL")
    body = {"error": "no some words of blue, NL or ships"}
    assert signature(body, call=call) == "no … of …, … or ships"


def test_what_the_call_sent_does_not_count_where_a_message_ends_with_its_line() -> None:
    call = Call((), b"", "GET", "/ships?q=green%1Dhull")
    assert signature({"error": "no green\x1dhull of oak"}, call=call) == "no …"


def test_two_crashes_of_an_operation_are_two_findings() -> None:
    contract = documented(operation())
    bodies = ({"error": "IndexError: text 1"}, {"error": "IndexError: text 2"}, {"error": "OverflowError: age"})
    findings = [
        finding
        for body in bodies
        for finding in findings_of("server-error", exchange(contract, reply(body, status=500)))
    ]
    assert [finding.rule for finding in findings] == [
        "500 IndexError: text #",
        "500 IndexError: text #",
        "500 OverflowError: age",
    ]
    assert findings[2].got == "500 Internal Server Error: OverflowError: age"


def test_secrets_of_a_message_are_not_shown() -> None:
    body = {"error": "password=hunter is wrong"}
    (finding,) = findings_of("server-error", exchange(documented(operation()), reply(body, status=500)))
    assert "hunter" not in finding.got + finding.rule


def test_a_server_that_says_something_else_each_time_has_a_few_findings() -> None:
    contract = documented(operation())
    known: set[tuple[str, str, str, str]] = set()
    for word in ("ash", "birch", "cedar", "elm", "fir", "gum", "hazel"):
        for finding in findings_of("server-error", exchange(contract, reply({"error": word}, status=500))):
            known.add(as_one_crash(finding, known).fingerprint)
    assert len(known) == MAX_CRASHES + 1
    assert sum(rule == "500" for *_, rule in known) == 1
