"""The careful profile, seen from the server: what comes over the wire, and what of the secrets is kept anywhere."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import Contract, extract
from docdouble.schemas.contract.router import Router

PAGES = Path(__file__).parents[2] / "fakeserver" / "contact"
TOKEN, KEY = "s3cr3t-T0ken-9f8e7d6c", "k3y-Value-1122334455"


class Recording(FakeServer):
    """A server that notes what it gets, and says the caller's secrets back wherever it can."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract, Settings())
        self.got: list[tuple[str, str, str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_X_KEY", "")
        self.got.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], *given))
        body = json.dumps({"ContactId": " ".join(given), given[0]: 1, "Name": given[1]}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("X-Echo", given[0]), ("X-Key", given[1])])
        return [body]


def verify(url: str, *arguments: str) -> str:
    secrets = "--header", "Authorization: Bearer ${DOCDOUBLE_TOKEN}", "--header", f"X-Key: {KEY}"
    result = CliRunner().invoke(
        main, ("verify", str(PAGES), "--no-cache", "--url", url, "--careful", *secrets, *arguments)
    )
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.stdout + result.stderr


def test_only_what_is_planned_is_sent_and_no_secret_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCDOUBLE_TOKEN", TOKEN)
    kinds = ("json", "junit", "sarif", "html", "pytest", "github", "terminal")
    reports = [part for kind in kinds for part in ("--report", f"{kind}={kind}.out")]
    kept = ["--baseline", "known.json", "--update-baseline", "--cases", "cases"]
    app = Recording(contract := extract(str(PAGES)).contract)
    with running(app) as url:
        planned = {
            (operation["method"], operation["id"])
            for operation in json.loads(verify(url, "--plan", "--json").partition("\ndocdouble:")[0])["operations"]
            if operation["called"]
        }
        assert app.got == []
        output = verify(url, *reports, *kept, "--max-examples", "2", "--rate", "500")
    router = Router(contract)
    routes = [(method, router.find(path)) for method, path, *_ in app.got]
    sent = {
        (method, route.operations[method][0].id) for method, route in routes if route and method in route.operations
    }
    assert (sent, len(routes)) == (planned, len([route for _, route in routes if route]))
    assert {method for method, *_ in app.got} == {"GET"}
    assert (f"Bearer {TOKEN}", KEY) in {(authorization, key) for *_, authorization, key in app.got}
    assert "not sent: " in output
    texts = [output, *(file.read_text() for file in tmp_path.rglob("*.*") if file.is_file())]
    assert len(texts) > len(kinds) + 1
    assert [secret for secret in (TOKEN, KEY) for text in texts if secret in text] == []
    assert set(os.listdir(tmp_path)) - {".hypothesis"} == {*(f"{kind}.out" for kind in kinds), "known.json", "cases"}
