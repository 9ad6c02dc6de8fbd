"""Sample requests that fit their operation: documented ones, else generated ones."""

import re
from contextlib import suppress
from itertools import islice
from typing import Any

from docdouble.schemas import Contract, MediaType, Operation, Parameter, Schema, Validator
from docdouble.schemas.contract.media_types import body_schema, chosen_media_type, primary_schema
from docdouble.schemas.contract.model import Encoding
from docdouble.schemas.contract.resources import RequestPlace
from docdouble.schemas.resources.bindings import Binding

from ..http.codecs import BINARY, Content, codec_of
from ..http.documented import JSON_PATCH, documented_answer, is_patched, response_schema
from ..requests.request_reader import spelled
from ..sampler import Sampler
from ..sampler.shapes import value_test
from ..state.changes import FIRST, State
from ..state.path_state import PathState
from .binary_files import file_of

_TEXT: Schema = {"type": "string"}


class SampleRequests:
    """Sample parameters and bodies for the requests of one contract; an entity that they name is the first one."""

    def __init__(self, contract: Contract, state: State, paths: PathState, sampler: Sampler) -> None:
        self._paths = paths
        self._contract = contract
        self._state = state
        self._sampler = sampler
        self._fitting: dict[tuple[str, str], tuple[Any, ...]] = {}

    def parameter(self, operation: Operation, parameter: Parameter) -> Any:
        """Return a value of a parameter: one that there is something of, where it is a key."""
        acting = self._state.acting(operation)
        place = RequestPlace(parameter.location, parameter.name)
        if acting and acting.resource.path and place in (acting.role.key, *acting.role.parents):
            return self._first(operation, parameter, acting)
        is_key = acting is not None and place in (
            acting.role.key,
            *(criterion.place for criterion in acting.role.criteria),
        )
        return FIRST if is_key else self._drawn(parameter)

    def body(self, operation: Operation, documented: MediaType | None = None) -> Any:
        """Return a request body that fits: the first documented sample that does, else a generated one.

        It is one of a ``documented`` representation, else of what the body is about.
        """
        body, acting = self._body(operation, documented), self._state.acting(operation)
        return acting.with_key(body, FIRST) if acting and not acting.resource.path else body

    def _first(self, operation: Operation, parameter: Parameter, acting: Binding) -> Any:
        """Return the key of the first entity, or of the one below which it stands."""
        head = operation.path.partition(f"{{{parameter.name}}}")[0].rstrip("/")
        resource = acting.resource if acting.role.key and parameter.name == acting.role.key.name else None
        resource = resource or self._paths.resource_at(head)
        fits = value_test(parameter.schema, self._contract)
        first = self._paths.first_key(resource) if resource else None
        return first if first is not None and fits(first) else self._drawn(parameter)

    def _drawn(self, parameter: Parameter) -> Any:
        """Return a value that fits a parameter: a text where no type is known, since none of them is null."""
        value = self._sampler.sample_if_any(parameter.schema, 0)
        if value is not None:
            return value
        text = self._sampler.sample(_TEXT, 0)
        return text if value_test(parameter.schema, self._contract)(text) else None

    def upload(self, operation: Operation, name: str) -> Any:
        """Return a body to be sent in a media type; what is a file in it isn't empty, since servers refuse those."""
        media_types = operation.request.media_types if operation.request else ()
        documented = chosen_media_type(media_types, name) or MediaType(name)
        content = Content(body_schema(documented, media_types) or {}, self._contract)
        body = self.body(operation, documented)
        if isinstance(body, dict) and name.startswith("multipart/"):
            kinds = {key: _file_type(key, (documented.encoding or {}).get(key), content.member(key)) for key in body}
            return {key: _with_file(value, content.member(key), kinds[key]) for key, value in body.items()}
        is_file = codec_of(name) is BINARY and body in ("", None)
        return file_of(name, 0, {}) if is_file else body

    def _body(self, operation: Operation, documented: MediaType | None) -> Any:
        is_json_patch = documented.name == JSON_PATCH if documented else True
        if is_json_patch and is_patched(operation) and _takes(operation, JSON_PATCH):
            return self._patch(operation)
        media_types = operation.request.media_types if operation.request else ()
        schema = (body_schema(documented, media_types) if documented else primary_schema(media_types)) or {}
        place = operation.label, documented.name if documented else ""
        if place not in self._fitting:
            shown = (sample for media_type in media_types for sample in media_type.samples)
            fitting = (sample for sample in shown if self._fits(sample, schema, operation))
            self._fitting[place] = tuple(islice(fitting, 1))
        samples = self._fitting[place]
        return samples[0] if samples else self._sampler.sample_if_any(schema, 0)

    def _fits(self, sample: Any, schema: Schema, operation: Operation) -> bool:
        with suppress(ValueError):
            return Validator(schema, self._contract).accepts(spelled(sample, schema, operation, self._contract))
        return False

    def _patch(self, operation: Operation) -> Any:
        """Return a JSON Patch of the first text of what is answered."""
        entity = self._sampler.sample_if_any(response_schema(documented_answer(operation)) or {}, 0)
        members = entity.items() if isinstance(entity, dict) else ()
        texts = ((name, value) for name, value in members if isinstance(value, str))
        return [{"op": "replace", "path": f"/{name}", "value": value} for name, value in texts][:1]


def _takes(operation: Operation, name: str) -> bool:
    return operation.request is not None and any(
        media_type.name == name for media_type in operation.request.media_types
    )


def _with_file(value: Any, content: Content, media_type: str) -> Any:
    if isinstance(value, list):
        return [_with_file(item, content.items, media_type) for item in value]
    return file_of(media_type, 0, {}) if value in ("", None) and content.is_binary else value


def _file_type(name: str, encoding: Encoding | None, content: Content) -> str:
    """Return the media type of the file that a part holds: the documented one, else what its name says."""
    documented = [kind for kind in (encoding.content_types if encoding else ()) if "*" not in kind]
    items = content.items.content_media_type
    usual = "image/png" if _PICTURE.search(name) else "application/octet-stream"
    return next(iter(documented), "") or content.content_media_type or items or usual


_PICTURE = re.compile("avatar|banner|cover|icon|image|logo|photo|picture|thumb", re.IGNORECASE)
"""Names of what holds a picture."""
