"""Random cases: calls as they were drawn, in the media type that is documented, with what they break.

What a server would keep has no properties that nobody documents: a right one may show them later.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from docdouble.fakeserver.http.codecs import Content
from docdouble.schemas import Call
from docdouble.schemas.http import is_json, media_type

from ..generation.fields import request_body_schema
from ..generation.narrowed_document import random_media_type
from ..model.case import Case, Origin, Purpose
from ..model.documented_objects import DocumentedObjects
from .baseline_request import Base, call_of
from .hostile_cases import breach_of
from .purpose import Purposes


def random_cases(base: Base, calls: Iterable[Call], purposes: Purposes) -> Iterator[Case]:
    """Yield a case for each random call of an operation; ``base`` is the request that its other cases start from."""
    operation = base.draft.operation
    schema = request_body_schema(operation, base.draft.media_type)
    documented = DocumentedObjects(schema, base.draft.contract) if not operation.only_reads else None
    for drawn in calls:
        call = _as_documented(base, drawn)
        if call and (purpose := purposes.of(operation, call)):
            if documented and purpose is Purpose.VALID and _is_extended(drawn, documented):
                continue
            breach = breach_of(base, purposes, call) if purpose is not Purpose.VALID else None
            yield Case(operation, call, purpose, Origin.RANDOM, breach=breach)


def _is_extended(drawn: Call, documented: DocumentedObjects) -> bool:
    """Tell whether the JSON of a call has properties that nobody documents."""
    with suppress(ValueError):
        records = documented.of(json.loads(drawn.body))
        return any(not record.value.keys() <= record.schema["properties"].keys() for record in records)
    return False


def _as_documented(base: Base, call: Call) -> Call | None:
    """Return a call whose body was drawn as JSON with a form instead, where one is documented and JSON isn't.

    ``None`` for what can't be written as a form: broken JSON, and anything but an object.
    """
    request = base.draft.operation.request
    chosen = random_media_type(request) if request else None
    if not call.body or chosen is None or is_json(chosen.name):
        return call
    try:
        value = json.loads(call.body)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    written = call_of(replace(base.draft, body=_with_files(base, value, chosen.name), media_type=chosen.name))
    others = tuple(header for header in call.headers if header[0].lower() != "content-type")
    content_type = (("Content-Type", written.header("Content-Type") or ""),) if written else ()
    return replace(call, headers=(*others, *content_type), body=written.body) if written else None


def _with_files(base: Base, value: Any, name: str) -> Any:
    """Return a body with the files of the request in place of random octets, which servers refuse."""
    if not isinstance(value, dict) or not media_type(name).startswith("multipart/"):
        return value
    content = Content(request_body_schema(base.draft.operation, name), base.draft.contract)
    files = {key for key in value if content.member(key).is_binary or content.member(key).items.is_binary}
    sent = base.draft.body if isinstance(base.draft.body, dict) else {}
    others = {key: part for key, part in value.items() if key not in files}
    return others | {key: sent[key] for key in files if key in sent}
