"""Documents from a URL: only where that may be, and from no other host than the one that is named."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.schemas import ConfigError, PageError, extract
from docdouble.schemas.extraction import Access

pytestmark = pytest.mark.sockets

ROOT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "harbour", "version": "1"},
    "paths": {"/boats": {"$ref": "parts/boats.json"}},
}
BOATS = {"get": {"operationId": "listBoats", "responses": {"200": {"description": "ok"}}}}
LEAVING = {**ROOT, "paths": {"/boats": {"$ref": "http://localhost:1/boats.json"}}}


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a server with documents, and with redirects below ``/to/``."""
    files = {"/api.json": ROOT, "/parts/boats.json": BOATS, "/leaving.json": LEAVING}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = self.path.partition("/to/")[2]
            path = self.path.partition("?")[0]
            content = json.dumps(files.get(path)).encode()
            self.send_response(302 if target else 200 if path in files else 404)
            if target:
                self.send_header("Location", target)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def read(url: str, *references: str) -> list[str]:
    return [operation.id for operation in extract(url, access=Access(True, references)).contract.operations]


def test_a_document_and_its_other_files_are_read_from_its_host(url: str) -> None:
    assert read(f"{url}/api.json") == ["listBoats"]


def test_a_redirect_on_the_same_host_is_followed(url: str) -> None:
    assert read(f"{url}/to//api.json") == ["listBoats"]


@pytest.mark.parametrize("target", ["http://localhost:1/api.json", "file:///etc/hostname", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_host_is_refused(url: str, target: str) -> None:
    with pytest.raises(PageError, match="can't be read"):
        read(f"{url}/to/{target}")


def test_a_url_is_read_only_where_that_may_be(url: str) -> None:
    with pytest.raises(PageError, match="only read where it is given on the command line"):
        extract(f"{url}/api.json")


def test_a_missing_document_is_named(url: str) -> None:
    with pytest.raises(PageError, match=r"nothing\.json: can't be read: HTTP Error 404"):
        read(f"{url}/nothing.json")


def test_credentials_of_a_url_are_in_no_contract_and_no_message(url: str) -> None:
    extraction = extract(f"{url}/api.json?apikey=s3cret&v=1", access=Access(urls=True))
    assert [document.source for document in extraction.documents] == [f"{url}/api.json?apikey=***&v=1"]
    with pytest.raises(PageError) as caught:
        read(f"{url}/nothing.json?api_key=s3cret")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ConfigError) as refused:
        read(url.replace("//", "//me:s3cret@") + "/api.json")
    assert "s3cret" not in str(refused.value)


def test_references_leave_the_host_only_where_they_may(url: str, tmp_path: Path) -> None:
    local = tmp_path / "api.json"
    local.write_text(json.dumps({**ROOT, "paths": {"/boats": {"$ref": f"{url}/parts/boats.json"}}}))
    refused = extract(str(local))
    assert (refused.contract.operations, len(refused.contradictions)) == ((), 1)
    allowed = extract(str(local), access=Access(references=(url.removeprefix("http://"),)))
    assert [operation.id for operation in allowed.contract.operations] == ["listBoats"]
    assert read(f"{url}/leaving.json") == []


def test_commands_take_a_url_as_an_argument_and_not_from_the_configuration(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "listBoats" in CliRunner().invoke(main, ["list", f"quay={url}/api.json"]).stdout
    (tmp_path / "docdouble.toml").write_text(f'source = "{url}/api.json"\n')
    refused = CliRunner().invoke(main, ["list"])
    assert (refused.exit_code, "only read where it is given on the command line" in refused.stderr) == (2, True)


def test_a_folder_beside_the_document_is_read_where_it_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "boats.json").write_text(json.dumps(BOATS))
    source = tmp_path / "docs" / "api.json"
    source.write_text(json.dumps({**ROOT, "paths": {"/boats": {"$ref": "../shared/boats.json"}}}))
    run = CliRunner().invoke
    assert "--allow-references" in run(main, ["list", str(source)]).stderr
    allowed = ["--allow-references", str(tmp_path / "shared")]
    assert "listBoats" in run(main, ["list", str(source), *allowed]).stdout
    assert run(main, ["diff", str(source), str(source), *allowed]).exit_code == 0
