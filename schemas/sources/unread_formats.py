"""Formats of API descriptions and collections that are not read, each with what its user can do instead."""

import re
from functools import cache

from .source_format import UnreadFormat

_CONVERTED = "convert it to OpenAPI, for instance with"
_OWN = "point at the API's own OpenAPI file"

UNREAD_FORMATS = (
    UnreadFormat(
        "a GraphQL schema or query",
        "docdouble is about HTTP APIs with a path for each resource, and a fake of GraphQL is another tool's work",
        (".graphql", ".graphqls", ".gql"),
        r'"__schema"\s*:\s*\{',
    ),
    UnreadFormat(
        "a Bruno collection",
        "export it from Bruno as an OpenAPI document or a Postman collection, and name that",
        (".bru",),
        r'\A\s*\{\s*"version"\s*:\s*"1"[^{}]*"type"\s*:\s*"collection"',
    ),
    UnreadFormat(
        "an Insomnia export",
        "export the collection from Insomnia as HAR, or its design document as OpenAPI, and name that",
        (),
        r'"__export_format"\s*:|^type:\s*(collection|spec)\.insomnia\.rest/',
    ),
    UnreadFormat("a RAML document", f"{_CONVERTED} webapi-parser or oas-raml-converter", (".raml",), r"\A#%RAML\b"),
    UnreadFormat(
        "a WSDL document of a SOAP service",
        "SOAP services have one path for all calls: put an HTTP API before it, and describe that",
        (".wsdl",),
        r"<(\w+:)?(definitions|description)\b[^>]*schemas\.xmlsoap\.org/wsdl|www\.w3\.org/ns/wsdl",
    ),
    UnreadFormat("a WADL document", f"{_CONVERTED} api-spec-converter", (".wadl",), r"wadl\.dev\.java\.net/2009/02"),
    UnreadFormat(
        "a Protocol Buffers file of a gRPC service",
        "where HTTP is mapped by google.api.http, make OpenAPI with protoc-gen-openapi, and name that",
        (".proto",),
        r'^\s*syntax\s*=\s*"proto[23]"',
    ),
    UnreadFormat(
        "an AsyncAPI document",
        f"it describes messages, not HTTP calls; {_OWN} if there is one",
        (),
        r"""^\s*\{?\s*["']?asyncapi["']?\s*:\s*["']?\d""",
    ),
    UnreadFormat(
        "an OData $metadata document",
        f"{_CONVERTED} odata-openapi",
        (".edmx", ".csdl"),
        r"<(\w+:)?Edmx\b|\"\$Version\"\s*:\s*\"4\.",
    ),
    UnreadFormat(
        "a Postman collection of format 1",
        "export it from Postman as Collection v2.1",
        (),
        r'\A\s*\{(?=[\s\S]*"order"\s*:)(?=[\s\S]*"requests"\s*:\s*\[)(?=[\s\S]*"collectionId")',
    ),
    UnreadFormat(
        "a Postman environment",
        "it holds values of variables; name the collection, whose own variables are read",
        (".postman_environment.json", ".postman_globals.json"),
        r'"_postman_variable_scope"',
    ),
    UnreadFormat(
        "a Thunder Client collection", "export it from Thunder Client as a Postman collection", (), r'"Thunder Client"'
    ),
    UnreadFormat(
        "a Hoppscotch collection",
        "export the API's OpenAPI file, from which such a collection often is made",
        (),
        r'\A\s*\[?\s*\{(?=[\s\S]*"v"\s*:)(?=[\s\S]*"folders"\s*:)(?=[\s\S]*"requests"\s*:)(?=[\s\S]*"endpoint"\s*:)',
    ),
    UnreadFormat(
        "a Google API discovery document", f"{_CONVERTED} google-discovery-to-swagger", (), r"discovery#restDescription"
    ),
    UnreadFormat("a Swagger 1 document", f"{_CONVERTED} api-spec-converter", (), r'"swaggerVersion"\s*:\s*"1'),
    UnreadFormat("an OpenRPC document", "JSON-RPC has one path for all calls", (), r'"openrpc"\s*:\s*"1'),
    UnreadFormat(
        "an Arazzo document",
        "name the OpenAPI document that its workflows are about",
        (),
        r"""^\s*\{?\s*["']?arazzo["']?\s*:""",
    ),
    UnreadFormat(
        "a Pact contract",
        f"it holds what one consumer expects; {_OWN}",
        (),
        r'"pactSpecification"|"pact-specification"',
    ),
    UnreadFormat(
        "a TypeSpec file", "compile it with tsp and its OpenAPI emitter, and name what that writes", (".tsp",)
    ),
    UnreadFormat(
        "a Smithy model",
        "build it with its OpenAPI plug-in, and name what that writes",
        (".smithy",),
        r'"smithy"\s*:\s*"[12]',
    ),
    UnreadFormat("a Thrift file", f"Thrift is no HTTP API; {_OWN} if there is one", (".thrift",)),
)


@cache
def sign_of(unread: UnreadFormat) -> re.Pattern[str] | None:
    """Return the compiled sign of a format, ``None`` where only names tell it."""
    return re.compile(unread.sign, re.MULTILINE) if unread.sign else None


def unread_format(name: str, beginning: bytes) -> UnreadFormat | None:
    """Return the format of a file that is not read, by its name or the beginning of its text."""
    lower, text = name.lower(), beginning.decode("utf-8-sig", "replace")
    for unread in UNREAD_FORMATS:
        sign = sign_of(unread)
        if lower.endswith(unread.suffixes) if unread.suffixes else False:
            return unread
        if sign and lower.endswith((".json", ".yaml", ".yml", ".xml", ".txt")) and sign.search(text):
            return unread
    return None
