"""What is not kept: operations that seem to change a kind of thing, and why that isn't believed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ..contract.resources import UnclearResource
from ..words import endings, singular, words_of
from .collections import Collection, textual_keys
from .families import RelatedTypes
from .naming import is_carrier, resource_name, stem_of
from .rest import CollectionOperations
from .signature import OperationSignature

SEVERAL = "lives in several lists, and these don't say in which"
NOT_UNDERSTOOD = "their names and types don't say what they do to it"
TEXT = "is known by a text, not by a number"
NO_KEY = "has no number of its own"


def unclear(
    shapes: Iterable[OperationSignature],
    paths: Mapping[str, Collection],
    held: Mapping[str, RelatedTypes],
    kin: CollectionOperations,
    doubts: Mapping[str, tuple[str, str]],
) -> tuple[UnclearResource, ...]:
    """Return the operations without a role that write something, by what they write and why they have none.

    ``held`` are the families that collections hold, by their paths in lower case; ``doubts`` are the paths of others as
    they are spelled, and why those hold none.
    """
    without = list(shapes)
    texts = frozenset(textual_keys(without))
    items = {id(shape): path for path, one in paths.items() for shape in _all(one)}
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for shape in without:
        if shape.writes and not _says_it_reads(shape, kin):
            path = items.get(id(shape), "")
            if told := doubts.get(path) or _touched(shape, held.get(path), kin) or _keyless(shape, texts):
                found[told].append(shape.operation.id)
    return tuple(UnclearResource(name, tuple(ids), why) for (name, why), ids in sorted(found.items()))


def _says_it_reads(shape: OperationSignature, kin: CollectionOperations) -> bool:
    """Tell whether an operation of which nobody says that it writes is named like one that reads."""
    split = kin.verbs.split(shape.operation.path.rpartition("/")[2])
    return shape.operation.effect is None and split is not None and split[0] in ("get", "search", "draft")


def _all(collection: Collection) -> Iterator[OperationSignature]:
    yield from collection.whole
    yield from (shape for _, shape in collection.items)


def _touched(shape: OperationSignature, held: RelatedTypes | None, kin: CollectionOperations) -> tuple[str, str] | None:
    """Return the family that an operation answers, is told, holds or asks the key of, and why it has no role."""
    values = (shape.body, *(one.value for one in shape.asked), shape.answer)
    shown = next((kin.by_type[one.type] for one in values if one and one.type in kin.by_type), None)
    family = shown or held or _asked(shape, kin)
    return (family.name, SEVERAL if family.is_split else NOT_UNDERSTOOD) if family else None


def _asked(shape: OperationSignature, kin: CollectionOperations) -> RelatedTypes | None:
    """Return the family of the first id that is asked for, by its last words: the contact of a ``SourceContactId``."""
    names = (singular(one.place.name) for one in shape.asked if one.value.is_integer)
    stems = (stem_of(name) for name in names)
    ends = (end for stem in stems for end in endings(words_of(stem)))
    return next((family for end in ends if (family := kin.meant(end) or kin.known_by(f"{end}id"))), None)


def _keyless(shape: OperationSignature, texts: frozenset[str]) -> tuple[str, str] | None:
    values = (shape.body, *(one.value for one in shape.asked), shape.answer)
    names = (one.type for one in values if one and one.type and not is_carrier(one.type))
    name = next(names, "")
    return (resource_name(name), TEXT if name in texts else NO_KEY) if name else None
