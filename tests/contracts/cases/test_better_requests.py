"""Requests that take the place of refused ones."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases.better_requests import BetterRequests
from docdouble.contracts.cases.draft import Draft
from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.fakeserver import Sampler
from docdouble.schemas import Contract, Reply
from docdouble.schemas.openapi.reader import from_openapi

PHOTO = {"type": "object", "required": ["photo"], "properties": {"photo": {"type": "string", "format": "uri"}}}
NO_FILE = "The submitted data was not a file. Check the encoding type on the form."
FORM = "multipart/form-data"


def uploading(*media_types: str) -> Contract:
    content = {name: {"schema": PHOTO} for name in media_types}
    made = {"operationId": "photo", "requestBody": {"content": content}, "responses": {"200": {"description": ""}}}
    document = {"openapi": "3.0.3", "info": {"title": "", "version": ""}, "paths": {"/photo": {"put": made}}}
    return from_openapi(document, "photo.json")


def better(contract: Contract, media_type: str, refusal: Any) -> list[Draft]:
    operation = contract.operation("photo")
    draft = Draft(operation, contract, {}, {"photo": "https://a.example/b"}, media_type)
    case = Case(operation, draft.call(), Purpose.VALID, Origin.BOUNDARY)
    reply = Reply((("Content-Type", "application/json"),), json.dumps(refusal).encode(), 400)
    maker = BetterRequests(contract, KnownValues(contract), Sampler(contract), "", 0)
    return list(maker.better(draft, Exchange(Subject(operation, contract), case, reply)))


@pytest.mark.parametrize("media_types", [(FORM,), ("application/json", FORM)])
def test_a_text_is_sent_as_a_file_where_a_file_is_asked_for(media_types: tuple[str, ...]) -> None:
    contract = uploading(*media_types)
    call = better(contract, media_types[0], {"photo": [NO_FILE]})[0].call()
    assert call.media_type == FORM
    assert b'name="photo"; filename="photo.txt"\r\nContent-Type: text/plain\r\n\r\nhttps://a.example/b\r\n' in call.body
    assert Purposes(contract).of(contract.operation("photo"), call) is Purpose.VALID


@pytest.mark.parametrize(
    ("media_type", "refusal"),
    [("application/json", {"photo": [NO_FILE]}), (FORM, {"photo": ["Enter a valid URL."]}), (FORM, {"error": NO_FILE})],
    ids=["no form", "no word of a file", "no name"],
)
def test_other_refusals_ask_for_no_file(media_type: str, refusal: Any) -> None:
    tried = better(uploading(media_type), media_type, refusal)
    assert not any(b"filename" in draft.call().body for draft in tried)
