"""The page that the project was created from, beside the checkout: every fact that it states is read."""

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from docdouble.schemas import Contract, Extraction, Operation, Response, Schema, Validator, extract
from docdouble.schemas.contract.model import EVIDENCE, allow_null, nullable, reference
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi

INT32: Schema = {"type": "integer", "format": "int32"}
DATE_TIME: Schema = {"type": "string", "format": "date-time"}
STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
ARRAY: Schema = {"type": "array"}
OBJECT: Schema = {"type": "object"}

ROWS: dict[str, Schema] = {
    "Associate": reference("Associate"),
    "Contact": reference("Contact"),
    "CreatedBy": reference("Associate"),
    "UpdatedBy": reference("Associate"),
    "CreatedDate": DATE_TIME,
    "AppointmentId": INT32,
    "Description": STRING,
    "StartDate": DATE_TIME,
    "EndDate": DATE_TIME,
    "InvitedPerson": reference("Person"),
    "Person": reference("Person"),
    "MotherId": INT32,
    "Priority": reference("Priority"),
    "Private": STRING,
    "Project": reference("Project"),
    "Type": STRING,
    "UpdatedDate": DATE_TIME,
    "Completed": STRING,
    "ActiveLinks": INT32,
    "Links": ARRAY,
    "AlarmLeadTime": STRING,
    "HasAlarm": BOOLEAN,
    "ColorIndex": INT32,
    "IsFree": BOOLEAN,
    "IsAlldayEvent": BOOLEAN,
    "LagTime": STRING,
    "LeadTime": STRING,
    "Location": STRING,
    "RejectCounter": INT32,
    "RejectReason": STRING,
    "Recurrence": reference("RecurrenceInfo"),
    "Participants": ARRAY,
    "AssignmentStatus": STRING,
    "InvitationStatus": STRING,
    "BookingType": STRING,
    "ActiveDate": DATE_TIME,
    "HasConflict": BOOLEAN,
    "AssignedBy": reference("Associate"),
    "MotherAssociate": reference("Associate"),
    "Task": reference("TaskListItem"),
    "PreferredTZLocation": INT32,
    "PreferredTZLocationData": reference("TimeZoneData"),
    "Sale": reference("Sale"),
    "SuggestedAppointmentId": INT32,
    "IsMileStone": BOOLEAN,
    "CautionWarning": STRING,
    "JoinVideomeetUrl": STRING,
    "CentralserviceVideomeetId": STRING,
    "Title": STRING,
    "Agenda": STRING,
    "InternalNotes": STRING,
    "UserDefinedFields": OBJECT,
    "ExtraFields": OBJECT,
    "CustomFields": OBJECT,
    "PublishEventDate": DATE_TIME,
    "PublishTo": DATE_TIME,
    "PublishFrom": DATE_TIME,
    "IsPublished": BOOLEAN,
    "VisibleFor": ARRAY,
    "TableRight": reference("TableRight"),
    "FieldProperties": OBJECT,
}
"""The rows of the table of the response, in their order; the first stands on line 68."""

NULLS = {
    "Associate",
    "Contact",
    "CreatedBy",
    "UpdatedBy",
    "InvitedPerson",
    "Person",
    "Priority",
    "Project",
    "Recurrence",
    "AssignedBy",
    "MotherAssociate",
    "Task",
    "PreferredTZLocationData",
    "Sale",
    "TableRight",
}
"""The properties that the sample of the response shows as null."""


@pytest.fixture(scope="module")
def extraction(shared: Path) -> Extraction:
    return extract(str(shared / "seed" / "v1AppointmentAgent_AssignTo.md"))


@pytest.fixture(scope="module")
def contract(extraction: Extraction) -> Contract:
    return extraction.contract


@pytest.fixture(scope="module")
def operation(contract: Contract) -> Operation:
    (only,) = contract.operations
    return only


@pytest.fixture(scope="module")
def entity(contract: Contract) -> dict[str, Schema]:
    properties: dict[str, Schema] = contract.schemas["AppointmentEntity"]["properties"]
    return properties


