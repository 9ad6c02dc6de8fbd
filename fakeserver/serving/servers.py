"""Sockets: granian for a server that stays, Werkzeug's own in a thread for tests."""

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import IO, Any, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler

from docdouble.schemas import ConfigError, Contract

from ..app import FakeServer, Observer
from ..console.served import Documentation
from ..control.control_file import control_file
from ..control.logged_request import RequestLog
from ..http.body_limits import WholeReads
from ..sampler.data.faker_pools import USUAL
from ..settings import Settings
from .preloading import load_at_once, load_rest
from .reload import Sources, follow
from .rsgi_rim import RsgiRim
from .signal_event import SignalEvent
from .silent_connections import close_silent_connections
from .tls import Certificate

LOOPBACK = "127.0.0.1"
THREADS = 1024
"""Calls that take their time which a process answers at the same time, as many as granian takes connections."""

BODY_SECONDS = 30.0
"""Seconds that a body may take to be received."""

_ALL = {"0.0.0.0": LOOPBACK, "::": "::1"}
"""Host that stands for all addresses of this machine → the one under which callers on it find the server."""

_BINDING: int = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
"""Socket option with which an address is tried: on Windows, ``SO_REUSEADDR`` shares one that another program has."""

_LOADING_AFTER = 1.0
"""Seconds after its start in which a worker leaves all time to its first calls."""

_GARBAGE_AFTER = 50_000
"""New containers after which a worker looks for garbage: more than the journal holds, which comes and goes."""

READY_SECONDS = 30.0
"""Seconds that a started server may take to accept its first connection."""


class _WorkerRim(RsgiRim):
    """The rim of a worker process."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look after connections, bodies and garbage, and load what the first answer needn't wait for."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; who started this process ends it
        threading.Thread(target=close_silent_connections, daemon=True).start()
        gc.freeze()
        gc.set_threshold(_GARBAGE_AFTER)
        rest = partial(load_rest, of_other_languages=_may_speak_others(self._app))
        loop.call_later(_LOADING_AFTER, threading.Thread(target=rest, daemon=True).start)
        super().__rsgi_init__(loop)


@dataclass(frozen=True)
class Application:
    """Description of the application that a worker process makes by calling it.

    ``faults``, ``token`` and ``hosts`` are those of ``FakeServer``. ``sources`` are read again when they change,
    where they are given. With ``warm``, everything is compiled before the first call is taken. ``observe`` makes the
    observer of the calls, of which ``log`` prints a line each. A body must come in whole within ``body_seconds``. What
    takes its time is answered by ``threads``, so many at most. Several workers share a ``control_file``. The console
    shows lines and contradictions of the ``documentation``.
    """

    contract: Contract
    settings: Settings
    faults: tuple[Mapping[str, Any], ...] = ()
    token: str = field(default="", repr=False)
    hosts: tuple[str, ...] = ()
    sources: Sources | None = None
    warm: bool = False
    observe: Callable[[Contract], Observer] | None = None
    body_seconds: float = BODY_SECONDS
    threads: int = THREADS
    log: RequestLog | None = None
    control_file: Path | None = None
    documentation: Documentation | None = None

    def made(self) -> FakeServer:
        """Return the application as it starts."""
        observer = self.observe(self.contract) if self.observe else None
        app = FakeServer(
            self.contract,
            self.settings,
            faults=self.faults,
            token=self.token,
            hosts=self.hosts,
            observer=observer,
            control_file=self.control_file,
        )
        app.log = self.log
        app.documentation = self.documentation
        return app

    def __call__(self) -> RsgiRim:
        """Return the application, following its sources, within a process that answers calls."""
        app = self.made()
        if self.warm:
            started = time.perf_counter()
            app.warm()
            sys.stderr.write(f"docdouble: compiled in {time.perf_counter() - started:.1f} s\n")
        if self.sources:
            follow(app, self.sources)
        return _WorkerRim(app, self.body_seconds, self.threads)


@dataclass(frozen=True, slots=True)
class Address:
    """Address to listen on: ``port`` 0 takes a free one; with a certificate, TLS is spoken."""

    host: str = LOOPBACK
    port: int = 0
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """Numbers of processes that answer, and of threads at most in each of them for what takes its time.

    Python runs one thread at a time: more of them let calls wait beside each other, for a file or a delay on purpose.
    """

    workers: int = 1
    threads: int = THREADS


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def make_environ(self) -> WSGIEnvironment:
        """Return the request; a chunked body that ends early is an error, not a crash."""
        environ = super().make_environ()
        if isinstance(environ["wsgi.input"], DechunkedInput):
            environ["wsgi.input"] = DechunkedInput(cast(IO[bytes], WholeReads(cast(IO[bytes], self.rfile))))
        return environ

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing: a test's output is its own."""


class _ThreadServer(ThreadedWSGIServer):
    """Server in a thread, which stops at once: tests start and stop one after the other."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"
    timeout = 0.5
    is_stopping = False

    def server_bind(self) -> None:
        """Take the address; no name is asked for, which takes seconds where name servers don't answer."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def verify_request(self, request: object, client_address: object) -> bool:
        """Refuse the connection that wakes ``answer``."""
        return not self.is_stopping

    def answer(self) -> None:
        """Answer calls until ``stop``."""
        while not self.is_stopping:
            self.handle_request()

    def stop(self) -> None:
        """End ``answer``: a connection wakes it, else it looks by itself."""
        self.is_stopping = True
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), self.timeout):
            pass


