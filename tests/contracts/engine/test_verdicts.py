"""What a run verifies of servers of which nothing, or not everything, can be verified."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as Answer

from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.engine.verification import Verification, VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.events import Run
from docdouble.contracts.model.verdict import OperationVerdict
from docdouble.contracts.reports.registry import REPORTS
from docdouble.contracts.reports.summary import run_verdict
from docdouble.fakeserver import running
from docdouble.schemas import Contract
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

NUMBERS = {"type": "array", "items": {"type": "integer"}}
BOAT = {"$ref": "#/components/schemas/Boat"}
BOATS = {
    "schemas": {
        "Boat": {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}},
        }
    }
}


def ok(schema: Any, status: str = "200") -> dict[str, Any]:
    return {status: {"description": "", "content": {"application/json": {"schema": schema}}}}


def harbour(paths: dict[str, Any], **parts: Any) -> Contract:
    document = {"openapi": "3.1.0", "info": {"title": "Harbour", "version": "1"}, "paths": paths, **parts}
    return with_document_resources(from_openapi(document), USUAL)


def lists(*paths: str, **parts: Any) -> Contract:
    return harbour({path: {"get": {"responses": ok(NUMBERS)}} for path in paths}, **parts)


def run_against(contract: Contract, answer: Callable[[Request], Answer], **settings: Any) -> Run:
    """The run against a server that answers with a function."""
    fail_under = settings.pop("fail_under", 0.0)
    with _serving(answer) as url:
        options = VerifyOptions(url, Budget(max_examples=1), VerifyConfig(**settings), fail_under=fail_under)
        return Verification.of(contract, options).run()


@contextmanager
def _serving(answer: Callable[[Request], Answer]) -> Iterator[str]:
    with running(Request.application(answer)) as url:
        yield url


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(json.dumps(value), status, headers, content_type="application/json")


def counts(run: Run) -> list[int]:
    return [len(run.of_verdict(verdict)) for verdict in OperationVerdict]


def rules(run: Run) -> list[str]:
    return [finding.rule for finding in run.findings if finding.check == "not-verified"]


pytestmark = pytest.mark.sockets
KEY = {"components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}, "security": [{"key": []}]}
TOKEN = {"headers": {"Authorization": "Bearer of-the-user"}}


def test_a_forgotten_base_path_is_reported_once() -> None:
    contract = lists("/a", "/b", servers=[{"url": "https://prod.example/v1"}])
    run = run_against(contract, lambda request: json_answer([1], 200 if request.path.startswith("/v1/") else 404))
    assert run.failed
    assert rules(run) == ["base-path", "base-path"]
    assert {finding.check for finding in run.findings} == {"not-verified"}
    assert run_verdict(run) == (
        "failed: nothing was verified; 404 to every valid call: the document says /v1, which the URL leaves out; "
        "2 not verified"
    )


def test_a_redirect_to_a_login_is_one_finding_of_an_operation() -> None:
    run = run_against(lists("/a", "/b"), lambda _: json_answer({}, 302, Location="/login"))
    assert [(finding.check, finding.rule) for finding in run.findings] == [("not-verified", "redirect")] * 2


def test_a_server_that_is_at_the_root_may_lack_one_feature() -> None:
    contract = lists("/a", "/b", "/c", servers=[{"url": "https://prod.example/v1"}])
    run = run_against(contract, lambda request: json_answer([1], 404 if request.path == "/c" else 200))
    assert (rules(run), counts(run)) == (["not-found"], [2, 1, 0])


def test_a_token_that_is_refused_everywhere_but_at_an_open_path_ends_in_unreachable() -> None:
    paths = {path: {"get": {"responses": ok(NUMBERS)}} for path in ("/health", "/a", "/b")}
    paths["/health"]["get"]["security"] = []
    run = run_against(
        harbour(paths, **KEY), lambda request: json_answer([1], 200 if request.path == "/health" else 401), **TOKEN
    )
    assert run.unreachable
    assert run.done.stopped == "the credentials are refused everywhere: 2 operations answered 401 or 403"


@pytest.mark.parametrize(("answered", "is_named"), [("access_token", True), ("expiresIn", False)])
def test_where_a_login_is_documented_it_is_named(answered: str, is_named: bool) -> None:
    """Which of its replies is a token nobody needs to guess; that of a secured operation needs one itself."""
    token = {"type": "object", "properties": {answered: {"type": "string"}}}
    paths: dict[str, Any] = {"/a": {"get": {"responses": ok(NUMBERS)}}}
    paths["/login"] = {"post": {"security": [], "responses": ok(token)}}
    paths["/renew"] = {"post": {"responses": ok(token)}}
    run = run_against(
        harbour(paths, **KEY), lambda request: json_answer({}, 200 if request.path == "/login" else 401), **TOKEN
    )
    (finding,) = (
        finding for finding in run.findings if (finding.check, finding.operation) == ("not-verified", "get_a")
    )
    assert finding.got.endswith("; POST /login answers some for [verify.headers]") is is_named
    assert "the credentials are refused" in finding.got


def test_a_token_that_expires_ends_the_run() -> None:
    left = iter(range(30))
    run = run_against(
        lists(*(f"/{n}" for n in range(9)), **KEY),
        lambda _: json_answer([1], 401 if next(left, None) is None else 200),
        **TOKEN,
    )
    assert run.unreachable
    assert run.done.stopped == "the credentials were accepted at first, and are refused now"
    assert len(run.results) < 9


def test_a_token_that_expires_after_what_is_not_to_be_sent_again_ends_the_run() -> None:
    paths = {f"/{n}": {"post": {"responses": ok(NUMBERS)}} for n in range(9)}
    seen: list[str] = []

    def answer(request: Request) -> Answer:
        seen.append(request.path)
        status = 200 if request.path == seen[0] else 401
        return json_answer([1], status if request.method == "POST" else 405)

    run = run_against(harbour(paths, **KEY), answer, **TOKEN)
    assert run.unreachable
    assert run.done.stopped == "the credentials were accepted at first, and are refused now"
    assert len(run.results) < 9


def test_a_token_without_a_right_somewhere_is_no_end() -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/c":
            return json_answer({}, 403, **{"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="c:read"'})
        return json_answer([1], 401 if request.path == "/d" or "Authorization" not in request.headers else 200)

    run = run_against(lists("/a", "/b", "/c", "/d", **KEY), answer, **TOKEN)
    assert (run.unreachable, rules(run), counts(run)) == (False, ["scope", "credentials"], [2, 2, 0])
    assert run.shortfall == ""
    assert run.failed


def test_a_cause_of_most_operations_fails_the_run() -> None:
    contract = lists("/a", "/b", "/c")
    run = run_against(contract, lambda request: json_answer([1], 200 if request.path == "/a" else 500))
    assert run.shortfall.startswith("2 of 3 operations are not verified; 500 to every valid call")


def test_what_may_stay_unverified_is_no_finding() -> None:
    contract = lists("/a", "/b", "/c")

    def answer(request: Request) -> Answer:
        return json_answer([1], 404 if request.path == "/c" else 200)

    run = run_against(contract, answer, expect_unverified=("GET /c", "GET /a", "GET /gone"), fail_under=100.0)
    assert (rules(run), run.failed, counts(run)) == ([], False, [2, 1, 0])
    assert run.started.expecting_nothing == ("GET /gone",)


@pytest.mark.parametrize(("least", "fails"), [(66, False), (67, True)])
def test_a_share_may_be_demanded(least: float, fails: bool) -> None:
    def answer(request: Request) -> Answer:
        return json_answer([1], 404 if request.path == "/c" else 200)

    run = run_against(lists("/a", "/b", "/c"), answer, fail_under=least)
    assert bool(run.shortfall) is fails


def test_what_is_not_sent_counts_neither_way() -> None:
    run = run_against(lists("/a", "/b"), lambda _: json_answer([1]), skip=("GET /b",), fail_under=100.0)
    assert (counts(run), run.failed) == ([1, 0, 1], False)
    assert run_verdict(run) == "passed: no finding of severity error; 1 verified, 1 not sent"


def test_an_operation_whose_ids_a_later_reply_tells_is_called_again() -> None:
    """The server begins empty, and its document has nothing that removes."""
    paths = {
        "/boats/{boatId}": {
            "parameters": [{"name": "boatId", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"responses": ok(BOAT)},
        },
        "/boats": {
            "get": {"responses": ok({"type": "array", "items": BOAT})},
            "post": {
                "requestBody": {"content": {"application/json": {"schema": BOAT}}},
                "responses": ok(BOAT, "201"),
            },
        },
    }
    boats: list[int] = []

    def answer(request: Request) -> Answer:
        if request.path == "/boats" and request.method == "POST":
            boats.append(9_000 + len(boats))
            return json_answer({"id": boats[-1], "name": "Ada"}, 201)
        if request.path == "/boats":
            return json_answer([{"id": boat, "name": "Ada"} for boat in boats])
        number = request.path.rpartition("/")[2]
        known = number.isdecimal() and int(number) in boats
        return json_answer({"id": int(number), "name": "Ada"}) if known else json_answer({}, 404)

    run = run_against(harbour(paths, components=BOATS), answer)
    assert (rules(run), counts(run)) == ([], [3, 0, 0])
    (read,) = (result for result in run.results if result.operation.label == "GET /boats/{boatId}")
    assert read.statuses[200] > 0


def test_guessed_ids_are_a_warning() -> None:
    paths = {
        "/boats/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"responses": ok(BOAT)},
        },
        "/a": {"get": {"responses": ok(NUMBERS)}},
    }
    run = run_against(
        harbour(paths, components=BOATS), lambda request: json_answer([1], 200 if request.path == "/a" else 404)
    )
    assert [finding.severity.value for finding in run.findings if finding.check == "not-verified"] == ["warning"]
    assert not run.failed


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("terminal", "not verified: 1 operation, 404 to every valid call"),
        ("terminal", "; 2 verified, 1 not verified, 1 not sent"),
        ("html", "Not verified"),
        ("junit", '<property name="not_verified" value="1"'),
        ("json", '"not_sent": 1'),
        ("sarif", '"not_verified": ['),
    ],
)
def test_every_report_tells_what_is_verified(kind: str, shown: str) -> None:
    def answer(request: Request) -> Answer:
        return json_answer([1], 404 if request.path == "/c" else 200)

    run = run_against(lists("/a", "/b", "/c", "/d"), answer, skip=("GET /d",))
    assert shown in REPORTS[kind](run).decode()
