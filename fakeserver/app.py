"""WSGI application of a contract: the fake server.

A ``Call`` becomes a ``Reply``. What the control API keeps (the journal, prepared answers, faults) outlives the
contract, which may be replaced while the server runs; so does what callers change.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIEnvironment

from docdouble.schemas import Call, ConfigError, Contract, Operation, Reply
from docdouble.schemas.contract.base_paths import base_paths
from docdouble.schemas.contract.router import Destination
from docdouble.schemas.http import Headers

from .answers.redirects import file_reply
from .behaviours import added_behaviours
from .console.routes import WebConsole
from .console.served import Documentation, Served
from .control.admission import PREFIX
from .control.answer_reasons import PREPARED
from .control.api import Control, KeepsUse, SavesUse
from .control.controls import new_controls
from .control.faults import FaultHit, apply, cut_short, dropped, in_words, wait
from .control.logged_request import LoggedRequest, RequestLog
from .control.shared_use import SharedUse
from .http.body_limits import refuse_environ, refuse_fields
from .http.internal_error import always_answered
from .http.masking import secret_names
from .http.page_sandbox import sandbox_fields
from .http.problem import problem
from .http.shown_images import image_reply
from .http.wsgi import call_from_environ, header_fields, send, unread_call
from .recent_answers import AnswerMemory
from .requests.cors import shared_with
from .responder import DESCRIBED_BY, Responder
from .settings import Settings
from .state.entity_table import EntityTable
from .state.stores.open import open_store
from .state.worlds import Worlds, check_world, world_of

FAULT = "Docdouble-Fault"
"""Header that asks the WSGI application to ``drop`` the connection, or to ``truncate`` the body."""

Observer = Callable[[Operation, Call, Reply], None]
"""Function that gets a call to an operation, and its reply."""


class Arrival(NamedTuple):
    """A call and what it reaches: a call of the control API has no ``destination``.

    Whoever keeps it for the same call again has a ``memory`` of the last answer in it.
    """

    call: Call
    began: float
    responder: Responder
    destination: Destination | None = None
    operation: Operation | None = None
    memory: AnswerMemory | None = None


class FakeServer:
    """A WSGI application that answers as a contract documents.

    ``faults`` are what goes wrong on purpose, as the control API takes them. ``token`` opens the control API, made up
    where none is given; ``hosts`` are names besides the loopback ones under which that may be called, and origins of
    pages that may. ``observer`` gets every call that is answered, in the thread that answers it; so does ``log``, where
    it is set, but for calls of the control API. Without ``keeps_calls`` the journal keeps none. What the control API
    keeps is shared by the processes of one server that name the same ``control_file``.

    Raises ``ConfigError`` for a locale, a fault, a token, a place of the state or an entity that is none.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings | None = None,
        *,
        faults: Iterable[Mapping[str, Any]] = (),
        token: str = "",
        hosts: tuple[str, ...] = (),
        observer: Observer | None = None,
        control_file: Path | None = None,
    ) -> None:
        self.observer = observer
        self.log: RequestLog | None = None
        self.documentation: Documentation | None = None
        self.settings = settings or Settings()
        self.token = token or secrets.token_urlsafe()
        self.keeps_calls = True
        self._store = open_store(self.settings.state) if self.settings.keeps else None
        self._responder = Responder(contract, self.settings, self._store)
        # what packages add may answer as it likes, and to ask other stores what changed takes time
        self._remembers = (self._store is None or self._store.writes_at_once) and not added_behaviours()
        self._controls = new_controls(self.settings.seed, secret_names(contract), control_file)
        self.journal = self._controls.journal
        if self._controls.opened and isinstance(observer, SavesUse):
            self.observer = SharedUse(observer, contract, self._controls.opened)
        self._controls.faults.configure(faults, contract)
        control = Control(
            self.token,
            self._controls,
            lambda: self.contract,
            hosts,
            lambda: self.worlds,
            lambda: self.observer if isinstance(self.observer, KeepsUse) else None,
            lambda: self.table,
        )
        self._console = WebConsole(control, lambda: Served(self._responder, control, self.documentation))

    @property
    def contract(self) -> Contract:
        """The contract that is served at the moment."""
        return self._responder.contract

    @property
    def worlds(self) -> Worlds | None:
        """The worlds that callers change, ``None`` where nothing is kept."""
        return self._responder.worlds

    @property
    def table(self) -> EntityTable:
        """The entities as people list and edit them."""
        return self._responder.table

    def may_wait(self, operation: Operation) -> bool:
        """Tell whether an answer may take its time: for a file, another process or machine, or a fault."""
        store = self._store
        is_at_once = store is None or (store.reads_at_once if operation.only_reads else store.writes_at_once)
        return not is_at_once or self._controls.opened is not None or self._controls.faults.delays

    def serves(self, arrival: Arrival) -> bool:
        """Tell whether what a call reaches is served still."""
        return arrival.responder is self._responder

    def warm(self) -> None:
        """Compile what all operations are answered from, instead of each on its first call."""
        self._responder.warm()

    def replace(
        self, contract: Contract, settings: Settings | None = None, faults: Iterable[Mapping[str, Any]] | None = None
    ) -> None:
        """Serve another contract from the next call on, with other settings and configured faults where they are given.

        Journal, prepared answers, faults that callers asked for, state and use stay. Raises ``ConfigError`` where what
        is given can't be used, and where the state would have to be kept elsewhere.
        """
        settings = settings or self.settings
        kept, before = (either.state if either.keeps else "off" for either in (settings, self.settings))
        if kept != before:
            raise ConfigError("state", kept, expected=f"{before}, as when the server started")
        responder = Responder(contract, settings, self._store)
        if faults is not None:
            self._controls.faults.configure(faults, contract)
        if isinstance(self.observer, KeepsUse):
            self.observer.replace(contract)
        self._responder, self.settings = responder, settings

    def forget(self, world: str) -> None:
        """Forget a named world: its calls, prepared answers, faults and changes. Raises ``StoreError``."""
        self._controls.clear(world)
        self.forget_changes(world)

    def forget_changes(self, world: str = "") -> None:
        """Forget what callers changed in a world, the usual one without a name. Raises ``StoreError``."""
        if self.worlds:
            self.worlds.world(world).replace(())

    def close(self) -> None:
        """Release the files and connections of the state, and of what is shared."""
        self._controls.close()
        if self._store:
            self._store.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request (PEP 3333)."""
        began = time.perf_counter()
        reply = always_answered(partial(self._received, environ, began), environ["REQUEST_METHOD"])
        name, fault = reply.headers[-1] if reply.headers else ("", "")
        if name != FAULT:
            return send(reply, environ, start_response)
        if fault == "drop":
            return dropped(environ, start_response)
        return cut_short(reply, environ, start_response)

    def _received(self, environ: WSGIEnvironment, began: float) -> Reply:
        call = _readable_call(environ)
        if isinstance(call, Reply):
            return self.unread(unread_call(environ), call, began)
        # granian hands over the path decoded, so that an encoded slash looks like any other
        return self.handle(call if "REQUEST_URI" in environ else self._responder.with_encoded_slashes(call))

    def unread(self, call: Call, refusal: Reply, began: float) -> Reply:
        """Return the refusal of a call that can't be read, which is logged."""
        if self.log:
            self.log(LoggedRequest(time.time(), call, refusal, None, (time.perf_counter() - began) * 1000))
        return refusal

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call; the last header field of one whose connection is to fail is ``FAULT``."""
        return self.answer(self.arrival(call))

    def arrival(self, call: Call, *, is_decoded: bool = False, is_kept: bool = False) -> Arrival:
        """Return a call with what it reaches; where its server ``is_decoded`` its path, encoded slashes are found.

        One that ``is_kept`` for the same call again has a memory, unless it is of a world that goes when nobody asks.
        """
        began, responder = time.perf_counter(), self._responder
        if PREFIX in f"{unquote(call.path)}/" and (control_call := _control_call(call, self.contract)):
            return Arrival(control_call, began, responder)
        destination = responder.destination(call)
        if is_decoded and destination.route is None and (encoded := responder.with_encoded_slashes(call)) is not call:
            call, destination = encoded, responder.destination(encoded)
        match = destination.route.answering(call.method) if destination.route else None
        memory = AnswerMemory() if is_kept and match and self._remembers and not world_of(call) else None
        return Arrival(call, began, responder, destination, match.operation if match else None, memory)

    def answer(self, arrival: Arrival) -> Reply:
        """Return the reply to a call that reaches something, as ``handle`` does."""
        call, began, _, destination, operation, memory = arrival
        if destination is None:
            return always_answered(partial(self._controlled, call), call.method)
        try:
            check_world(call)
        except ConfigError as error:
            return problem(400, str(error))
        name = operation.id if operation else None
        hits: list[FaultHit] = []
        notes: list[str] = []
        reply = always_answered(partial(self._answer, arrival, destination, hits, notes), call.method, name)
        whole = partial(_whole, arrival, destination, self.settings.cors, hits)
        reply = memory.whole(reply, whole) if memory and not hits else whole(reply)
        milliseconds = (time.perf_counter() - began) * 1000
        note = ", ".join(filter(None, (*notes, in_words(hits)))) if notes or hits else ""
        if self.keeps_calls:
            self.journal.record(call, reply, name, milliseconds, note=note)
        if self.observer and operation:
            self.observer(operation, destination.call, reply)
        if self.log:
            self.log(LoggedRequest(time.time(), call, reply, name, milliseconds, note))
        return reply

    def _controlled(self, call: Call) -> Reply:
        shown = image_reply(call) or file_reply(call, self.settings.cors)
        return shown or self._console.handle(call)

    def _answer(self, arrival: Arrival, destination: Destination, hits: list[FaultHit], notes: list[str]) -> Reply:
        """Return the answer to a call, with the faults that hit it, of which ``hits`` is filled, as is ``notes``."""
        call, operation, responder = arrival.call, arrival.operation, arrival.responder
        reply = self._controls.prepared.take(operation.id if operation else None, call)
        if reply:
            notes.append(PREPARED)
        else:
            memory = arrival.memory
            reply = memory.respond(responder, destination) if memory else responder.respond(destination)
        if operation:
            hits += self._controls.faults.take(operation.id, call)
        if operation and hits:
            wait(hits)
            reply = apply(reply, hits, partial(responder.failure, operation, call))
        return reply


def _readable_call(environ: WSGIEnvironment) -> Call | Reply:
    """Return the call, or the refusal of one that can't be read."""
    if refused := refuse_environ(environ):
        return refused
    headers = header_fields(environ)
    if refused := refuse_fields(headers):
        return refused
    try:
        return call_from_environ(environ, headers)
    except TimeoutError as error:
        return problem(408, str(error), ("Connection", "close"))
    except OSError:
        return problem(400, "the body ends before its Content-Length, or its chunks can't be read")


def _control_call(call: Call, contract: Contract) -> Call | None:
    """Return a call of the control API, which is at the root and below the base path; ``None`` for any other."""
    for below in ("", *base_paths(contract.servers)):
        if f"{unquote(call.path[len(below) :])}/".startswith(PREFIX) and call.target.startswith(below):
            return replace(call, target=call.target[len(below) :])
    return None


def _whole(
    arrival: Arrival, destination: Destination, cors: tuple[str, ...], hits: Sequence[FaultHit], reply: Reply
) -> Reply:
    """Return a reply with the header fields of every reply."""
    call, responder = arrival.call, arrival.responder
    headers = (*reply.headers, *DESCRIBED_BY, *responder.left_out(destination), *sandbox_fields(call, reply))
    headers += shared_with(call, cors, headers)
    if hits:
        headers += _connection_faults(hits)
    return Reply(headers, reply.body, reply.status)


def _connection_faults(hits: Iterable[FaultHit]) -> Headers:
    asked = [word for hit in hits for word in ("drop", "truncate") if getattr(hit.fault, word)]
    return ((FAULT, min(asked)),) if asked else ()
