"""Pages that change while the server runs."""

import dataclasses
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.serving.reload import Configured, Sources, follow, read_again
from docdouble.schemas import Call, extract

PAGE = (Path(__file__).parents[1] / "library" / "Book_Get.md").read_text()
DEADLINE = 10.0


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "docs" / "Book_Get.md"
    path.parent.mkdir()
    path.write_text(PAGE)
    return path


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def served(page: Path) -> FakeServer:
    return FakeServer(extract(str(page.parent)).contract)


def at(version: int) -> str:
    return PAGE.replace("api/v1/", f"api/v{version}/")


def versions(app: FakeServer) -> list[int]:
    """Return under which versions of its path the book can be had."""
    return [version for version in range(1, 9) if app.handle(Call(target=f"/api/v{version}/Book/3")).status == 200]


def test_a_changed_page_is_served(served: FakeServer, page: Path, messages: list[str]) -> None:
    page.write_text(at(2), encoding="utf-8")
    read_again(served, Sources((str(page.parent),), say=messages.append))
    assert (versions(served), messages) == ([2], ["docdouble: read again, 1 operation\n"])


def test_pages_come_and_go(served: FakeServer, page: Path, messages: list[str]) -> None:
    page.with_name("Book_Two.md").write_text(at(2).replace("v1Book_Get", "v1Book_Two"))
    read_again(served, Sources((str(page.parent),), say=messages.append))
    assert versions(served) == [1, 2]
    page.unlink()
    read_again(served, Sources((str(page.parent),), say=messages.append))
    assert versions(served) == [2]


def test_with_a_cache_a_changed_page_is_served_too(
    served: FakeServer, page: Path, tmp_path: Path, messages: list[str]
) -> None:
    sources = Sources((str(page.parent),), tmp_path / "cache")
    for version in (2, 1, 3):
        page.write_text(at(version), encoding="utf-8")
        read_again(served, dataclasses.replace(sources, say=messages.append))
        assert versions(served) == [version]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "no operation", id="empty"),
        pytest.param(b"# Nothing\n", "no operation", id="no operation"),
        pytest.param(PAGE.replace("GET ", "see ").encode(), "no operation", id="no request line"),
        pytest.param(PAGE.encode("utf-16"), "Book_Get.md", id="no UTF-8"),
        pytest.param(None, "there is no documentation", id="gone"),
    ],
)
def test_a_broken_page_keeps_the_last_good_contract_and_says_why(
    served: FakeServer, page: Path, messages: list[str], content: bytes | None, reason: str
) -> None:
    before = served.contract
    page.unlink()
    if content is not None:
        page.write_bytes(content)
    read_again(served, Sources((str(page.parent),), say=messages.append))
    assert served.contract is before
    assert len(messages) == 1
    assert messages[0].startswith("docdouble: the last good contract stays: ")
    assert reason in messages[0]
    page.write_text(at(2), encoding="utf-8")
    read_again(served, Sources((str(page.parent),), say=messages.append))
    assert versions(served) == [2]


def test_one_broken_page_of_several_keeps_all(served: FakeServer, page: Path, messages: list[str]) -> None:
    page.with_name("Other.md").write_text(PAGE, encoding="utf-16")
    page.write_text(at(2), encoding="utf-8")
    read_again(served, Sources((str(page.parent),), say=messages.append))
    assert versions(served) == [1]
    assert "Other.md" in messages[0]


def test_a_page_that_was_broken_from_the_start_does_not_matter(
    served: FakeServer, page: Path, messages: list[str]
) -> None:
    page.with_name("Other.md").write_text(PAGE, encoding="utf-16")
    (failure,) = extract(str(page.parent)).failures
    page.write_text(at(2), encoding="utf-8")
    read_again(served, Sources((str(page.parent),), unreadable=frozenset((failure.path,)), say=messages.append))
    assert versions(served) == [2]


def test_a_source_that_is_gone_keeps_the_contract(served: FakeServer, tmp_path: Path, messages: list[str]) -> None:
    read_again(served, Sources((str(tmp_path / "nowhere"),), say=messages.append))
    assert versions(served) == [1]
    assert messages[0].startswith("docdouble: the last good contract stays: ")


def test_the_journal_and_prepared_answers_outlive_the_contract(served: FakeServer, page: Path) -> None:
    headers = (("Host", "localhost"), ("Authorization", f"Bearer {served.token}"), ("Content-Type", "application/json"))
    answer = orjson.dumps({"operation": "v1Book_Get", "status": 418, "times": 2})
    assert served.handle(Call(headers, answer, "POST", "/__docdouble__/answers")).status < 300
    call = Call(target="/api/v1/Book/3")
    assert served.handle(call).status == 418
    page.write_text(PAGE.replace("| Pages |", "| Leaves |"), encoding="utf-8")
    read_again(served, Sources((str(page.parent),), say=lambda _: None))
    replies = [served.handle(call) for _ in range(2)]
    assert [reply.status for reply in replies] == [418, 200]
    assert "Leaves" in orjson.loads(replies[1].body)
    assert [entry.status for entry in served.journal.entries()] == [418, 418, 200]


