"""The page of coverage: operations and facts that calls touched."""

from collections.abc import Callable

from werkzeug.test import Client

from docdouble.contracts.coverage.use_recorder import UseRecorder
from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.console.coverage_page import LEVELS, CoveredOperation
from docdouble.schemas import Call, Contract

from .conftest import CONSOLE, TOKEN


def asked(hotel: Contract, *, notes_use: bool = False) -> FakeServer:
    app = FakeServer(hotel, token=TOKEN)
    if notes_use:
        app.observer = UseRecorder(hotel)
    for target in ("/rooms", "/rooms", "/rooms/1"):
        assert app.handle(Call(target=target)).status == 200
    return app


def test_calls_of_the_journal_are_counted(hotel: Contract, visit: Callable[[FakeServer], Client]) -> None:
    page = visit(asked(hotel)).get(f"{CONSOLE}coverage").text
    assert f"2 of {len(hotel.operations)} operations called" in page
    assert "2 calls" in page
    assert "With <code>--coverage</code>" in page
    assert page.count('class="cell l4" title=') == 2


def test_facts_are_shown_where_they_are_noted(hotel: Contract, visit: Callable[[FakeServer], Client]) -> None:
    page = visit(asked(hotel, notes_use=True)).get(f"{CONSOLE}coverage").text
    assert "facts of those touched" in page
    assert "--coverage" not in page
    assert "<h3>Statuses: 1 of" in page
    assert '<li class="touched"><code>200</code></li>' in page
    assert '<li class="missed"><code>' in page


def test_the_level_of_a_share() -> None:
    def level(touched: int, documented: int, calls: int = 1) -> int:
        return CoveredOperation("id", "GET", "/", calls, touched, documented).level

    assert [level(touched, 100) for touched in (0, 1, 25, 26, 99, 100)] == [0, 1, 1, 2, LEVELS, LEVELS]
    assert (level(0, 0), level(0, 0, calls=0)) == (LEVELS, 0)
