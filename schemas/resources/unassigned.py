"""Operations without a role that seem to change a resource, and why that isn't believed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ..contract.resources import UnassignedOperations
from ..words import endings, singular, words_of
from .collections import Collection, textual_keys
from .naming import is_carrier, resource_name, stem_of
from .related_types import RelatedTypes
from .rest import RoleContext
from .signature import OperationSignature

SEVERAL = "lives in several lists, and these don't say in which"
NOT_UNDERSTOOD = "their names and types don't say what they do to it"
TEXT = "is known by a text, not by a number"
NO_KEY = "has no number of its own"


def unassigned_operations(
    signatures: Iterable[OperationSignature],
    paths: Mapping[str, Collection],
    held: Mapping[str, RelatedTypes],
    context: RoleContext,
    doubts: Mapping[str, tuple[str, str]],
) -> tuple[UnassignedOperations, ...]:
    """Return the operations without a role that write something, by what they write and why they have none.

    ``held`` are the types that collections hold, by their paths in lower case; ``doubts`` are the paths of others as
    they are spelled, and why those hold none.
    """
    without = list(signatures)
    texts = frozenset(textual_keys(without))
    items = {id(signature): path for path, collection in paths.items() for signature in _all(collection)}
    by_reason: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for signature in without:
        if not signature.operation.only_reads and not _says_it_reads(signature, context):
            path = items.get(id(signature), "")
            if reason := doubts.get(path) or _touched(signature, held.get(path), context) or _keyless(signature, texts):
                by_reason[reason].append(signature.id)
    return tuple(UnassignedOperations(name, tuple(ids), why) for (name, why), ids in sorted(by_reason.items()))


def _says_it_reads(signature: OperationSignature, context: RoleContext) -> bool:
    """Tell whether an operation that is not documented to write is named like one that reads."""
    split = context.verbs.split(signature.operation.path.rpartition("/")[2])
    return signature.operation.effect is None and split is not None and split[0] in ("get", "search", "draft")


def _all(collection: Collection) -> Iterator[OperationSignature]:
    yield from collection.whole
    yield from (signature for _, signature in collection.items)


def _touched(signature: OperationSignature, held: RelatedTypes | None, context: RoleContext) -> tuple[str, str] | None:
    """Return the related types that an operation answers, is sent, holds or asks the key of, and why it has no role."""
    values = (signature.body, *(member.value for member in signature.asked), signature.answer)
    shown = next((context.by_type[value.type] for value in values if value and value.type in context.by_type), None)
    related = shown or held or _asked(signature, context)
    return (related.name, SEVERAL if related.is_split else NOT_UNDERSTOOD) if related else None


def _asked(signature: OperationSignature, context: RoleContext) -> RelatedTypes | None:
    """Return the types of the first id that is asked for, by its last words: the contact of a ``SourceContactId``."""
    names = (singular(member.place.name) for member in signature.asked if member.value.is_integer)
    stems = (stem_of(name) for name in names)
    ends = (end for stem in stems for end in endings(words_of(stem)))
    return next((related for end in ends if (related := context.meant(end) or context.known_by(f"{end}id"))), None)


def _keyless(signature: OperationSignature, texts: frozenset[str]) -> tuple[str, str] | None:
    values = (signature.body, *(member.value for member in signature.asked), signature.answer)
    names = (value.type for value in values if value and value.type and not is_carrier(value.type))
    name = next(names, "")
    return (resource_name(name), TEXT if name in texts else NO_KEY) if name else None
