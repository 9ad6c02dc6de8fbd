import json
import tomllib
from pathlib import Path

import pytest

from docdouble.schemas import DocdoubleError, extract
from docdouble.schemas.sources.format_registry import GROUP, source_formats
from docdouble.schemas.sources.source_format import SourceFormat

from .read_text import failure, labels

ROOT = Path(__file__).parents[3]
PAGE = "# Boats\n\n```http\nGET /boats\n```\n"

UNREAD = {
    "a.graphql": "type Query { a: Int }",
    "introspection.json": '{"data": {"__schema": {"types": []}}}',
    "a.bru": "get {\n}",
    "bruno.json": '{"version": "1", "name": "Boats", "type": "collection"}',
    "insomnia.json": '{"_type": "export", "__export_format": 4, "resources": []}',
    "insomnia.yaml": "type: collection.insomnia.rest/5.0\nname: Boats\n",
    "a.raml": "#%RAML 1.0\ntitle: Boats\n",
    "a.wsdl": "<definitions/>",
    "service.xml": '<?xml version="1.0"?>\n<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">',
    "a.wadl": "<application/>",
    "a.proto": 'syntax = "proto3";',
    "events.yaml": "# ours\nasyncapi: 3.0.0\ninfo: {}\n",
    "events.json": '{"asyncapi": "2.6.0"}',
    "metadata.xml": '<edmx:Edmx Version="4.0">',
    "old.json": '{"id": "1", "order": [], "requests": [{"collectionId": "1"}]}',
    "x.postman_environment.json": '{"values": []}',
    "thunder.json": '{"clientName": "Thunder Client", "requests": []}',
    "discovery.json": '{"kind": "discovery#restDescription"}',
    "swagger.json": '{"swaggerVersion": "1.2"}',
    "rpc.json": '{"openrpc": "1.2.6"}',
    "flows.yaml": "arazzo: 1.0.0\n",
    "main.tsp": "model A {}",
    "a.thrift": "struct A {}",
}


def test_all_formats_are_entry_points() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"][GROUP]
    assert settings.keys() == {source_format.name for source_format in source_formats()}
    for name, value in settings.items():
        module, _, attribute = value.partition(":")
        known = getattr(__import__(module, fromlist=[attribute]), attribute)
        assert isinstance(known, SourceFormat)
        assert known.name == name


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(UNREAD[name])
    assert f"{name}: this is a" in failure(tmp_path / name)
    assert "docdouble doesn't read it; " in failure(tmp_path / name)
    assert f"the first: {name}: this is a" in failure(tmp_path)


def test_other_files_of_such_endings_are_not_taken_for_any(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1", "type": "module"}')
    (tmp_path / "data.json").write_text("[]")
    (tmp_path / "conf.yaml").write_text("a: 1")
    (tmp_path / "page.html").write_text("<html><p>Hello</p></html>")
    (tmp_path / "a.md").write_text(PAGE)
    extraction = extract(str(tmp_path))
    assert (labels(extraction), extraction.failures, extraction.skipped) == (["GET /boats"], (), ("page.html",))


def test_a_folder_with_a_mix_reads_what_it_can_and_names_the_rest(tmp_path: Path) -> None:
    (tmp_path / "boats.md").write_text(PAGE)
    (tmp_path / "readme.md").write_text("# Hello\n")
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "a.http").write_text("GET https://a.test/ports\n###\nGET https://a.test/boats?x=1\n")
    (tmp_path / "calls" / "none.rest").write_text("### Nothing\n")
    (tmp_path / "a.graphql").write_text("type A { a: Int }")
    (tmp_path / "broken.har").write_text("{")
    (tmp_path / ".hidden.http").write_text("GET https://a.test/hidden\n")
    extraction = extract(str(tmp_path))
    assert labels(extraction) == ["GET /boats", "GET /ports"]
    assert [parameter.name for parameter in extraction.contract.operations[0].parameters] == ["x"]
    assert sorted(failure.path for failure in extraction.failures) == ["a.graphql", "broken.har"]
    assert extraction.skipped == ("readme.md", "calls/none.rest")


def test_what_states_more_is_believed_first(tmp_path: Path) -> None:
    reply = {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "[]"}}
    entry = {"request": {"method": "GET", "url": "https://a.test/boats", "headers": []}, "response": reply}
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    (tmp_path / "b.http").write_text("### List boats\nGET https://a.test/boats\n")
    operation = extract(str(tmp_path)).contract.operations[0]
    assert (operation.summary, operation.page) == ("List boats", "b.http")
    assert [response.status for response in operation.responses] == ["200"]


def test_a_file_that_vanishes_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "a.http").symlink_to(tmp_path / "nothing")
    (tmp_path / "out.http").symlink_to(ROOT / "tests" / "cases" / "formats" / "http" / "boats.http")
    with pytest.raises(DocdoubleError):
        extract(str(tmp_path))
