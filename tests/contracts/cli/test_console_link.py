"""The link to the console, and the browser that opens it."""

import threading

import pytest

from docdouble.contracts.cli.console_link import control_lines, then_opened


def test_the_token_is_in_the_fragment() -> None:
    console, api = control_lines("http://x:1", "open~sesame+")
    assert console == "docdouble: console http://x:1/__docdouble__/#token=open~sesame+"
    assert api == "docdouble: control API http://x:1/__docdouble__/api/ with Authorization: Bearer open~sesame+"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_browser_is_opened_once_the_server_is_ready(
    is_there: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def opened(link: str) -> bool:
        done.append(link)
        return is_there

    monkeypatch.setattr("webbrowser.open", opened)
    before = set(threading.enumerate())
    then_opened(lambda url: done.append(f"ready {url}"), "open")("http://x:1")
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert done == ["ready http://x:1", "http://x:1/__docdouble__/#token=open"]
    assert ("no browser could be opened" in capsys.readouterr().err) is not is_there
