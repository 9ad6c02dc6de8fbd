"""Routes of the console: who gets a page, and what comes with each reply."""

from collections.abc import Callable, Mapping

import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.console.console_pages import PAGES
from docdouble.fakeserver.console.page_templates import FOLDER
from docdouble.schemas import Call, Contract

from .conftest import CONSOLE, ORIGIN, TOKEN

Visit = Callable[[FakeServer], Client]

SESSION = "/__docdouble__/session"
ASSETS = sorted(path.name for path in (FOLDER / "assets").iterdir())


@pytest.fixture(scope="module")
def fake(library: Contract) -> FakeServer:
    app = FakeServer(library, token=TOKEN)
    app.handle(Call(target="/api/v1/Book/7"))
    return app


@pytest.fixture
def client(fake: FakeServer, visit: Visit) -> Client:
    return visit(fake)


def query_of(page: str) -> str:
    queries = {"operation": "?id=v1Book_Get", "call": "?number=1", "entity": "?resource=book&key=7"}
    return queries.get(page, "")


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_each_page_is_shown_in_a_session(client: Client, page: str) -> None:
    reply = client.get(f"{CONSOLE}{page}{query_of(page)}")
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    title = "GET " if page == "operation" else next(known_page.title for known_page in PAGES if known_page.name == page)
    assert f"<title>{title}" in reply.text
    assert 'aria-current="' in reply.text
    assert "style=" not in reply.text, "the policy forbids it"


@pytest.mark.parametrize("path", [*(page.name for page in PAGES), "missing", "assets/style.css", "assets/none.css"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_reply_forbids_all_that_pages_need_not(
    fake: FakeServer, client: Client, path: str, signed_in: bool
) -> None:
    headers = (client if signed_in else Client(fake)).get(CONSOLE + path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_without_a_session_the_token_is_asked_for(fake: FakeServer, page: str) -> None:
    reply = Client(fake).get(CONSOLE + page + query_of(page))
    assert (reply.status_code, reply.headers["WWW-Authenticate"]) == (401, 'Bearer realm="docdouble control"')
    assert "Sign in" in reply.text
    assert fake.contract.title not in reply.text


def test_the_start_leads_browsers_to_the_first_page(fake: FakeServer) -> None:
    client = Client(fake)
    for path in ("/__docdouble__/", "/__docdouble__", CONSOLE):
        reply = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        assert (reply.status_code, reply.headers["Location"]) == (303, f"{CONSOLE}operations")
    bearer = {"Accept": "text/html", "Authorization": f"Bearer {TOKEN}"}
    assert client.get("/__docdouble__/", headers=bearer).json["operations"]


def test_what_is_not_there(client: Client) -> None:
    assert (client.get(f"{CONSOLE}nothing").status_code, client.get(f"{CONSOLE}assets/../pages.py").status_code) == (
        404,
        404,
    )
    assert "no page of this name" in client.get(f"{CONSOLE}nothing/below").text
    assert client.get(f"{CONSOLE}assets/none.css").status_code == 404


def test_pages_are_read_only(client: Client) -> None:
    reply = client.post(f"{CONSOLE}operations", headers={"Origin": ORIGIN})
    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, HEAD")
    assert client.head(f"{CONSOLE}operations").data == b""


@pytest.mark.parametrize("name", ASSETS)
def test_files_of_the_pages_are_for_everybody(fake: FakeServer, name: str) -> None:
    reply = Client(fake).get(f"{CONSOLE}assets/{name}", headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"})
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert (reply.status_code, reply.mimetype) == (200, kinds[name.rpartition(".")[2]])
    assert "//" not in reply.text.replace("http://www.w3.org/2000/svg", "").replace("// ", ""), "nothing from elsewhere"


FOREIGN: tuple[Mapping[str, str], ...] = (
    {"Host": "evil.test"},
    {"Host": "evil.test", "Origin": "http://evil.test"},
    {"Origin": "http://localhost:5173"},
    {"Origin": "http://evil.test"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
)


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", [f"{CONSOLE}operations", "/__docdouble__/api/calls", "/__docdouble__/"])
def test_a_foreign_page_reads_nothing_with_the_session(client: Client, path: str, headers: Mapping[str, str]) -> None:
    assert client.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_page_changes_nothing_with_the_session(client: Client, headers: Mapping[str, str]) -> None:
    for method, path in (
        ("POST", "/__docdouble__/api/reset"),
        ("DELETE", "/__docdouble__/api/calls"),
        ("DELETE", SESSION),
    ):
        assert client.open(path, method=method, headers=headers).status_code in (401, 403)


def test_a_change_with_the_session_needs_our_own_origin(client: Client) -> None:
    assert client.post("/__docdouble__/api/reset").status_code == 401
    assert client.post("/__docdouble__/api/reset", headers={"Origin": ORIGIN}).status_code == 204
    assert client.post("/__docdouble__/api/reset", headers={"Origin": "https://localhost"}).status_code == 204


def test_a_page_that_may_call_still_needs_the_token(library: Contract, visit: Visit) -> None:
    client = visit(FakeServer(library, token=TOKEN, hosts=("http://localhost:5173",)))
    origin = {"Origin": "http://localhost:5173"}
    assert client.get("/__docdouble__/api/calls", headers=origin).status_code == 401
    bearer = {**origin, "Authorization": f"Bearer {TOKEN}"}
    assert client.get("/__docdouble__/api/calls", headers=bearer).status_code == 200


def test_a_link_of_another_site_shows_how_to_sign_in(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    reply = client.get(f"{CONSOLE}operations", headers=headers)
    assert (reply.status_code, "Open the console" in reply.text) == (401, True)


def test_a_session_is_for_its_own_pages_and_for_one_token(fake: FakeServer, library: Contract, visit: Visit) -> None:
    reply = Client(fake).post(SESSION, json={"token": TOKEN}, headers={"Origin": "https://localhost"})
    cookie, *attributes = reply.headers["Set-Cookie"].split("; ")
    assert attributes == ["Path=/__docdouble__/", "HttpOnly", "SameSite=Strict", "Secure"]
    assert TOKEN not in cookie
    other = FakeServer(library, token="another")
    theirs = Client(other, use_cookies=False).get(f"{CONSOLE}operations", headers={"Cookie": cookie})
    assert theirs.status_code == 401
    ours = Client(fake, use_cookies=False).get(f"{CONSOLE}operations", headers={"Cookie": f"a=b; {cookie}"})
    assert ours.status_code == 200


def test_a_session_ends(client: Client) -> None:
    assert client.delete(SESSION, headers={"Origin": ORIGIN}).status_code == 204
    assert client.get(f"{CONSOLE}operations").status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b'{"token": "wrong"}', b'{"token": 1}', b'{"key": 1}', b"{}"])
def test_no_session_without_the_token(fake: FakeServer, body: bytes) -> None:
    reply = Client(fake).post(SESSION, data=body, headers={"Origin": ORIGIN})
    assert reply.status_code in (400, 401)
    assert "Set-Cookie" not in reply.headers


def test_another_site_opens_no_session(fake: FakeServer) -> None:
    reply = Client(fake).post(SESSION, json={"token": TOKEN}, headers={"Origin": "http://localhost:5173"})
    assert (reply.status_code, "Set-Cookie" in reply.headers) == (403, False)
