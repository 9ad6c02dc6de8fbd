"""Sockets of a proxy: granian, embedded in a thread of this process, so that what was judged is at hand at the end."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

from ..proxy.forwarding import ValidatingProxy
from .servers import Address, await_connection, reserved, server_address_url

_BACKLOG = 1024
"""Connections that wait to be accepted."""

_LETTING_GO = 0.01
"""Seconds in which the event loop lets go of connections that were closed."""

_ENDING = 5.0
"""Seconds within which a proxy ends."""


@contextlib.contextmanager
def running_proxy(proxy: ValidatingProxy, address: Address) -> Iterator[str]:
    """Serve a proxy with granian from a thread and yield its base URL; ready when entered, gone when left.

    Raises ``ConfigError`` when the address can't be had.
    """
    from granian.constants import Interfaces  # here because it takes 0.1 s that no other command should pay
    from granian.server.embed import Server

    certificate = address.certificate
    with reserved(address.host, address.port) as taken:
        server = Server(
            proxy,
            address=address.host,
            port=taken,
            interface=Interfaces.ASGINL,
            backlog=_BACKLOG,
            websockets=False,
            log_enabled=False,
            ssl_cert=certificate.chain if certificate else None,
            ssl_key=certificate.key if certificate else None,
        )
        server.workers_kill_timeout = 1
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_run, args=(loop, server.serve(), proxy), daemon=True)
        thread.start()
        try:
            await_connection(address.host, taken)
            yield server_address_url(address, taken)
        finally:
            loop.call_soon_threadsafe(proxy.end_calls)
            loop.call_soon_threadsafe(server.stop)
            thread.join(_ENDING)


def _run(loop: asyncio.AbstractEventLoop, serving: Coroutine[Any, Any, None], proxy: ValidatingProxy) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(serving)
        loop.run_until_complete(proxy.close())
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(asyncio.sleep(_LETTING_GO))
    finally:
        loop.close()
