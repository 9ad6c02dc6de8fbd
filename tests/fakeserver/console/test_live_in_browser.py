"""Journal, state, faults and answers in a browser: watched live, edited, and set."""

from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Evidence, Operation, Reply, extract
from docdouble.schemas.extraction import Contradiction

from .conftest import CONSOLE, TOKEN, OpenConsole
from .test_in_browser import ForeignPage

pytestmark = [pytest.mark.slow, pytest.mark.sockets, pytest.mark.browser]

HOTEL = Path(__file__).parents[1] / "hotel.yaml"


@pytest.fixture(scope="module")
def hotel_contract() -> Contract:
    return extract(str(HOTEL)).contract


@pytest.fixture
def fake(hotel_contract: Contract) -> FakeServer:
    return FakeServer(hotel_contract, Settings(auth=False, nulls="never"), token=TOKEN)


class SlowDocumentation:
    """Documentation whose contradictions aren't found yet; ``asked`` is set when they are asked for once more."""

    def __init__(self) -> None:
        self.found: tuple[Contradiction, ...] | None = None
        self.times = 0
        self.asked = Event()

    def quotes(self) -> Callable[[Evidence], str]:
        return lambda evidence: ""

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...] | None:
        self.times += 1
        if self.times == 3:
            self.asked.set()
        return self.found


def called(fake: FakeServer, path: str, *headers: tuple[str, str]) -> Any:
    reply = fake.handle(Call(headers, target=path))
    return orjson.loads(reply.body) if reply.status == 200 else reply.status


def reads_guests(fake: FakeServer) -> Operation:
    """Return the operation that reads a guest."""
    resource = next(resource for resource in fake.contract.resources.resources if resource.name == "guest")
    read = next(role.operation for role in resource.roles if role.name == "read")
    return fake.contract.operation(read)


def guest_path(fake: FakeServer, number: int) -> str:
    return reads_guests(fake).path.partition("{")[0] + str(number)


def test_the_journal_is_watched_live(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "journal")
    called(fake, guest_path(fake, 7), ("Docdouble-World", "mine"))
    row = tab.locator("#calls tr").filter(has_text=guest_path(fake, 7))
    row.wait_for()
    assert "200" in row.inner_text()
    assert "mine" in row.inner_text()
    hostile = "/<img src=x onerror=alert(1)>"
    called(fake, hostile)
    tab.locator("#calls tr").filter(has_text=hostile).wait_for()
    assert tab.locator("#calls img").count() == 0
    assert tab.locator("#trend circle").count() == 2
    tab.get_by_label("Show calls").fill("404")
    tab.get_by_text("1 of 2 calls").wait_for()
    assert tab.locator("#calls tr").count() == 1


def test_a_violation_names_the_parameter(fake: FakeServer, open_console: OpenConsole) -> None:
    violation = {"in": "query", "name": "limit", "pointer": "/0", "message": "expected integer"}
    reply = Reply((("Docdouble-Violations", orjson.dumps([violation]).decode()),), status=400)
    fake.journal.record(Call(target="/rooms?limit=a"), reply, None, 1.0)
    tab = open_console(fake, "journal")
    tab.get_by_role("cell", name="1: limit/0 in the query: expected integer").wait_for()
    tab.get_by_role("link", name="1", exact=True).click()
    tab.get_by_text("limit/0 in the query").wait_for()


def test_a_page_that_takes_long_is_shown_when_it_is_there(fake: FakeServer, open_console: OpenConsole) -> None:
    fake.documentation = documentation = SlowDocumentation()
    tab = open_console(fake, "lint")
    tab.evaluate("window.isFirst = true")
    tab.get_by_role("status").get_by_text("is being looked through").wait_for()
    assert documentation.asked.wait(20)
    assert tab.evaluate("window.isFirst")
    documentation.found = ()
    tab.get_by_text("no two places").wait_for()


def test_a_paused_journal_holds_what_is_new(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "journal")
    tab.get_by_role("button", name="Pause").click()
    called(fake, "/nowhere")
    tab.get_by_text("1 new").wait_for()
    assert tab.locator("#calls tr").count() == 0
    tab.get_by_role("button", name="Pause").click()
    tab.get_by_text("/nowhere").wait_for()
    tab.get_by_role("button", name="Clear").click()
    tab.get_by_text("0 of 0 calls").wait_for()
    assert fake.journal.entries() == ()


def test_a_call_is_made_a_prepared_answer(fake: FakeServer, open_console: OpenConsole) -> None:
    path = guest_path(fake, 7)
    called(fake, path)
    tab = open_console(fake, "journal")
    tab.get_by_role("link", name="1", exact=True).click()
    tab.get_by_role("heading", name="Why this answer").wait_for()
    tab.wait_for_load_state()  # its script has run
    text = orjson.loads(tab.get_by_label("A prepared answer").input_value())
    tab.get_by_label("A prepared answer").fill(orjson.dumps({**text, "status": 299}).decode())
    tab.get_by_role("button", name="Prepare this answer").click()
    tab.get_by_text("Prepared as answer 1").wait_for()
    assert called(fake, path) == 299
    tab.get_by_label("A prepared answer").fill('{"status": 99}')
    tab.get_by_role("button", name="Prepare this answer").click()
    tab.get_by_role("alert").filter(has_text="path").wait_for()
    assert "def test_get_" in tab.locator("#test").inner_text()