def test_a_call_is_answered_while_contracts_are_replaced(served: FakeServer) -> None:
    contract, statuses = served.contract, set[int]()

    def ask() -> None:
        for _ in range(100):
            statuses.add(served.handle(Call(target="/api/v1/Book/3")).status)

    thread = threading.Thread(target=ask)
    thread.start()
    while thread.is_alive():
        served.replace(contract)
    thread.join()
    assert statuses == {200}


class TestConfiguration:
    """What the user configures is read again with the pages, and what is wrong with it changes nothing."""

    def sources(self, page: Path, settings: Settings, *faults: dict[str, Any]) -> Sources:
        return Sources((str(page.parent),), configured=lambda contract: Configured(contract, settings, faults))

    def test_settings_and_faults_are_followed(self, served: FakeServer, page: Path, messages: list[str]) -> None:
        settings = Settings(auth=False, cors=("https://app.example",))
        read_again(served, dataclasses.replace(self.sources(page, settings, {"status": 503}), say=messages.append))
        reply = served.handle(Call((("Origin", "https://app.example"),), target="/api/v1/Book/3"))
        assert (reply.status, reply.header("Access-Control-Allow-Origin")) == (503, "https://app.example")
        read_again(served, dataclasses.replace(self.sources(page, settings), say=messages.append))
        assert versions(served) == [1]

    @pytest.mark.parametrize(
        ("settings", "fault", "reason"),
        [
            (Settings(state="off"), {}, "state: 'off' is not memory, as when the server started"),
            (Settings(answers="documented"), {}, "state: 'off' is not memory"),
            (Settings(locale="xx_XX"), {}, "'xx_XX' is not a locale"),
            (Settings(samples={"Title": "compny"}), {}, "'compny' is not a source"),
            (Settings(cors=()), {"status": 99}, "status: 99 is not"),
        ],
    )
    def test_what_is_wrong_changes_nothing(
        self,
        served: FakeServer,
        page: Path,
        messages: list[str],
        settings: Settings,
        fault: dict[str, Any],
        reason: str,
    ) -> None:
        before = served.settings
        page.write_text(at(2), encoding="utf-8")
        read_again(
            served, dataclasses.replace(self.sources(page, settings, *([fault] if fault else [])), say=messages.append)
        )
        assert messages[0].startswith("docdouble: the last good contract stays: ")
        assert reason in messages[0]
        assert (versions(served), served.settings) == ([1], before)


class Following:
    """A server that follows its sources, and its messages."""

    def __init__(self, app: FakeServer, sources: Sources) -> None:
        self.app, self.messages = app, list[str]()
        self.stop = follow(app, dataclasses.replace(sources, say=self.messages.append))

    def wait(self, change: Callable[[], object], until: Callable[[], bool]) -> None:
        """Make a change, again and again until it is noticed: the watch may just be starting."""
        end = time.monotonic() + DEADLINE
        while not until():
            assert time.monotonic() < end, self.messages
            change()
            pause = time.monotonic() + 1
            while time.monotonic() < pause and not until():
                time.sleep(0.01)


@pytest.fixture
def following(served: FakeServer) -> Iterator[Callable[..., Following]]:
    """Return a function from names to a server that follows these."""
    made: list[Following] = []

    def make(*names: Path) -> Following:
        made.append(Following(served, Sources(tuple(map(str, names)))))
        return made[-1]

    yield make
    for watcher in made:
        watcher.stop.set()


def replace(path: Path, text: str) -> None:
    """Save as many editors do: a new file takes the place of the old one."""
    path.with_name("new~").write_text(text)
    os.replace(path.with_name("new~"), path)


@pytest.mark.parametrize("save", [Path.write_text, replace])
@pytest.mark.parametrize("is_folder", [True, False])
def test_each_change_is_followed(
    following: Callable[..., Following], page: Path, is_folder: bool, save: Callable[[Path, str], object]
) -> None:
    live = following(page.parent if is_folder else page)
    for version in (2, 3):
        live.wait(
            lambda version=version: save(page, at(version)), lambda version=version: versions(live.app) == [version]
        )  # type: ignore[misc]


def test_a_broken_page_is_reported_and_a_mended_one_followed(following: Callable[..., Following], page: Path) -> None:
    live = following(page.parent)
    live.wait(
        lambda: page.write_text("", encoding="utf-8"), lambda: any("stays" in message for message in live.messages)
    )
    assert versions(live.app) == [1]
    live.wait(lambda: page.write_text(at(2), encoding="utf-8"), lambda: versions(live.app) == [2])


def test_nothing_is_followed_when_it_is_stopped(following: Callable[..., Following], page: Path) -> None:
    live = following(page.parent)
    live.wait(lambda: page.write_text(at(2), encoding="utf-8"), lambda: versions(live.app) == [2])
    before = threading.active_count()
    live.stop.set()
    live.wait(lambda: None, lambda: threading.active_count() < before)
    page.write_text(at(3), encoding="utf-8")
    assert versions(live.app) == [2]


def test_a_shipped_contract_has_nothing_to_follow(served: FakeServer) -> None:
    before = threading.active_count()
    follow(served, Sources(("superoffice",))).set()
    assert threading.active_count() == before
    assert orjson.loads(served.handle(Call(target="/openapi.json")).body)["openapi"]
