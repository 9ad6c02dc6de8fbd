"""Single edits of servers, styles, webhooks and other parts of an OpenAPI document, as comparing tells them."""

from typing import Any

from .edits import Document, Edit, operation

OPERATIONS = ("list", "create", "get")


def parameter(document: Document, index: int) -> Document:
    """Return a parameter of the list."""
    parameter_object: Document = operation(document, "list")["parameters"][index]
    return parameter_object


def form(document: Document) -> Document:
    """Return the encoding of the form that creates a room."""
    encoding: Document = operation(document, "create")["requestBody"]["content"]["multipart/form-data"]["encoding"]
    return encoding


def webhook(document: Document) -> Document:
    """Return the one webhook."""
    operation_object: Document = document["webhooks"]["booked"]["post"]
    return operation_object


def received(document: Document) -> Document:
    """Return the schema of what the webhook sends."""
    schema: Document = webhook(document)["requestBody"]["content"]["application/json"]["schema"]
    return schema


def _serve_at(document: Document, *urls: str) -> None:
    document["servers"] = [{"url": url} for url in urls]


def _move_prefix(document: Document) -> None:
    _serve_at(document, "https://rooms.example", "https://test.rooms.example/")
    document["paths"] = {f"/v1{path}": item for path, item in document["paths"].items()}


def _deprecate(document: Document, **more: Any) -> None:
    operation(document, "list").update(deprecated=True, **more)


def _read_a_part(document: Document) -> None:
    content = operation(document, "list")["responses"]["200"]["content"]
    content["application/json; charset=utf-8"] = content.pop("application/json")


def _answer_any_error(document: Document) -> None:
    responses = operation(document, "get")["responses"]
    responses["4XX"] = responses.pop("404")


def _write_total(document: Document, **header: Any) -> None:
    operation(document, "list")["responses"]["200"]["headers"]["X-Total"] = {"required": True, **header}


