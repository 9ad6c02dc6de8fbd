import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Grade, extract

from .read_text import failure, labels, only, read

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Harbour", "version": "1"},
    "paths": {"/boats": {"get": {"responses": {"200": {"description": "ok"}}}}},
}
TEXT = json.dumps(DOCUMENT, indent=1)


def page(content: str) -> str:
    return f"<!doctype html>\n<html><body>\n{content}\n</body></html>"


@pytest.mark.parametrize(
    "content",
    [
        f'<div id="swagger-ui"></div><script>\nvar spec = {TEXT};\nSwaggerUIBundle({{spec: spec}})</script>',
        f'<script>const __redoc_state = {{"menu": {{}}, "spec": {{"data": {json.dumps(DOCUMENT)}}}}};</script>',
        f"<script>Redoc.init({TEXT}, {{a: 1}})</script>",
        f'<script id="api-reference" type="application/json">{TEXT}</script>',
    ],
)
def test_a_document_in_the_page(tmp_path: Path, content: str) -> None:
    assert labels(read(tmp_path, "index.html", page(content))) == ["GET /boats"]


def test_lines_are_those_of_the_page(tmp_path: Path) -> None:
    text = page(f"<script>\nRedoc.init({TEXT})\n</script>")
    evidence = only(read(tmp_path, "index.html", text)).evidence
    assert evidence is not None
    assert (evidence.grade, evidence.page) == (Grade.STATED, "index.html")
    assert '"get"' in text.split("\n")[evidence.line - 1]


@pytest.mark.parametrize(
    "content",
    [
        '<redoc spec-url="api/v1.json"></redoc>',
        "<rapi-doc spec-url='./api/v1.json'></rapi-doc>",
        '<elements-api apiDescriptionUrl="api/v1.json"/>',
        '<script id="api-reference" data-url="api/v1.json"></script>',
        '<div id="swagger-ui"><script>SwaggerUIBundle({\n url: "api/v1.json", x: 1 })</script>',
        '<div id="swagger-ui"><script>SwaggerUIBundle({urls: [{"url": "api/v1.json", name: "a"}]})</script>',
        "<script>Redoc.init('api/v1.json')</script>",
        '<div id="swagger-ui"></div><script src="./swagger-initializer.js"></script>',
    ],
)
def test_a_document_beside_the_page(tmp_path: Path, content: str) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "v1.json").write_text(TEXT)
    (tmp_path / "swagger-initializer.js").write_text('window.ui = SwaggerUIBundle({url: "api/v1.json"})')
    extraction = read(tmp_path, "index.html", page(content))
    assert labels(extraction) == ["GET /boats"]
    assert only(extraction).page == "api/v1.json"
    assert extraction.documents


def test_a_folder_of_such_pages(tmp_path: Path) -> None:
    read(tmp_path, "v1/index.html", page(f"<script>Redoc.init({TEXT})</script>"))
    assert labels(extract(str(tmp_path))) == ["GET /boats"]


def test_a_document_elsewhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page('<redoc spec-url="https://a.test/api.json"></redoc>'))
    (tmp_path / "b.html").write_text(page('<redoc spec-url="../secret.json"></redoc>'))
    (tmp_path / "c.html").write_text(page("<redoc></redoc>"))
    assert "name https://a.test/api.json as the source" in failure(tmp_path / "a.html")
    assert "there is no such file beside it" in failure(tmp_path / "b.html")
    assert "names no document" in failure(tmp_path / "c.html")


@pytest.mark.parametrize("src", [f"{'a' * 300}.js", "http://[", "a%00.js"])
def test_a_script_that_can_be_no_file_is_passed_over(tmp_path: Path, src: str) -> None:
    (tmp_path / "v1.json").write_text(TEXT)
    content = f'<redoc spec-url="v1.json"></redoc><script src="{src}"></script>'
    assert labels(read(tmp_path, "index.html", page(content))) == ["GET /boats"]
