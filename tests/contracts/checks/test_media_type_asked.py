import pytest

from docdouble.contracts.model.exchange import Exchange
from docdouble.schemas import Call

from .made import applies, documented, exchange, findings_of, operation, probed, reply, summary

CONTRACT = documented(operation(media_types=("application/json", "text/json", "text/xml", "image/*", "text/plain")))


def asking(accept: str, sent: str) -> Exchange:
    call = Call((("Accept", accept),), target="/books/7")
    return exchange(CONTRACT, reply({}, 200, ("Content-Type", sent)), call)


def test_another_documented_media_type_comes() -> None:
    (finding,) = findings_of("media-type-asked", asking("text/plain", "application/json"))
    assert summary(finding) == ("error", "books.md:5", "", "text/plain")
    assert (finding.expected, finding.got) == ("text/plain, which the call accepts, or 406", "application/json")


def test_one_of_the_same_family_is_a_note() -> None:
    assert findings_of("media-type-asked", asking("text/json", "application/json"))[0].severity == "note"


@pytest.mark.parametrize(("accept", "sent"), [("text/json; q=1", "text/json"), ("text/json", "text/html")])
def test_what_is_asked_for_and_what_content_type_tells(accept: str, sent: str) -> None:
    assert not findings_of("media-type-asked", asking(accept, sent))


@pytest.mark.parametrize("accept", ["*/*", "text/json, text/xml", "image/gif", ""])
def test_only_one_documented_type_is_judged(accept: str) -> None:
    assert not applies("media-type-asked", asking(accept, "application/json"))


def test_the_probe_asks_for_the_others() -> None:
    _, sent = probed("media-type-asked", asking("application/json", "application/json"), lambda call: None)
    assert [call.header("Accept") for call in sent] == ["text/json", "text/plain"]


def test_writes_are_not_repeated() -> None:
    written = exchange(documented(operation(media_types=("a/b", "c/d")), method="post"), reply({}))
    assert probed("media-type-asked", written, lambda call: None)[1] == []
