"""The JSON report keeps to its published schema."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docdouble.contracts import reports
from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.json_report import MOST_BYTES, json_report
from docdouble.schemas import Call, Reply

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]
SCHEMA = json.loads(Path(str(reports.__file__)).with_name("report.schema.json").read_text())


def report(run: Run) -> Any:
    """The report, which is valid."""
    document = json.loads(json_report(run))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def closed(schema: Any) -> Any:
    """The schema with no room for members that it doesn't name, but where they are named elsewhere."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(part) for name, part in schema.items()}
    return {"unevaluatedProperties": False, **inner} if "properties" in schema and "pattern" not in schema else inner


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_finding_has_all_that_is_needed_to_see_it(make_finding: MakeFinding, make_run: MakeRun) -> None:
    known = make_finding("GetLoan", evidence=None, case=None, reply=None)
    chain = make_finding()
    run = make_run(
        make_finding(before=(chain.case,)),
        known,
        started={"known": {known.fingerprint: Severity.ERROR}, "secret_headers": ("Authorization",)},
    )
    first, second = report(run)["findings"]
    assert {
        name: first[name] for name in ("operation", "check", "pointer", "rule", "severity", "promised", "came")
    } == {
        "operation": "GetBook",
        "check": "response-schema",
        "pointer": "/Id",
        "rule": "type",
        "severity": "error",
        "promised": "/Id is integer",
        "came": '"x"',
    }
    assert first["evidence"] == {"page": "GetBook.md", "line": 7, "grade": "stated"}
    assert first["call"] == {
        "operation": "GetBook",
        "purpose": "valid",
        "origin": "sample",
        "about": "",
        "signed": True,
        "breach": None,
        "method": "POST",
        "target": "/api/GetBook?full=1",
        "headers": [["Accept", "application/json"]],
        "body": {"text": '{"Id": 1}'},
        "curl": "curl -i -X POST -H 'Accept: application/json' -H \"Authorization: $AUTHORIZATION\" "
        "-H Content-Type: --data-binary '{\"Id\": 1}' 'https://staging.example/api/GetBook?full=1'",
    }
    assert first["before"] == [first["call"]]
    assert first["reply"] == {
        "status": 200,
        "headers": [["Content-Type", "application/json"]],
        "body": {"text": '{"Id": "x"}'},
        "bytes": 11,
    }
    assert (first["known"], second["known"]) == (False, True)
    assert (second["evidence"], second["call"], second["reply"]) == (None, None, None)


def test_the_run_is_reported(make_finding: MakeFinding, make_run: MakeRun) -> None:
    run = make_run(
        make_finding(),
        clean=("GetLoan",),
        late=("Lend",),
        started={"skipped": {"Give": "writes"}, "started": "2030-01-02T03:04:05Z"},
        done={
            "stopped": "time is up",
            "left": (Call(method="DELETE", target="/x"),),
            "gone": (("GetBook", "server-error", "/*", ""),),
        },
    )
    document = report(run)
    assert (document["calls"], document["calls_per_second"], document["failed"], document["stopped"]) == (
        20,
        10.0,
        True,
        "time is up",
    )
    assert document["totals"] == {
        "operations": 3,
        "finished": 2,
        "skipped": 1,
        "verified": 2,
        "not_verified": 0,
        "not_sent": 2,
        "findings": {"error": 1, "warning": 0, "note": 0},
        "new": {"error": 1, "warning": 0, "note": 0},
    }
    assert document["operations"][0]["statuses"] == {"200": 8, "400": 2}
    assert document["operations"][0]["checks"] == {"response-schema": 8, "server-error": 10}
    assert (document["skipped"], document["not_reached"]) == ({"Give": "writes"}, ["Lend"])
    assert document["left"] == [{"method": "DELETE", "target": "/x", "headers": [], "body": {"text": ""}}]
    assert document["no_longer_found"][0]["pointer"] == "/*"


def test_the_schema_names_every_member(make_finding: MakeFinding, make_run: MakeRun) -> None:
    schema = closed(SCHEMA)
    for name in ("call", "fingerprint"):  # these are parts of others, which name the rest
        schema["$defs"][name].pop("unevaluatedProperties", None)
    run = make_run(make_finding(before=(make_finding().case,)), clean=("GetLoan",))
    jsonschema.Draft202012Validator(schema).validate(json.loads(json_report(run)))


def test_a_fingerprint_is_the_same_for_every_item_and_every_run(make_finding: MakeFinding, make_run: MakeRun) -> None:
    def fingerprint(pointer: str) -> str:
        return str(report(make_run(make_finding(pointer=pointer)))["findings"][0]["fingerprint"])

    assert fingerprint("/0/Id") == fingerprint("/7/Id") == "e67b2972f75d3042"
    assert fingerprint("/0/Id") != fingerprint("/0/Name")


def test_bytes_that_are_no_text_are_in_base64(make_finding: MakeFinding, make_run: MakeRun) -> None:
    document = report(make_run(make_finding(reply=Reply((), b"\xff\x00", 200))))["findings"][0]
    assert base64.b64decode(document["reply"]["body"]["base64"]) == b"\xff\x00"


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
def test_a_long_reply_is_cut_between_letters(letter: str, make_finding: MakeFinding, make_run: MakeRun) -> None:
    body = b"x" + letter.encode() * MOST_BYTES
    document = report(make_run(make_finding(reply=Reply((), body, 200))))["findings"][0]["reply"]
    assert MOST_BYTES - 4 < len(document["body"]["text"].encode()) <= MOST_BYTES
    assert document["bytes"] == len(body)


def test_secrets_that_a_server_sends_are_masked(make_finding: MakeFinding, make_run: MakeRun) -> None:
    reply = Reply(
        (("Set-Cookie", "sid=hunter2"), ("X-Own", "hunter2"), ("Content-Type", "application/json")),
        b'{"AccessToken": "hunter2", "Id": "x"}',
        200,
    )
    plain = Reply((), b"failed for Authorization: Bearer hunter2", 500)
    run = make_run(make_finding(reply=reply), make_finding("B", reply=plain), started={"secret_headers": ("X-Own",)})
    document = json_report(run).decode()
    assert "hunter2" not in document
    assert report(run)["findings"][0]["reply"]["body"] == {"text": '{"AccessToken": "***", "Id": "x"}'}


@pytest.mark.parametrize("name", ["AccessToken", "Access\\u0054oken", "Access\\u0054\\u006Fken"])
def test_secrets_in_a_large_reply_are_masked(name: str, make_finding: MakeFinding, make_run: MakeRun) -> None:
    body = f'{{"Id": 1, "{name}": "hunter2", "Text": "{"x" * 100_000}"}}'.encode()
    reply = Reply((("Content-Type", "application/json"),), body, 200)
    shown = report(make_run(make_finding(reply=reply)))["findings"][0]["reply"]
    assert (shown["bytes"], shown["body"]["text"][:9]) == (len(body), '{"Id": 1,')
    assert "hunter2" not in str(shown)


def test_a_server_cannot_break_it(hostile_run: Run) -> None:
    assert report(hostile_run)["failed"]


def test_an_empty_run_is_valid(make_run: MakeRun) -> None:
    document = report(make_run())
    assert (document["findings"], document["failed"], document["shortfall"]) == ([], True, "nothing was verified")
