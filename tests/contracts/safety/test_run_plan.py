"""The plan of a run: what is called on a server that others use, and why."""

import json

import pytest

from docdouble.contracts.safety.effect import judged
from docdouble.contracts.safety.run_plan import Profile, RunPlan, plan_of, profile_of
from docdouble.schemas import ConfigError, Contract, Evidence, Grade, Operation
from docdouble.schemas.contract.model import Effect
from docdouble.schemas.contract.resources import RequestPlace, Resource, Resources, Role

ASSUMED = Evidence(Grade.ASSUMED, "page.md", 7)


def operation(
    identity: str, method: str = "GET", path: str = "/thing", effect: Effect | None = None, line: bool = True
) -> Operation:
    return Operation(identity, method, path, effect=effect, effect_evidence=ASSUMED if line and effect else None)


KEY, BODY = RequestPlace("path", "id"), RequestPlace("body", "")
ROLES = (
    Role("create", "create", "by its path", entity=BODY),
    Role("read", "read", "by its path", key=KEY),
    Role("update", "update", "by its path", key=KEY, entity=BODY),
    Role("delete", "delete", "by its path", key=KEY),
)
CONTRACT = Contract(
    "things",
    "1",
    (
        operation("delete", "DELETE", "/thing/{id}", "write"),
        operation("update", "PUT", "/thing/{id}", "write"),
        operation("findThings", "POST", "/thing/find", "read"),
        operation("create", "POST", "/thing", "write"),
        operation("sendMail", "POST", "/mail", "write"),
        operation("read", "GET", "/thing/{id}", "read"),
        operation("createNote", "POST", "/note", "write"),
    ),
    resources=Resources(
        (
            Resource("thing", {"Thing": "Id"}, ROLES),
            Resource("note", {"Note": "Id"}, (Role("createNote", "create", "by its path", entity=BODY),)),
        )
    ),
)


def called(plan: RunPlan) -> list[str]:
    return [operation.id for operation in plan.operations]


def careful(*allow_writes: str) -> RunPlan:
    return plan_of(CONTRACT, Profile.CAREFUL, {}, allow_writes)


@pytest.mark.parametrize(
    ("url", "shared", "profile"),
    [
        ("", None, Profile.FULL),
        ("http://localhost:80", None, Profile.FULL),
        ("https://staging.example", None, Profile.CAREFUL),
        ("https://staging.example", False, Profile.FULL),
        ("http://localhost:80", True, Profile.CAREFUL),
    ],
)
def test_who_uses_the_server(url: str, shared: bool | None, profile: Profile) -> None:
    assert profile_of(url, shared) is profile


def test_the_full_profile_calls_everything_as_documented() -> None:
    assert called(plan_of(CONTRACT, Profile.FULL)) == [operation.id for operation in CONTRACT.operations]


def test_what_is_not_wanted_is_never_called() -> None:
    for profile in Profile:
        plan = plan_of(CONTRACT, profile, {"read": "left out by --skip"})
        assert "read" not in called(plan)
        assert plan.skipped["read"] == "left out by --skip"


def test_the_careful_profile_calls_what_reads_and_gets_first() -> None:
    assert called(careful()) == ["read", "findThings"]
    assert careful().skipped["sendMail"] == "it may write: 'send' in its name (page.md:7)"


def test_writes_are_called_by_name() -> None:
    assert called(careful("sendMail")) == ["read", "findThings", "sendMail"]
    assert called(careful("POST /mail", "/thing/*")) == ["read", "findThings", "sendMail", "update", "delete"]


def test_classified_writes_are_those_that_can_be_removed() -> None:
    plan = careful("classified")
    assert called(plan) == ["read", "findThings", "create", "update", "delete"]
    assert plan.skipped["createNote"] == "it creates a note, which nothing is known to delete"
    assert [verdict.operation.id for verdict in plan.verdicts if verdict.chained] == ["create", "update", "delete"]


def test_a_name_that_means_nothing() -> None:
    with pytest.raises(ConfigError, match="sendMail"):
        careful("sendMial")


@pytest.mark.parametrize(
    ("operation", "effect"),
    [
        (operation("getThing"), "read"),
        (operation("things", "HEAD"), "read"),
        (operation("x_GetThing", "POST", effect="read"), "read"),
        (operation("x_CreateDefaultThing", "POST", effect="read"), "read"),
        (operation("x_GetUpdated", "POST", effect="read"), "read"),
        (operation("x_IsPublishActive", effect="read"), "read"),
        # nothing is known
        (operation("x_Thing", "POST"), "write"),
        (operation("x_GetThing", "POST"), "write"),
        (operation("x_SaveThing", "POST", effect="write"), "write"),
        # a name that contradicts the method, or itself
        (operation("x_GlobalChangeStatus", effect="read"), "write"),
        (operation("x_GetOrRegisterThing", "POST", effect="read"), "write"),
        (operation("", path="/session/logout"), "write"),
        (operation("things", path="/things/{id}/delete"), "write"),
        # it is declared so
        (operation("x_GlobalChangeStatus", effect="read", line=False), "read"),
        (operation("x_Thing", "POST", effect="read", line=False), "read"),
        (operation("x_GetThing", effect="write", line=False), "write"),
    ],
)
def test_what_only_reads(operation: Operation, effect: Effect) -> None:
    assert judged(operation).effect == effect


def test_the_reason_names_the_documentation_line() -> None:
    assert judged(operation("x_GetThing", "POST", effect="read")).why == "it reads, by its name (page.md:7)"


def test_the_plan_as_text_and_as_json() -> None:
    plan = careful("sendMail")
    assert plan.lines()[:2] == [
        "call  read   GET /thing/{id}     it reads: GET is a safe method",
        "call  read   POST /thing/find    it reads, by its name (page.md:7)",
    ]
    assert plan.lines()[-1] == "careful: 3 of 7 operations would be called"
    document = json.loads(json.dumps(plan.as_json()))
    assert document["profile"] == "careful"
    assert document["operations"][0] == {
        "id": "read",
        "method": "GET",
        "path": "/thing/{id}",
        "called": True,
        "effect": "read",
        "chained": False,
        "why": "it reads: GET is a safe method",
    }


@pytest.mark.slow
def test_of_the_whole_reference_only_what_reads_is_called(corpus: Contract) -> None:
    plan = plan_of(corpus, Profile.CAREFUL)
    assert {verdict.effect for verdict in plan.verdicts if verdict.called} == {"read"}
    assert {operation.method for operation in plan.operations} == {"GET", "POST"}
    assert "v1TicketStatusList_GlobalChangeTicketStatus" in plan.skipped