def test_an_entity_is_edited_and_read_through_the_api(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "state")
    tab.get_by_role("link", name="guest", exact=True).click()
    tab.get_by_role("link", name="7", exact=True).click()
    entity = orjson.loads(tab.get_by_label("The entity as JSON").input_value())
    tab.wait_for_load_state()  # its script has run
    name = next(key for key, value in entity.items() if isinstance(value, str) and " " in value)
    tab.get_by_label("The entity as JSON").fill(orjson.dumps({**entity, name: 5}).decode())
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("alert").filter(has_text=f"entity/{name}").wait_for()
    tab.get_by_label("The entity as JSON").fill(orjson.dumps({**entity, name: "Ida Berg"}).decode())
    tab.get_by_role("button", name="Save").click()
    tab.get_by_text("Saved.").wait_for()
    assert called(fake, guest_path(fake, 7))[name] == "Ida Berg"
    tab.get_by_role("button", name="Delete").click()
    tab.wait_for_url("**/state?*")
    assert called(fake, guest_path(fake, 7)) == 404
    tab.get_by_role("button", name="Undo all changes").click()
    tab.get_by_role("link", name="7", exact=True).wait_for()
    assert called(fake, guest_path(fake, 7)) == entity


def test_an_entity_is_added(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "entity?resource=guest&world=mine")
    tab.get_by_role("button", name="Add").click()
    tab.get_by_role("heading", name="Edit guest 26").wait_for()
    assert called(fake, guest_path(fake, 26), ("Docdouble-World", "mine")) != 404
    assert called(fake, guest_path(fake, 26)) == 404


def test_a_snapshot_is_saved_and_loaded(fake: FakeServer, open_console: OpenConsole, tmp_path: Path) -> None:
    tab = open_console(fake, "entity?resource=guest")
    tab.get_by_role("button", name="Add").click()
    tab.get_by_role("heading", name="Edit guest 26").wait_for()
    tab.goto(f"{CONSOLE}state")
    with tab.expect_download() as saved:
        tab.get_by_role("link", name="Save what was changed").click()
    file = tmp_path / "state.json"
    saved.value.save_as(file)
    with tab.expect_navigation():
        tab.get_by_role("button", name="Undo all changes").click()
    assert called(fake, guest_path(fake, 26)) == 404
    tab.get_by_label("Load what was saved").set_input_files(file)
    tab.get_by_text("26, 1 changed").wait_for()
    assert called(fake, guest_path(fake, 26)) != 404
    file.write_text("no JSON")
    tab.get_by_label("Load what was saved").set_input_files(file)
    tab.get_by_role("alert").filter(has_text="JSON").wait_for()


def test_a_fault_is_set_and_applied(fake: FakeServer, open_console: OpenConsole) -> None:
    path = guest_path(fake, 7)
    tab = open_console(fake, "answers")
    form = tab.locator("#fault")
    form.get_by_label("Status").fill("503")
    form.get_by_role("button", name="Add the fault").click()
    tab.get_by_text("--fault status=503").wait_for()
    tab.wait_for_load_state()  # its script has run
    assert called(fake, path) == 503
    tab.get_by_role("button", name="Switch off").click()
    tab.get_by_text("everything is answered as documented").wait_for()
    assert called(fake, path) != 503
    form.get_by_label("Broken promise").fill("nothing:/here")
    form.get_by_role("button", name="Add the fault").click()
    tab.get_by_role("alert").filter(has_text="nothing").wait_for()


def test_an_answer_is_prepared_and_forgotten(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "answers")
    form = tab.locator("#answer")
    form.get_by_label("Operation").fill(reads_guests(fake).id)
    form.get_by_label("Status").fill("409")
    form.get_by_label("Body as JSON").fill('{"message": "taken"}')
    form.get_by_role("button", name="Prepare the answer").click()
    tab.get_by_role("button", name="Forget").wait_for()
    tab.wait_for_load_state()  # its script has run
    assert called(fake, guest_path(fake, 7)) == 409
    tab.get_by_role("button", name="Forget").click()
    tab.get_by_text("None. A call of the journal").wait_for()
    assert called(fake, guest_path(fake, 7)) != 409


def test_a_page_of_a_named_origin_drives_the_control_api(hotel_contract: Contract, open_console: OpenConsole) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), ForeignPage) as elsewhere:
        Thread(target=elsewhere.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{elsewhere.server_port}"
        fake = FakeServer(hotel_contract, Settings(auth=False), token=TOKEN, hosts=(origin,))
        tab = open_console(fake)
        server = tab.evaluate("location.origin")
        tab.goto(origin)
        outcome = tab.evaluate(
            """async ([api, url, token]) => {
                const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
                const fault = JSON.stringify({ status: 503 });
                const added = await fetch(`${api}faults`, { method: "POST", headers, body: fault });
                const { status } = await fetch(url);
                const { calls } = await (await fetch(`${api}calls`, { headers })).json();
                return [added.status, status, calls.length];
            }""",
            [f"{server}/__docdouble__/api/", f"{server}{guest_path(fake, 7)}", TOKEN],
        )
        elsewhere.shutdown()
    assert outcome == [204, 503, 1]
