"""The console in a browser: opened by its address, searched, with the keyboard alone, and closed to others."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Contract

from .conftest import CONSOLE, TOKEN, OpenConsole

pytestmark = [pytest.mark.slow, pytest.mark.sockets, pytest.mark.browser]


@pytest.fixture
def fake(library: Contract) -> FakeServer:
    return FakeServer(library, token=TOKEN)


def test_the_address_with_the_token_opens_it(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    assert tab.title() == f"Operations · {fake.contract.title} · docdouble"
    assert tab.url.endswith("/__docdouble__/console/operations"), "the token is taken out of the address"
    tab.goto("/__docdouble__/")
    assert tab.get_by_role("heading", level=1).inner_text() == "Operations"
    assert tab.evaluate("document.cookie") == ""


def test_a_wrong_token_is_refused_and_the_right_one_can_be_typed(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    tab.context.clear_cookies()
    tab.goto("/__docdouble__/#token=wrong")
    assert "not the token" in tab.get_by_role("alert").filter(has_text="token").inner_text()
    tab.get_by_label("Token").fill(TOKEN)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("nav")


def test_operations_are_searched(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    tab.keyboard.press("/")
    tab.keyboard.type("loan LEND")
    tab.get_by_text("1 of ").wait_for()
    assert tab.locator(".operations li:visible").count() == 1
    assert "LendBook" in tab.locator(".operations li:visible").inner_text()
    tab.keyboard.type(" nothing")
    tab.get_by_text("0 of ").wait_for()
    assert tab.locator(".group:visible").count() == 0


def test_the_first_step_of_the_keyboard_leads_to_the_content(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


class _ForeignPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_request(self, *args: object) -> None:
        """Print nothing."""


def test_a_page_on_another_port_neither_reads_nor_drives_it(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    server = tab.evaluate("location.origin")
    with ThreadingHTTPServer(("127.0.0.1", 0), _ForeignPage) as elsewhere:
        Thread(target=elsewhere.serve_forever, daemon=True).start()
        tab.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        outcome = tab.evaluate(
            """async (server) => {
                const tried = [];
                const faults = { method: "POST", body: '{"status": 503}' };
                for (const [path, options] of [["console/operations"], ["api/calls"], ["api/faults", faults]]) {
                    for (const mode of ["cors", "no-cors"]) {
                        const url = `${server}/__docdouble__/${path}`;
                        const asked = fetch(url, { mode, credentials: "include", ...options });
                        tried.push(await asked.then((reply) => reply.text(), () => "refused"));
                    }
                }
                return tried;
            }""",
            server,
        )
        elsewhere.shutdown()
    assert set(outcome) == {"refused", ""}
    tab.goto(f"{server}{CONSOLE}operations")
    assert tab.evaluate("fetch('/__docdouble__/api/faults').then((reply) => reply.json())") == {"faults": []}
