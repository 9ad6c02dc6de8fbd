import json
from pathlib import Path
from typing import Any

from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.contract.model import evidence_of

from .read_text import bare, failure, labels, only, parameters, read

V21 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
V20 = "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"


def collection(*items: Any, schema: str = V21, **rest: Any) -> str:
    return json.dumps({"info": {"name": "Harbour", "schema": schema}, "item": list(items), **rest}, indent=1)


def item(request: Any, *responses: Any, name: str = "An item") -> dict[str, Any]:
    return {"name": name, "request": request, "response": list(responses)}


def answer(body: Any, code: int = 200) -> dict[str, Any]:
    header = [{"key": "Content-Type", "value": "application/json; charset=utf-8"}]
    return {"name": "saved", "code": code, "header": header, "body": json.dumps(body)}


def test_folders_are_tags_and_their_variables_hold_inside(tmp_path: Path) -> None:
    inner = {"name": "Inner", "item": [item("{{base}}/a")], "variable": [{"key": "base", "value": "https://b.test/v1"}]}
    outer = {"name": "Outer", "item": [inner, item("{{base}}/c")]}
    text = collection(outer, variable=[{"key": "base", "value": "https://a.test/v1"}])
    extraction = read(tmp_path, "harbour.json", text)
    first, second = extraction.contract.operations
    assert (first.label, first.tags, first.summary) == ("GET /a", ("Outer", "Inner"), "An item")
    assert (second.label, second.tags) == ("GET /c", ("Outer",))
    servers = [[server.url for server in part.servers] for part in (extraction.contract, first, second)]
    assert servers == [["https://b.test/v1"], [], ["https://a.test/v1"]]


def test_a_server_that_is_not_known_is_none(tmp_path: Path) -> None:
    contract = read(tmp_path, "harbour.json", collection(item("{{baseUrl}}/boats/:boatId"))).contract
    assert (contract.servers, contract.operations[0].path) == ((), "/boats/{boatId}")


def test_variables_in_a_path_are_variables_of_it_with_their_values_as_samples(tmp_path: Path) -> None:
    text = collection(
        item("https://a.test/{{version}}/boats/{{boat_id}}/rentals/{{$guid}}"),
        variable=[{"key": "version", "value": "v2"}, {"key": "boat_id", "value": "b1"}],
    )
    operation = only(read(tmp_path, "harbour.json", text))
    assert operation.path == "/v2/boats/{boat_id}/rentals/{guid}"
    assert parameters(operation) == {"path boat_id": ["b1"], "path guid": []}


def test_saved_examples_are_responses_of_which_nothing_is_promised(tmp_path: Path) -> None:
    url = {"raw": "https://a.test/boats/:id", "variable": [{"key": "id", "value": "7", "description": "The boat"}]}
    saved = (answer({"id": 7, "name": "Petrel"}), answer({"id": 8, "length": 6.5}), answer({"error": "none"}, 404))
    extraction = read(tmp_path, "harbour.json", collection(item({"url": url, "method": "GET"}, *saved)))
    operation = only(extraction)
    success, missing = operation.responses
    (media_type,) = success.media_types
    assert (success.status, missing.status, media_type.name) == ("200", "404", "application/json")
    assert {name: part["type"] for name, part in bare(media_type.schema)["properties"].items()} == {
        "id": "integer",
        "name": "string",
        "length": "number",
    }
    assert media_type.samples == ({"id": 7, "name": "Petrel"}, {"id": 8, "length": 6.5})
    facts = [
        operation.evidence,
        success.evidence,
        evidence_of(media_type.schema or {}),
        operation.parameters[0].evidence,
    ]
    assert {fact.grade for fact in facts if fact} == {Grade.SAMPLED}
    assert operation.parameters[0].description == "The boat"
    assert operation.evidence is not None
    text = (tmp_path / "harbour.json").read_text().split("\n")
    assert '"request"' in text[operation.evidence.line - 1]
    assert extraction.contradictions == ()


