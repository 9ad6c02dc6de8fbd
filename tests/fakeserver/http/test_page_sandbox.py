"""Pages that are answered are opened without the origin of the server."""

import pytest

from docdouble.fakeserver.http.page_sandbox import sandbox_fields
from docdouble.schemas import Call, Reply


@pytest.mark.parametrize(
    ("destination", "media_type", "is_sandboxed"),
    [
        ("document", "text/html; charset=utf-8", True),
        ("iframe", "application/xhtml+xml", True),
        ("embed", "image/svg+xml", True),
        ("document", "", True),
        ("document", "application/json", False),
        ("document", "image/png", False),
        ("empty", "text/html", False),
        ("", "text/html", False),
    ],
)
def test_what_a_browser_opens_as_a_page_is_sandboxed(destination: str, media_type: str, is_sandboxed: bool) -> None:
    call = Call((("Sec-Fetch-Dest", destination),) if destination else ())
    fields = dict(sandbox_fields(call, Reply((("Content-Type", media_type),) if media_type else ())))
    assert bool(fields) is is_sandboxed
    if fields:
        assert "allow-same-origin" not in fields["Content-Security-Policy"]
