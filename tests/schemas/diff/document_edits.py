"""Single edits of servers, styles, webhooks and other parts of an OpenAPI document, as comparing tells them."""

from .edits import Edit

EDITS: tuple[Edit, ...] = ()
