"""Single edits of what comes back, as comparing tells them."""

from .edits import Document, Edit, operation, schema


def header(document: Document) -> Document:
    """Return the one response header."""
    header_object: Document = operation(document, "list")["responses"]["200"]["headers"]["X-Total"]
    return header_object


def body(document: Document, name: str) -> Document:
    """Return the schema of a successful response."""
    schema_object: Document = operation(document, name)["responses"]["200"]["content"]["application/json"]["schema"]
    return schema_object


def _null_shown(document: Document) -> None:
    shown = {"grade": "sampled", "page": "rooms.md", "line": 40}
    stated = {"grade": "stated", "page": "rooms.md", "line": 20, "keywords": {"null": shown}}
    schema(document, "Room", "Note").update({"type": ["string", "null"], "x-docdouble-evidence": stated})


def _rename_type(document: Document) -> None:
    schemas = document["components"]["schemas"]
    schemas["Human"] = schemas.pop("Person")
    schema(document, "Room", "Owner")["anyOf"][0] = {"$ref": "#/components/schemas/Human"}


def _write_in_place(document: Document) -> None:
    person = document["components"]["schemas"].pop("Person")
    schema(document, "Room", "Owner")["anyOf"][0] = person


EDITS = (
    Edit(
        "a success status gone",
        lambda d: operation(d, "create")["responses"].update({"201": operation(d, "create")["responses"].pop("204")}),
        (
            "status-removed breaking create status 204",
            "status-added risky create status 201 > create operation",
        ),
        (
            "status-removed breaking create status 201",
            "status-added risky create status 204 > create operation",
        ),
    ),
    Edit(
        "an error status gone",
        lambda d: operation(d, "list")["responses"].pop("400"),
        ("status-removed safe list status 400",),
        ("status-added safe list status 400 > list operation",),
    ),
    Edit(
        "a response media type gone",
        lambda d: operation(d, "get")["responses"]["200"]["content"].update(
            {"text/json": operation(d, "get")["responses"]["200"]["content"].pop("application/json")}
        ),
        (
            "response-media-type-removed breaking get response-media-type 200 application/json",
            "response-media-type-added safe get response-media-type 200 text/json",
        ),
        (
            "response-media-type-removed breaking get response-media-type 200 text/json",
            "response-media-type-added safe get response-media-type 200 application/json",
        ),
    ),
    Edit(
        "a response header gone",
        lambda d: operation(d, "list")["responses"]["200"].pop("headers"),
        ("response-header-removed breaking list status 200",),
        ("response-header-added safe list status 200",),
    ),
    Edit(
        "a response header that may be missing",
        lambda d: header(d).pop("required"),
        ("response-header-changed breaking list status 200",),
        ("response-header-changed safe list status 200",),
    ),
    Edit(
        "a response header of another type",
        lambda d: header(d).update(schema={"type": "string"}),
        ("response-header-changed breaking list status 200",),
        ("response-header-changed breaking list status 200",),
    ),
    Edit(
        "a response property gone",
        lambda d: schema(d, "Room")["properties"].pop("Note"),
        ("response-property-removed breaking list response 200/*/Note",),
        ("response-property-added safe list response 200/*/Note > list response 200/*",),
    ),
    Edit(
        "a response property of a type gone",
        lambda d: schema(d, "Person")["properties"].pop("Name"),
        ("response-property-removed breaking list response 200/*/Owner/Name",),
        ("response-property-added safe list response 200/*/Owner/Name > list response 200/*/Owner",),
    ),
    Edit(
        "a response property only shown, gone",
        lambda d: schema(d, "Room")["properties"].pop("Shown"),
        ("response-property-removed risky list response 200/*/Shown",),
        ("response-property-added safe list response 200/*/Shown > list response 200/*",),
    ),
    Edit(
        "a response property that may be missing",
        lambda d: schema(d, "Room")["required"].pop(),
        ("response-property-became-optional breaking list response 200/*/Name",),
        ("response-property-became-required safe list response 200/*/Name",),
    ),
    Edit(
        "a response property of another type",
        lambda d: schema(d, "Room")["properties"].update(Id={"type": "string"}),
        ("response-type-changed breaking list response 200/*/Id",),
        ("response-type-changed breaking list response 200/*/Id",),
    ),
    Edit(
        "a response property that may be null",
        lambda d: schema(d, "Room", "Note").update(type=["string", "null"]),
        ("response-null-possible breaking list response 200/*/Note",),
        ("response-null-excluded safe list response 200/*/Note",),
    ),
    Edit(
        "a response property shown as null",
        _null_shown,
        ("response-null-possible risky list response 200/*/Note",),
        ("response-null-excluded safe list response 200/*/Note",),
    ),
    Edit(
        "a type that is never null",
        lambda d: schema(d, "Room", "Owner")["anyOf"].pop(),
        ("response-null-excluded safe list response 200/*/Owner",),
        ("response-null-possible breaking list response 200/*/Owner",),
    ),
    Edit(
        "a response property of a wider format",
        lambda d: schema(d, "Room", "Id").update(format="int64"),
        ("response-format-changed breaking list response 200/*/Id",),
        ("response-format-changed safe list response 200/*/Id",),
    ),
    Edit(
        "a response property with a value more",
        lambda d: schema(d, "Room", "State")["enum"].append("closed"),
        ("response-enum-value-added risky list response 200/*/State",),
        ("response-enum-value-removed safe list response 200/*/State",),
    ),
    Edit(
        "a response property without listed values",
        lambda d: schema(d, "Room", "State").pop("enum"),
        ("response-enum-lifted risky list response 200/*/State",),
        ("response-enum-introduced safe list response 200/*/State",),
    ),
    Edit(
        "longer text in a response",
        lambda d: schema(d, "Room", "Name").update(maxLength=80),
        ("response-bounds-changed breaking list response 200/*/Name",),
        ("response-bounds-changed safe list response 200/*/Name",),
    ),
    Edit(
        "a response of one instead of many",
        lambda d: body(d, "list").update(type="object"),
        ("response-type-changed breaking list response 200",),
        ("response-type-changed breaking list response 200",),
    ),
    Edit(
        "a response that isn't described",
        lambda d: operation(d, "get")["responses"]["200"]["content"]["application/json"].pop("schema"),
        ("response-type-changed breaking get response 200",),
        ("response-type-changed safe get response 200",),
    ),
    Edit("a type under another name", _rename_type, (), ()),
    Edit("a type written in place", _write_in_place, (), ()),
    Edit(
        "a response that is closed",
        lambda d: schema(d, "Person").update(additionalProperties=False),
        ("response-properties-excluded safe list response 200/*/Owner",),
        ("response-properties-possible safe list response 200/*/Owner",),
    ),
    Edit(
        "a response property of another combination",
        lambda d: schema(d, "Room", "Note").update({"not": {"const": "none"}}),
        ("response-schema-changed safe list response 200/*/Note",),
        ("response-schema-changed breaking list response 200/*/Note",),
    ),
    Edit(
        "a redirect that is new",
        lambda d: operation(d, "get")["responses"].update({"303": {"description": ""}}),
        ("status-added risky get status 303 > get operation",),
        ("status-removed risky get status 303",),
    ),
    Edit(
        "a response property that only a sample shows now",
        lambda d: schema(d, "Room", "Told")["x-docdouble-evidence"].update(grade="sampled", line=40),
        ("response-property-unstated risky list response 200/*/Told",),
        (),
    ),
)
