"""The page of contradictions, each with the lines where it is."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import Client

from docdouble.contracts.cli.read_documentation import ReadDocumentation
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Contract, Evidence, PageError, extract
from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.extraction import DEFAULT_ACCESS, Contradiction

from .conftest import CONSOLE, TOKEN

Visit = Callable[[FakeServer], Client]

WAITING = "data-waiting"
DOCUMENT = """openapi: 3.1.0
info: {title: Port, version: "1"}
paths:
  /berths:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {type: integer}
              example: <b>seven</b>
"""


class Broken:
    """Documentation that was taken away."""

    def quotes(self) -> Callable[[Evidence], str]:
        return lambda evidence: ""

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...] | None:
        raise PageError("port.yaml", 3, "it is gone")


class TwoPlaces(Broken):
    """Documentation with one contradiction between two places."""

    def quotes(self) -> Callable[[Evidence], str]:
        return {
            Evidence(Grade.STATED, "a.md", 3): "| id | text |",
            Evidence(Grade.STATED, "b.md", 9): '"id": 1',
        }.__getitem__

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...]:
        return (Contradiction("sample-type", "a.md", 3, "text, but b.md:9 shows a number", "write integer"),)


class Slow(Broken):
    """Documentation that takes longer than a page waits."""

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...] | None:
        return None


def asked(app: FakeServer, visit: Visit) -> str:
    reply = visit(app).get(f"{CONSOLE}lint")
    assert reply.status_code == 200
    return reply.text


def shown(app: FakeServer, visit: Visit) -> str:
    """Return the page once it is worked out, as a browser does."""
    while WAITING in (page := asked(app, visit)):
        time.sleep(0.05)
    return page


def test_contradictions_are_shown_with_their_line(tmp_path: Path, visit: Visit) -> None:
    path = tmp_path / "port.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    app = FakeServer(extract(str(path)).contract, token=TOKEN)
    app.documentation = ReadDocumentation((str(path),), None, DEFAULT_ACCESS)
    page = shown(app, visit)
    assert '<strong class="error">1</strong> error</li>' in page
    assert "<blockquote><code>" in page
    assert "&lt;b&gt;seven" in page
    assert "sample-schema" in page
    path.write_text(DOCUMENT.replace("<b>seven</b>", "7"), encoding="utf-8")
    assert "sample-schema" in shown(app, visit), "the contract is still that of before"
    app.replace(extract(str(path)).contract)
    assert "sample-schema" not in shown(app, visit)


def test_both_lines_are_quoted(library: Contract, visit: Visit) -> None:
    app = FakeServer(library, token=TOKEN)
    app.documentation = TwoPlaces()
    page = shown(app, visit)
    assert "<code>| id | text |</code>" in page
    assert "<code>&#34;id&#34;: 1</code>" in page
    assert "write integer" in page


def test_a_page_that_takes_long_is_asked_for_again(library: Contract, visit: Visit) -> None:
    app = FakeServer(library, token=TOKEN)
    app.documentation = Slow()
    page = asked(app, visit)
    assert WAITING in page
    assert "assets/waiting.js" in page


def test_what_is_looked_for_is_found_once_for_each_contract(library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, searches = threading.Event(), []

    def lookup(documentation: ReadDocumentation) -> tuple[Contradiction, ...]:
        searches.append(documentation)
        assert goes_on.wait(20)
        if len(searches) == 2:
            raise PageError("port.yaml", 3, "it is gone")
        return ()

    monkeypatch.setattr(ReadDocumentation, "_contradictions", lookup)
    documentation = ReadDocumentation(("port.yaml",), None, DEFAULT_ACCESS)
    assert documentation.contradictions(library) is None
    assert documentation.contradictions(library) is None
    goes_on.set()
    assert until_known(documentation, library) == ()
    assert len(searches) == 1
    other = replace(library)
    with pytest.raises(PageError):
        until_known(documentation, other)
    assert until_known(documentation, other) == ()


def until_known(documentation: ReadDocumentation, contract: Contract) -> tuple[Contradiction, ...]:
    while (contradictions := documentation.contradictions(contract)) is None:
        continue
    return contradictions


def test_documentation_that_is_not_at_hand(library: Contract, visit: Visit) -> None:
    app = FakeServer(library, token=TOKEN)
    assert "isn&#39;t at hand" in shown(app, visit)
    app.documentation = Broken()
    assert "it is gone" in shown(app, visit)
