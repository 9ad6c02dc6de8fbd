"""Conditional requests: what hasn't changed isn't sent again, what has isn't overwritten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date, parse_date

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.behaviours.conditional_requests import dated, last_modified, precondition
from docdouble.schemas import Call, Operation, Reply, Response

Send = Callable[..., Reply]

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
GET = "GET /api/v1/Branch/5"
PUT = "PUT /api/v1/Branch/5"
SINCE, UNTIL = "If-Modified-Since", "If-Unmodified-Since"


def operation(method: str, *statuses: str) -> Operation:
    return Operation("book", method, "/book", responses=tuple(Response(status) for status in statuses))


def asking(method: str, **conditions: datetime | str) -> Call:
    texts = {name: value if isinstance(value, str) else http_date(value) for name, value in conditions.items()}
    return Call(tuple((name.replace("_", "-"), text) for name, text in texts.items()), b"", method)


@pytest.mark.parametrize(
    ("body", "moment"),
    [
        ({"UpdatedDate": "2024-03-05T12:00:00Z"}, NOON),
        ({"updatedDate": "2024-03-05T13:00:00.9994567+01:00"}, NOON),
        ({"LastChanged": "2024-03-05T12:00:00"}, NOON),
        ({"lastModified": "2024-03-05T12:00:00Z"}, NOON),
        ({"updatedDateTime": "2024-03-05T12:00:00Z"}, NOON),
        ({"ModifiedOn": "2024-03-05T12:00:00Z"}, NOON),
        ({"DateUpdated": "2024-03-05T12:00:00Z"}, NOON),
        ({"Title": "x", "UpdatedAt": "soon", "Updated": "2024-03-05T12:00:00Z"}, NOON),
        ({"CreatedDate": "2024-03-05T12:00:00Z"}, None),
        ({"UpdatedBy": "2024-03-05T12:00:00Z"}, None),
        ({"UpdatedDate": "0001-01-01T00:00:00"}, None),
        ({"UpdatedDate": None}, None),
        ({"UpdatedDate": 5}, None),
        ({}, None),
        ([{"UpdatedDate": "2024-03-05T12:00:00Z"}], None),
        (None, None),
    ],
)
def test_an_entity_shows_when_it_changed(body: Any, moment: datetime | None) -> None:
    assert last_modified(body) == moment


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("method", "conditions", "status"),
    [
        pytest.param("GET", {"If_Modified_Since": NOON}, 304, id="not since"),
        pytest.param("GET", {"If_Modified_Since": NOON + HOUR}, 304, id="not since later"),
        pytest.param("GET", {"If_Modified_Since": NOON - HOUR}, None, id="changed since"),
        pytest.param("HEAD", {"If_Modified_Since": NOON}, 304, id="HEAD"),
        pytest.param("PUT", {"If_Modified_Since": NOON}, None, id="only for reading"),
        pytest.param("GET", {"If_Modified_Since": "yesterday"}, None, id="no date"),
        pytest.param("GET", {"If_Modified_Since": "Tuesday, 05-Mar-24 12:00:00 GMT"}, 304, id="an obsolete form"),
        pytest.param("PUT", {"If_Unmodified_Since": NOON}, None, id="unmodified"),
        pytest.param("PUT", {"If_Unmodified_Since": NOON + HOUR}, None, id="unmodified since later"),
        pytest.param("PUT", {"If_Unmodified_Since": NOON - HOUR}, 412, id="modified"),
        pytest.param("GET", {"If_Unmodified_Since": NOON - HOUR}, 412, id="modified, for reading"),
        pytest.param("PUT", {"If_Unmodified_Since": "yesterday"}, None, id="no date to write since"),
        pytest.param("GET", {"If_Unmodified_Since": NOON - HOUR, "If_Modified_Since": NOON}, 412, id="412 first"),
        pytest.param("GET", {}, None, id="no condition"),
    ],
)
def test_a_condition_decides_where_it_is_documented(
    method: str, conditions: dict[str, datetime | str], status: int | None
) -> None:
    call = asking(method, **conditions)
    assert precondition(operation(method, "200", "304", "412"), call, NOON) == status
    assert precondition(operation(method, "200"), call, NOON) is None
    assert precondition(operation(method, "200", "304", "412"), call, None) is None


@given(st.text(st.characters(codec="latin-1")))
def test_any_text_is_a_date_or_none(text: str) -> None:
    status = precondition(operation("GET", "304", "412"), asking("GET", If_Modified_Since=text), NOON)
    assert status in (None, 304)


@pytest.mark.parametrize(("status", "count"), [("304", 1), ("412", 1), ("200", 0)])
def test_the_date_is_reported_where_conditions_are_documented(status: str, count: int) -> None:
    fields = dated(operation("GET", status), NOON)
    assert fields == (("Last-Modified", "Tue, 05 Mar 2024 12:00:00 GMT"),) * count
    assert dated(operation("GET", status), None) == ()


@pytest.fixture(scope="module")
def changed(app: FakeServer, send: Send) -> datetime:
    """When branch 5 was last changed."""
    moment = parse_date(send(app, GET).header("Last-Modified"))
    assert moment is not None
    return moment


def test_the_date_is_that_of_the_answer(app: FakeServer, send: Send, changed: datetime) -> None:
    assert last_modified(orjson.loads(send(app, GET).body)) == changed


@pytest.mark.parametrize(("hours", "status"), [(-1, 200), (0, 304), (1, 304)])
def test_what_has_not_changed_is_not_sent_again(
    app: FakeServer, send: Send, changed: datetime, hours: int, status: int
) -> None:
    reply = send(app, GET, (SINCE, http_date(changed + hours * HOUR)))
    assert (reply.status, bool(reply.body)) == (status, status == 200)
    assert reply.header("Last-Modified") == http_date(changed)


@pytest.mark.parametrize(("hours", "status"), [(-1, 412), (0, 200), (1, 200)])
@pytest.mark.parametrize("label", [PUT, PUT.replace("PUT", "PATCH")])
def test_what_has_changed_is_not_overwritten(
    app: FakeServer, send: Send, changed: datetime, label: str, hours: int, status: int
) -> None:
    reply = send(app, label, (UNTIL, http_date(changed + hours * HOUR)), json={"Name": "south"})
    assert reply.status == status
    if status == 412:
        problem = orjson.loads(reply.body)
        assert problem["detail"] == "Somebody wrote since If-Unmodified-Since."
        assert problem["documentation"].startswith("Branch_P")


@pytest.mark.parametrize("label", ["GET /api/v1/Book/5", "GET /api/v1/Branch/5/Photo", "GET /api/v1/Branch"])
def test_elsewhere_a_condition_does_nothing(app: FakeServer, send: Send, label: str) -> None:
    far = http_date(datetime(2030, 1, 1, tzinfo=UTC))
    reply = send(app, label, (SINCE, far), (UNTIL, http_date(datetime(1990, 1, 1, tzinfo=UTC))))
    assert (reply.status, reply.header("Last-Modified")) == (200, None)


def test_another_seed_may_have_changed_at_another_time(app: FakeServer, send: Send, changed: datetime) -> None:
    times = {send(app, GET, ("Prefer", f"seed={seed}")).header("Last-Modified") for seed in range(5)}
    assert len(times) > 1
