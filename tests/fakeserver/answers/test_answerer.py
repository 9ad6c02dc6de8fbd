"""What is answered: always the same for the same request, about what was asked, and as documented."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, MediaType, Reply, Response, Validator

MakeContract = Callable[..., Contract]
Send = Callable[..., Reply]

ASSIGN = "POST /api/v1/Agents/Appointment/AssignTo"
INT32 = st.integers(-(2**31), 2**31 - 1)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={"AppointmentId": INT32, "Participant": st.none() | st.fixed_dictionaries({}), "UpdateMode": st.text()},
)


def body(reply: Reply) -> Any:
    assert reply.status == 200, reply.body
    return orjson.loads(reply.body)


@given(REQUESTS)
def test_every_answer_of_the_shipped_contract_is_as_documented(
    superoffice: Contract, shipped_app: FakeServer, send: Send, request_body: dict[str, Any]
) -> None:
    schema = superoffice.operations[0].responses[0].media_types[0].schema
    assert schema is not None
    answer = body(send(shipped_app, ASSIGN, json=request_body))
    assert Validator(schema, superoffice).violations(answer) == ()
    assert answer.keys() == superoffice.schemas["AppointmentEntity"]["properties"].keys()
    if "AppointmentId" in request_body:
        assert answer["AppointmentId"] == request_body["AppointmentId"]


@given(st.fixed_dictionaries({}, optional={"CopyId": INT32, "Days": INT32, "Reason": st.text()}))
def test_every_answer_of_the_library_is_as_documented(library: Contract, lend: Send, request_body: Any) -> None:
    response = library.operation("v1LoanAgent_LendBook").success()
    assert response is not None
    schema = response.media_types[0].schema
    assert schema is not None
    answer = body(lend(request_body))
    assert Validator(schema, library).violations(answer) == ()
    assert answer.keys() == library.schemas["LoanEntity"]["properties"].keys()


def test_dates_are_written_as_the_samples_write_them(app: FakeServer, lend: Send, send: Send) -> None:
    answer = body(lend({}))
    shapes = {
        name: "".join("0" if character.isdigit() else character for character in answer[name])
        for name in ("DueDate", "LentDate")
    }
    assert shapes == {"DueDate": "0000-00-00T00:00:00.000+00:00", "LentDate": "0000-00-00T00:00:00Z"}
    assert len(body(send(app, "GET /api/v1/Book/KX"))["ScannedDate"]) == len("2024-03-05T16:30:00")


def test_terms_that_samples_show_are_used(lend: Send) -> None:
    answer = body(lend({}))
    assert (answer["Status"], list(answer["Labels"])) == ("OnLoan", ["Labels1"])


def test_the_same_request_is_answered_with_the_same_bytes_by_any_instance(library: Contract, send: Send) -> None:
    targets = [f"GET /api/v1/Book/{number}" for number in range(20)]
    first, second = FakeServer(library), FakeServer(library)
    forwards = [send(first, target) for target in targets]
    backwards = [send(second, target) for target in reversed(targets)]
    assert forwards == backwards[::-1]
    assert len({reply.body for reply in forwards}) == len(targets)


def test_another_seed_answers_otherwise(library: Contract, send: Send) -> None:
    replies = {send(FakeServer(library, Settings(seed=seed)), "GET /api/v1/Book/7").body for seed in range(5)}
    assert len(replies) == 5


def test_another_body_or_parameter_answers_otherwise(app: FakeServer, lend: Send, send: Send) -> None:
    assert body(lend({"Days": 3}))["LoanId"] != body(lend({"Days": 4}))["LoanId"]
    first, second = (body(send(app, f"GET /api/v1/Book?title={title}")) for title in ("fog", "rain"))
    assert first != second


def test_header_fields_do_not_change_what_is_answered(lend: Send) -> None:
    assert lend({}, ("Branch-Language", "nb")) == lend({}, ("Branch-Language", "en")) == lend({})


def test_equal_requests_are_one_however_they_are_written(app: FakeServer, lend: Send, send: Send) -> None:
    spellings = [{"CopyId": 7, "Days": 3}, {"Days": 3, "CopyId": 7}, {"days": 3, "copyid": 7}]
    assert len({lend(spelling).body for spelling in spellings}) == 1
    targets = ["/api/v1/Book/7", "/API/V1/BOOK/007", "/api/v1/Book/%37?$select=", "/api/v1/Book/7?unheard=1"]
    assert len({send(app, f"GET {target}").body for target in targets}) == 1


def test_answers_do_not_depend_on_the_process(lend: Send) -> None:
    script = """
