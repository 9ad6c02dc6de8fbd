"""A visitor of the console without a browser, and Chromium, where it and Playwright are."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer, running

TOKEN = "open-sesame"
CONSOLE = "/__docdouble__/console/"
ORIGIN = "http://localhost"

OpenConsole = Callable[..., Any]


@pytest.fixture
def visit() -> Callable[[FakeServer], Client]:
    """Return a function from a server with ``TOKEN`` to a client with a session of its console."""

    def visitor(app: FakeServer) -> Client:
        client = Client(app)
        reply = client.post("/__docdouble__/session", json={"token": TOKEN}, headers={"Origin": ORIGIN})
        assert reply.status_code == 204
        return client

    return visitor


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser of Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not path:
        pytest.skip("there is no chromium on the PATH")
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_console(chromium: Any) -> Iterator[OpenConsole]:
    """Return a function that serves an application, and opens a page of its console with the token in the address.

    What a script of ours throws, and what the policy of the page forbids, fails the test.
    """
    faults: list[str] = []
    opened: list[Any] = []

    def open_page(app: FakeServer, page: str = "operations") -> Any:
        server = running(app)
        context = chromium.new_context(base_url=server.__enter__(), viewport={"width": 1280, "height": 900})
        opened.append((context, server))
        context.set_default_timeout(20_000)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
        tab.goto(f"{CONSOLE}{page}#token={TOKEN}")
        tab.wait_for_selector("nav")
        tab.wait_for_load_state()  # the scripts, too
        return tab

    yield open_page
    for context, server in reversed(opened):
        context.close()
        server.__exit__(None, None, None)
    assert faults == []
