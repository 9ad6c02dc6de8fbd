"""Examples of media types: named and unnamed values, and texts that are sent as they are written.

An example that breaks the schema of its media type isn't sent; ``lint`` names it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from docdouble.schemas import ConfigError, Contract, MediaType, Schema, Validator
from docdouble.schemas.contract.parameter_styles import scalar_text
from docdouble.schemas.contract.parameter_values import means_object
from docdouble.schemas.jsonschema.validator import documented_spelling
from docdouble.schemas.openapi.keywords import unnamed_samples

from ..http.codecs import TEXT, BodyError, Codec, Content, codec_of, is_text
from ..http.codecs.json_codec import CODEC as JSON
from ..sampler.narrow import constrains


@dataclass(frozen=True, slots=True)
class Example:
    """A documented body: its ``value``, and the ``text`` of it where that is sent as it stands.

    ``scalars`` are all texts, numbers and booleans in it, as texts.
    """

    value: Any
    text: str | None
    scalars: frozenset[str]

    @classmethod
    def of(cls, value: Any, text: str | None = None) -> Self:
        """Return the example of a value."""
        return cls(value, text, frozenset(_scalars(value)))


class Examples:
    """The examples of a response in one media type.

    They ``stand_alone`` where nothing else states what the body is: where there is no schema, or none of its structure,
    as of CSV.
    """

    def __init__(
        self,
        documented: MediaType | None,
        media_types: tuple[MediaType, ...],
        sent: str,
        schema: Schema | None,
        contract: Contract,
    ) -> None:
        self._media_type = _with_samples(documented, media_types, schema)
        self._codec = codec_of(sent)
        self._content = Content(schema or {}, contract)
        self.samples: tuple[Any, ...] = self._media_type.samples
        self.names = self._media_type.sample_names or tuple(unnamed_samples(len(self.samples)))
        is_described = constrains(schema or {}) and self._codec.carries(self._content)
        self.stand_alone = bool(self.samples) and (not is_described or self._has_text_alone(sent))

    def _has_text_alone(self, sent: str) -> bool:
        return bool(sent) and self._codec is TEXT and is_text(self._content)

    @cached_property
    def fitting(self) -> tuple[Example, ...]:
        """The examples that fit, in their order."""
        return tuple(example for _, example in self._fitting)

    @cached_property
    def _fitting(self) -> tuple[tuple[str, Example], ...]:
        read = _reader(self._codec, self._content)
        named = zip(self.names, self.samples, strict=True)
        return tuple((name, fitting) for name, example in named for fitting in read(example))

    def named(self, name: str) -> Example:
        """Return the example of a name; raises ``ConfigError`` where none that fits has it."""
        by_name = {known: example for known, example in self._fitting if known}
        if name not in by_name:
            expected = "sent, since it breaks its schema" if name in self.names else "documented here as an example"
            raise ConfigError("example", name, by_name, expected)
        return by_name[name]


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _scalars(part)
    elif value is not None:
        yield scalar_text(value)


def _with_samples(documented: MediaType | None, media_types: tuple[MediaType, ...], schema: Schema | None) -> MediaType:
    """Return the media type whose samples count: the documented one, else the first other of the same schema."""
    alike = (
        media_type
        for media_type in media_types
        if media_type.samples and (media_type.schema is None or media_type.schema == schema)
    )
    if documented and (documented.samples or schema is None):
        return documented
    return next(alike, MediaType(""))


def _reader(codec: Codec, content: Content) -> Callable[[Any], Iterator[Example]]:
    """Return the function that yields the example that a sample is, nothing for one that breaks the schema."""
    schema, contract = content.schema, content.contract
    is_free = not constrains(schema)
    is_object = means_object(schema, contract)
    accepts = Validator(schema, contract).accepts

    def read(sample: Any) -> Iterator[Example]:
        is_written = isinstance(sample, str) and codec is not JSON
        if is_written and (is_free or not codec.carries(content)):
            yield Example.of(sample, sample)
        elif not (is_object and isinstance(sample, str)) and _fits(sample, content, accepts):
            yield Example.of(sample, sample if is_written and sample.lstrip().startswith("<") else None)
        elif isinstance(sample, str):
            yield from decoded(sample)

    def decoded(text: str) -> Iterator[Example]:
        try:
            value = codec.decode(text.encode(), content)
        except BodyError:
            return
        if accepts(value):
            yield Example.of(value, None if codec is JSON else text)

    return read


def _fits(sample: Any, content: Content, accepts: Callable[[Any], bool]) -> bool:
    if not content.contract.dialect:
        return accepts(sample)
    try:
        return accepts(documented_spelling(sample, content.schema, content.contract))
    except ValueError:  # one property in two spellings
        return False
