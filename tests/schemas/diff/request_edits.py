"""Single edits of bodies of requests, as comparing tells them."""

from .edits import Document, Edit, operation, schema


def _drop_name(document: Document) -> None:
    schema(document, "Draft")["properties"].pop("Name")
    schema(document, "Draft")["required"].remove("Name")


def _one_of(document: Document) -> None:
    price = schema(document, "Draft", "Price")
    price["oneOf"] = price.pop("anyOf")


def _close_and_drop(document: Document) -> None:
    schema(document, "Draft")["properties"].pop("Beds")
    schema(document, "Draft")["additionalProperties"] = False


EDITS = (
    Edit(
        "a body gone",
        lambda d: operation(d, "create").pop("requestBody"),
        ("request-body-removed risky create request",),
        ("request-body-added breaking create request > create operation",),
    ),
    Edit(
        "a body that may be left out",
        lambda d: operation(d, "create")["requestBody"].update(required=False),
        ("request-body-became-optional safe create request",),
        ("request-body-became-required breaking create request > create operation",),
    ),
    Edit(
        "a request media type gone",
        lambda d: operation(d, "create")["requestBody"]["content"].pop("application/xml"),
        ("request-media-type-removed breaking create request-media-type application/xml",),
        ("request-media-type-added safe create request-media-type application/xml",),
    ),
    Edit(
        "a request property gone",
        lambda d: schema(d, "Draft")["properties"].pop("Beds"),
        ("request-property-removed risky create request /Beds",),
        ("request-property-added safe create request /Beds > create request",),
    ),
    Edit(
        "a required request property gone",
        _drop_name,
        ("request-property-removed risky create request /Name",),
        ("request-required-property-added breaking create request /Name > create request",),
    ),
    Edit(
        "a request property required",
        lambda d: schema(d, "Draft")["required"].append("Beds"),
        ("request-property-became-required breaking create request /Beds > create request",),
        ("request-property-became-optional safe create request /Beds > create request",),
    ),
    Edit(
        "a request property of another type",
        lambda d: schema(d, "Draft")["properties"].update(Beds={"type": "string"}),
        ("request-type-changed breaking create request /Beds",),
        ("request-type-changed breaking create request /Beds",),
    ),
    Edit(
        "a request property of a wider type",
        lambda d: schema(d, "Draft", "Beds").update(type=["integer", "string"]),
        ("request-type-changed safe create request /Beds",),
        ("request-type-changed breaking create request /Beds",),
    ),
    Edit(
        "a request property of another format",
        lambda d: schema(d, "Draft", "Beds").update(format="int32"),
        ("request-format-changed breaking create request /Beds",),
        ("request-format-changed safe create request /Beds",),
    ),
    Edit(
        "a request property without null",
        lambda d: schema(d, "Draft", "Note").update(type="string"),
        ("request-null-refused breaking create request /Note",),
        ("request-null-accepted safe create request /Note",),
    ),
    Edit(
        "a request property with a value more",
        lambda d: schema(d, "Draft", "Kind")["enum"].append("suite"),
        ("request-enum-value-added safe create request /Kind",),
        ("request-enum-value-removed breaking create request /Kind",),
    ),
    Edit(
        "a request property with longer text",
        lambda d: schema(d, "Draft", "Name").update(minLength=3),
        ("request-bounds-changed breaking create request /Name",),
        ("request-bounds-changed safe create request /Name",),
    ),
    Edit(
        "a request property with another pattern",
        lambda d: schema(d, "Draft", "Name").update(pattern="^[a-c]+$"),
        ("request-bounds-changed breaking create request /Name",),
        ("request-bounds-changed risky create request /Name",),
    ),
    Edit(
        "a request property with a wider pattern",
        lambda d: schema(d, "Draft", "Name").pop("pattern"),
        ("request-bounds-changed safe create request /Name",),
        ("request-bounds-changed breaking create request /Name",),
    ),
    Edit(
        "items of another type",
        lambda d: schema(d, "Draft", "Tags")["items"].update(type="integer"),
        ("request-type-changed breaking create request /Tags/*",),
        ("request-type-changed breaking create request /Tags/*",),
    ),
    Edit(
        "fewer items",
        lambda d: schema(d, "Draft", "Tags").update(maxItems=2),
        ("request-bounds-changed breaking create request /Tags",),
        ("request-bounds-changed safe create request /Tags",),
    ),
    Edit(
        "an alternative gone",
        lambda d: schema(d, "Draft", "Price")["anyOf"].pop(),
        ("request-type-changed breaking create request /Price",),
        ("request-type-changed safe create request /Price",),
    ),
    Edit("oneOf for anyOf", _one_of, (), ()),
    Edit(
        "values of a dictionary of another type",
        lambda d: schema(d, "Draft", "Fields").update(additionalProperties={"type": "boolean"}),
        ("request-type-changed breaking create request /Fields/*",),
        ("request-type-changed breaking create request /Fields/*",),
    ),
    Edit(
        "a dictionary that takes nothing",
        lambda d: schema(d, "Draft", "Fields").update(additionalProperties=False),
        ("request-properties-refused breaking create request /Fields",),
        ("request-properties-accepted safe create request /Fields",),
    ),
    Edit(
        "an object that refuses others",
        lambda d: schema(d, "Draft").update(additionalProperties=False),
        ("request-properties-refused risky create request",),
        ("request-properties-accepted safe create request",),
    ),
    Edit(
        "a request property only shown, of another type",
        lambda d: schema(d, "Draft", "Shown").update(type="integer"),
        ("request-type-changed risky create request /Shown",),
        ("request-type-changed risky create request /Shown",),
    ),
    Edit("a sample value", lambda d: schema(d, "Draft", "Name").update(examples=["single"]), (), ()),
    Edit(
        "a request property that is read only",
        lambda d: schema(d, "Draft", "Beds").update(readOnly=True),
        ("request-property-removed risky create request /Beds",),
        ("request-property-added safe create request /Beds > create request",),
    ),
    Edit(
        "a request property renamed",
        lambda d: schema(d, "Draft")["properties"].update(Rooms=schema(d, "Draft")["properties"].pop("Beds")),
        (
            "request-property-removed risky create request /Beds",
            "request-property-added safe create request /Rooms > create request",
        ),
        (
            "request-property-removed risky create request /Rooms",
            "request-property-added safe create request /Beds > create request",
        ),
    ),
    Edit(
        "a property that a closed object has no more",
        _close_and_drop,
        (
            "request-property-removed breaking create request /Beds",
            "request-properties-refused risky create request",
        ),
        (
            "request-property-added safe create request /Beds > create request",
            "request-properties-accepted safe create request",
        ),
    ),
    Edit(
        "a default of a property",
        lambda d: schema(d, "Draft", "Beds").update(default=2),
        (),
        ("request-default-changed risky create request /Beds",),
    ),
    Edit(
        "a request property whose values are listed",
        lambda d: schema(d, "Draft", "Tags")["items"].update(enum=["quiet"]),
        ("request-enum-introduced breaking create request /Tags/*",),
        ("request-enum-lifted safe create request /Tags/*",),
    ),
    Edit(
        "a request property of another combination",
        lambda d: schema(d, "Draft", "Kind").update({"not": {"const": "double"}}),
        ("request-schema-changed breaking create request /Kind",),
        ("request-schema-changed safe create request /Kind",),
    ),
    Edit(
        "a type of alternatives that gets one more",
        lambda d: schema(d, "Draft", "Price")["anyOf"].append({"type": "boolean"}),
        ("request-type-changed safe create request /Price",),
        ("request-type-changed breaking create request /Price",),
    ),
    Edit(
        "a request property that only a sample shows now",
        lambda d: schema(d, "Draft", "Told")["x-docdouble-evidence"].update(grade="sampled", line=40),
        ("request-property-unstated risky create request /Told",),
        (),
    ),
)
