"""The control API: driven by the developer's tools, and by no web page."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver.control.admission import PREFIX
from docdouble.fakeserver.control.api import MAX_BODY_BYTES, Control
from docdouble.fakeserver.control.controls import Controls
from docdouble.fakeserver.control.faults import FaultBoard
from docdouble.fakeserver.control.journal import Journal
from docdouble.fakeserver.control.prepared import PreparedAnswers
from docdouble.schemas import Call, ConfigError, Contract, Reply

Ask = Callable[..., Reply]
Record = Callable[..., None]

TOKEN = "open-sesame"
HOST, BEARER = ("Host", "localhost:4010"), ("Authorization", f"Bearer {TOKEN}")
GET, LEND = "v1Book_Get", "v1LoanAgent_LendBook"


@pytest.fixture
def control(journal: Journal, prepared: PreparedAnswers, faults: FaultBoard, library: Contract) -> Control:
    return Control(TOKEN, Controls(journal, prepared, faults), lambda: library, hosts=("Fake.test",))


@pytest.fixture
def ask(control: Control) -> Ask:
    """Return a function that sends a call with the token; ``json`` is written as the body."""

    def send(
        label: str, json: Any = ..., body: bytes = b"", headers: tuple[tuple[str, str], ...] = (HOST, BEARER)
    ) -> Reply:
        method, _, resource = label.partition(" ")
        return control.handle(Call(headers, body if json is ... else orjson.dumps(json), method, PREFIX + resource))

    return send


def value(reply: Reply, status: int = 200) -> Any:
    assert (reply.status, reply.header("Cache-Control")) == (status, "no-store")
    return orjson.loads(reply.body)


def detail(reply: Reply, status: int) -> str:
    assert reply.header("Content-Type") == "application/problem+json"
    return str(value(reply, status)["detail"])


# who may ask


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1:4010",
        "127.9.9.9",
        "[::1]",
        "[::1]:4010",
        "[0:0:0:0:0:0:0:1]",
        "fake.TEST:1",
    ],
)
def test_a_loopback_name_is_answered(ask: Ask, host: str) -> None:
    assert ask("GET ", headers=(("Host", host), BEARER)).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test", "localhost.evil.test", "evil.test:4010", "127.0.0.1.evil.test", "0.0.0.0", "10.0.0.1",
        "[::2]", "[::]", "", ":4010", "localhost:", "localhost:x", "localhost, evil.test", "user@localhost",
        "127.1", "::1", "[::1", "local host", "2130706433", "localhost:4010/x", "[localhost]", "[evil.test]",
    ],
)  # fmt: skip
def test_another_name_is_refused(ask: Ask, host: str) -> None:
    assert "Host" in detail(ask("GET ", headers=(("Host", host), BEARER)), 403)


def test_two_hosts_or_none_are_refused(ask: Ask) -> None:
    assert ask("GET ", headers=(BEARER,)).status == 403
    assert ask("GET ", headers=(HOST, ("Host", "localhost"), BEARER)).status == 403


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://localhost:4010", "null", ""])
def test_a_web_page_is_refused(ask: Ask, origin: str) -> None:
    reply = ask("GET ", headers=(HOST, ("Origin", origin), BEARER))
    assert "web page" in detail(reply, 403)


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("Same-Origin", 200), ("none", 200)]
)
def test_another_site_is_refused(ask: Ask, site: str, status: int) -> None:
    assert ask("GET ", headers=(HOST, ("Sec-Fetch-Site", site), BEARER)).status == status


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer open-sesam",
        "Bearer open-sesame2",
        "Basic open-sesame",
        "open-sesame",
        "Bearer é",
    ],
)
def test_a_wrong_token_is_refused(ask: Ask, authorization: str) -> None:
    reply = ask("GET ", headers=(HOST, ("Authorization", authorization)))
    assert "bearer token" in detail(reply, 401)
    assert reply.header("WWW-Authenticate") == 'Bearer realm="docdouble control"'


def test_the_scheme_is_written_in_any_case(ask: Ask) -> None:
    assert ask("GET ", headers=(HOST, ("authorization", f"BEARER  {TOKEN}"))).status == 200


def test_host_comes_before_origin_before_token(ask: Ask) -> None:
    origin = ("Origin", "http://evil.test")
    assert "Host" in detail(ask("GET ", headers=(("Host", "evil.test"), origin)), 403)
    assert "Origin" in detail(ask("GET ", headers=(HOST, origin)), 403)
    assert ask("POST nowhere", body=b"{", headers=(HOST,)).status == 401


@pytest.mark.parametrize("label", ["GET ", "GET calls", "POST reset", "OPTIONS calls", "GET nowhere"])
@pytest.mark.parametrize("headers", [(HOST, BEARER), (HOST, ("Origin", "http://a"), BEARER), (HOST,)])
def test_no_reply_is_shared_with_a_web_page(ask: Ask, label: str, headers: tuple[tuple[str, str], ...]) -> None:
    reply = ask(label, headers=headers)
    assert not [name for name, _ in reply.headers if name.lower().startswith("access-control")]
    assert reply.header("Cache-Control") == "no-store"


@pytest.mark.parametrize("token", ["", " ", "a b", "a\n", "é", "=", 'a"'])
def test_a_token_must_fit_into_a_header(
    token: str, journal: Journal, prepared: PreparedAnswers, faults: FaultBoard
) -> None:
    with pytest.raises(ConfigError, match=r"control token: '\*\*\*' is not one or more of the letters"):
        Control(token, Controls(journal, prepared, faults), lambda: Contract("", "", ()))


# what there is


def test_the_index_tells_what_there_is(ask: Ask, lent: None) -> None:
    ask("POST answers", {"operation": GET})
    index = value(ask("GET "))
    assert index["counts"] == {"calls": 4, "dropped": 0, "answers": 1, "faults": 0}
    assert index["operations"] == 11
    assert index["resources"][:3] == [
        "GET /__docdouble__/",
        "GET /__docdouble__/calls",
        "DELETE /__docdouble__/calls",
    ]


def test_the_prefix_needs_no_slash(control: Control) -> None:
    assert control.handle(Call((HOST, BEARER), target=PREFIX.rstrip("/"))).status == 200


def test_another_resource_is_not_found(ask: Ask) -> None:
    problem = value(ask("GET call"), 404)
    assert (problem["detail"], problem["nearest"][0]) == (
        "the control API has no /__docdouble__/call",
        PREFIX + "calls",
    )
    assert "nearest" not in value(ask("GET xyzzy"), 404)


@pytest.mark.parametrize(
    ("label", "allow"),
    [
        ("POST calls", "GET, DELETE"),
        ("GET assertions", "POST"),
        ("PUT answers", "GET, POST, DELETE"),
        ("GET answers/1", "DELETE"),
        ("DELETE ", "GET"),
        ("OPTIONS reset", "POST"),
    ],
)
def test_another_method_is_not_allowed(ask: Ask, label: str, allow: str) -> None:
    reply = ask(label)
    assert allow in detail(reply, 405)
    assert reply.header("Allow") == allow


@pytest.mark.parametrize(
    ("body", "message"), [(b"", "no JSON"), (b"{", "no JSON"), (b"\xff", "no JSON"), (b"[]", "a JSON object")]
)
@pytest.mark.parametrize("resource", ["answers", "assertions", "faults"])
def test_a_body_that_is_no_object_is_refused(ask: Ask, resource: str, body: bytes, message: str) -> None:
    assert message in detail(ask(f"POST {resource}", body=body), 400)


def test_a_body_may_be_so_long_only(ask: Ask) -> None:
    assert ask("POST answers", body=b" " * MAX_BODY_BYTES).status == 400
    assert str(MAX_BODY_BYTES) in detail(ask("POST answers", body=b" " * (MAX_BODY_BYTES + 1)), 413)


# calls


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("?operation=LendBook", [1, 2, 3]),
        ("?operation=v1Book_Get", [4]),
        ("?operation=GET%20/api/v1/Book/%7BbookId%7D", [4]),
        ("?method=post", [1, 2, 3]),
        ("?path=/API/v1/Book/7", [4]),
        ("?path=/api/v1/Book/8", []),
        ("?status=404", [4]),
        ("?status=200&last=2", [2, 3]),
        ("?last=9", [1, 2, 3, 4]),
        ("?last=0", []),
    ],
)
def test_calls_are_found(ask: Ask, lent: None, query: str, numbers: list[int]) -> None:
    listed = value(ask(f"GET calls{query}"))
    assert [call["number"] for call in listed["calls"]] == numbers
    assert listed["dropped"] == 0


def test_calls_are_shown_whole_but_for_secrets(ask: Ask, lent: None) -> None:
    call = value(ask("GET calls?last=4"))["calls"][0]
    assert (call["body"], call["status"]) == ({"CopyId": 1, "Days": 14, "Password": "***"}, 200)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("oparation=x", "key: 'oparation' is not known; did you mean 'operation'?"),
        ("operation=LendBok", "operation: 'LendBok' is not documented; did you mean 'LendBook'?"),
        ("last=-1", "last: '-1' is not a number from 0"),
        ("status=4XX", "status: '4XX' is not a number from 0"),
        ("status=", "status: '' is not"),
    ],
)
def test_a_wrong_filter_is_named(ask: Ask, query: str, message: str) -> None:
    assert message in detail(ask(f"GET calls?{query}"), 400)


def test_calls_are_forgotten(ask: Ask, lent: None) -> None:
    assert ask("DELETE calls").status == 204
    assert value(ask("GET calls")) == {"calls": [], "dropped": 0}


# assertions, answers, faults, reset


def test_an_assertion_is_answered(ask: Ask, lent: None) -> None:
    asked = {"operation": LEND, "body": {"CopyId": 1}}
    outcome = value(ask("POST assertions", asked))
    assert (outcome["holds"], outcome["count"], len(outcome["nearest"])) == (True, 1, 2)
    assert "LendBook" in detail(ask("POST assertions", {"operation": "LendBok"}), 400)


def test_an_answer_is_set_listed_and_removed(ask: Ask, prepared: PreparedAnswers) -> None:
    assert value(ask("POST answers", {"operation": GET, "status": 503, "answer": "later"}), 201) == {"id": 1}
    taken = prepared.take(GET, Call())
    assert taken is not None
    assert (taken.status, taken.body) == (503, b"later")
    answer = {"id": 1, "operation": GET, "status": 503, "answer": "later", "times": None}
    assert value(ask("GET answers")) == {"answers": [answer]}
    assert ask("DELETE answers/1").status == 204
    assert prepared.take(GET, Call()) is None


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "ID", "01", "²"])
def test_an_answer_that_is_none_is_not_removed(ask: Ask, number: str) -> None:
    ask("POST answers", {"operation": GET})
    problem = value(ask(f"DELETE answers/{number}"), 404)
    assert problem["nearest"] == ["1"]


def test_all_answers_are_removed(ask: Ask) -> None:
    ask("POST answers", {"operation": GET})
    assert ask("DELETE answers").status == 204
    assert value(ask("GET answers")) == {"answers": []}


def test_a_wrong_answer_is_named_with_what_is_near(ask: Ask) -> None:
    problem = value(ask("POST answers", {"operation": "LendBok"}), 400)
    assert (problem["key"], problem["value"], problem["expected"], problem["nearest"][0]) == (
        "operation", "LendBok", "documented", "LendBook"
    )  # fmt: skip
    problem = value(ask("POST answers", {"operation": GET, "query": ["x"]}), 400)
    assert (problem["value"], problem.get("nearest")) == ("['x']", None)


def test_faults_are_added_listed_and_cleared(ask: Ask) -> None:
    assert ask("POST faults", {"operation": GET, "status": 503}).status == 204
    assert value(ask("GET faults")) == {
        "faults": [
            {"id": 1, "operation": GET, "status": 503, "hits": 0, "option": f"--fault operation={GET},status=503"}
        ]
    }
    assert "'nothing' is not documented" in detail(ask("POST faults", {"operation": "nothing"}), 400)
    assert ask("DELETE faults").status == 204
    assert value(ask("GET faults")) == {"faults": []}


def test_a_reset_forgets_everything(ask: Ask, lent: None) -> None:
    ask("POST answers", {"operation": GET})
    ask("POST faults", {"drop": True})
    assert value(ask("GET "))["counts"] == {"calls": 4, "dropped": 0, "answers": 1, "faults": 1}
    assert ask("POST reset").status == 204
    assert value(ask("GET "))["counts"] == {"calls": 0, "dropped": 0, "answers": 0, "faults": 0}
