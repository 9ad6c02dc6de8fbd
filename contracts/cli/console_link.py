"""Link to the console of a started server, and the browser that opens it."""

import threading
from collections.abc import Callable

from ..output.echo import remark


def control_lines(url: str, token: str) -> list[str]:
    """Return the lines that say where a server's console and its control API are."""
    return [
        f"docdouble: console {_link(url, token)}",
        f"docdouble: control API {url}/__docdouble__/api/ with Authorization: Bearer {token}",
    ]


def then_opened(on_ready: Callable[[str], None], token: str) -> Callable[[str], None]:
    """Return the function that announces a server, and opens its console then."""

    def announced(url: str) -> None:
        on_ready(url)
        open_console(url, token)

    return announced


def open_console(url: str, token: str) -> None:
    """Open the console in a browser, from a thread: some browsers are waited for."""
    threading.Thread(target=_open, args=(_link(url, token),), daemon=True).start()


def _open(link: str) -> None:
    import webbrowser  # here because nobody else needs it

    if not webbrowser.open(link):
        remark("no browser could be opened: open the address of the console yourself")


def _link(url: str, token: str) -> str:
    """Return the link; the token is in its fragment, which no browser sends to a server, and no log of one shows."""
    return f"{url}/__docdouble__/#token={token}"