def test_the_requests_of_examples_are_of_the_operation(tmp_path: Path) -> None:
    first = {"method": "POST", "url": "https://a.test/boats", "body": {"mode": "raw", "raw": '{"name": "Petrel"}'}}
    other = {**first, "url": "https://a.test/boats?dry=1", "body": {"mode": "raw", "raw": '{"length": 3}'}}
    saved = {**answer({}, 201), "originalRequest": other}
    operation = only(read(tmp_path, "harbour.json", collection(item(first, saved))))
    assert parameters(operation) == {"query dry": ["1"]}
    assert operation.request is not None
    assert bare(operation.request.media_types[0].schema)["properties"].keys() == {"name", "length"}
    assert [response.status for response in operation.responses] == ["201"]


def test_bodies_of_every_mode(tmp_path: Path) -> None:
    def post(path: str, **body: Any) -> dict[str, Any]:
        return item({"method": "POST", "url": f"https://a.test/{path}", "body": body})

    field = {"key": "a", "value": "1"}
    file = {"key": "f", "type": "file", "src": "/x"}
    extraction = read(
        tmp_path,
        "harbour.json",
        collection(
            post("raw", mode="raw", raw="<a/>", options={"raw": {"language": "xml"}}),
            post("placeholders", mode="raw", raw='{"days": {{days}}, "on": "{{date}}"}'),
            post("form", mode="urlencoded", urlencoded=[field, {**field, "key": "b", "disabled": True}]),
            post("parts", mode="formdata", formdata=[field, file]),
            post("file", mode="file", file={"src": "x"}),
            post("graphql", mode="graphql", graphql={"query": "{ a }"}),
            post("broken", mode="raw", raw='{"a": ', options={"raw": {"language": "json"}}),
        ),
    )
    requests = {
        operation.path: operation.request.media_types[0] if operation.request else None
        for operation in extraction.contract.operations
    }
    shown = {
        path: media_type and (media_type.name, media_type.samples, bare(media_type.schema))
        for path, media_type in requests.items()
    }
    text, file_part = {"type": "string"}, {"type": "string", "format": "binary"}
    days = {"type": "object", "properties": {"days": {}, "on": text}}
    form = {"type": "object", "properties": {"a": text}}
    parts = {"type": "object", "properties": {"a": text, "f": file_part}}
    assert shown == {
        "/raw": ("application/xml", ("<a/>",), None),
        "/placeholders": ("application/json", (), days),
        "/form": ("application/x-www-form-urlencoded", ({"a": "1"},), form),
        "/parts": ("multipart/form-data", (), parts),
        "/file": ("application/octet-stream", (), file_part),
        "/broken": None,
    }
    assert [contradiction.rule for contradiction in extraction.contradictions] == ["broken-part", "sample-syntax"]
    assert "GraphQL" in extraction.contradictions[0].message


def test_credentials_are_schemes_and_no_parameters(tmp_path: Path) -> None:
    bearer = {"type": "bearer", "bearer": [{"key": "token", "value": "s3cret"}]}
    api_key = {"type": "apikey", "apikey": [{"key": "key", "value": "X-Harbour"}, {"key": "value", "value": "s3cret"}]}
    header = [{"key": "X-Api-Key", "value": "s3cret"}, {"key": "X-Tenant", "value": "north"}]
    text = collection(
        item("https://a.test/outer"),
        item({"url": "https://a.test/none", "auth": {"type": "noauth"}}),
        item({"url": "https://a.test/key", "auth": api_key}),
        item({"url": "https://a.test/header?api_key=s3cret", "header": header, "auth": {"type": "noauth"}}),
        auth=bearer,
    )
    extraction = read(tmp_path, "harbour.json", text)
    security = {operation.path: operation.security for operation in extraction.contract.operations}
    assert security == {
        "/outer": (("bearer",),),
        "/none": (),
        "/key": (("X-Harbour",),),
        "/header": (("X-Api-Key", "api_key"),),
    }
    schemes = bare(dict(extraction.contract.security_schemes))
    assert schemes["bearer"] == {"type": "http", "scheme": "bearer"}
    assert schemes["api_key"] == {"type": "apiKey", "in": "query", "name": "api_key"}
    assert parameters(extraction.contract.operations[3]) == {"header X-Tenant": ["north"]}
    assert "s3cret" not in repr(extraction.contract)


