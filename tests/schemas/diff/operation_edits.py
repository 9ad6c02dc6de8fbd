"""Single edits of what an operation is and asks for, as comparing tells them."""

from typing import Any

from .edits import Document, Edit, operation


def parameters(document: Document, name: str) -> list[Any]:
    """Return the parameters of an operation."""
    listed: list[Any] = operation(document, name)["parameters"]
    return listed


def _add_operation(document: Document) -> None:
    document["paths"]["/rooms"]["head"] = {"operationId": "count", "responses": {"204": {"description": ""}}}


def _rename_variable(document: Document) -> None:
    document["paths"]["/rooms/{room}"] = document["paths"].pop("/rooms/{id}")
    parameters(document, "get")[0]["name"] = "room"


def _drop_select(document: Document) -> None:
    parameters(document, "get").pop()
    operation(document, "get").pop("x-docdouble-behaviours")


def _rename_scheme(document: Document) -> None:
    schemes = document["components"]["securitySchemes"]
    schemes["apiKey"] = schemes.pop("key")
    operation(document, "list")["security"][0] = {"apiKey": []}


EDITS = (
    Edit(
        "an operation added",
        _add_operation,
        ("operation-added safe count operation",),
        ("operation-removed breaking count operation",),
    ),
    Edit(
        "a path variable renamed",
        _rename_variable,
        ("parameter-renamed safe get parameter path/id",),
        ("parameter-renamed safe get parameter path/room",),
    ),
    Edit(
        "an operation under another id",
        lambda d: operation(d, "list").update(operationId="all"),
        ("operation-renamed safe list operation",),
        ("operation-renamed safe all operation",),
    ),
    Edit(
        "an operation moved",
        lambda d: d["paths"].update({"/chambers": {"post": d["paths"]["/rooms"].pop("post")}}),
        ("operation-moved breaking create operation",),
        ("operation-moved breaking create operation",),
    ),
    Edit("a description", lambda d: operation(d, "list").update(description="Lists rooms."), (), ()),
    Edit(
        "an optional parameter added",
        lambda d: parameters(d, "list").append({"name": "page", "in": "query", "schema": {}}),
        ("parameter-added safe list parameter query/page > list operation",),
        ("parameter-removed risky list parameter query/page",),
    ),
    Edit(
        "a required parameter added",
        lambda d: parameters(d, "list").append({"name": "to", "in": "query", "required": True}),
        ("required-parameter-added breaking list parameter query/to > list operation",),
        ("parameter-removed risky list parameter query/to",),
    ),
    Edit(
        "a parameter that becomes required",
        lambda d: parameters(d, "list")[1].update(required=True),
        ("parameter-became-required breaking list parameter query/sort > list operation",),
        ("parameter-became-optional safe list parameter query/sort",),
    ),
    Edit(
        "a parameter in another place",
        lambda d: parameters(d, "list")[3].update({"in": "query"}),
        (
            "parameter-removed risky list parameter header/X-Trace",
            "parameter-added safe list parameter query/X-Trace > list operation",
        ),
        (
            "parameter-removed risky list parameter query/X-Trace",
            "parameter-added safe list parameter header/X-Trace > list operation",
        ),
    ),
    Edit("a header parameter in other letters", lambda d: parameters(d, "list")[3].update(name="x-trace"), (), ()),
    Edit(
        "a parameter of another type",
        lambda d: parameters(d, "list")[3].update(schema={"type": "integer"}),
        ("parameter-type-changed breaking list parameter header/X-Trace",),
        ("parameter-type-changed risky list parameter header/X-Trace",),
    ),
    Edit(
        "a parameter without a format",
        lambda d: parameters(d, "list")[2]["schema"].pop("format"),
        ("parameter-format-changed safe list parameter query/day",),
        ("parameter-format-changed breaking list parameter query/day",),
    ),
    Edit(
        "a parameter with a narrower bound",
        lambda d: parameters(d, "list")[0]["schema"].update(minimum=5),
        ("parameter-bounds-changed breaking list parameter query/limit",),
        ("parameter-bounds-changed safe list parameter query/limit",),
    ),
    Edit(
        "a parameter with another default",
        lambda d: parameters(d, "list")[0]["schema"].update(default=50),
        ("parameter-default-changed risky list parameter query/limit",),
        ("parameter-default-changed risky list parameter query/limit",),
    ),
    Edit(
        "a parameter with a value less",
        lambda d: parameters(d, "list")[1]["schema"]["enum"].pop(),
        ("parameter-enum-value-removed breaking list parameter query/sort",),
        ("parameter-enum-value-added safe list parameter query/sort",),
    ),
    Edit(
        "a parameter whose values are listed",
        lambda d: parameters(d, "list")[3]["schema"].update(enum=["on"]),
        ("parameter-enum-introduced breaking list parameter header/X-Trace",),
        ("parameter-enum-lifted safe list parameter header/X-Trace",),
    ),
    Edit(
        "a behaviour gone",
        lambda d: operation(d, "get").pop("x-docdouble-behaviours"),
        ("behaviour-removed breaking get parameter query/$select",),
        ("behaviour-added safe get parameter query/$select",),
    ),
    Edit(
        "a behaviour gone with its parameter",
        _drop_select,
        ("behaviour-removed breaking get parameter query/$select",),
        ("behaviour-added safe get parameter query/$select",),
    ),
    Edit(
        "an effect that isn't known any more",
        lambda d: operation(d, "list").pop("x-docdouble-effect"),
        ("effect-changed risky list operation",),
        ("effect-changed safe list operation",),
    ),
    Edit(
        "a way to authenticate gone",
        lambda d: operation(d, "list")["security"].pop(),
        ("security-removed breaking list operation",),
        ("security-added safe list operation",),
    ),
    Edit(
        "two schemes needed together",
        lambda d: operation(d, "list")["security"][0].update(other=[]),
        ("security-removed breaking list operation",),
        ("security-added safe list operation",),
    ),
    Edit(
        "credentials where none were needed",
        lambda d: operation(d, "create").update(security=[{"key": []}]),
        ("security-required breaking create operation",),
        ("security-dropped safe create operation",),
    ),
    Edit(
        "a scheme in another header",
        lambda d: d["components"]["securitySchemes"]["key"].update(name="X-Other"),
        ("security-changed breaking list operation",),
        ("security-changed breaking list operation",),
    ),
    Edit("a scheme under another name", _rename_scheme, (), ()),
    Edit(
        "a parameter of another combination",
        lambda d: parameters(d, "list")[0].update(
            schema={"type": "integer", "minimum": 1, "default": 20, "not": {"const": 7}}
        ),
        ("parameter-schema-changed breaking list parameter query/limit",),
        ("parameter-schema-changed safe list parameter query/limit",),
    ),
)
