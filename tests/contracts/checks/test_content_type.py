import pytest

from .made import applies, documented, exchange, found, operation, reply, told

CONTRACT = documented(operation(media_types=("application/json; charset=utf-8", "image/*")))


@pytest.mark.parametrize(("sent", "came"), [("text/html", "text/html"), ("", "no Content-Type")])
def test_another_media_type(sent: str, came: str) -> None:
    (finding,) = found("content-type", exchange(CONTRACT, reply({}, 200, ("Content-Type", sent))))
    assert (*told(finding), finding.came) == ("error", "books.md:5", "", "media-type", came)


@pytest.mark.parametrize("sent", ["application/json", "Application/JSON; charset=utf-8", "image/png"])
def test_documented_ones(sent: str) -> None:
    assert not found("content-type", exchange(CONTRACT, reply({}, 200, ("Content-Type", sent))))


@pytest.mark.parametrize(("body", "came"), [(b"{", "b'{'"), (b"", "no body")])
def test_what_is_no_json(body: bytes, came: str) -> None:
    (finding,) = found("content-type", exchange(CONTRACT, reply(body)))
    assert (*told(finding), finding.came) == ("error", "books.md:5", "", "syntax", came)


def test_what_has_no_body_or_no_documented_one() -> None:
    assert not applies("content-type", exchange(documented(operation(responses={"204": {}})), reply(b"", 204)))
    assert not applies("content-type", exchange(CONTRACT, reply({}, 404)))
