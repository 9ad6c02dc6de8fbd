"""Cache of what is made of a contract: it has no hash by its values, so its identity counts."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from docdouble.schemas import Contract

_T = TypeVar("_T")


class _ByIdentity:
    """A contract that is equal to itself alone: by its values it can't be hashed."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.contract is other.contract

    def __hash__(self) -> int:
        return id(self.contract)


def per_contract(make: Callable[[Contract], _T]) -> Callable[[Contract], _T]:
    """Return a function that caches what it returns for the last few contracts."""
    cached = lru_cache(4)(lambda key: make(key.contract))
    return lambda contract: cached(_ByIdentity(contract))
