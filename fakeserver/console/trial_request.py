"""Request that somebody tries an operation with: filled in with values that fit, as the fields of a form."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, MediaType, Operation, Parameter
from docdouble.schemas.contract.base_paths import base_path
from docdouble.schemas.contract.media_types import body_schema
from docdouble.schemas.contract.parameter_styles import written_pairs, written_text
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.jsonschema.directions import operation_of

from ..answers.sample_requests import SampleRequests
from ..http.codecs import BINARY, body_content, codec_of
from ..http.negotiate import representations_by_name
from ..requests.made_up_credentials import made_up
from .served import Served


@dataclass(frozen=True, slots=True)
class TrialField:
    """A parameter or a credential as a field of the form.

    A ``whole`` field holds what is written in the query or the path, encoded; any other the bare value. ``sample`` is a
    value of one that needn't be sent.
    """

    name: str
    location: str
    value: str
    sample: str
    required: bool
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TrialBody:
    """A body in a media type; ``text`` is ``None`` where it is octets, for which a file can be chosen."""

    name: str
    text: str | None


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """A request to start from: ``path`` has variables in braces."""

    method: str
    path: str
    fields: tuple[TrialField, ...]
    bodies: tuple[TrialBody, ...]


def trial_request(served: Served, operation: Operation) -> TrialRequest:
    """Return a request of an operation that fits what is documented, and asks for what there is."""
    contract, directed = served.contract, operation_of(served.responder.directed, operation)
    samples = served.responder.sample_requests
    fields = [_field(directed, parameter, samples) for parameter in directed.parameters]
    if served.settings.auth or served.is_proxy:
        known = {(field.location, field.name.lower()) for field in fields}
        value = not served.is_proxy and not served.settings.callers
        credentials = (
            credential
            for credential in made_up(operation, contract)
            if (credential.location, credential.name.lower()) not in known
        )
        fields += [
            TrialField(
                credential.name, credential.location, credential.value if value else "", credential.value, required=True
            )
            for credential in credentials
        ]
    bodies = tuple(_bodies(directed, served.responder.directed, samples)) if directed.request else ()
    return TrialRequest(operation.method, base_path(contract, operation) + operation.path, tuple(fields), bodies)


def _field(operation: Operation, parameter: Parameter, samples: SampleRequests) -> TrialField:
    value: Any = None
    with suppress(ValueError):  # no value fits what is documented
        value = samples.parameter(operation, parameter)
    required = bool(parameter.required) or parameter.location == "path"
    is_styled = isinstance(value, list | dict) or parameter.effective_style not in ("simple", "form")
    whole = parameter.location == "querystring" or (is_styled and parameter.location in ("path", "query"))
    text = "" if value is None else _written(parameter, value, whole)
    return TrialField(parameter.name, parameter.location, text if required else "", text, required, whole)


def _written(parameter: Parameter, value: Any, whole: bool) -> str:
    if whole and parameter.location != "path":
        return "&".join(written_pairs(parameter, value))
    if parameter.location == "path" and not whole:
        return str(value) if not isinstance(value, bool) else str(value).lower()
    if parameter.location in ("path", "header"):
        return written_text(parameter, value)
    return json.dumps(value) if not isinstance(value, str) else value


def _bodies(operation: Operation, contract: Contract, samples: SampleRequests) -> list[TrialBody]:
    documented = operation.request.media_types if operation.request else ()
    named = representations_by_name(documented, contract)
    order = sorted(named, key=lambda name: not is_json(media_type(name)))
    return [_body(operation, contract, samples, name, named[name]) for name in order]


def _body(
    operation: Operation, contract: Contract, samples: SampleRequests, name: str, documented: MediaType
) -> TrialBody:
    codec = codec_of(name)
    if codec is BINARY:
        return TrialBody(name, None)
    try:
        value = samples.upload(operation, name)
        if is_json(media_type(name)):
            return TrialBody(name, json.dumps(value, indent=2, ensure_ascii=False))
        media_types = operation.request.media_types if operation.request else ()
        content = body_content(documented, body_schema(documented, media_types) or {}, contract)
        text = codec.encode(value, content).decode()
    except (TypeError, ValueError):  # nothing fits, or it can't be written, or it is no text
        return TrialBody(name + codec.parameters, None)
    return TrialBody(name + codec.parameters, text if text.isprintable() or "\n" in text else None)
