"""Servers that break one promise each, verified in process: every one is found, with a call as small as it can be."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.client.target import Target, WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.case import Purpose
from docdouble.contracts.model.events import OperationResult
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.model.verdict import OperationVerdict
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, Reply, extract
from docdouble.schemas.http import Headers
from docdouble.schemas.openapi.reader import from_openapi

PAGE = "v1AppointmentAgent_AssignTo.md"
Change = Callable[[Call, dict[str, Any]], Any]


class ChangedFake(FakeServer):
    """A fake whose successful answers are changed by a function."""

    def __init__(self, contract: Contract, change: Change) -> None:
        super().__init__(contract)
        self.change = change

    def handle(self, call: Call) -> Reply:
        reply = super().handle(call)
        if reply.status != 200:
            return reply
        return replace(reply, body=json.dumps(self.change(call, json.loads(reply.body))).encode())


class WrappedFake(FakeServer):
    """A fake in front of which a function stands."""

    def __init__(self, contract: Contract, wrap: Callable[[Call, Callable[[Call], Reply]], Reply]) -> None:
        super().__init__(contract)
        self.wrap = wrap

    def handle(self, call: Call) -> Reply:
        return self.wrap(call, super().handle)


def verify(contract: Contract, app: FakeServer, **budget: int) -> OperationResult:
    return runner(contract, WsgiTarget(app), Budget(**budget)).verify(contract.operations[0])


def runner(contract: Contract, target: Target, budget: Budget, headers: Headers = ()) -> Runner:
    return Runner(contract, Transport(target, lambda call: True, budget, headers), budget)


def only(result: OperationResult, check: str) -> Finding:
    matching = [finding for finding in result.findings if finding.check == check]
    assert len(matching) == 1, [(finding.check, finding.expected, finding.got) for finding in result.findings]
    return matching[0]


def body(finding: Finding) -> Any:
    assert finding.call is not None
    return json.loads(finding.call.body)


def test_our_own_fake_breaks_nothing(contract: Contract) -> None:
    result = verify(contract, FakeServer(contract))
    assert result.findings == ()
    assert result.calls > 50


def test_a_wrong_type_is_found_where_it_begins(contract: Contract) -> None:
    def change(call: Call, answer: dict[str, Any]) -> Any:
        return answer | ({"AppointmentId": "12"} if answer["AppointmentId"] == _asked(call) > 100 else {})

    def _asked(call: Call) -> int:
        given = json.loads(call.body) or {} if call.media_type == "application/json" else {}
        return next((value for name, value in given.items() if name.lower() == "appointmentid"), 0)

    finding = only(verify(contract, ChangedFake(contract, change)), "response-schema")
    assert (finding.severity, str(finding.evidence)) == (Severity.ERROR, f"{PAGE}:73")
    assert (finding.expected, finding.got) == ("/AppointmentId is integer (int32)", '"12"')
    assert body(finding) == {"AppointmentId": 101}


def test_a_missing_field_is_found(contract: Contract) -> None:
    def change(call: Call, answer: dict[str, Any]) -> Any:
        return {name: value for name, value in answer.items() if name != "Links"}

    finding = only(verify(contract, ChangedFake(contract, change)), "missing-field")
    assert (finding.severity, str(finding.evidence), finding.pointer) == (Severity.ERROR, f"{PAGE}:87", "/Links")


def test_a_field_in_another_case_is_found(contract: Contract) -> None:
    def change(call: Call, answer: dict[str, Any]) -> Any:
        return {name.lower() if name == "Links" else name: value for name, value in answer.items()}

    assert only(verify(contract, ChangedFake(contract, change)), "field-case").rule == "spelling"


def test_an_undocumented_field_is_a_warning(contract: Contract) -> None:
    finding = only(
        verify(contract, ChangedFake(contract, lambda call, answer: {**answer, "New": None})), "undocumented-field"
    )
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/New")


def test_a_null_that_nothing_is_documented_about_is_a_note(contract: Contract) -> None:
    finding = only(verify(contract, ChangedFake(contract, lambda call, answer: {**answer, "Title": None})), "null")
    assert (finding.severity, str(finding.evidence), finding.got) == (Severity.NOTE, f"{PAGE}:116", "null")


def test_a_field_that_only_the_sample_shows_is_a_warning(contract: Contract) -> None:
    def change(call: Call, answer: dict[str, Any]) -> Any:
        return {**answer, "Links": answer["Links"] and [{**answer["Links"][0], "Id": "x"}]}

    finding = only(verify(contract, ChangedFake(contract, change)), "response-schema")
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/Links/0/Id")


def test_a_failing_server_is_found(contract: Contract) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        return Reply(status=500) if call.body == b"null" else handle(call)

    finding = only(verify(contract, WrappedFake(contract, wrap)), "server-error")
    assert (finding.severity, finding.got, body(finding)) == (Severity.ERROR, "500 Internal Server Error", None)


def test_credentials_that_nobody_asks_for_are_found(contract: Contract) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        return handle(call.with_headers(("Authorization", "Bearer any")))

    result = verify(contract, WrappedFake(contract, wrap))
    assert [(finding.check, finding.rule, str(finding.evidence)) for finding in result.findings] == [
        ("credentials", "missing", f"{PAGE}:36"),
        ("credentials", "malformed", f"{PAGE}:36"),
    ]


@pytest.mark.parametrize(
    ("content_type", "got"),
    [("text/html", "text/html"), ("", "no Content-Type"), ("application/jsonx", "application/jsonx")],
)
def test_an_undocumented_media_type_is_found(contract: Contract, content_type: str, got: str) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        reply = handle(call)
        headers = (("Content-Type", content_type),) if content_type else ()
        return replace(reply, headers=headers) if reply.status == 200 else reply

    class Bare(WrappedFake):
        pass

    finding = only(
        runner(contract, _Direct(Bare(contract, wrap)), Budget()).verify(contract.operations[0]), "content-type"
    )
    assert (finding.got, str(finding.evidence)) == (got, f"{PAGE}:39")


class _Direct:
    """A target without WSGI between, which would add a Content-Type where there is none."""

    name = "direct"

    def __init__(self, app: FakeServer) -> None:
        self.app = app

    def send(self, call: Call) -> Reply:
        return self.app.handle(call)


def test_broken_json_is_found(contract: Contract) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        reply = handle(call)
        return replace(reply, body=b"{") if reply.status == 200 else reply

    assert only(verify(contract, WrappedFake(contract, wrap)), "content-type").rule == "syntax"


def test_an_undocumented_status_is_found(contract: Contract) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        reply = handle(call)
        return replace(reply, status=202) if reply.status == 200 else reply

    finding = only(verify(contract, WrappedFake(contract, wrap)), "documented-status")
    assert (finding.expected, finding.got, str(finding.evidence)) == (
        "one of the statuses 200",
        "202 Accepted",
        f"{PAGE}:62",
    )


def test_a_refused_valid_call_is_found(contract: Contract) -> None:
    result = verify(contract, WrappedFake(contract, lambda call, handle: Reply(status=403)))
    refused = result.findings[0]
    assert (refused.check, refused.rule, refused.severity) == ("not-verified", "forbidden", Severity.WARNING)
    assert refused.got == "403 to every valid call: the credentials lack a right"
    assert not [finding for finding in result.findings if finding.check == "valid-request"]
    assert (result.verdict, result.cause and result.cause.rule) == (OperationVerdict.NOT_VERIFIED, "forbidden")


def test_an_ignored_selection_is_found(contract: Contract) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        return handle(replace(call, target=call.path))

    finding = only(verify(contract, WrappedFake(contract, wrap)), "select-projection")
    assert (finding.severity, str(finding.evidence)) == (Severity.ERROR, f"{PAGE}:25")
    assert finding.call is not None
    assert finding.call.query.startswith("$select=")


def test_a_lenient_server_gets_a_note(contract: Contract) -> None:
    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        reply = handle(call)
        return handle(replace(call, body=b"{}")) if reply.status == 400 else reply

    findings = [
        finding
        for finding in verify(contract, WrappedFake(contract, wrap)).findings
        if finding.check == "invalid-request"
    ]
    converted = "200 OK: what can be converted is taken"
    assert {(finding.case and finding.case.purpose, finding.severity, finding.got) for finding in findings} == {
        (Purpose.HOSTILE, Severity.NOTE, "200 OK"),
        (Purpose.HOSTILE, Severity.NOTE, "200 OK: a number beyond int32 is taken"),
        (Purpose.CONVERTIBLE, Severity.NOTE, converted),
        (Purpose.HOSTILE, Severity.NOTE, "200 OK: what is no UTF-8 is taken"),
        (
            Purpose.HOSTILE,
            Severity.NOTE,
            "200 OK: a body that isn't there or can't be read, as an object without properties, is taken",
        ),
    }


def test_a_wrong_array_item_is_one_finding_however_many_there_are(contract: Contract) -> None:
    def change(call: Call, answer: dict[str, Any]) -> Any:
        return {
            **answer,
            "Participants": [{**participant, "PersonId": "x"} for participant in (answer["Participants"] or [])],
        }

    assert only(verify(contract, ChangedFake(contract, change)), "response-schema").rule == "type"


def test_the_same_seed_sends_the_same_calls(contract: Contract) -> None:
    def sent(seed: int) -> list[Call]:
        calls: list[Call] = []

        def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
            calls.append(call)
            return handle(call)

        verify(contract, WrappedFake(contract, wrap), seed=seed)
        return calls

    assert sent(1) == sent(1)
    assert sent(1) != sent(2)


def test_only_documented_paths_are_called_and_one_undocumented_method_is_tried(contract: Contract) -> None:
    seen = set()

    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        seen.add((call.method, call.path))
        return handle(call)

    verify(contract, WrappedFake(contract, wrap))
    assert seen == {("POST", "/api/v1/Agents/Appointment/AssignTo"), ("GET", "/api/v1/Agents/Appointment/AssignTo")}


def test_the_users_headers_replace_made_up_credentials(contract: Contract) -> None:
    seen = set()

    def wrap(call: Call, handle: Callable[[Call], Reply]) -> Reply:
        seen.add(call.header("Authorization"))
        return handle(call)

    target = WsgiTarget(WrappedFake(contract, wrap))
    mine = (("Authorization", "SoTicket mine"),)
    runner(contract, target, Budget(max_examples=2), mine).verify(contract.operations[0])
    assert seen >= {"SoTicket mine", None, "docdouble"}


def test_a_document_says_itself_which_properties_are_always_there(tmp_path: Path) -> None:
    book = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}
    answers = {"200": {"description": "", "content": {"application/json": {"schema": book}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "library", "version": "1"},
        "paths": {"/book": {"get": {"operationId": "getBook", "responses": answers}}},
    }
    (tmp_path / "library.json").write_text(json.dumps(document))
    contract = extract(str(tmp_path / "library.json")).contract
    findings = verify(contract, ChangedFake(contract, lambda call, answer: {})).findings
    assert {(finding.check, finding.pointer) for finding in findings} == {("missing-field", "/id")}


def test_paths_with_variables_and_no_body(tmp_path: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "library", "version": "1"},
        "paths": {
            "/books/{id}": {
                "get": {
                    "operationId": "getBook",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": {"type": "integer"}}}}
                    },
                }
            }
        },
    }
    (tmp_path / "library.json").write_text(json.dumps(document))
    contract = extract(str(tmp_path / "library.json")).contract
    assert verify(contract, FakeServer(contract)).findings == ()

    class Big(FakeServer):
        def handle(self, call: Call) -> Reply:
            number = call.path.rpartition("/")[2]
            fails = number.lstrip("-").isdigit() and int(number) > 500
            return Reply(status=503) if fails else super().handle(call)

    finding = only(verify(contract, Big(contract)), "server-error")
    assert finding.call is not None
    assert finding.call.target == "/books/501"


@pytest.mark.slow
def test_a_call_that_shows_it_by_itself_is_shown_rather_than_a_smaller_probe(hotel: Contract) -> None:
    def breaks_on_short_bodies(call: Call, answered: Callable[[Call], Reply]) -> Reply:
        return Reply(status=500) if call.method != "GET" and len(call.body) < 60 else answered(call)

    tested = runner(hotel, WsgiTarget(WrappedFake(hotel, breaks_on_short_bodies)), Budget())
    findings = {operation.id: tested.verify(operation).findings for operation in hotel.operations}
    shown = [
        finding.case.purpose for finding in findings["Room_Put"] if finding.case and finding.check == "server-error"
    ]
    assert Purpose.PROBE not in shown != []


def _ship(contract_responses: dict[str, Any]) -> Contract:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}
    get = {"operationId": "Ships", "parameters": [limit], "responses": contract_responses}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/ships": {"get": get}}}
    return from_openapi(document, "ships.json")


def test_a_call_is_not_made_small_to_one_that_breaks_something_else() -> None:
    contract = _ship({"200": {"description": ""}, "400": {"description": ""}})

    def accepts_all(call: Call, answered: Callable[[Call], Reply]) -> Reply:
        return Reply(status=200)

    findings = verify(contract, WrappedFake(contract, accepts_all)).findings
    targets = {
        finding.rule: finding.call.target for finding in findings if finding.check == "invalid-request" and finding.call
    }
    assert int(targets["query/limit maximum"].partition("=")[2]) > 100
    assert int(targets["query/limit minimum"].partition("=")[2]) < 1


def test_what_does_not_show_again_is_marked_and_kept_as_it_was() -> None:
    contract = _ship({"200": {"description": ""}, "400": {"description": ""}})
    seen: list[str] = []

    def fails_once(call: Call, answered: Callable[[Call], Reply]) -> Reply:
        seen.append(call.target)
        is_first = call.target == "/ships?limit=100" and seen.count(call.target) == 1
        return Reply(status=503) if is_first else answered(call)

    finding = only(verify(contract, WrappedFake(contract, fails_once)), "server-error")
    assert finding.call is not None
    assert (finding.call.target, finding.sent_again) == ("/ships?limit=100", "200 OK")


@pytest.mark.parametrize(("again", "is_marked"), [(404, False), (409, False), (410, False), (204, True), (503, True)])
def test_what_a_call_has_done_it_can_not_do_again(again: int, is_marked: bool) -> None:
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    responses = {status: {"description": ""} for status in ("204", "404", "409", "410", "503")}
    operation = {"operationId": "Sink", "parameters": [key], "responses": responses}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {"/ships/{id}": {"delete": operation}},
    }
    contract = from_openapi(document, "ships.json")
    gone: list[str] = []

    def sinks_once(call: Call, answered: Callable[[Call], Reply]) -> Reply:
        gone.append(call.target)
        return Reply(status=again if len(gone) > 1 else 200)

    finding = only(verify(contract, WrappedFake(contract, sinks_once)), "documented-status")
    assert bool(finding.sent_again) is is_marked


def test_what_shows_now_and_then_is_not_made_small() -> None:
    contract = _ship({"200": {"description": ""}, "400": {"description": ""}})
    calls: list[str] = []

    def fails_twice_then_rarely(call: Call, answered: Callable[[Call], Reply]) -> Reply:
        if "limit=100" not in call.target and len(calls) < 2:
            return answered(call)
        calls.append(call.target)
        return Reply(status=503) if len(calls) <= 3 else answered(call)

    finding = only(verify(contract, WrappedFake(contract, fails_twice_then_rarely), boundaries=15), "server-error")
    assert finding.sent_again == "200 OK"
