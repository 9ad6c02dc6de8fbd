"""A lending library: its reference pages, and contracts made of OpenAPI documents."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.control.call_log import MemoryLog
from docdouble.fakeserver.control.control_file import FileLog, FileValue, control_file
from docdouble.fakeserver.control.faults import FaultBoard, FaultsInForce
from docdouble.fakeserver.control.journal import Journal
from docdouble.fakeserver.control.prepared import NumberedAnswers, PreparedAnswers
from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.settings import Settings
from docdouble.fakeserver.state.stores.sqlite_connections import SqliteConnections
from docdouble.schemas import Call, Contract, Reply, Validator, extract
from docdouble.schemas.openapi.reader import from_openapi

from .desk import Desk

Send = Callable[..., Reply]
MakeContract = Callable[..., Contract]
Record = Callable[..., None]

LIBRARY = Path(__file__).parent / "library"
GET, LEND = "v1Book_Get", "v1LoanAgent_LendBook"
BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")


@pytest.fixture(scope="session")
def library() -> Contract:
    """The contract of the pages in ``library/``."""
    return extract(str(LIBRARY)).contract


@pytest.fixture(scope="session")
def superoffice() -> Contract:
    """The shipped contract."""
    return extract("superoffice").contract


@pytest.fixture(scope="session")
def app(library: Contract) -> FakeServer:
    return FakeServer(library, Settings(state="off"))


@pytest.fixture(scope="session")
def shipped_app(superoffice: Contract) -> FakeServer:
    return FakeServer(superoffice, Settings(state="off"))


@pytest.fixture
def desk(hotel: Contract) -> Desk:
    """A new hotel, in which nothing is null that need not be."""
    return Desk(FakeServer(hotel, Settings(nulls="never")))


@pytest.fixture(scope="session")
def make_contract() -> MakeContract:
    """Return a function from paths (and components) to the contract of an OpenAPI document."""

    def make(paths: dict[str, Any], **components: Any) -> Contract:
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Lending library", "version": "1"},
            "paths": paths,
            "components": components,
        }
        return from_openapi(document, "library.json")

    return make


@pytest.fixture(scope="session")
def drawn() -> Callable[..., list[Any]]:
    """Return a function from a schema (and the named types it refers to) to what is drawn; every value fits."""

    def draw(schema: dict[str, Any], **named: dict[str, Any]) -> list[Any]:
        contract = Contract("library", "1", (), named)
        sampler, validator = Sampler(contract), Validator(schema, contract)
        values = [sampler.sample(schema, key) for key in range(60)]
        assert [validator.violations(value) for value in values] == [()] * len(values)
        return values

    return draw


@pytest.fixture(scope="session")
def send() -> Send:
    """Return a function that sends a call with credentials; ``json`` is written as the body."""

    def call(app: FakeServer, label: str, *headers: tuple[str, str], json: Any = ..., body: bytes = b"") -> Reply:
        method, target = label.split(" ", 1)
        if json is not ...:
            headers = (("Content-Type", "application/json"), *headers)
            body = orjson.dumps(json)
        return app.handle(Call((BASIC, *headers), body, method, target))

    return call


@pytest.fixture(scope="session")
def lend(app: FakeServer, send: Send) -> Send:
    """Return a function that sends a body to ``LendBook``."""

    def call(body: Any, *headers: tuple[str, str], select: str = "") -> Reply:
        query = f"?$select={select}" if select else ""
        return send(app, f"POST /api/v1/Agents/Loan/LendBook{query}", *headers, json=body)

    return call


@pytest.fixture(params=["one process", "several"])
def control_connections(request: pytest.FixtureRequest) -> Iterator[SqliteConnections | None]:
    """The file that several processes share, ``None`` for one alone."""
    with control_file(1 if request.param == "one process" else 2) as path:
        connections = SqliteConnections(path, "what the control API keeps") if path else None
        yield connections
        if connections:
            connections.close()


@pytest.fixture
def journal(control_connections: SqliteConnections | None) -> Journal:
    return Journal(FileLog(control_connections, 20, every=1) if control_connections else MemoryLog(20))


@pytest.fixture
def prepared(control_connections: SqliteConnections | None) -> PreparedAnswers:
    return PreparedAnswers(
        FileValue(control_connections, "answers", NumberedAnswers()) if control_connections else None
    )


@pytest.fixture
def faults(control_connections: SqliteConnections | None) -> FaultBoard:
    return FaultBoard(0, FileValue(control_connections, "faults", FaultsInForce()) if control_connections else None)


@pytest.fixture
def record(journal: Journal) -> Record:
    """Return a function that writes a call into the journal."""

    def write(operation: str | None, label: str, json: Any = ..., status: int = 200) -> None:
        method, target = label.split(" ", 1)
        body = b"" if json is ... else orjson.dumps(json)
        call = Call((("Content-Type", "application/json"),), body, method, target)
        journal.record(call, Reply(status=status), operation, 1)

    return write


@pytest.fixture
def lent(record: Record) -> None:
    """Three loans, and a look at a book."""
    for copy, days in ((1, 14), (2, 14), (3, 7)):
        record(LEND, "POST /api/v1/Agents/Loan/LendBook", {"CopyId": copy, "Days": days, "Password": "hunter2"})
    record(GET, "GET /api/v1/Book/7", status=404)
