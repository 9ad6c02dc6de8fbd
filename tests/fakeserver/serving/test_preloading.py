"""Preloading: no call imports anything once it is done, whatever it sends."""

import subprocess
import sys
from pathlib import Path

CALLS = """
import sys
from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.http.charsets import _CODECS
from docdouble.fakeserver.serving.preloading import load_at_once, load_rest
from docdouble.schemas import Call, extract

app = FakeServer(extract(sys.argv[1]).contract, Settings(auth=False))
load_at_once()
load_rest(of_other_languages=False)
before = set(sys.modules)
sent = [
    ("application/json", b'{"RoomId": "x", "Guest": 7}'),
    ("application/xml", b"<Booking><Guest>7</Guest></Booking>"),
    ("application/xml", b'<?xml version="1.0" encoding="idna"?><a/>'),
    ("multipart/mixed; boundary=B", b"--B\\r\\nContent-Disposition: form-data; name=a\\r\\n\\r\\nx\\r\\n--B--\\r\\n"),
    ("application/x-www-form-urlencoded", b"a=%C3%A9"),
    *((f"application/json; charset={name}", b"{}") for name in (*_CODECS, "idna", "punycode", "docdouble")),
]
for operation in app.contract.operations:
    path = operation.path
    for variable in operation.parameters:
        path = path.replace("{" + variable.name + "}", "5")
    for accept in ("application/json", "application/xml", "text/csv", "nonsense"):
        for content_type, body in sent:
            head = (("Content-Type", content_type), ("Accept", accept), ("If-Modified-Since", "x"))
            app.handle(Call(head, body, operation.method, f"{path}?from=2020-13-45"))
print(sorted(set(sys.modules) - before))
"""


def test_no_call_imports_anything() -> None:
    document = Path(__file__).parents[1] / "hotel.yaml"
    command = [sys.executable, "-c", CALLS, str(document)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n", done.stderr
