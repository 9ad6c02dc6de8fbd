"""Error bodies in the shapes that APIs have: what their members mean is recognised by their names."""

from typing import Any

import pytest

from docdouble.fakeserver.answers.error_bodies import ErrorBodies
from docdouble.fakeserver.answers.error_values import FailureFacts
from docdouble.fakeserver.sampler import Sampler
from docdouble.schemas import Contract, Validator

TEXT, INTEGER = {"type": "string"}, {"type": "integer"}
TEXTS = {"type": "array", "items": TEXT}
VIOLATIONS = (
    {"in": "query", "name": "limit", "rule": "type", "message": "expected integer"},
    {"in": "body", "pointer": "/tags/1", "rule": "required", "message": "missing"},
)
INVALID = FailureFacts(400, "the request breaks 2 promises", VIOLATIONS, "/a", "POST", "", "tag")
MISSING = FailureFacts(404, "there is no tag 3", (), "/tags/3", "GET", "id", "tag")
SENTENCE = "limit in the query: expected integer; /tags/1 in the body: missing"


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def optional(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def array(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": optional(**properties)}


def error_body(schema: dict[str, Any], failure: FailureFacts, *samples: Any, **components: Any) -> Any:
    """Return the body of a failure, which is valid."""
    contract = Contract("Errors", "1", (), schemas=components)
    value = ErrorBodies(contract, Sampler(contract)).value(schema, samples, failure)
    assert Validator(schema, contract).is_valid(value)
    return value


@pytest.mark.parametrize(
    ("schema", "invalid", "missing"),
    [
        pytest.param(TEXT, SENTENCE, "there is no tag 3", id="a text"),
        pytest.param(
            record(code=INTEGER, reason=TEXT),
            {"code": 400, "reason": SENTENCE},
            {"code": 404, "reason": "there is no tag 3"},
            id="status and sentence",
        ),
        pytest.param(
            optional(statusCode=INTEGER, error=TEXT, message=TEXT),
            {"statusCode": 400, "error": "Bad Request", "message": SENTENCE},
            {"statusCode": 404, "error": "Not Found", "message": "there is no tag 3"},
            id="NestJS",
        ),
        pytest.param(
            optional(status=INTEGER, error=TEXT, message=TEXT, path=TEXT),
            {"status": 400, "error": "Bad Request", "message": SENTENCE, "path": "/a"},
            {"status": 404, "error": "Not Found", "message": "there is no tag 3", "path": "/tags/3"},
            id="Spring",
        ),
        pytest.param(
            record(message=TEXT, errors=array(resource=TEXT, field=TEXT, code=TEXT, value=TEXT)),
            {
                "message": SENTENCE,
                "errors": [
                    {"resource": "tag", "field": "limit", "code": "invalid_type"},
                    {"resource": "tag", "field": "tags.1", "code": "missing_field"},
                ],
            },
            {
                "message": "there is no tag 3",
                "errors": [{"resource": "tag", "field": "id", "code": "not_found"}],
            },
            id="GitHub",
        ),
        pytest.param(
            optional(detail=array(loc={"type": "array", "items": {"anyOf": [TEXT, INTEGER]}}, msg=TEXT, type=TEXT)),
            {
                "detail": [
                    {"loc": ["query", "limit"], "msg": "expected integer", "type": "invalid_type"},
                    {"loc": ["body", "tags", 1], "msg": "missing", "type": "missing_field"},
                ]
            },
            {"detail": [{"loc": ["path", "id"], "msg": "there is no tag 3", "type": "not_found"}]},
            id="FastAPI",
        ),
        pytest.param(
            optional(errors=array(status=TEXT, detail=TEXT, source=optional(pointer=TEXT, parameter=TEXT))),
            {
                "errors": [
                    {
                        "status": "400",
                        "detail": "expected integer",
                        "source": {"parameter": "limit"},
                    },
                    {"status": "400", "detail": "missing", "source": {"pointer": "/tags/1"}},
                ]
            },
            {
                "errors": [
                    {
                        "status": "404",
                        "detail": "there is no tag 3",
                        "source": {"parameter": "id"},
                    }
                ]
            },
            id="JSON:API",
        ),
        pytest.param(
            optional(
                error=optional(
                    code=INTEGER,
                    message=TEXT,
                    status={"enum": ["ABORTED", "INVALID_ARGUMENT", "NOT_FOUND"]},
                    details={"type": "array", "items": {"type": "object", "properties": {"@type": TEXT}}},
                )
            ),
            {"error": {"code": 400, "message": SENTENCE, "status": "INVALID_ARGUMENT"}},
            {"error": {"code": 404, "message": "there is no tag 3", "status": "NOT_FOUND"}},
            id="Google",
        ),
        pytest.param(
            record(
                error=optional(
                    type={"enum": ["api_error", "card_error", "invalid_request_error"]},
                    code=TEXT,
                    message={"type": "string", "maxLength": 40},
                    param=TEXT,
                )
            ),
            {
                "error": {
                    "type": "invalid_request_error",
                    "code": "bad_request",
                    "message": "limit in the query: expected integer",
                    "param": "limit",
                }
            },
            {
                "error": {
                    "type": "invalid_request_error",
                    "code": "not_found",
                    "message": "there is no tag 3",
                    "param": "id",
                }
            },
            id="Stripe",
        ),
        pytest.param(
            record(error=TEXT, error_description=TEXT),
            {"error": "invalid_request", "error_description": SENTENCE},
            {"error": "invalid_request", "error_description": "there is no tag 3"},
            id="OAuth",
        ),
        pytest.param(
            optional(type=TEXT, title=TEXT, status=INTEGER, errors={"type": "object", "additionalProperties": TEXTS}),
            {
                "type": "about:blank",
                "title": SENTENCE,
                "status": 400,
                "errors": {"limit": ["expected integer"], "tags.1": ["missing"]},
            },
            {
                "type": "about:blank",
                "title": "there is no tag 3",
                "status": 404,
                "errors": {"id": ["there is no tag 3"]},
            },
            id="ASP.NET",
        ),
        pytest.param(
            optional(success={"type": "boolean"}, data=optional(id=INTEGER), error=optional(message=TEXT)),
            {"success": False, "error": {"message": SENTENCE}},
            {"success": False, "error": {"message": "there is no tag 3"}},
            id="an envelope",
        ),
        pytest.param(
            {"type": "object"},
            {"status": 400, "title": "Bad Request", "detail": SENTENCE},
            {"status": 404, "title": "Not Found", "detail": "there is no tag 3"},
            id="any object",
        ),
        pytest.param({"type": "array", "items": TEXT}, None, ["there is no tag 3"], id="an array of texts"),
    ],
)
def test_members_tell_what_their_names_mean(schema: dict[str, Any], invalid: Any, missing: Any) -> None:
    expected = invalid or ["limit in the query: expected integer", "/tags/1 in the body: missing"]
    assert error_body(schema, INVALID) == expected
    assert error_body(schema, MISSING) == missing


def test_kubernetes_names_the_kind_and_the_reason() -> None:
    documented = 'Status of the operation. One of: "Success" or "FailureFacts".'
    schema = optional(
        apiVersion=TEXT, code=INTEGER, kind=TEXT, message=TEXT, reason=TEXT, status={**TEXT, "description": documented}
    )
    value = error_body({"$ref": "#/components/schemas/meta.v1.Status"}, MISSING, **{"meta.v1.Status": schema})
    assert value == {
        "apiVersion": "v1",
        "code": 404,
        "kind": "Status",
        "message": "there is no tag 3",
        "reason": "NotFound",
        "status": "FailureFacts",
    }


def test_a_documented_sample_keeps_what_is_right_of_it() -> None:
    schema = optional(message=TEXT, code=TEXT, request_id=TEXT)
    sample = {"message": "Tag not found", "code": "TAG-001", "request_id": "r-17"}
    assert error_body(schema, MISSING, sample) == {**sample, "message": "there is no tag 3"}


def test_a_code_of_another_status_is_corrected_in_its_own_spelling() -> None:
    schema = optional(message=TEXT, code=TEXT, status=INTEGER)
    sample = {"message": "oops", "code": "INTERNAL_SERVER_ERROR", "status": 500}
    assert error_body(schema, MISSING, sample) == {"message": "there is no tag 3", "code": "NOT_FOUND", "status": 404}


def test_the_sample_that_fits_the_status_is_chosen() -> None:
    samples = [{"code": code, "message": code} for code in ("CONFLICT", "RESOURCE_NOT_FOUND", "FORBIDDEN")]
    assert error_body(optional(code=TEXT, message=TEXT), MISSING, *samples)["code"] == "RESOURCE_NOT_FOUND"


def test_the_alternative_that_fits_the_status_is_chosen() -> None:
    names = ("INVALID_REQUEST", "NOT_AUTHORIZED", "RESOURCE_NOT_FOUND")
    schema = {"oneOf": [record(name={"const": name}, message=TEXT) for name in names]}
    assert error_body(schema, MISSING) == {"name": "RESOURCE_NOT_FOUND", "message": "there is no tag 3"}


def test_a_sample_that_breaks_its_schema_is_not_sent() -> None:
    assert error_body(record(message=TEXT, code=INTEGER), MISSING, {"message": "x"})["code"] == 404


def test_what_a_schema_refuses_stays_as_it_is() -> None:
    schema = record(message={"type": "string", "pattern": "^[A-Z]{3}$"}, code={"enum": [7]}, detail=TEXT)
    value = error_body(schema, MISSING)
    assert len(value["message"]) == 3
    assert (value["code"], value["detail"]) == (7, "there is no tag 3")


def test_no_value_of_a_schema_is_known() -> None:
    with pytest.raises(ValueError, match="no value"):
        error_body({"allOf": [TEXT, INTEGER]}, MISSING)


@pytest.mark.parametrize("name", ["error", "message", "code", "details", "field", "errors", "status"])
def test_a_member_may_be_anything(name: str) -> None:
    for schema in (record(**{name: True}), array(**{name: True}), {**record(**{name: TEXT}), "items": True}):
        assert error_body(schema, INVALID) is not None
        assert error_body(schema, MISSING, {name: "gone"}) is not None


def test_words_that_a_description_quotes_are_no_sentences() -> None:
    schema = optional(message={**TEXT, "description": 'Such as "missing" or "unknown".'})
    assert error_body(schema, MISSING) == {"message": "there is no tag 3"}


def test_an_error_with_details_of_its_own_type_ends() -> None:
    error = record(code=TEXT, message=TEXT) | {"properties": {"code": TEXT, "message": TEXT, "details": {}}}
    error["properties"]["details"] = {"type": "array", "items": {"$ref": "#/components/schemas/Error"}}
    value = error_body({"$ref": "#/components/schemas/Error"}, INVALID, Error=error)
    assert [item["message"] for item in value["details"]] == SENTENCE.split("; ")
