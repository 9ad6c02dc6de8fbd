"""Single edits of keywords of JSON Schema 2020-12 and OpenAPI, as comparing tells them."""

from typing import Any

from .edits import Document, Edit, schema


def _discriminate(document: Document, **mapping: str) -> None:
    schema(document, "Draft")["discriminator"] = {"propertyName": "Kind", "mapping": mapping}


def _discriminate_responses(document: Document) -> None:
    schema(document, "Room")["discriminator"] = {"propertyName": "State"}


def _read_only(document: Document, **more: Any) -> None:
    schema(document, "Draft")["properties"]["Key"] = {"$ref": "#/components/schemas/Person", "readOnly": True, **more}
    schema(document, "Draft")["required"].append("Key")


def _drop_twin(document: Document) -> None:
    schema(document, "Draft", "Guest")["anyOf"].pop()


EDITS = (
    Edit(
        "a required name that is no property of a request",
        lambda d: schema(d, "Draft")["required"].append("Key"),
        ("request-property-became-required breaking create request /Key > create request",),
        ("request-property-became-optional safe create request /Key > create request",),
    ),
    Edit(
        "a required name that is no property of a response",
        lambda d: schema(d, "Person").update(required=["Key"]),
        ("response-property-became-required safe list response 200/*/Owner/Key",),
        ("response-property-became-optional breaking list response 200/*/Owner/Key",),
    ),
    Edit("a required property that callers don't send", _read_only, (), ()),
    Edit(
        "a property that isn't sent any more",
        lambda d: schema(d, "Room", "Note").update(writeOnly=True),
        ("response-property-removed breaking list response 200/*/Note",),
        ("response-property-added safe list response 200/*/Note > list response 200/*",),
    ),
    Edit(
        "other values of a response",
        lambda d: schema(d, "Room", "State").update(enum=["open"]),
        (
            "response-enum-value-removed safe list response 200/*/State",
            "response-enum-value-added breaking list response 200/*/State",
        ),
        (
            "response-enum-value-removed safe list response 200/*/State",
            "response-enum-value-added breaking list response 200/*/State",
        ),
    ),
    Edit(
        "another constant of a request",
        lambda d: schema(d, "Draft")["properties"].update(Kind={"const": "suite"}),
        (
            "request-enum-value-removed breaking create request /Kind",
            "request-enum-value-added safe create request /Kind",
        ),
        (
            "request-enum-value-removed breaking create request /Kind",
            "request-enum-value-added safe create request /Kind",
        ),
    ),
    Edit(
        "properties of a request that a pattern is about",
        lambda d: schema(d, "Draft").update(patternProperties={"^x-": {"type": "integer"}}),
        ("request-schema-changed breaking create request",),
        ("request-schema-changed safe create request",),
    ),
    Edit(
        "names of properties of a response",
        lambda d: schema(d, "Person").update(propertyNames={"pattern": "^[A-Z]"}),
        ("response-schema-changed safe list response 200/*/Owner",),
        ("response-schema-changed breaking list response 200/*/Owner",),
    ),
    Edit(
        "other properties of a request have a type",
        lambda d: schema(d, "Draft").update(unevaluatedProperties={"type": "integer"}),
        ("request-type-changed breaking create request /*",),
        ("request-type-changed safe create request /*",),
    ),
    Edit(
        "a named alternative that another one has the form of",
        _drop_twin,
        ("request-alternative-removed breaking create request /Guest",),
        (),
    ),
    Edit(
        "what a text of a request holds",
        lambda d: schema(d, "Draft", "Kind").update(contentEncoding="base64"),
        ("request-content-changed risky create request /Kind",),
        ("request-content-changed risky create request /Kind",),
    ),
    Edit(
        "what a text of a response holds",
        lambda d: schema(d, "Room", "Note").update(contentMediaType="text/html"),
        ("response-content-changed risky list response 200/*/Note",),
        ("response-content-changed risky list response 200/*/Note",),
    ),
    Edit(
        "a parameter that holds something else",
        lambda d: d["paths"]["/rooms"]["get"]["parameters"][3]["schema"].update(contentEncoding="base64"),
        ("parameter-content-changed risky list parameter header/X-Trace",),
        ("parameter-content-changed risky list parameter header/X-Trace",),
    ),
    Edit(
        "a discriminator of a request",
        _discriminate,
        ("request-discriminator-changed risky create request",),
        ("request-discriminator-changed risky create request",),
    ),
    Edit(
        "a discriminator of a response",
        _discriminate_responses,
        ("response-discriminator-changed risky list response 200/*",),
        ("response-discriminator-changed risky list response 200/*",),
    ),
    Edit(
        "a property of a request deprecated",
        lambda d: schema(d, "Draft", "Beds").update(deprecated=True),
        ("request-property-deprecated safe create request /Beds",),
        ("request-property-undeprecated safe create request /Beds",),
    ),
    Edit(
        "a property of a response deprecated",
        lambda d: schema(d, "Room", "Note").update(deprecated=True),
        ("response-property-deprecated safe list response 200/*/Note",),
        ("response-property-undeprecated safe list response 200/*/Note",),
    ),
)
