import json
from pathlib import Path

from docdouble.schemas.contract.model import Evidence, Grade, evidence_of

from .read_text import bare, labels, only, parameters, read

FILE = """\
@host = https://a.test
@boat = b1

### List boats
# All of them
# @name list
GET {{host}}/boats
    ?kind=sail
    &limit=1
Accept: application/json
X-Tenant: {{tenant}}

### Rent a boat
POST {{host}}/boats/{{boat}}/rentals HTTP/1.1
Content-Type: application/json
Authorization: Bearer {{token}}

{
  "days": 3
}

> {% client.test("ok", function() {
  client.assert(true)
}) %}

HTTP/1.1 201 Created
Content-Type: application/json

{"rentalId": 7}

###
{{host}}/ports

###
< {% request.variables.set("x", "1") %}
DELETE {{host}}/boats/{{boat}}/rentals/{{list.response.body.id}}

###
POST {{host}}/logs
Content-Type: application/json

< ./log.json

###
curl {{host}}/curled -d a=1

### Nothing here
"""


def test_requests_as_editors_send_them(tmp_path: Path) -> None:
    extraction = read(tmp_path, "boats.http", FILE)
    assert labels(extraction) == [
        "GET /boats",
        "POST /boats/{boat}/rentals",
        "GET /ports",
        "DELETE /boats/{boat}/rentals/{id}",
        "POST /logs",
        "POST /curled",
    ]
    listed, rented, *_ = extraction.contract.operations
    assert (listed.summary, listed.description) == ("List boats", "All of them")
    assert parameters(listed) == {"query kind": ["sail"], "query limit": ["1"], "header X-Tenant": []}
    assert [server.url for server in extraction.contract.servers] == ["https://a.test"]
    assert extraction.contradictions == ()
    assert rented.security == (("bearer",),)
    assert rented.request is not None
    days = rented.request.media_types[0].schema["properties"]["days"]  # type: ignore[index]
    assert evidence_of(days) == Evidence(Grade.SAMPLED, "boats.http", 19)
    assert [(response.status, response.media_types[0].samples) for response in rented.responses] == [
        ("201", ({"rentalId": 7},))
    ]


def test_the_first_environment_beside_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "http-client.env.json").write_text(json.dumps({"dev": {"host": "https://dev.test"}, "prod": {}}))
    extraction = read(tmp_path, "a.rest", "GET {{host}}/boats\n")
    assert [server.url for server in extraction.contract.servers] == ["https://dev.test"]


def test_a_file_of_another_name_is_recognised(tmp_path: Path) -> None:
    assert labels(read(tmp_path, "requests.txt", "GET https://a.test/boats\n")) == ["GET /boats"]


def test_a_broken_request_costs_that_request(tmp_path: Path) -> None:
    text = (
        "GRAPHQL https://a.test\n###\nnot a request\n###\nGET https://a.test/a\nno header\n###\nGET https://[x\n###\n"
        "POST https://a.test/b\nContent-Type: application/json\n\n{x\n###\nGET https://a.test/c\n"
    )
    extraction = read(tmp_path, "a.http", text)
    assert labels(extraction) == ["POST /b", "GET /c"]
    assert [(contradiction.rule, contradiction.line) for contradiction in extraction.contradictions] == [
        ("broken-part", 1),
        ("broken-part", 3),
        ("broken-part", 6),
        ("broken-part", 8),
        ("sample-syntax", 13),
    ]


def test_repeated_parameters_are_a_list(tmp_path: Path) -> None:
    operation = only(read(tmp_path, "a.http", "GET https://a.test/boats?tag=a&tag=b\n"))
    assert bare(operation.parameters[0].schema) == {"type": "array", "items": {"type": "string"}}
    assert operation.parameters[0].samples == (["a", "b"],)
