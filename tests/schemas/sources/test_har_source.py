import json
from pathlib import Path
from typing import Any

from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.openapi.convert import to_openapi

from .read_text import bare, labels, only, parameters, read


def entry(label: str, status: int = 200, body: Any = None, sent: Any = None, **more: Any) -> dict[str, Any]:
    method, url = label.split(" ")
    received = more.get("received", "application/json")
    posted = {"postData": {"mimeType": "application/json", "text": json.dumps(sent)}} if sent is not None else {}
    text = json.dumps(body) if body is not None else ""
    return {
        "request": {"method": method, "url": url, "headers": more.get("headers", []), **posted},
        "response": {
            "status": status,
            "headers": [],
            "content": {"mimeType": received, "size": len(text), "text": text},
        },
    }


def archive(*entries: Any) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}, indent=1)


def test_exchanges_of_one_operation_are_merged(tmp_path: Path) -> None:
    extraction = read(
        tmp_path,
        "traffic.har",
        archive(
            entry("POST https://a.test/boats/17/rentals", 201, {"id": 1, "days": 3}, {"days": 3}),
            entry("POST https://a.test/boats/18/rentals", 201, {"id": 2}, {"days": 1, "note": "late"}),
            entry("POST https://a.test/boats/18/rentals?dry=1", 409, {"error": "taken"}, {"days": 1}),
        ),
    )
    operation = only(extraction)
    assert operation.label == "POST /boats/{boatId}/rentals"
    assert parameters(operation) == {"path boatId": ["17", "18"], "query dry": ["1"]}
    assert operation.request is not None
    schema = bare(operation.request.media_types[0].schema)
    assert schema["properties"].keys() == {"days", "note"}
    assert "required" not in schema
    assert [response.status for response in operation.responses] == ["201", "409"]


def test_nothing_is_stated(tmp_path: Path) -> None:
    text = archive(entry("PUT https://a.test/boats/b1", 200, [{"a": None, "b": [1, "x"]}], {"x": {"y": 1}}))
    written = json.dumps(to_openapi(read(tmp_path, "traffic.har", text).contract))
    assert f'"grade": "{Grade.SAMPLED}"' in written
    assert not {grade for grade in ("stated", "shared") if f'"grade": "{grade}"' in written}


def test_pages_and_their_files_are_no_operations(tmp_path: Path) -> None:
    text = archive(
        entry("GET https://a.test/", received="text/html", body="<p>"),
        entry("GET https://a.test/app.js", received="application/javascript", body="x"),
        entry("GET https://a.test/logo.png", received="image/png", body="x"),
        entry("OPTIONS https://a.test/boats", 204),
        entry("GET https://a.test/boats", 304),
        entry("GET https://a.test/failed", 0),
        entry("GET wss://a.test/socket", 101),
        entry("GET https://a.test/boats", 200, []),
    )
    assert labels(read(tmp_path, "traffic.har", text)) == ["GET /boats"]


def test_operations_of_other_hosts_have_their_server(tmp_path: Path) -> None:
    text = archive(
        entry("GET https://a.test/boats", 200, []),
        entry("GET https://a.test/users", 200, []),
        entry("GET https://b.test/ports", 200, []),
        entry("GET https://b.test/boats", 200, {}),
    )
    extraction = read(tmp_path, "traffic.har", text)
    assert [server.url for server in extraction.contract.servers] == ["https://a.test"]
    servers = {
        operation.label: [server.url for server in operation.servers] for operation in extraction.contract.operations
    }
    assert servers == {"GET /boats": [], "GET /users": [], "GET /ports": ["https://b.test"]}
    assert "GET /boats is an operation of https://a.test, too" in extraction.contradictions[0].message


def test_secrets_of_a_recording_stay_there(tmp_path: Path) -> None:
    headers = [{"name": name, "value": "s3cret"} for name in ("authorization", "Cookie", "X-Api-Key", "X-Auth-Token")]
    headers[0]["value"] = "Bearer s3cret"
    sent = {"user": "ann", "password": "s3cret", "inner": [{"accessToken": "s3cret"}]}
    text = archive(entry("POST https://a.test/login?api_key=s3cret", 200, {"token": "s3cret"}, sent, headers=headers))
    extraction = read(tmp_path, "traffic.har", text)
    assert "s3cret" not in json.dumps(to_openapi(extraction.contract))
    assert only(extraction).security == (("bearer", "X-Api-Key", "X-Auth-Token", "api_key"),)


def test_what_some_callers_send_without_credentials_needs_none(tmp_path: Path) -> None:
    bearer = [{"name": "Authorization", "value": "Bearer x"}]
    text = archive(entry("GET https://a.test/boats", headers=bearer), entry("GET https://a.test/boats"))
    assert only(read(tmp_path, "traffic.har", text)).security == (("bearer",), ())


def test_a_broken_entry_costs_that_entry(tmp_path: Path) -> None:
    broken = [3, {"request": {}}, entry("GET https://a.test/x", "none"), entry("GET http://[x/")]  # type: ignore[arg-type]
    extraction = read(tmp_path, "traffic.har", archive(*broken, entry("GET https://a.test/boats", 200, [])))
    assert labels(extraction) == ["GET /boats"]
    assert [contradiction.rule for contradiction in extraction.contradictions] == ["broken-part"] * 4


def test_a_body_that_is_not_what_it_says_is_reported(tmp_path: Path) -> None:
    wrong = entry("GET https://a.test/boats", 200, [])
    wrong["response"]["content"]["text"] = "[1,"
    extraction = read(tmp_path, "traffic.har", archive(wrong))
    assert only(extraction).responses[0].media_types == ()
    assert [contradiction.rule for contradiction in extraction.contradictions] == ["sample-syntax"]


def test_lines_are_those_of_json_whatever_stands_in_it(tmp_path: Path) -> None:
    text = archive(entry("GET https://a.test/boats", 200, {"name": "boat"})).replace('boat\\"', 'bo\x7fat\\"')
    extraction = read(tmp_path, "traffic.har", text)
    evidence = only(extraction).evidence
    assert evidence is not None
    assert evidence.line > 1