EDITS = (
    Edit("a prefix that moves from a server into the paths", _move_prefix, (), ()),
    Edit("another order of servers", lambda d: d["servers"].reverse(), (), ()),
    Edit(
        "servers with another path",
        lambda d: _serve_at(d, "https://rooms.example/v2", "https://test.rooms.example/v2"),
        tuple(f"server-path-changed breaking {name} operation" for name in OPERATIONS),
        tuple(f"server-path-changed breaking {name} operation" for name in OPERATIONS),
    ),
    Edit(
        "a server gone",
        lambda d: d["servers"].pop(),
        tuple(f"server-removed risky {name} operation" for name in OPERATIONS),
        tuple(f"server-added safe {name} operation" for name in OPERATIONS),
    ),
    Edit(
        "a server of one operation with another path, too",
        lambda d: operation(d, "get").update(servers=[*d["servers"], {"url": "https://rooms.example/v2"}]),
        ("server-added safe get operation",),
        ("server-removed risky get operation",),
    ),
    Edit(
        "an operation deprecated",
        lambda d: _deprecate(d, **{"x-sunset": "2031-01-01"}),
        ("operation-deprecated safe list operation",),
        ("operation-undeprecated safe list operation", "sunset-changed safe list operation"),
    ),
    Edit(
        "a day from which an operation may be gone",
        lambda d: operation(d, "get").update({"x-sunset": "2031-01-01"}),
        ("sunset-changed risky get operation",),
        ("sunset-changed safe get operation",),
    ),
    Edit("tags and other documentation", lambda d: operation(d, "get").update(tags=["a"], externalDocs={}), (), ()),
    Edit(
        "a scope",
        lambda d: operation(d, "list")["security"][1].update(token=["read"]),
        ("scope-added risky list operation",),
        ("scope-removed safe list operation",),
    ),
    Edit("a style that is the default", lambda d: parameter(d, 4).update(style="form", explode=True), (), ()),
    Edit("a style of a single value", lambda d: parameter(d, 0).update(explode=False), (), ()),
    Edit(
        "a list that is separated by commas",
        lambda d: parameter(d, 4).update(explode=False),
        ("parameter-style-changed breaking list parameter query/ids",),
        ("parameter-style-changed breaking list parameter query/ids",),
    ),
    Edit(
        "a parameter in JSON",
        lambda d: parameter(d, 4).update(content={"application/json": {"schema": parameter(d, 4).pop("schema")}}),
        ("parameter-style-changed breaking list parameter query/ids",),
        ("parameter-style-changed breaking list parameter query/ids",),
    ),
    Edit(
        "a parameter with reserved characters",
        lambda d: parameter(d, 1).update(allowReserved=True),
        ("parameter-reserved-accepted safe list parameter query/sort",),
        ("parameter-reserved-refused risky list parameter query/sort",),
    ),
    Edit(
        "a parameter that may be empty",
        lambda d: parameter(d, 1).update(allowEmptyValue=True),
        ("parameter-empty-accepted safe list parameter query/sort",),
        ("parameter-empty-refused breaking list parameter query/sort",),
    ),
    Edit(
        "a parameter deprecated",
        lambda d: parameter(d, 1).update(deprecated=True),
        ("parameter-deprecated safe list parameter query/sort",),
        ("parameter-undeprecated safe list parameter query/sort",),
    ),
    Edit("a media type with a character set", _read_a_part, (), ()),
    Edit(
        "a range of media types",
        lambda d: operation(d, "create")["requestBody"]["content"].update({"application/*": {}}),
        ("request-media-type-added safe create request-media-type application/*",),
        ("request-media-type-removed breaking create request-media-type application/*",),
    ),
    Edit(
        "a range of statuses",
        _answer_any_error,
        ("status-added safe get status 4XX > get operation",),
        ("status-removed safe get status 4XX",),
    ),
    Edit(
        "a header in JSON",
        lambda d: _write_total(d, content={"application/json": {"schema": {"type": "integer"}}}),
        ("response-header-changed breaking list status 200",),
        ("response-header-changed breaking list status 200",),
    ),
    Edit(
        "another media type of a part",
        lambda d: form(d)["Tags"].update(contentType="text/csv"),
        ("request-encoding-changed breaking create request-media-type multipart/form-data",),
        ("request-encoding-changed safe create request-media-type multipart/form-data",),
    ),
    Edit(
        "a part in another style",
        lambda d: form(d).update(Tags={"contentType": "text/csv, text/plain", "style": "pipeDelimited"}),
        ("request-encoding-changed breaking create request-media-type multipart/form-data",),
        ("request-encoding-changed breaking create request-media-type multipart/form-data",),
    ),
    Edit(
        "another media type of a part that is answered",
        lambda d: operation(d, "get")["responses"]["206"]["content"]["multipart/mixed"]["encoding"]["Plan"].update(
            contentType="image/png, image/gif"
        ),
        ("response-encoding-changed breaking get response-media-type 206 multipart/mixed",),
        ("response-encoding-changed safe get response-media-type 206 multipart/mixed",),
    ),
    Edit(
        "a webhook gone",
        lambda d: d["webhooks"].pop("booked"),
        ("webhook-removed breaking booked operation",),
        ("webhook-added safe booked operation",),
    ),
    Edit(
        "a webhook with a property more",
        lambda d: received(d)["properties"].update(Day={"type": "string"}),
        ("response-property-added safe booked response /Day > booked response",),
        ("response-property-removed breaking booked response /Day",),
    ),
    Edit(
        "a webhook with a property that may be missing",
        lambda d: received(d).pop("required"),
        ("response-property-became-optional breaking booked response /Id",),
        ("response-property-became-required safe booked response /Id",),
    ),
    Edit(
        "a webhook that may have no body",
        lambda d: webhook(d)["requestBody"].pop("required"),
        ("received-body-removed breaking booked operation",),
        ("received-body-added safe booked operation",),
    ),
    Edit(
        "a webhook without a header field",
        lambda d: webhook(d).pop("parameters"),
        ("received-parameter-removed breaking booked operation",),
        (),
    ),
    Edit(
        "a webhook whose answer needs a property",
        lambda d: webhook(d)["responses"]["200"]["content"]["application/json"]["schema"].update(required=["Seen"]),
        ("request-property-became-required breaking booked request /Seen > booked request",),
        ("request-property-became-optional safe booked request /Seen > booked request",),
    ),
    Edit(
        "a webhook with a status less",
        lambda d: webhook(d)["responses"].pop("410"),
        ("received-status-removed risky booked operation",),
        (),
    ),
    Edit(
        "a callback gone",
        lambda d: operation(d, "create").pop("callbacks"),
        ("callback-removed breaking create operation",),
        ("callback-added safe create operation",),
    ),
)