import sys
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, extract
app = FakeServer(extract(sys.argv[1]).contract, Settings(state="off"))
headers = (("Authorization", "Basic YTpi"), ("Content-Type", "application/json"))
sys.stdout.buffer.write(app.handle(Call(headers, b'{"CopyId": 7}', "POST", "/api/v1/Agents/Loan/LendBook")).body)
"""
    folder = str(Path(__file__).parents[1] / "library")
    environment = {**os.environ, "PYTHONHASHSEED": "4321"}
    command = [sys.executable, "-c", script, folder]
    done = subprocess.run(command, capture_output=True, check=True, env=environment, timeout=60)
    assert done.stdout == lend({"CopyId": 7}).body


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        pytest.param({"CopyId": 77}, {"CopyId": 77}, id="same name"),
        pytest.param({"copyid": 77}, {"CopyId": 77}, id="another case"),
        pytest.param(
            {"Title": "fog", "Deposit": 2.5}, {"Title": "fog", "Deposit": 2.5}, id="not in the request's table"
        ),
        pytest.param({"IsOverdue": True}, {"IsOverdue": True}, id="boolean"),
        pytest.param({"Labels": {"a": "b"}}, {"Labels": {"a": "b"}}, id="dictionary"),
    ],
)
def test_what_the_request_says_is_in_the_answer(lend: Send, sent: dict[str, Any], answered: dict[str, Any]) -> None:
    answer = body(lend(sent))
    assert {name: answer[name] for name in answered} == answered


@pytest.mark.parametrize(
    "sent", [{"Title": 5}, {"LoanId": "x"}, {"DueDate": "soon"}, {"Labels": {"a": 5}}, {"Title": None}]
)
def test_what_would_break_the_answer_is_not_repeated(lend: Send, sent: dict[str, Any]) -> None:
    ((name, value),) = sent.items()
    assert body(lend(sent))[name] != value


def test_a_path_variable_is_in_the_answer(app: FakeServer, send: Send) -> None:
    assert body(send(app, "GET /api/v1/Book/4711"))["BookId"] == 4711


def answering(make_contract: MakeContract, schema: dict[str, Any], **schemas: Any) -> FakeServer:
    """Return the fake of ``POST /loans``, which takes any JSON and answers with the schema."""
    request = {"content": {"application/json": {"schema": {}}}}
    responses = {"200": {"content": {"application/json": {"schema": schema}}}}
    return FakeServer(
        make_contract({"/loans": {"post": {"requestBody": request, "responses": responses}}}, schemas=schemas)
    )


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"allOf": [record(Days={"type": "integer"})]}, id="allOf"),
        pytest.param({"allOf": [record(Days={"minimum": 1}), record(Days={"type": "integer"})]}, id="described twice"),
        pytest.param({"anyOf": [record(Days={"type": "integer"}), {"type": "null"}]}, id="nullable"),
        pytest.param({"oneOf": [record(Days={"type": "integer"})]}, id="oneOf"),
        pytest.param({"$ref": "#/components/schemas/Loan"}, id="reference"),
        pytest.param(
            {
                "type": "object",
                "additionalProperties": {"type": "integer"},
                "minProperties": 1,
                "propertyNames": {"enum": ["Days"]},
            },
            id="dictionary",
        ),
    ],
)
@pytest.mark.parametrize(("days", "kept"), [(7, True), ("seven", False)])
def test_values_are_repeated_in_composed_answers_where_they_fit(
    make_contract: MakeContract, send: Send, schema: dict[str, Any], days: Any, kept: bool
) -> None:
    app = answering(
        make_contract, schema, Loan=record(Days={"$ref": "#/components/schemas/Days"}), Days={"type": "integer"}
    )
    answer = body(send(app, "POST /loans", json={"Days": days}))
    assert isinstance(answer["Days"], int)
    assert (answer["Days"] == days) is kept


def test_values_are_repeated_in_an_answer_made_of_itself(make_contract: MakeContract, send: Send) -> None:
    loop = {"allOf": [{"$ref": "#/components/schemas/Loop"}, record(Title={"type": "string"})]}
    app = answering(make_contract, {"$ref": "#/components/schemas/Loop"}, Loop=loop)
    assert body(send(app, "POST /loans", json={"Title": "fog"})) == {"Title": "fog"}


def test_a_constant_answer_stays_as_it_is(make_contract: MakeContract, send: Send) -> None:
    app = answering(make_contract, {"const": {"Kind": "Novel"}})
    assert body(send(app, "POST /loans", json={"Kind": "Atlas"})) == {"Kind": "Novel"}


@pytest.mark.parametrize("sent", [{}, [], "text", None, 2**64 - 1, {"Days": 10**30}, {"a": [[[]]]}])
def test_any_documented_body_is_answered(make_contract: MakeContract, send: Send, sent: Any) -> None:
    app = answering(make_contract, record(Days={"type": "number"}))
    written = str(sent).replace("'", '"').encode() if isinstance(sent, dict) else orjson.dumps(sent)
    reply = send(app, "POST /loans", ("Content-Type", "application/json"), body=written)
    assert isinstance(body(reply)["Days"], float)


def test_operations_that_share_an_id_keep_their_own_answers(make_contract: MakeContract, send: Send) -> None:
    def answer(kind: str) -> dict[str, Any]:
        days = {"name": "days", "in": "query", "schema": {"type": "string"}}
        content = {"application/json": {"schema": record(Days={"type": kind})}}
        return {"operationId": "lend", "parameters": [days], "responses": {"200": {"content": content}}}

    app = FakeServer(make_contract({"/one": {"get": answer("integer")}, "/other": {"get": answer("string")}}))
    assert isinstance(body(send(app, "GET /one?days=seven"))["Days"], int)
    assert body(send(app, "GET /other?days=seven"))["Days"] == "seven"


CONTENT = {"application/json": {"schema": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("responses", "status", "has_body"),
    [
        pytest.param({"201": {"content": CONTENT}}, 201, True, id="created"),
        pytest.param({"404": {}, "202": {"content": CONTENT}}, 202, True, id="the first success"),
        pytest.param({"2XX": {"content": CONTENT}}, 200, True, id="range"),
        pytest.param({"default": {"content": CONTENT}}, 200, True, id="only a default"),
        pytest.param({"204": {}}, 204, False, id="no content"),
        pytest.param({"204": {"content": CONTENT}}, 204, False, id="no content, though described"),
        pytest.param({"205": {"content": CONTENT}}, 205, False, id="reset, though described"),
        pytest.param({"200": {}}, 200, False, id="nothing described"),
        pytest.param({"200": {"content": {"application/json": {}}}}, 200, True, id="no schema"),
        pytest.param({}, 200, False, id="no response at all"),
        pytest.param({"404": {"content": CONTENT}}, 404, True, id="only a failure"),
    ],
)
def test_the_documented_success_is_answered(
    make_contract: MakeContract, send: Send, responses: dict[str, Any], status: int, has_body: bool
) -> None:
    reply = send(FakeServer(make_contract({"/loans": {"get": {"responses": responses}}})), "GET /loans")
    assert (reply.status, bool(reply.body), reply.header("Content-Type") is not None) == (status, has_body, has_body)


def test_a_bodiless_answer_needs_no_acceptable_media_type(make_contract: MakeContract, send: Send) -> None:
    app = FakeServer(make_contract({"/loans": {"get": {"responses": {"204": {"content": {"text/csv": {}}}}}}}))
    assert send(app, "GET /loans").status == 204


def failing(hotel: Contract, media_type: str) -> FakeServer:
    """A hotel whose page of a missing guest documents what is answered."""
    error = {"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string"}}}
    missing = Response("404", (MediaType(media_type, error),))
    get = hotel.operation("GuestEntity_Get")
    responses = (*[response for response in get.responses if response.status != "404"], missing)
    changed = [
        replace(operation, responses=responses) if operation is get else operation for operation in hotel.operations
    ]
    return FakeServer(replace(hotel, operations=tuple(changed)))


def test_a_failure_has_the_body_that_is_documented_for_it(hotel: Contract, send: Send) -> None:
    reply = send(failing(hotel, "application/json"), "GET /guests/999")
    assert (reply.status, reply.media_type) == (404, "application/json")
    assert orjson.loads(reply.body).keys() == {"reason"}


@pytest.mark.parametrize("media_type", ["application/problem+json", "image/png"])
def test_a_failure_that_can_not_be_written_so_is_a_problem(hotel: Contract, send: Send, media_type: str) -> None:
    reply = send(failing(hotel, media_type), "GET /guests/999")
    assert (reply.status, reply.media_type) == (404, "application/problem+json")


PROBLEMS = {"type": "array", "minItems": 1, "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("schema", "status", "names"),
    [
        ({"properties": {"data": {"type": "string"}, "errors": PROBLEMS}}, 200, {"data"}),
        ({"properties": {"id": {"type": "integer"}, "error_message": {"type": "string"}}}, 201, {"id"}),
        ({"properties": {"errors": PROBLEMS}, "required": ["errors"]}, 200, {"errors"}),
        ({"properties": {"errors": PROBLEMS, "id": {"type": "integer"}}, "minProperties": 2}, 200, {"errors", "id"}),
        ({"properties": {"error": {"type": "boolean"}}}, 200, {"error"}),
        ({"properties": {"errors": PROBLEMS, "message": {"type": "string"}}}, 400, {"errors", "message"}),
    ],
)
def test_a_success_tells_of_no_failure(
    make_contract: MakeContract, schema: dict[str, Any], status: int, names: set[str]
) -> None:
    content = {"application/json": {"schema": {"type": "object", **schema}}}
    contract = make_contract({"/notes": {"get": {"responses": {str(status): {"description": "", "content": content}}}}})
    reply = FakeServer(contract).handle(Call((("Prefer", f"code={status}"),), method="GET", target="/notes"))
    assert (reply.status, orjson.loads(reply.body).keys()) == (status, names)
