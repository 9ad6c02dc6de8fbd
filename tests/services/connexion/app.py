"""An animal clinic, as the quickstart of Connexion has it: the document first, a function for each operation."""

import copy
import sys
from pathlib import Path
from typing import Any

import connexion
from clinic import BUG
from connexion.datastructures import MediaTypeDict
from connexion.middleware import MiddlewarePosition
from connexion.validators import VALIDATOR_MAP, JSONRequestBodyValidator

DOCUMENT = Path(__file__).parent / "openapi.yaml"


class WithoutBounds(JSONRequestBodyValidator):
    """A bug: the weight of a pet is not checked."""

    def __init__(self, *, schema: dict[str, Any], **settings: Any) -> None:
        schema = copy.deepcopy(schema)
        weight = schema.get("properties", {}).get("weight", {})
        weight.pop("minimum", None)
        weight.pop("maximum", None)
        super().__init__(schema=schema, **settings)


class EverybodyIsKnown:
    """A bug: who sends no key may create all the same."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            scope["headers"] = [*scope["headers"], (b"x-api-key", b"let-me-in")]
        await self.app(scope, receive, send)


def application() -> connexion.AsyncApp:
    """Return the application."""
    app = connexion.AsyncApp(__name__, specification_dir=str(DOCUMENT.parent))
    validators: dict[str, Any] | None = None
    if BUG == "invalid-input-accepted":
        bodies = MediaTypeDict({**VALIDATOR_MAP["body"], "*/*json": WithoutBounds})
        validators = {**VALIDATOR_MAP, "body": bodies}
    if BUG == "auth-not-required":
        app.add_middleware(EverybodyIsKnown, position=MiddlewarePosition.BEFORE_SECURITY)
    app.add_api(DOCUMENT.name, validator_map=validators)
    return app


if __name__ == "__main__":
    application().run(host="127.0.0.1", port=int(sys.argv[1]))
