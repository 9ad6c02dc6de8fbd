"""Control API: calls, prepared answers, faults, state. For the developer's tools, for no web page.

With ``?world=NAME``, only the calls of that world are shown, and what is set is set for that world.

Who may call is checked before anything is read (``Admission``). ``control_api.json`` describes it as OpenAPI.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, Protocol, runtime_checkable
from urllib.parse import parse_qsl, unquote

import orjson

from docdouble.schemas import Call, ConfigError, Contract, Operation, Reply

from ..http import body_limits
from ..http.problem import problem
from ..requests.cors import is_preflight, preflight
from ..state.entity_table import EntityTable
from ..state.stores.store import StoreError
from ..state.worlds import RefusedChangeError, Worlds, check_name
from .admission import PREFIX, Admission
from .assertions import Assertion
from .calls_api import FILTERS, STREAM_FILTERS, CallsApi
from .controls import CLEARED, Controls
from .matching import check_keys, json_object
from .prepared import PreparedAnswer
from .state_api import ENTITY_FILTERS, NO_STATE, StateApi

DOCUMENT = "openapi.json"
"""Name of its OpenAPI document, for which no token is needed."""

MAX_BODY_BYTES = 1024 * 1024
"""Bytes of a body; larger ones are answered 413, but those of ``state``, which may be as large as any that is read."""

_RESOURCES = {
    "": ("GET",),
    "calls": ("GET", "DELETE"),
    "calls/stream": ("GET",),
    "calls/ID": ("GET",),
    "assertions": ("POST",),
    "answers": ("GET", "POST", "DELETE"),
    "answers/ID": ("DELETE",),
    "faults": ("GET", "POST", "DELETE"),
    "faults/ID": ("DELETE",),
    "state": ("GET", "PUT", "DELETE"),
    "resources": ("GET",),
    "entities": ("GET", "POST"),
    "entities/ID": ("GET", "PUT", "DELETE"),
    "use": ("GET", "DELETE"),
    "reset": ("POST",),
    "session": ("POST", "DELETE"),
    DOCUMENT: ("GET",),
}
_RESET = (*CLEARED, "state", "use")
_QUERY = {"calls": (*FILTERS, "format"), "calls/stream": STREAM_FILTERS, "entities": ENTITY_FILTERS}
_OF_RESOURCE = ("resource", "world")
_ONE_OF = re.compile(r"(answers|calls|faults)/[^/]+|(entities)/.+", re.DOTALL)
"""One of several by its number or, of entities, by its key, in which any text may stand."""
_NO_STORE = ("Cache-Control", "no-store")
_NO_USE = problem(409, "what is used of the contract isn't noted; docdouble serve --coverage does")


@runtime_checkable
class KeepsUse(Protocol):
    """An observer of calls that tells what they touched."""

    def __call__(self, operation: Operation, call: Call, reply: Reply) -> None:
        """Note a call and its reply."""

    def as_dict(self) -> dict[str, Any]:
        """Return what was touched, as a JSON value."""

    def clear(self) -> None:
        """Forget it."""

    def replace(self, contract: Contract) -> None:
        """Observe calls as another contract documents them, from the next one on; raises ``ConfigError``."""


@runtime_checkable
class SavesUse(KeepsUse, Protocol):
    """A ``KeepsUse`` of which another process may take up the notes."""

    def saved(self) -> Any:
        """Return what was noted, a value that can be pickled."""

    def restore(self, saved: Any) -> None:
        """Put what was saved in place of what is noted."""


class Control:
    """Answers the calls under ``PREFIX``; to be called for nothing else.

    ``contract`` gives the contract of the moment; ``hosts`` are those of ``Admission``; ``worlds`` gives those of the
    moment, ``None`` where nothing is kept; so do ``use`` and ``table``, the entities. Raises ``ConfigError`` for a
    token that is none.
    """

    def __init__(
        self,
        token: str,
        controls: Controls,
        contract: Callable[[], Contract],
        hosts: tuple[str, ...] = (),
        worlds: Callable[[], Worlds | None] = lambda: None,
        use: Callable[[], KeepsUse | None] = lambda: None,
        table: Callable[[], EntityTable | None] = lambda: None,
    ) -> None:
        self.admission = Admission(token, hosts)
        self.controls = controls
        self.contract = contract
        self.worlds = worlds
        self.use = use
        self.table = table
        self._state = StateApi(contract, worlds, table)
        self._calls = CallsApi(controls.journal)

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call; what is wrong with it is reported as problem details (RFC 9457)."""
        shared = self.admission.shared(call)
        if shared and is_preflight(call):
            reply = preflight(call, None)
        else:
            reply = self._refuse(call, is_shared=bool(shared)) or self._handle(call)
        return Reply((*reply.headers, _NO_STORE, *shared), reply.body, reply.status)

    def _refuse(self, call: Call, *, is_shared: bool) -> Reply | None:
        name = name_of_resource(call)
        before_session = (call.method, name) == ("POST", "session")
        if refused := self.admission.refuse_page(call, is_shared=is_shared, before_session=before_session):
            return refused
        return None if before_session or name == DOCUMENT else self.admission.refuse_caller(call)

    def _handle(self, call: Call) -> Reply:
        name = name_of_resource(call)
        one_of = None if name in _RESOURCES else _ONE_OF.fullmatch(name)
        resource = f"{one_of[1] or one_of[2]}/ID" if one_of else name
        methods = _RESOURCES.get(resource)
        if methods is None:
            near = [PREFIX + known for known in get_close_matches(name, _RESOURCES, n=3, cutoff=0.4)]
            return problem(404, f"the control API has no {PREFIX}{name}", nearest=near or None)
        if call.method not in methods:
            allow = ", ".join(methods)
            return problem(405, f"{call.method} is not possible here; {allow} are", ("Allow", allow))
        most = body_limits.MAX_BODY_BYTES if resource == "state" else MAX_BODY_BYTES
        if len(call.body) > most:
            return problem(413, f"the body has more than {most} bytes, the most that are read")
        try:
            return self._act(call, resource, name)
        except ConfigError as error:
            return _wrong(error)
        except RefusedChangeError as error:
            return problem(507, str(error))
        except StoreError as error:
            return problem(503, str(error))

    def _act(self, call: Call, resource: str, name: str) -> Reply:
        wanted = dict(parse_qsl(call.query, keep_blank_values=True))
        usual = _OF_RESOURCE if resource.startswith("entities") else ("world",)
        check_keys(wanted, _QUERY.get(resource, usual) if call.method == "GET" else usual)
        world = wanted.get("world", "")
        check_name(world)
        match call.method, resource:
            case "GET", "":
                return _json(self._index(world))
            case "GET", "calls":
                return self._calls.listed(wanted, world, self.contract())
            case "GET", "calls/stream":
                return self._calls.stream(call, wanted, world, self.contract())
            case "GET", "calls/ID":
                return self._calls.call(name.partition("/")[2], self.contract())
            case "GET", "answers":
                return _json({"answers": self.controls.prepared.all(world)})
            case "GET", "faults":
                return _json({"faults": self.controls.faults.all(world)})
            case _, "state":
                return self._state.state(call, world)
            case _, "resources" | "entities" | "entities/ID":
                return self._state.answer(call, name, wanted, world)
            case _, "use":
                return self._touched(call)
            case _, "openapi.json":
                document = files(__package__).joinpath("control_api.json").read_bytes()
                return Reply((("Content-Type", "application/json"),), document)
            case "POST", "reset":
                return self._reset(call, world)
            case _, "session":
                return self._session(call)
            case "POST", _:
                return self._post(call, resource, world)
            case _, "answers/ID" | "faults/ID":
                return self._remove(name, world)
        self.controls.clear(world, (resource,))
        return Reply(status=204)

    def _post(self, call: Call, resource: str, world: str) -> Reply:
        body = json_object(call)
        if isinstance(body, Reply):
            return body
        contract = self.contract()
        if resource == "assertions":
            return _json(Assertion.from_mapping(body, contract).check(self.controls.journal, world))
        if resource == "answers":
            return _json({"id": self.controls.prepared.add(PreparedAnswer.from_mapping(body, contract), world)}, 201)
        self.controls.faults.add(body, contract, world)
        return Reply(status=204)

    def _reset(self, call: Call, name: str) -> Reply:
        """Reset what a call names, else its calls, answers and faults: all of it or, where that can't be, nothing."""
        body = json_object(call) if call.body else {}
        if isinstance(body, Reply):
            return body
        check_keys(body, ("resources",))
        named = body.get("resources", list(CLEARED))
        if not isinstance(named, list) or not all(part in _RESET for part in named):
            raise ConfigError("resources", named, _RESET, expected=f"an array of some of {', '.join(_RESET)}")
        worlds, use = self.worlds(), self.use()
        if "state" in named and worlds is None:
            return NO_STATE
        if "use" in named and use is None:
            return _NO_USE
        self.controls.clear(name, [part for part in named if part in CLEARED])
        if "state" in named and worlds is not None:
            worlds.world(name).replace(())
        if "use" in named and use is not None:
            use.clear()
        return Reply(status=204)

    def _touched(self, call: Call) -> Reply:
        """Return what calls touched of the contract, in all worlds, or forget it with DELETE."""
        use = self.use()
        if use is None:
            return _NO_USE
        if call.method == "GET":
            return _json(use.as_dict())
        use.clear()
        return Reply(status=204)

    def _session(self, call: Call) -> Reply:
        """Open the session of a browser for the token that it sends, or end it with DELETE."""
        if call.method == "DELETE":
            return self.admission.end_session()
        body = json_object(call)
        if isinstance(body, Reply):
            return body
        check_keys(body, ("token",))
        return self.admission.open_session(call, str(body.get("token", "")))

    def _remove(self, name: str, world: str) -> Reply:
        resource, _, number = name.partition("/")
        board = self.controls.prepared if resource == "answers" else self.controls.faults
        known = [str(entry["id"]) for entry in board.all(world)]
        if number in known and board.remove(int(number)):
            return Reply(status=204)
        what = "prepared answer" if resource == "answers" else "fault"
        return problem(404, f"no {what} has the id {number}", nearest=known[-3:] or None)

    def _index(self, world: str) -> dict[str, Any]:
        counts = {
            "calls": len(self.controls.journal.entries(world)),
            "dropped": self.controls.journal.dropped(world=world),
            "answers": len(self.controls.prepared.all(world)),
            "faults": len(self.controls.faults.all(world)),
        }
        resources = [f"{method} {PREFIX}{name}" for name, methods in _RESOURCES.items() for method in methods]
        return {"resources": resources, "counts": counts, "operations": len(self.contract().operations)}


def name_of_resource(call: Call) -> str:
    """Return the resource that a call names."""
    name = unquote(call.path)[len(PREFIX) :].strip("/")
    return name[4:] if f"{name}/".startswith("api/") else name


def _wrong(error: ConfigError) -> Reply:
    """Return the 400 with which a client can make the error again; ``nearest`` are the nearest valid names."""
    value = error.value if isinstance(error.value, str | bool | int | float | None) else str(error.value)
    near = get_close_matches(str(value), error.valid, n=3, cutoff=0.5) or list(error.valid[:10])
    return problem(400, str(error), key=error.key, value=value, expected=error.expected or None, nearest=near or None)


def _json(value: dict[str, Any], status: int = 200) -> Reply:
    return Reply((("Content-Type", "application/json"),), orjson.dumps(value), status)
