from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.behaviours import added_behaviours
from docdouble.schemas import Call, PluginError, from_openapi, plugins
from docdouble.schemas.contract.behaviour_names import GROUP

EVIDENCE = {"x-docdouble-evidence": {"grade": "stated", "page": "books.md", "line": 7}}
TITLE = {"type": "object", "properties": {"title": {"type": "string", "enum": ["Emma"]}}, "required": ["title"]}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "books", "version": "1"},
    "paths": {
        "/book": {
            "get": {
                "operationId": "getBook",
                "parameters": [{"name": "X-Case", "in": "header", "schema": {"type": "string"}, **EVIDENCE}],
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": TITLE}}}},
                "x-docdouble-behaviours": [{"name": "text-case", "parameter": "X-Case", **EVIDENCE}],
            }
        }
    },
}


def text_case(asked: str) -> Any:
    if asked not in ("upper", "lower"):
        raise ValueError(f"expected upper or lower, got {asked!r}")
    return lambda body: {name: getattr(text, asked)() for name, text in body.items()}


@pytest.fixture(params=["text-case"])
def installed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """A package whose entry point names ``text_case``."""
    module = ModuleType("book_behaviours")
    module.text_case = text_case  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "book_behaviours", module)
    point = EntryPoint(request.param, "book_behaviours:text_case", GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point] if group == GROUP else [])
    added_behaviours.cache_clear()
    yield module
    added_behaviours.cache_clear()


def asked(*headers: tuple[str, str]) -> tuple[int, Any]:
    fake = FakeServer(from_openapi(DOCUMENT, "books.json"), Settings(auth=False))
    reply = fake.handle(Call(headers, method="GET", target="/book"))
    return reply.status, orjson.loads(reply.body)


@pytest.mark.usefixtures("installed")
def test_the_fake_changes_a_body_as_a_package_says() -> None:
    assert asked(("X-Case", "upper")) == (200, {"title": "EMMA"})
    assert asked(("X-Case", "lower")) == (200, {"title": "emma"})
    assert asked() == (200, {"title": "Emma"})


@pytest.mark.usefixtures("installed")
def test_a_text_that_means_nothing_is_refused_with_its_line() -> None:
    status, problem = asked(("X-Case", "title"))
    (violation,) = problem["violations"]
    assert (status, violation["rule"], violation["documentation"]) == (400, "text-case", "books.md:7")
    assert violation["message"] == "expected upper or lower, got 'title'"


@pytest.mark.parametrize("installed", ["language"], indirect=True)
@pytest.mark.usefixtures("installed")
def test_the_name_of_a_behaviour_of_ours_is_taken() -> None:
    with pytest.raises(PluginError, match="the name is that of a behaviour of docdouble"):
        added_behaviours()


def test_what_is_no_function_is_named(installed: ModuleType) -> None:
    installed.text_case = "upper"  # type: ignore[attr-defined]
    with pytest.raises(PluginError, match=r"docdouble.behaviours: 'text-case' .* expected a function, got 'upper'"):
        added_behaviours()
