"""Accessibility of each page, as axe-core finds it in a browser, in light and dark, on a small and a wide screen."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from docdouble.contracts.cli.read_documentation import ReadDocumentation
from docdouble.contracts.coverage.use_recorder import UseRecorder
from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.console.console_pages import PAGES
from docdouble.schemas import Call, extract
from docdouble.schemas.extraction import DEFAULT_ACCESS

from .conftest import CONSOLE, TOKEN, OpenConsole
from .test_one_operation_page import HOSTILE

pytestmark = [pytest.mark.slow, pytest.mark.sockets, pytest.mark.browser]

AXE = "axe-core@4.10.3"
HOTEL = Path(__file__).parents[1] / "hotel.yaml"
QUERIES = {
    "call": {"number": "2"},
    "state": {"resource": "room"},
    "entity": {"resource": "room", "key": "1"},
}
LOOKS = [(360, "light"), (1280, "dark")]


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, from npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm to fetch axe-core with")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run([npm, "pack", AXE, "--silent"], cwd=folder, capture_output=True, text=True, check=False)
    archives = list(folder.glob("*.tgz"))
    if not archives:
        pytest.skip(f"npm can't fetch axe-core: {done.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script
        return script.read().decode()


@pytest.fixture(scope="module")
def fake() -> FakeServer:
    """A fake that was called, with the documentation at hand: all pages have something to show."""
    sources = (str(HOTEL), str(HOSTILE))
    contract = extract(sources).contract
    app = FakeServer(contract, token=TOKEN)
    app.observer = UseRecorder(contract)
    app.documentation = ReadDocumentation(sources, None, DEFAULT_ACCESS)
    for call in (Call(target="/rooms"), Call(target="/rooms/1"), Call(target="/berths/x"), Call(target="/nothing")):
        app.handle(call)
    return app


def faults_of(tab: Any, axe: str) -> list[str]:
    """Return what is wrong for those who see, hear or press keys otherwise, each with its first element."""
    tab.evaluate(axe)
    violations = tab.evaluate("axe.run().then((results) => results.violations)")
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_no_page_has_a_serious_fault(
    fake: FakeServer, open_console: OpenConsole, axe: str, width: int, scheme: str
) -> None:
    tab = open_console(fake)
    tab.set_viewport_size({"width": width, "height": 800})
    tab.emulate_media(color_scheme=scheme)
    faults: dict[str, list[str]] = {}
    for page in PAGES:
        query = urlencode(QUERIES.get(page.name, {"id": fake.contract.operations[0].id}))
        tab.goto(f"{CONSOLE}{page.name}?{query}")
        if page.name == "operation":
            tab.get_by_role("button", name="Send").click()
            tab.locator("#reply h3").wait_for()
        if violations := faults_of(tab, axe):
            faults[page.name] = violations
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{page.name} is wider than the screen"
        )
    assert faults == {}


def test_signing_in_has_no_serious_fault(fake: FakeServer, open_console: OpenConsole, axe: str) -> None:
    tab = open_console(fake)
    tab.context.clear_cookies()
    tab.goto(f"{CONSOLE}operations")
    assert faults_of(tab, axe) == []
