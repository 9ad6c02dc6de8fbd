"""``assert_conforms``: what fails, and how it is reported."""

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from docdouble.contracts import assert_conforms
from docdouble.fakeserver import FakeServer
from docdouble.schemas import ConfigError, Contract, Reply, extract

PATH = "/api/v1/Agents/Appointment/AssignTo"
PAGES = Path(__file__).parents[2] / "fakeserver" / "contact"
CREDENTIALS = {"Authorization": "Bearer any"}


@pytest.fixture(scope="module")
def client(contract: Contract) -> Client:
    return Client(FakeServer(contract))


@pytest.fixture(scope="module")
def answer(client: Client) -> dict[str, Any]:
    body: dict[str, Any] = client.post(PATH, json={"AppointmentId": 3}, headers=CREDENTIALS).get_json()
    return body


def reply(value: Any, status: int = 200, content_type: str = "application/json") -> Reply:
    return Reply((("Content-Type", content_type),), json.dumps(value).encode(), status)


def failure(*arguments: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        assert_conforms(*arguments, **options)
    return str(caught.value)


def test_what_the_fake_answers_conforms(client: Client, contract: Contract) -> None:
    response = client.post(f"{PATH}?$select=Title", json={"AppointmentId": 3}, headers=CREDENTIALS)
    assert_conforms(response, "AssignTo", contract, fail_on="note")
    assert_conforms(response, contract=contract)
    assert_conforms(response)


def test_promised_and_got_stand_side_by_side(contract: Contract, answer: dict[str, Any]) -> None:
    text = failure(reply(answer | {"AppointmentId": "267"}), "AssignTo", contract)
    assert text == "\n".join(
        [
            f"200 OK to POST {PATH} breaks 1 promise of v1AppointmentAgent_AssignTo",
            "",
            "error: response-schema at /AppointmentId",
            "  expected                           | got",
            '  /AppointmentId is integer (int32)  | "267"',
            "  v1AppointmentAgent_AssignTo.md:73",
            "",
            "docdouble show v1AppointmentAgent_AssignTo",
        ]
    )


def test_the_documentation_line_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docdouble.toml").write_text(f"source = '{PAGES}'")
    contract = extract(str(PAGES)).contract
    operation = contract.operation("v1ContactEntity_Get")
    value = Client(FakeServer(contract)).get("/api/v1/Contact/3", headers=CREDENTIALS).get_json()
    text = failure(reply(value | {"ContactId": "three"}), operation)
    line = next(line for line in text.splitlines() if ".md:" in line)
    page, _, rest = line.strip().partition(".md:")
    number, _, quoted = rest.partition(": ")
    assert (PAGES / f"{page}.md").read_text().splitlines()[int(number) - 1].strip() == quoted
    assert "ContactId" in quoted


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"AppointmentId": "x"}, "response-schema at /AppointmentId"),
        ({"AppointmentId": 2**40}, "int32 at /AppointmentId"),
        ({"Title": ...}, "missing-field at /Title"),
        ({"Title": ..., "title": "x"}, "field-case at /Title"),
    ],
)
def test_what_breaks_the_documentation(
    contract: Contract, answer: dict[str, Any], change: dict[str, Any], check: str
) -> None:
    changed = {name: part for name, part in (answer | change).items() if part is not ...}
    assert f"error: {check}" in failure(reply(changed), "AssignTo", contract)


def test_warnings_fail_where_they_are_asked_for(contract: Contract, answer: dict[str, Any]) -> None:
    response = reply(answer | {"Bogus": 1})
    assert_conforms(response, "AssignTo", contract)
    assert "warning: undocumented-field at /Bogus" in failure(response, "AssignTo", contract, fail_on="warning")
    with pytest.raises(ConfigError, match="did you mean 'warning'"):
        assert_conforms(response, "AssignTo", contract, fail_on="warnings")


def test_the_content_type_and_the_syntax(contract: Contract, answer: dict[str, Any]) -> None:
    assert "error: content-type" in failure(reply(answer, content_type="text/html"), "AssignTo", contract)
    broken = Reply((("Content-Type", "application/json"),), b"{", 200)
    assert "error: content-type" in failure(broken, "AssignTo", contract)


def test_the_status_is_documented_or_expected(client: Client, contract: Contract) -> None:
    response = client.post(PATH, json={"AppointmentId": "x"}, headers=CREDENTIALS)
    text = failure(response, "AssignTo", contract)
    assert "one of the statuses 200  | 400 Bad Request" in text
    assert "body: " in text
    assert_conforms(response, "AssignTo", contract, status=400)
    assert "status 200, which the test expects  | 400" in failure(response, "AssignTo", contract, status=200)
    assert "error: server-error" in failure(Reply(status=500), "AssignTo", contract)
    assert_conforms(Reply(status=500), "AssignTo", contract, status=500)


def test_what_was_asked_for_is_judged_too(contract: Contract, answer: dict[str, Any]) -> None:
    from werkzeug.wrappers import Response

    everything = Client(Response(json.dumps(answer), mimetype="application/json"))
    response = everything.post(f"/stage{PATH}?$select=Title", json={"AppointmentId": 3}, headers=CREDENTIALS)
    assert "select-projection" in failure(response, contract=contract)


def test_only_the_first_findings_are_shown(contract: Contract, answer: dict[str, Any]) -> None:
    text = failure(reply(dict.fromkeys(answer, "\x1b[31m" + "long " * 200)), "AssignTo", contract)
    lines = text.splitlines()
    assert sum(line.startswith("error:") for line in lines) == 5
    assert any(line.startswith("and ") and line.endswith(" more") for line in lines)
    assert len(lines) < 60
    assert max(map(len, lines)) <= 100
    assert "\x1b" not in text


def test_the_last_line_is_one_to_paste(contract: Contract) -> None:
    import requests

    response = requests.Response()
    response.status_code, response._content = 400, b"{}"
    headers = CREDENTIALS | {"X-Own": "1"}
    response.request = requests.Request("POST", f"http://localhost/stage{PATH}", headers, json={}).prepare()
    command = failure(response, contract=contract).splitlines()[-1]
    assert command.startswith("curl -i -X POST -H 'X-Own: 1'")
    assert command.endswith(f"--data-binary '{{}}' http://localhost/stage{PATH}")
    assert '"Authorization: $AUTHORIZATION"' in command
    assert "Bearer any" not in command


def test_a_response_of_another_operation_is_reported() -> None:
    hotel = extract(str(Path(__file__).parents[2] / "fakeserver" / "hotel.yaml")).contract
    response = Client(FakeServer(hotel)).get("/rooms")
    with pytest.raises(AssertionError, match=r"is one of GET /rooms \(Room_List\), and not of GuestEntity_List"):
        assert_conforms(response, "GuestEntity_List", hotel)


def test_names_that_are_not_documented(client: Client, contract: Contract) -> None:
    with pytest.raises(ConfigError, match="did you mean 'AssignTo'"):
        assert_conforms(Reply(), "AsignTo", contract)
    with pytest.raises(TypeError, match="doesn't know its request: name the operation"):
        assert_conforms(Reply(), contract=contract)
    with pytest.raises(ConfigError, match=r"'GET /nowhere' is not documented"):
        assert_conforms(client.get("/nowhere"), contract=contract)
