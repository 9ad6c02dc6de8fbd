"""Sample messages of documentation: what a request and its replies show of an operation that is stated."""

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from ..contract.model import Location
from ..errors import PageError
from ..http import SampleMessage, parse_request, parse_response
from .stated_operations import StatedBody, StatedField, StatedOperation, StatedReader, StatedResponse

_STATUS_LINE = re.compile(r"^HTTP/\d", re.MULTILINE)


def with_messages(stated: StatedOperation, text: str, line: int, reader: StatedReader) -> StatedOperation:
    """Return the operation with the request and the replies that a text holds."""
    starts = [match.start() for match in _STATUS_LINE.finditer(text)]
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        part = text[start:end]
        if not part.strip():
            continue
        at = line + text.count("\n", 0, start)
        try:
            if part.startswith("HTTP/"):
                message = parse_response(part, reader.source.name, at)
                response = StatedResponse(message.parts["status"], at, message.parts["reason"] or "")
                kind = message.header("Content-Type")
                stated = with_response_sample(stated, response, kind, message.body, reader, message.body_line)
            else:
                stated = with_request(stated, parse_request(part, reader.source.name, at), reader)
        except PageError as error:
            reader.report("sample-syntax", error.line, error.message)
    return stated


def with_request(stated: StatedOperation, message: SampleMessage, reader: StatedReader) -> StatedOperation:
    """Return the operation with what a sample request shows: values of parameters, and a body."""
    kind = message.header("Content-Type")
    shown = shown_values(stated.path, str(message.parts["target"]).partition("?")[0])
    query = dict(parse_qsl(str(message.parts["target"]).partition("?")[2]))
    parameters: list[tuple[Location, StatedField]] = []
    for location, field in stated.parameters:
        value = {"path": shown, "query": query}.get(location, {}).get(field.name, "")
        parameters.append((location, replace(field, example=field.example or value)))
    stated = replace(stated, parameters=tuple(parameters))
    return with_request_sample(stated, kind, message.body, message.body_line, reader)


def shown_values(template: str, path: str) -> dict[str, str]:
    """Return the values of the variables of a template in a path that fits it."""
    parts = re.split(r"\{([^{}]+)\}", template)
    match = re.fullmatch("([^/]+)".join(re.escape(part) for part in parts[::2]), path)
    return dict(zip(parts[1::2], match.groups(), strict=True)) if match else {}


def with_request_sample(
    stated: StatedOperation, content_type: str, text: str, line: int, reader: StatedReader
) -> StatedOperation:
    """Return the operation with a sample of its request body."""
    if not text.strip():
        return stated
    body = stated.request or StatedBody(line=line)
    samples = (*body.samples, *reader.sample(content_type, text, line))
    return replace(stated, request=replace(body, samples=samples))


def with_response_sample(
    stated: StatedOperation,
    shown: StatedResponse,
    content_type: str,
    text: str,
    reader: StatedReader,
    line: int = 0,
) -> StatedOperation:
    """Return the operation with a sample of the response of a status, or of the first success where it has none."""
    responses = list(stated.responses)
    places = [at for at, response in enumerate(responses) if response.status == shown.status]
    if not shown.status:
        places = [at for at, response in enumerate(responses) if response.status.startswith("2")]
    elif not places and len(responses) == 1 and responses[0].body and responses[0].line == responses[0].body.line:
        responses[0] = replace(responses[0], status=shown.status, line=shown.line, description=shown.description)
        places = [0]
    if not places:
        responses.insert(0, replace(shown, status=shown.status or "200"))
        places = [0]
    if text.strip():
        response = responses[places[0]]
        body = response.body or StatedBody(line=line or shown.line)
        samples = (*body.samples, *reader.sample(content_type, text, line or shown.line))
        responses[places[0]] = replace(response, body=replace(body, samples=samples))
    return replace(stated, responses=tuple(responses))
