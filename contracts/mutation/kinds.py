"""Kinds of mutants, and mutants by their ids."""

from collections.abc import Mapping

from docdouble.schemas import ConfigError, Contract, Operation

from . import behaviours, replies, requests, states
from .mutant import Mutant, MutationKind, Scope, When

KINDS: Mapping[str, MutationKind] = {
    kind.name: kind for kind in (*replies.KINDS, *behaviours.KINDS, *requests.KINDS, *states.KINDS)
}
"""The kinds by name."""


def mutant_of(text: str, contract: Contract) -> Mutant:
    """Return the mutant of an id such as ``missing-field:v1Contact_Get:/Name``.

    Raises ``ConfigError`` for an unknown kind, an unknown operation, or a place that isn't documented there.
    """
    head, _, rest = text.partition(":")
    name, _, when = head.partition("@")
    if name not in KINDS:
        raise ConfigError("mutant", name, KINDS, expected="a kind of broken promise")
    if when not in list(When):
        raise ConfigError("mutant", when, [planted for planted in When if planted], expected="when it is planted")
    operation, place = _operation(rest, contract)
    scope = Scope.of(contract)
    known = {mutant.place: mutant for mutant in KINDS[name].mutants(operation, scope)}
    if place not in known:
        raise ConfigError("mutant", place, known, expected=f"a place where {operation.id} can have {name}")
    mutant = known[place]
    return Mutant(mutant.kind, mutant.operation, mutant.place, mutant.about, When(when))


def _operation(text: str, contract: Contract) -> tuple[Operation, str]:
    """Return the operation that a text begins with, and the place after it; ids may hold colons themselves."""
    fitting = [
        operation for operation in contract.operations if text == operation.id or text.startswith(f"{operation.id}:")
    ]
    if not fitting:
        known = [operation.id for operation in contract.operations]
        raise ConfigError("mutant", text.partition(":")[0], known, expected="a documented operation")
    longest = max(fitting, key=lambda operation: len(operation.id))
    return longest, text[len(longest.id) + 1 :]
