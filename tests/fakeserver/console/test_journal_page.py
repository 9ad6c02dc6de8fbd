"""Pages of the journal: calls, and one call with why it was answered so."""

from collections.abc import Callable

import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract

from .conftest import CONSOLE, TOKEN

Visit = Callable[[FakeServer], Client]
BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")
HOSTILE = "/<script>alert(1)</script>/%22onload=x"


@pytest.fixture
def fake(library: Contract) -> FakeServer:
    return FakeServer(library, token=TOKEN)


@pytest.fixture
def client(fake: FakeServer, visit: Visit) -> Client:
    return visit(fake)


def page(client: Client, number: int = 1) -> str:
    reply = client.get(f"{CONSOLE}call?number={number}")
    assert reply.status_code == 200
    return reply.text


def test_a_call_shows_both_sides_and_why(fake: FakeServer, client: Client) -> None:
    headers = (BASIC, ("Content-Type", "application/json"), ("Docdouble-World", "mine"), ("Docdouble-Test", "test_x"))
    reply = fake.handle(
        Call(headers, b'{"CopyId": "x", "Password": "hunter22"}', "POST", "/api/v1/Agents/Loan/LendBook")
    )
    text = page(client)
    status = f'<strong class="status s4">{reply.status}</strong>'
    assert all(shown in text for shown in (status, "world mine", "test_x", "refusal", "CopyId", "Violations"))
    assert "hunter22" not in text
    assert BASIC[1].split()[1] not in text


def test_what_callers_send_is_shown_as_text(fake: FakeServer, client: Client) -> None:
    fake.handle(Call((BASIC, ("X-Note", "<b>bold</b>")), b"<i>body</i>", "POST", HOSTILE))
    text = page(client)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>bold" not in text
    assert "<i>body" not in text


def test_a_call_that_is_not_there(client: Client) -> None:
    for number in ("2", "", "x"):
        reply = client.get(f"{CONSOLE}call?number={number}")
        assert (reply.status_code, "the number of a call" in reply.text) == (404, True)


def test_the_journal_can_be_saved_with_the_session(fake: FakeServer, client: Client) -> None:
    fake.handle(Call((BASIC,), target="/api/v1/Book/7"))
    assert "api/calls?format=har" in client.get(f"{CONSOLE}journal").text
    saved = client.get("/__docdouble__/api/calls?format=har", headers={"Sec-Fetch-Site": "same-origin"})
    assert len(saved.json["log"]["entries"]) == 1
