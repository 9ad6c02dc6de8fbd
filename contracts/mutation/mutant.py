"""A broken promise to be planted into the fake, and what plants it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from docdouble.fakeserver.http.documented import documented_answer
from docdouble.schemas import Call, Contract, Operation, Reply
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.contract.resources import Role
from docdouble.schemas.jsonschema.directions import directed, operation_of
from docdouble.schemas.resources.bindings import bindings

from ..chains.calls import Calls
from ..chains.chain_plan import plans_of
from ..client.placeholder_credentials import with_placeholder
from ..model.exchange import Subject

Answer = Callable[[Call], Reply]
"""Answers a call as the fake would."""

Fault = Callable[[Call, Answer], Reply]
"""Answers a call with the promise broken, if the call is one that shows it."""


class When(StrEnum):
    """The calls that a fault changes."""

    ALWAYS = ""
    EVERY_OTHER = "every-other"
    SOME = "some"
    """A half of the calls: those that ask for the same are changed alike, so it depends on the ids in them."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken promise of one operation.

    ``place`` is where: a JSON Pointer into the answer, ``body`` with a pointer or ``query/NAME`` of the request, a
    header field or another word; empty for the operation as a whole. ``about`` says what is broken, for people.
    """

    kind: str
    operation: str
    place: str = ""
    about: str = ""
    when: When = When.ALWAYS

    @property
    def id(self) -> str:
        """A text that names it in every run: ``missing-field:OPERATION:/Links``, ``missing-field@some:...``."""
        kind = f"{self.kind}@{self.when}" if self.when else self.kind
        return f"{kind}:{self.operation}:{self.place}"


@dataclass(frozen=True)
class Scope:
    """A contract, and the roles of its operations by their ids.

    Those in ``listing`` must list what was created; what those in ``shown`` write is shown by some operation.
    """

    contract: Contract
    roles: Mapping[str, Role]
    listing: frozenset[str]
    shown: frozenset[str]
    known: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)
    """Cached facts of operations."""

    @classmethod
    def of(cls, contract: Contract) -> "Scope":
        """Return the scope of a contract, with the directions of its schemas."""
        contract = directed(contract)
        roles = {name: binding.role for name, binding in bindings(contract).items()}
        # what was there before needn't be listed: a server decides which of it a list shows
        lists = (plan.listing for plan in plans_of(contract).values() if not plan.is_there)
        return cls(contract, roles, frozenset(listing.operation for listing in lists if listing), _shown(contract))

    def can_be_kept(self, operation: Operation) -> bool:
        """Tell whether some values fit the documented request and reply: otherwise no server keeps these promises."""
        key = "can_be_kept", operation.id
        if key not in self.known:
            documented = operation_of(self.contract, operation)
            bodies = (documented.request, documented_answer(documented))
            schemas = [primary_schema(body.media_types) for body in bodies if body]
            subject = Subject(documented, self.contract)
            self.known[key] = all(schema is None or subject.has_value(schema) for schema in schemas)
        return bool(self.known[key])


def _shown(contract: Contract) -> frozenset[str]:
    """Return the ids of all operations on resources that some operation reads."""
    resources = contract.resources.resources
    read = (resource for resource in resources if any(role.name in ("read", "list") for role in resource.roles))
    return frozenset(role.operation for resource in read for role in resource.roles)


@dataclass
class Site:
    """Place where a fault is planted.

    ``asked`` counts the calls that could show it, ``wrong_replies`` those that were answered otherwise than the fake
    would; ``success`` is the last reply to a valid call. ``remember`` returns what puts the world that a call is about
    back to what it is now.
    """

    operation: Operation
    scope: Scope
    calls: Calls
    remember: Callable[[Call], Callable[[], None]]
    asked: int = field(default=0)
    wrong_replies: int = field(default=0)
    success: Reply | None = None

    def broken(self, reply: Reply) -> Reply:
        """Count a reply that is broken, and return it."""
        self.wrong_replies += 1
        return reply


@dataclass(frozen=True, slots=True)
class AnsweredCall:
    """A call as the fake answers it where a fault is planted; ``answer`` is for other calls."""

    place: str
    site: Site
    call: Call
    reply: Reply
    answer: Answer

    def accepted(self) -> Reply:
        """Return what a call gets that keeps to the documentation: what a server answers that looks at nothing."""
        operation = self.site.operation
        sample = self.site.calls.call(operation, {}, {})
        if sample is None:
            success = operation.success()
            return Reply(status=int(success.status) if success and success.status.isdigit() else 200)
        broken = ("content-type", "content-encoding", self.place.removeprefix("header/").lower())
        kept = tuple(header for header in self.call.headers if header[0].lower() not in broken)
        signed = replace(sample, headers=(*kept, *sample.headers))
        signed = with_placeholder(signed, operation, self.site.scope.contract)
        reply = self.answer(signed)
        # what the sample names may be there already, or no more
        return self.site.success or reply if reply.status in (404, 409) else reply


def replying(other: Callable[[AnsweredCall], Reply | None]) -> Callable[[str, Site], Fault]:
    """Return what plants a fault that gives another reply, ``None`` where the fake's is right."""

    def plant(place: str, site: Site) -> Fault:
        def fault(call: Call, answer: Answer) -> Reply:
            reply = answer(call)
            site.success = reply if 200 <= reply.status < 300 else site.success
            instead = other(AnsweredCall(place, site, call, reply, answer))
            return reply if instead is None else site.broken(instead)

        return fault

    return plant


@dataclass(frozen=True, slots=True)
class MutationKind:
    """A kind of broken promise: ``places`` are those where it can be planted, ``plant`` does it.

    ``about`` says what is broken of a ``{place}``. Real faults often show only sometimes: kinds that are ``sometimes``
    planted so can be. ``in_chains`` tells that it shows only in several calls about one entity.
    """

    name: str
    about: str
    places: Callable[[Operation, Scope], Iterator[str]]
    plant: Callable[[str, Site], Fault]
    sometimes: bool = False
    in_chains: bool = False

    def mutants(self, operation: Operation, scope: Scope) -> Iterator[Mutant]:
        """Yield the mutants of an operation; a share of them changes only some calls, always the same ones."""
        for place in self.places(operation, scope):
            about = self.about.format(place=place or "the body")
            yield Mutant(self.name, operation.id, place, about, self._when(operation, place))

    def _when(self, operation: Operation, place: str) -> When:
        drawn = digest(f"{self.name} {operation.id} {place}") % 8
        if not self.sometimes or drawn > 1:
            return When.ALWAYS
        steering = {behaviour.parameter for behaviour in operation.behaviours}
        distinguishing = (
            parameter
            for parameter in operation.parameters
            if parameter.location != "header" and parameter.name not in steering
        )
        return When.SOME if drawn and (operation.request or any(distinguishing)) else When.EVERY_OTHER


def without_header(reply: Reply, name: str) -> Reply:
    """Return a reply without a header field."""
    return replace(reply, headers=tuple(header for header in reply.headers if header[0].lower() != name.lower()))


def digest(text: str) -> int:
    """Return a number that looks random, the same for the same text in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


def sometimes(fault: Fault, when: When) -> Fault:
    """Return a fault that changes only some calls."""
    asked = 0

    def broken(call: Call, answer: Answer) -> Reply:
        nonlocal asked
        asked += 1
        if when is When.EVERY_OTHER:
            return fault(call, answer) if asked % 2 else answer(call)
        sent = f"{call.target} {call.body.decode('utf-8', 'replace')}"
        return fault(call, answer) if digest(sent) % 2 else answer(call)

    return broken if when else fault
