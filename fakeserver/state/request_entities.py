"""Entities that a request sends, and the values by which bindings find them."""

from typing import Any

from docdouble.schemas.resources.bindings import Binding, RequestValues

from ..requests.request_reader import Request


def request_values(request: Request) -> RequestValues:
    """Return the values of a request, by which bindings find keys and entities."""
    parameters = request.parameters.items()
    return RequestValues(parameters, parameters, request.body)


def entity_in(request: Request, acting: Binding) -> Any:
    """Return the first entity that a request sends, ``None`` where it sends none."""
    return next(iter(acting.entities(request_values(request))), None)


def received_entity(request: Request, acting: Binding) -> Any:
    """Return the same as it was received, with a key that is documented as ``readOnly``."""
    return next(iter(acting.entities(RequestValues((), (), request.received))), None)
