"""Every operation of the whole reference that has a role does what its role says."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.schemas import Call, Contract
from docdouble.schemas.contract.resources import Resource, Role

pytestmark = pytest.mark.slow

Ask = Callable[..., tuple[int, Any]]
ResourceRole = tuple[Resource, Role]


@pytest.fixture(scope="module")
def ask(corpus: Contract) -> Ask:
    """Return a function that asks an operation of a role about the entity with a key, in a world of its own."""
    app, answerer = FakeServer(corpus, Settings(auth=False)), Answerer(corpus, Settings())
    operations = {operation.id: operation for operation in corpus.operations}

    def send(world: str, role: Role, number: int = 1, entity: Any = None) -> tuple[int, Any]:
        operation = operations[role.operation]
        path, query = operation.path, {}
        for parameter in operation.parameters:
            is_key = role.key is not None and (role.key.location, role.key.name) == (parameter.location, parameter.name)
            value = number if is_key else answerer.sample_requests.parameter(operation, parameter)
            if parameter.location == "path":
                path = path.replace(f"{{{parameter.name}}}", str(value))
            elif parameter.location == "query" and parameter.required:
                query[parameter.name] = value
        body = answerer.sample_requests.body(operation)
        for place, stated in ((role.key, number), (role.entity if entity is not None else None, entity)):
            if place and place.location == "body":
                stated = [stated] if role.many else stated
                body = {**(body if isinstance(body, dict) else {}), place.name: stated} if place.name else stated
        headers = (("Docdouble-World", world), ("Content-Type", "application/json"))
        sent = json.dumps(body).encode() if operation.request else b""
        target = f"{path}?{urlencode(query)}" if query else path
        reply = app.handle(Call(headers if sent else headers[:1], sent, operation.method, target))
        return reply.status, json.loads(reply.body) if reply.body else None

    return send


@pytest.fixture(scope="module")
def by_role(corpus: Contract) -> dict[str, list[ResourceRole]]:
    """All roles of the reference by what they do."""
    collected: dict[str, list[ResourceRole]] = {}
    for resource in corpus.resources.resources:
        for role in resource.roles:
            collected.setdefault(role.name, []).append((resource, role))
    return collected


def test_the_reference_has_many(by_role: dict[str, list[ResourceRole]]) -> None:
    assert sum(map(len, by_role.values())) > 700


def test_what_there_is_is_read_and_nothing_else(by_role: dict[str, list[ResourceRole]], ask: Ask) -> None:
    for _, role in by_role["read"]:
        assert (ask("", role, 1)[0], ask("", role, 1_000_003)[0]) == (200, 404), role


def test_what_is_created_is_read_and_listed(by_role: dict[str, list[ResourceRole]], ask: Ask) -> None:
    for resource, role in by_role["create"]:
        keys = set(resource.views.values())
        status, made = ask(role.operation[-64:], role)
        number = made if isinstance(made, int) else next(made[key] for key in keys if key in made)
        assert (status, number) == (200, 26), role
        for other in resource.roles:
            if other.name == "read":
                status, shown = ask(role.operation[-64:], other, 26)
                assert (status, [shown[key] for key in keys if key in shown]) == (200, [26]), other
            if other.name == "list":
                _, shown = ask(role.operation[-64:], other, 26)
                rows = shown if isinstance(shown, list) else shown["value"]
                numbers = [next(row[key] for key in ("PrimaryKey", *keys) if key in row) for row in rows]
                assert 26 in numbers, other


def test_what_is_deleted_is_gone(by_role: dict[str, list[ResourceRole]], ask: Ask) -> None:
    for resource, role in by_role["delete"]:
        assert ask(role.operation[-64:], role, 7)[0] in (200, 204), role
        for other in resource.roles:
            if other.name == "read":
                assert (ask(role.operation[-64:], other, 7)[0], ask(role.operation[-64:], other, 8)[0]) == (404, 200), (
                    other
                )


@pytest.mark.parametrize("name", ["draft", "list", "search", "patch", "update", "save"])
def test_all_others_are_answered(by_role: dict[str, list[ResourceRole]], ask: Ask, name: str) -> None:
    for _, role in by_role[name]:
        if name != "update" or role.key:  # of others the samples tell no key
            status, shown = ask(role.operation[-64:], role)
            assert status in (200, 204), (role, shown)


def test_columns_of_any_view_are_listed(corpus: Contract) -> None:
    app, world = FakeServer(corpus, Settings(auth=False)), ("Docdouble-World", "columns")
    body = json.dumps({"Contact": {"ContactId": 3}, "Description": "Lunch"}).encode()
    made = app.handle(Call((world, ("Content-Type", "application/json")), body, "POST", "/api/v1/Appointment"))
    number = json.loads(made.body)["AppointmentId"]
    target = f"/api/v1/Appointment?$filter=contactId+eq+3+and+appointmentId+eq+{number}&$select=contactId,description"
    (row,) = json.loads(app.handle(Call((world,), b"", "GET", target)).body)["value"]
    assert (row["contactId"], row["description"]) == (3, "Lunch")


def test_a_branch_of_which_a_part_is_sent_is_shown_whole_also_where_others_hold_null(corpus: Contract) -> None:
    app = FakeServer(corpus, Settings(auth=False))

    def put(path: str, body: Any) -> Any:
        call = Call(
            (("Content-Type", "application/json"),), json.dumps(body).encode(), "PUT", f"/api/v1/Hierarchy{path}"
        )
        return json.loads(app.handle(call).body)

    for number in range(1, 26):
        put(f"/{number}", {"HierarchyId": number, "Fullname": None})
    shown = put("/Scripts/weekly", {"Name": "x", "Children": [{"HierarchyId": 365, "Children": [{}, {}]}]})
    assert all(part for branch in shown["Children"] for part in branch["Children"])


def test_a_tree_that_leads_back_to_itself_has_no_incomplete_branch(corpus: Contract) -> None:
    app = FakeServer(corpus, Settings(auth=False))

    def save(body: Any) -> Any:
        fields = (("Content-Type", "application/json"), ("Accept", "application/json"))
        call = Call(fields, json.dumps(body).encode(), "POST", "/api/v1/Agents/List/SaveHierarchyEntity")
        return json.loads(app.handle(call).body)

    def branches(tree: Any) -> Iterator[Any]:
        yield tree
        for branch in tree["Children"]:
            yield from branches(branch)

    whole = save({"HierarchyId": 5}).keys()
    save({"HierarchyId": 7, "Children": [{"HierarchyId": 5, "Children": [{"Children": [{}]}]}]})
    assert all(branch.keys() == whole for number in (5, 7) for branch in branches(save({"HierarchyId": number})))