def test_format_2_0_and_urls_in_parts(tmp_path: Path) -> None:
    url = {
        "protocol": "https",
        "host": ["a", "test"],
        "port": "8443",
        "path": ["boats", {"type": "string", "value": ":id"}],
    }
    query = {"query": [{"key": "x", "value": None, "description": {"content": "An x"}}]}
    text = collection(
        item({"method": "get", "url": {**url, **query}, "header": "X-Tenant: north\nAccept: */*"}),
        schema=V20,
        auth={"type": "basic", "basic": {"username": "u", "password": "p"}},
    )
    extraction = read(tmp_path, "harbour.json", text)
    operation = only(extraction)
    assert operation.label == "GET /boats/{id}"
    assert parameters(operation) == {"path id": [], "query x": [""], "header X-Tenant": ["north"]}
    assert (operation.parameters[1].description, operation.security) == ("An x", (("basic",),))
    assert [server.url for server in extraction.contract.servers] == ["https://a.test:8443"]


def test_a_broken_item_costs_that_item(tmp_path: Path) -> None:
    broken = [3, {"name": "x"}, item({"url": 3}), item({"url": "http://[x/"}), item("https://a.test/a", {"code": "x"})]
    extraction = read(tmp_path, "harbour.json", collection(*broken, item("https://a.test/boats")))
    assert labels(extraction) == ["GET /a", "GET /boats"]
    assert [contradiction.rule for contradiction in extraction.contradictions] == ["broken-part"] * 5
    assert all(contradiction.line > 1 for contradiction in extraction.contradictions)


def test_a_collection_without_a_request_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text(collection())
    assert failure(tmp_path / "empty.json") == "empty.json: no operation: a Postman collection without a request"


def test_requests_of_one_operation_are_one(tmp_path: Path) -> None:
    extraction = read(
        tmp_path,
        "harbour.json",
        collection(item("https://a.test/boats/1"), item("https://a.test/boats/:id?x=1"), item("https://a.test/boats")),
    )
    assert labels(extraction) == ["GET /boats/{boatId}", "GET /boats"]
    assert parameters(extraction.contract.operations[0]) == {"path boatId": ["1"], "query x": ["1"]}


def test_placeholders_of_types_are_types_and_no_samples(tmp_path: Path) -> None:
    query = [{"key": "limit", "value": "<integer>"}, {"key": "kinds", "value": "<string>,<string>"}]
    body = {"mode": "raw", "raw": '{"days": "<long>", "at": "<dateTime>", "note": "<string>", "on": ["<boolean>"]}'}
    whole = {"mode": "raw", "raw": "<object>", "options": {"raw": {"language": "json"}}}
    first = {"method": "POST", "url": {"raw": "https://a.test/a", "query": query}, "body": body}
    text = collection(item(first), item({"method": "PUT", "url": "https://a.test/b", "body": whole}))
    extraction = read(tmp_path, "harbour.json", text)
    typed, other = extraction.contract.operations
    assert [bare(parameter.schema) for parameter in typed.parameters] == [{"type": "integer"}, {"type": "string"}]
    assert parameters(typed) == {"query limit": [], "query kinds": []}
    assert typed.request is not None
    assert typed.request.media_types[0].samples == ()
    assert bare(typed.request.media_types[0].schema)["properties"] == {
        "days": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "note": {"type": "string"},
        "on": {"type": "array", "items": {"type": "boolean"}},
    }
    assert other.request is not None
    assert bare(other.request.media_types[0].schema) == {"type": "object"}
    assert extraction.contradictions == ()