def plain(value: Any) -> Any:
    """A schema without evidence, descriptions, examples and kinds."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: plain(part) for key, part in value.items() if key not in (EVIDENCE, KINDS, "description", "examples")}


def line(schema: Schema) -> str:
    evidence = schema[EVIDENCE]
    return f"{evidence['grade']} {evidence['line']}"


def test_the_operation(operation: Operation) -> None:
    assert (operation.id, operation.method, operation.path) == (
        "v1AppointmentAgent_AssignTo",
        "POST",
        "/api/v1/Agents/Appointment/AssignTo",
    )
    assert str(operation.evidence) == "v1AppointmentAgent_AssignTo.md:10"


def test_the_page_leaves_nothing_open_but_types_that_other_pages_describe(extraction: Extraction) -> None:
    assert {contradiction.rule for contradiction in extraction.contradictions} == {"undefined-type"}
    assert (extraction.failures, extraction.skipped) == ((), ())


def test_the_parameters(operation: Operation) -> None:
    assert [
        (parameter.location, parameter.name, parameter.required, parameter.evidence and parameter.evidence.line)
        for parameter in operation.parameters
    ] == [
        ("query", "$select", None, 25),
        ("header", "Accept-Language", None, 40),
        ("header", "SO-Language", None, 41),
        ("header", "SO-Culture", None, 42),
        ("header", "SO-TimeZone", None, 43),
        ("header", "SO-AppToken", None, 44),
    ]
    select, language, *others = (parameter.schema for parameter in operation.parameters)
    assert select == {"type": "string", "examples": ["name,department,category/id"]}
    assert language == {"type": "string", "examples": ["en"]}
    assert others == [STRING] * 4


def test_the_security_schemes(contract: Contract, operation: Operation) -> None:
    assert {name: (plain(scheme), line(scheme)) for name, scheme in contract.security_schemes.items()} == {
        "Basic": ({"type": "http", "scheme": "basic"}, "stated 36"),
        "SoTicket": ({"type": "http", "scheme": "SoTicket"}, "stated 36"),
        "Bearer": ({"type": "http", "scheme": "bearer"}, "stated 36"),
        "XsrfToken": ({"type": "apiKey", "in": "header", "name": "X-XSRF-TOKEN"}, "stated 37"),
    }
    assert operation.security == (("Basic",), ("SoTicket",), ("Bearer",), ("XsrfToken",))
    assert str(operation.security_evidence) == "v1AppointmentAgent_AssignTo.md:36"


def test_the_behaviours(operation: Operation) -> None:
    assert [
        (behaviour.name, behaviour.parameter, behaviour.evidence.grade.value, behaviour.evidence.line)
        for behaviour in operation.behaviours
    ] == [
        ("select-projection", "$select", "stated", 25),
        ("language", "Accept-Language", "stated", 40),
        ("language-override", "SO-Language", "stated", 41),
        ("culture", "SO-Culture", "stated", 42),
        ("time-zone", "SO-TimeZone", "stated", 43),
        ("case-insensitive-names", "", "assumed", 10),
    ]


def test_the_media_types(operation: Operation) -> None:
    (response,) = operation.responses
    assert operation.request is not None
    assert [media_type.name for media_type in operation.request.media_types] == [
        "application/json",
        "text/json",
        "application/xml",
        "text/xml",
        "application/x-www-form-urlencoded",
        "application/json-patch+json",
        "application/merge-patch+json",
    ]
    assert [media_type.name for media_type in response.media_types] == [
        "application/json",
        "text/json",
        "application/xml",
        "text/xml",
        "application/json-patch+json",
        "application/merge-patch+json",
    ]


def test_the_request(contract: Contract, operation: Operation) -> None:
    assert operation.request is not None
    assert operation.request.required is True
    (schema,) = {id(media_type.schema): media_type.schema for media_type in operation.request.media_types}.values()
    assert schema is not None
    properties = contract.resolve(schema)["properties"]
    assert {name: (plain(part), line(part)) for name, part in properties.items()} == {
        "AppointmentId": (INT32, "stated 52"),
        "Participant": (allow_null(reference("ParticipantInfo")), "stated 53"),
        "UpdateMode": (STRING, "stated 54"),
    }
    assert properties["UpdateMode"]["examples"] == ["OnlyThis"]


def test_the_status(operation: Operation) -> None:
    (response,) = operation.responses
    assert (response.status, response.description, str(response.evidence)) == (
        "200",
        "OK",
        "v1AppointmentAgent_AssignTo.md:62",
    )
    assert operation.success() is response
    assert isinstance(response, Response)
    assert {line(media_type.schema) for media_type in response.media_types if media_type.schema} == {"stated 64"}


def test_the_rows_of_the_response(entity: dict[str, Schema]) -> None:
    assert list(entity) == list(ROWS)
    for number, (name, expected) in enumerate(ROWS.items(), 68):
        part = entity[name]
        assert line(part) == f"stated {number}", name
        stated = {key: value for key, value in plain(part).items() if key in (*expected, "anyOf")}
        assert stated == (allow_null(expected) if name in NULLS else expected), name


def test_what_the_sample_shows_as_null_may_be_null(entity: dict[str, Schema]) -> None:
    assert {name for name, part in entity.items() if nullable(part)} == NULLS
    assert {entity[name][EVIDENCE]["keywords"]["null"]["grade"] for name in NULLS} == {"sampled"}


FIELD_PROPERTIES: Schema = {
    "type": "object",
    "propertyNames": {},
    "additionalProperties": {
        "type": "object",
        "properties": {"FieldRight": {"type": ["object", "null"]}, "FieldType": STRING, "FieldLength": INT32},
    },
}


def test_arrays_hold_records(contract: Contract, entity: dict[str, Schema]) -> None:
    assert plain(entity["Links"]["items"]) == {
        "type": "object",
        "properties": {
            "EntityName": STRING,
            "Id": INT32,
            "Description": STRING,
            "ExtraInfo": STRING,
            "LinkId": INT32,
            "TableRight": {"anyOf": [reference("TableRight"), {"type": "null"}]},
            "FieldProperties": FIELD_PROPERTIES,
        },
    }
    assert plain(entity["VisibleFor"]["items"]) == {
        "type": "object",
        "properties": {
            "VisibleId": INT32,
            "Visibility": STRING,
            "DisplayValue": STRING,
            "TableRight": {"anyOf": [reference("TableRight"), {"type": "null"}]},
            "FieldProperties": FIELD_PROPERTIES,
        },
    }
    assert plain(entity["Participants"]["items"]) == reference("ParticipantInfo")


@pytest.mark.parametrize("name", ["UserDefinedFields", "ExtraFields", "CustomFields"])
def test_fields_are_dictionaries_of_texts(entity: dict[str, Schema], name: str) -> None:
    assert plain(entity[name]) == {"type": "object", "propertyNames": {}, "additionalProperties": STRING}


def test_field_properties_are_a_dictionary_of_records(entity: dict[str, Schema]) -> None:
    assert plain(entity["FieldProperties"]) == FIELD_PROPERTIES


def test_a_participant_is_what_participants_holds(contract: Contract) -> None:
    participant = contract.schemas["ParticipantInfo"]
    assert plain(participant) == {
        "type": "object",
        "properties": {
            "AssociateId": INT32,
            "PersonId": INT32,
            "ContactId": INT32,
            "EmailId": INT32,
            "SendEmail": BOOLEAN,
            "InvitationStatus": STRING,
            "EmailAddress": STRING,
            "Description": STRING,
        },
    }
    assert participant["properties"]["InvitationStatus"]["examples"] == ["Accepted"]


def test_types_that_the_page_does_not_show_are_open_records(contract: Contract) -> None:
    shown = {"AppointmentEntity", "ParticipantInfo", "v1AppointmentAgent_AssignTo_request"}
    unknown = {name: plain(schema) for name, schema in contract.schemas.items() if name not in shown}
    named = {"Associate", "Contact", "Person", "Priority", "Project", "RecurrenceInfo"}
    named |= {"Sale", "TableRight", "TaskListItem", "TimeZoneData"}
    assert unknown == dict.fromkeys(named, OBJECT)


def test_the_samples_are_as_documented(contract: Contract, operation: Operation) -> None:
    (response,) = operation.responses
    assert operation.request is not None
    for media_type in (operation.request.media_types[0], response.media_types[0]):
        assert media_type.schema is not None
        (sample,) = media_type.samples
        assert Validator(media_type.schema, contract).violations(sample) == ()


def test_the_contract_is_openapi_and_back(contract: Contract) -> None:
    document = to_openapi(contract)
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert from_openapi(document) == contract