@contextlib.contextmanager
def running(app: WSGIApplication, host: str = LOOPBACK, port: int = 0) -> Iterator[str]:
    """Serve ``app`` from a thread and yield its base URL; ready when entered, gone when left."""
    server = _ThreadServer(host, port, app, _QuietHandler)
    thread = threading.Thread(target=server.answer, daemon=True)
    thread.start()
    try:
        yield f"http://{_in_url(host)}:{server.server_port}"
    finally:
        server.stop()
        thread.join()
        server.server_close()


def serve(application: Application, address: Address, load: Load, on_ready: Callable[[str], None]) -> None:
    """Serve with granian until interrupted; ``on_ready`` gets the base URL once connections are accepted.

    Raises ``ConfigError`` when the address can't be had, naming the process that holds it where the system names it.
    """
    # here because they take 0.1 s that no other command should pay
    from multiprocessing import set_start_method

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    class Server(Granian):  # type: ignore[valid-type, misc]
        """Granian that starts no thread before its workers are forked: locks that it held would stay held there."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.main_loop_interrupt = SignalEvent()  # a second signal would wait for ever for what the first one holds

        def startup(self, *arguments: Any) -> None:
            super().startup(*arguments)
            threading.Thread(target=_announce, args=(host, taken, url, on_ready), daemon=True).start()

    if sys.platform == "linux":
        set_start_method("fork", force=True)  # a worker has what is loaded here, as it had before Python 3.14
    host, certificate = address.host, address.certificate
    with control_file(load.workers) as shared, reserved(host, address.port) as taken:
        application = replace(application, control_file=shared, threads=load.threads)
        app = application.made()  # fails here, with a clear error, rather than in a worker
        app.close()
        load_at_once()
        server = Server(
            "docdouble",
            address=host,
            port=taken,
            interface=Interfaces.RSGI,
            websockets=False,
            workers=load.workers,
            workers_kill_timeout=1,
            log_level=LogLevels.error,
            ssl_cert=certificate.chain if certificate else None,
            ssl_key=certificate.key if certificate else None,
        )
        url = server_address_url(address, taken)
        server.serve(target_loader=application, wrap_loader=False)


def _may_speak_others(app: FakeServer) -> bool:
    """Tell whether another language than the usual one is spoken, or callers may ask for one as some pages say."""
    return app.settings.locale != USUAL or bool(app.contract.dialect)


@contextlib.contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """Hold an address until granian has it: bound with ``SO_REUSEPORT``, never listening."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, _BINDING, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise _refused(error, host, port) from error
        free = int(probe.getsockname()[1])
    with socket.socket(family) as held:
        if hasattr(socket, "SO_REUSEPORT"):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # others may have left connections in TIME-WAIT
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind((host, free))
        yield free


def server_address_url(address: Address, port: int) -> str:
    """Return the URL under which callers on this machine find a server that listens on a port of an address."""
    host = _ALL.get(address.host, address.host)
    return f"{'https' if address.certificate else 'http'}://{_in_url(host)}:{port}"


def _announce(host: str, port: int, url: str, on_ready: Callable[[str], None]) -> None:
    if await_connection(host, port):
        on_ready(url)


def await_connection(host: str, port: int) -> bool:
    """Wait until connections are accepted; tell whether they are."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(0.01)
    return False


def _refused(error: Exception, host: str, port: int) -> ConfigError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return ConfigError("port", port, expected=f"free: {_holder(port)} holds it; --port 0 takes any free one")
    if "://" in host:
        return ConfigError("host", host, expected="the name or the address of a host, without a scheme")
    reason = getattr(error, "strerror", None) or str(error)
    return ConfigError("address", f"{host}:{port}", expected=f"available on this machine: {reason}")


def _holder(port: int) -> str:
    """Return which process listens on a port, as far as this user may know."""
    import psutil  # here because only this error needs it

    try:
        listening = (
            connection for connection in psutil.net_connections("tcp") if connection.status == psutil.CONN_LISTEN
        )
        pid = next(
            (connection.pid for connection in listening if connection.laddr and connection.laddr.port == port), None
        )
        # its name, and not how it was called: there may be a password among its arguments
        return f"process {pid} ({psutil.Process(pid).name()})" if pid else "another process"
    except psutil.Error:
        return "another process"


def network_urls(url: str, host: str) -> list[str]:
    """Return under which other URLs a server that listens on all addresses of this machine is reached."""
    families = {"0.0.0.0": (socket.AF_INET,), "::": (socket.AF_INET, socket.AF_INET6)}.get(host, ())
    scheme, _, rest = url.partition("://")
    port = rest.rpartition(":")[2]
    return [f"{scheme}://{_in_url(address)}:{port}" for family in families if (address := _outer_address(family))]


def _outer_address(family: socket.AddressFamily) -> str:
    """Return the address by which this machine would call others, empty where it calls none; nothing is sent."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1" if family == socket.AF_INET else "2001:db8::1", 9))  # of documentation, nobody's
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
