"""What may be sent is decided on the call itself, however its target is written."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.safety.guard import MOST_CREATED, Guard
from docdouble.contracts.safety.run_plan import Profile, plan_of
from docdouble.schemas import Call, Contract, Operation, Parameter
from docdouble.schemas.contract.resources import RequestPlace, Resource, Resources, Role

KEY, BODY = RequestPlace("path", "id"), RequestPlace("body", "")
JSON = (("Content-Type", "application/json"),)


def resource(name: str) -> Resource:
    return Resource(
        name,
        {name.title(): "Id"},
        (
            Role(f"create_{name}", "create", "", entity=BODY),
            Role(f"save_{name}", "save", "", entity=RequestPlace("body", "Entity")),
            Role(f"update_{name}", "update", "", key=KEY, entity=BODY),
            Role(f"delete_{name}", "delete", "", key=KEY),
            Role(f"deletes_{name}", "delete", "", key=RequestPlace("body", "Ids"), many=True),
            Role(f"remove_{name}", "delete", "", key=RequestPlace("query", "id")),
        ),
    )


def operations(name: str) -> tuple[Operation, ...]:
    identity = Parameter("id", "path", {"type": "string"}, required=True)
    return (
        Operation(f"get_{name}", "GET", f"/{name}/{{id}}", parameters=(identity,)),
        Operation(f"image_{name}", "GET", f"/{name}/{{id}}/image", parameters=(identity,)),
        Operation(f"create_{name}", "POST", f"/{name}"),
        Operation(f"save_{name}", "POST", f"/{name}/save"),
        Operation(f"update_{name}", "PUT", f"/{name}/{{id}}", parameters=(identity,)),
        Operation(f"delete_{name}", "DELETE", f"/{name}/{{id}}", parameters=(identity,)),
        Operation(f"deletes_{name}", "POST", f"/{name}/deletes"),
        Operation(f"remove_{name}", "POST", f"/{name}/remove"),
    )


CONTRACT = Contract(
    "things",
    "1",
    (
        *operations("cat"),
        *operations("dog"),
        Operation("x_SendMail", "POST", "/mail"),
        Operation("hidden", "GET", "/no"),
    ),
    security_schemes={"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
    resources=Resources((resource("cat"), resource("dog"))),
)


def guard(profile: Profile = Profile.CAREFUL, *allow_writes: str) -> Guard:
    return Guard(plan_of(CONTRACT, profile, {"hidden": "left out"}, allow_writes), CONTRACT)


def writing() -> Guard:
    """A guard that lets the run change what it has created: cat 5."""
    made = guard(Profile.CAREFUL, "classified")
    made.created(Call(method="DELETE", target="/cat/5"), 5)
    return made


def call(method: str, target: str, body: bytes = b"") -> Call:
    return Call(JSON if body else (), body, method, target)


def test_reads_are_admitted() -> None:
    assert guard().refusal(call("GET", "/cat/5")) == ""
    assert guard().refusal(call("GET", "/CAT/5?x=%2e%2e/")) == ""
    assert guard().refusal(call("GET", "/cat/caf%C3%A9%20100%25")) == ""


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(
    "target",
    [
        "/other",
        "/cat/5/more",
        "/no",
        "http://evil.example/cat/5",
        "//evil.example/cat/5",
        "/\\evil.example/cat/5",
        "cat/5",
        "*",
        "",
        "/cat/..",
        "/cat/../dog/5",
        "/cat/%2e%2e/dog/5",
        "/cat/%252e%252e",
        "/cat/.%2E",
        "/cat/..;a=1",
        "/cat/5%2Fimage",
        "/cat/5%252Fimage",
        "/cat/5%5cimage",
        "/cat/5\\image",
        "/cat/%25252525255c",
        "/cat/5#fragment",
        "/cat/5?_method=DELETE",
        "/cat/5?a=1&%5Fmethod=DELETE",
        "/cat/5?X-HTTP-Method-Override=DELETE",
    ],
)
def test_a_path_that_is_or_may_be_another_is_refused(target: str, profile: Profile) -> None:
    assert guard(profile).refusal(call("GET", target)) != ""


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(
    "disguised",
    [
        Call((("X-HTTP-Method-Override", "DELETE"),), target="/cat/5"),
        Call((("x-method-override", "DELETE"),), target="/cat/5"),
        Call((("X-Original-URL", "/dog/5"),), target="/cat/5"),
        Call((), b"_method=delete", "GET", "/cat/5"),
        Call((), b"a=1&_METHOD=delete", "GET", "/cat/5"),
        Call(JSON, b'{"_method": "DELETE"}', "GET", "/cat/5"),
        Call((), b'Content-Disposition: form-data; name="_method"\r\n', "GET", "/cat/5"),
    ],
)
def test_another_method_in_disguise_is_refused(disguised: Call, profile: Profile) -> None:
    assert "stands for another" in guard(profile).refusal(disguised)


def test_a_property_that_only_sounds_like_it_is_none() -> None:
    assert guard(Profile.FULL).refusal(call("POST", "/mail", b'{"payment_method": "card"}')) == ""


@given(st.text(max_size=20))
def test_whatever_stands_for_an_id_stays_one(text: str) -> None:
    target = f"/cat/{quote(text, safe='', errors='surrogatepass')}"
    careful = guard(Profile.CAREFUL, "classified")
    for method in ("PUT", "DELETE"):
        assert careful.refusal(call(method, target, b"{}" if method == "PUT" else b""), chained=True) != ""


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "GET\r\nX: 1"])
def test_undocumented_methods_are_for_servers_of_ones_own(method: str) -> None:
    assert guard().refusal(call(method, "/cat/5")) == "its method is not documented"
    assert (guard(Profile.FULL).refusal(call(method, "/cat/5")) == "") is (method in ("PATCH", "OPTIONS"))


@pytest.mark.parametrize("name", ["Authorization", "cookie", "X-API-Key"])
def test_wrong_credentials_are_for_servers_of_ones_own(name: str) -> None:
    wrong = Call(((name, "wrong"),), target="/cat/5")
    assert "lock" in guard().refusal(wrong, signed=False)
    assert guard().refusal(call("GET", "/cat/5"), signed=False) == ""
    assert guard(Profile.FULL).refusal(wrong, signed=False) == ""


def test_without_leave_nothing_is_written() -> None:
    assert guard().refusal(call("POST", "/cat", b"{}"), chained=True) == "its operation is not in the plan"


def test_what_is_allowed_by_name_is_sent() -> None:
    assert guard(Profile.CAREFUL, "SendMail").refusal(call("POST", "/mail", b"{}")) == ""


def test_entities_are_created_in_chains_only_and_not_many() -> None:
    made = writing()
    create = call("POST", "/cat", b'{"Name": "x", "Id": 0}')
    assert made.refusal(create) == "what it creates would stay"
    assert [made.refusal(create, chained=True) for _ in range(MOST_CREATED)] == [""] * MOST_CREATED
    assert "has created" in made.refusal(create, chained=True)


@pytest.mark.parametrize(
    "change",
    [
        call("PUT", "/cat/5", b'{"Id": 5, "Name": "x"}'),
        call("PUT", "/cat/5", b'{"Name": "x"}'),
        call("DELETE", "/cat/5"),
        call("POST", "/cat/deletes", b'{"ids": [5, "5"]}'),
        call("POST", "/cat/remove?ID=5"),
        call("POST", "/cat/save", b'{"entity": {"id": 5}}'),
    ],
)
def test_what_the_run_created_may_be_changed(change: Call) -> None:
    assert writing().refusal(change, chained=True) == ""


@pytest.mark.parametrize(
    "change",
    [
        call("PUT", "/cat/6", b"{}"),
        call("PUT", "/cat/5", b'{"Id": 6}'),
        call("PUT", "/cat/5", b'{"Id": 5, "iD": 6}'),
        call("PUT", "/cat/5", b'[{"op": "replace", "path": "/Id", "value": 6}]'),
        call("PUT", "/cat/5", b"{"),
        Call((("Content-Type", "application/xml"),), b"<Cat><Id>6</Id></Cat>", "PUT", "/cat/5"),
        call("PUT", "/cat/05", b"{}"),
        call("DELETE", "/cat/6"),
        call("DELETE", "/cat/0"),
        call("DELETE", "/dog/5"),
        call("POST", "/cat", b'{"Id": 6}'),
        call("POST", "/cat/deletes", b'{"Ids": [5, 6]}'),
        call("POST", "/cat/deletes", b'{"Ids": []}'),
        call("POST", "/cat/deletes", b'{"Ids": null}'),
        call("POST", "/cat/deletes", b'{"Ids": [5.0]}'),
        call("POST", "/cat/deletes", b"{}"),
        call("POST", "/cat/remove?id=5&id=6"),
        call("POST", "/cat/remove"),
        call("POST", "/cat/save", b'{"Entity": {"Id": 6}}'),
    ],
)
def test_what_the_run_did_not_create_is_left_alone(change: Call) -> None:
    assert writing().refusal(change, chained=True) != ""


def test_what_was_removed_is_somebody_elses() -> None:
    made = writing()
    made.removed(Call(method="DELETE", target="/cat/5"), 5)
    assert made.refusal(call("DELETE", "/cat/5"), chained=True) == "the run hasn't created that cat"


def test_what_was_created_may_be_removed_though_its_operation_is_not_planned() -> None:
    made = guard(Profile.CAREFUL, "create_cat")
    remove = call("DELETE", "/cat/5")
    assert made.refusal(remove, chained=True) != ""
    made.created(remove, 5)
    assert made.refusal(remove, chained=True) == ""
