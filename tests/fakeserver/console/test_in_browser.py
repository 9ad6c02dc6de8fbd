"""The console in a browser: opened by its address, searched, with the keyboard alone, and closed to others."""

import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, extract

from ..conftest import MakeContract
from .conftest import CONSOLE, TOKEN, OpenConsole
from .test_one_operation_page import HOSTILE

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


def test_signing_out_ends_the_session(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_label("Token").wait_for()
    assert tab.context.cookies() == []


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


def test_an_operation_is_tried(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    tab.get_by_role("link", name="LendBook").click()
    tab.wait_for_url("**/operation?**")  # and for its script
    tab.get_by_role("button", name="Send").click()
    tab.locator("#reply .status").get_by_text("200").wait_for()
    assert '"LoanId"' in tab.locator("#reply .body").inner_text()
    assert tab.evaluate("document.activeElement.id") == "reply"
    (call,) = fake.journal.entries()
    assert (call.status, call.operation) == (200, "v1LoanAgent_LendBook")


def test_a_refused_request_shows_its_violations(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "operation?id=v1LoanAgent_LendBook")
    tab.get_by_label("Text of the body").fill('{"CopyId": "one"}')
    tab.get_by_role("button", name="Send").click()
    tab.locator("#reply .status").get_by_text("400").wait_for()
    assert "expected integer" in tab.locator("#reply .violations").inner_text()


def test_missing_credentials_are_shown_as_the_401_that_they_are(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "operation?id=v1LoanAgent_LendBook")
    tab.get_by_label("Authorization").fill("")
    tab.get_by_role("button", name="Send").click()
    tab.locator("#reply .status").get_by_text("401").wait_for()
    assert "www-authenticate" in tab.locator("#reply table").inner_text()


def test_everything_is_done_with_the_keyboard(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    tab.keyboard.press("/")
    tab.keyboard.type("lendbook")
    tab.get_by_text("1 of ").wait_for()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/operation?**")
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.textContent") == "Send":
            break
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    tab.locator("#reply .status").get_by_text("200").wait_for()


def test_an_answer_is_preferred_with_the_keyboard(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake, "operation?id=v1Book_Get")
    tab.get_by_text("Choose the answer").press("Enter")
    chip = tab.get_by_role("button", name="generated data")
    chip.press("Space")
    assert chip.get_attribute("aria-pressed") == "true"
    assert tab.get_by_label("Header fields, a line each").input_value() == "Prefer: dynamic=true"
    tab.get_by_label("Header fields, a line each").press("Tab")
    tab.keyboard.press("Enter")
    tab.locator("#reply").get_by_role("cell", name="dynamic=true").wait_for()
    chip.press("Enter")
    assert tab.get_by_label("Header fields, a line each").input_value() == ""


def test_a_request_is_copied_as_code_that_sends_the_same(fake: FakeServer, open_console: OpenConsole) -> None:
    sent: list[bytes] = []
    fake.observer = lambda operation, call, reply: sent.append(call.body)
    tab = open_console(fake, "operation?id=v1LoanAgent_LendBook")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    body = """{"CopyId": 1, "Days": 2, "Note": "it's a \\"note\\" \u00e9"}"""
    tab.get_by_label("Text of the body").fill(body)
    written = {}
    for name in ("curl", "fetch", "Python"):
        tab.get_by_role("button", name=name, exact=True).click()
        tab.get_by_text("Copied").wait_for()
        written[name] = tab.evaluate("navigator.clipboard.readText()")
    tab.evaluate(f"(async () => {{ {written['fetch']} }})()")
    subprocess.run([sys.executable, "-c", written["Python"]], check=True)
    count = 2
    if shutil.which("curl"):
        subprocess.run(["sh", "-c", f"{written['curl']} -s -o /dev/null"], check=True)
        count = 3
    assert sent == [body.encode()] * count


def test_hostile_names_are_shown_as_text(open_console: OpenConsole) -> None:
    contract = extract(str(HOSTILE)).contract
    fake = FakeServer(contract, token=TOKEN)
    tab = open_console(fake)
    title = tab.title()
    assert "<img src=x" in title
    tab.get_by_role("link", name="/berths/").click()
    tab.wait_for_url("**/operation?**")  # and for its script
    tab.get_by_role("button", name="Send").click()
    tab.locator("#reply .body").wait_for()
    assert "<script>" in tab.get_by_text("<script>").first.inner_text()
    assert tab.title() == title.replace("Operations", "GET /berths/{id}")
    assert tab.locator("img").count() == 1, "our own"


def test_a_very_long_path_is_clipped_in_lists(make_contract: MakeContract, open_console: OpenConsole) -> None:
    path = f"/{'berths' * 700}"
    fake = FakeServer(make_contract({path: {"get": {"responses": {"204": {"description": ""}}}}}), token=TOKEN)
    fake.handle(Call(target=path))
    tab = open_console(fake)
    assert tab.locator(".operations li").bounding_box()["height"] < 300
    tab.get_by_role("link", name="Journal").click()
    row = tab.locator(".calls tbody tr").first
    row.wait_for()
    assert row.bounding_box()["height"] < 300


class ForeignPage(BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_request(self, *args: object) -> None:
        """Print nothing."""


def test_a_page_of_the_document_does_not_drive_it(open_console: OpenConsole, make_contract: MakeContract) -> None:
    script = """<title>ran</title><script>
        fetch("/__docdouble__/api/faults", { method: "POST", body: '{"status": 503}' })
            .catch(() => null).then(() => document.title += "!");
    </script>"""
    answer = {"description": "ok", "content": {"text/html": {"example": script}}}
    fake = FakeServer(make_contract({"/page": {"get": {"responses": {"200": answer}}}}), token=TOKEN)
    tab = open_console(fake)
    tab.goto("/page")
    tab.wait_for_function("document.title === 'ran!'")
    assert tab.evaluate("origin") == "null"
    tab.goto(f"{CONSOLE}answers")
    assert tab.evaluate("fetch('/__docdouble__/api/faults').then((reply) => reply.json())") == {"faults": []}


def test_a_page_on_another_port_neither_reads_nor_drives_it(fake: FakeServer, open_console: OpenConsole) -> None:
    tab = open_console(fake)
    server = tab.evaluate("location.origin")
    with ThreadingHTTPServer(("127.0.0.1", 0), ForeignPage) as elsewhere:
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
