"""Fields of the objects of OpenAPI 3.0, 3.1 and 3.2 and of Swagger 2.0: their kinds, and which are required.

A field is written ``NAME:KIND``. ``NAME!`` is required; ``NAME@3.1`` is there from that version on, ``NAME@-3.0`` up
to it. A kind is a JSON type, ``any``, the name of an object, ``[KIND]`` an array or ``{KIND}`` a map of these. A field
that starts with ``^`` is a regular expression of names. Every object may have ``x-`` fields.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_OPENAPI = {
    "OpenAPI": "openapi!:string info!:Info jsonSchemaDialect@3.1:string $self@3.2:string servers:[Server]"
    " paths!@-3.0:Paths paths@3.1:Paths webhooks@3.1:{PathItem} components:Components security:[SecurityRequirement]"
    " tags:[Tag] externalDocs:ExternalDocs",
    "Info": "title!:string summary@3.1:string description:string termsOfService:string contact:Contact license:License"
    " version!:string",
    "Contact": "name:string url:string email:string",
    "License": "name!:string identifier@3.1:string url:string",
    "Server": "url!:string description:string name@3.2:string variables:{ServerVariable}",
    "ServerVariable": "enum:[string] default!:string description:string",
    "Components": "schemas:{Schema} responses:{Response} parameters:{Parameter} examples:{Example}"
    " requestBodies:{RequestBody} headers:{Header} securitySchemes:{SecurityScheme} links:{Link} callbacks:{Callback}"
    " pathItems@3.1:{PathItem} mediaTypes@3.2:{MediaType}",
    "Paths": "^/:PathItem",
    "PathItem": "$ref:string summary:string description:string get:Operation put:Operation post:Operation"
    " delete:Operation options:Operation head:Operation patch:Operation trace:Operation query@3.2:Operation"
    " additionalOperations@3.2:{Operation} servers:[Server] parameters:[Parameter]",
    "Operation": "tags:[string] summary:string description:string externalDocs:ExternalDocs operationId:string"
    " parameters:[Parameter] requestBody:RequestBody responses!@-3.0:Responses responses@3.1:Responses"
    " callbacks:{Callback} deprecated:boolean security:[SecurityRequirement] servers:[Server]",
    "ExternalDocs": "description:string url!:string",
    "Parameter": "name!:string in!:string description:string required:boolean deprecated:boolean"
    " allowEmptyValue:boolean style:string explode:boolean allowReserved:boolean schema:Schema content:{MediaType}"
    " example:any examples:{Example}",
    "Header": "description:string required:boolean deprecated:boolean style:string explode:boolean schema:Schema"
    " content:{MediaType} example:any examples:{Example} allowEmptyValue@-3.0:boolean allowReserved@-3.0:boolean",
    "RequestBody": "description:string content!:{MediaType} required:boolean",
    "MediaType": "description@3.2:string schema:Schema itemSchema@3.2:Schema example:any examples:{Example}"
    " encoding:{Encoding} prefixEncoding@3.2:[Encoding] itemEncoding@3.2:Encoding",
    "Encoding": "contentType:string headers:{Header} style:string explode:boolean allowReserved:boolean"
    " encoding@3.2:{Encoding} prefixEncoding@3.2:[Encoding] itemEncoding@3.2:Encoding",
    "Responses": "default:Response ^[1-5](\\d\\d|XX)$:Response",
    "Response": "summary@3.2:string description!@-3.1:string description@3.2:string headers:{Header}"
    " content:{MediaType} links:{Link}",
    "Callback": "^:PathItem",
    "Example": "summary:string description:string value:any externalValue:string dataValue@3.2:any"
    " serializedValue@3.2:string",
    "Link": "operationRef:string operationId:string parameters:{any} requestBody:any description:string server:Server",
    "Tag": "name!:string summary@3.2:string description:string externalDocs:ExternalDocs parent@3.2:string"
    " kind@3.2:string",
    "Reference": "$ref!:string summary@3.1:string description@3.1:string",
    "Discriminator": "propertyName!:string mapping:{string} defaultMapping@3.2:string",
    "XML": "name:string namespace:string prefix:string attribute:boolean wrapped:boolean nodeType@3.2:string",
    "SecurityScheme": "type!:string description:string name:string in:string scheme:string bearerFormat:string"
    " flows:OAuthFlows openIdConnectUrl:string oauth2MetadataUrl@3.2:string deprecated@3.2:boolean",
    "OAuthFlows": "implicit:OAuthFlow password:OAuthFlow clientCredentials:OAuthFlow authorizationCode:OAuthFlow"
    " deviceAuthorization@3.2:OAuthFlow",
    "OAuthFlow": "authorizationUrl:string tokenUrl:string refreshUrl:string scopes!:{string}"
    " deviceAuthorizationUrl@3.2:string",
    "SecurityRequirement": "^:[string]",
}
_SWAGGER = {
    "Swagger": "swagger!:string info!:Info host:string basePath:string schemes:[string] consumes:[string]"
    " produces:[string] paths!:Paths definitions:{Schema} parameters:{Parameter} responses:{Response}"
    " securityDefinitions:{SecurityScheme} security:[SecurityRequirement] tags:[Tag] externalDocs:ExternalDocs",
    "Info": "title!:string description:string termsOfService:string contact:Contact license:License version!:string",
    "Contact": "name:string url:string email:string",
    "License": "name!:string url:string",
    "Paths": "^/:PathItem",
    "PathItem": "$ref:string get:Operation put:Operation post:Operation delete:Operation options:Operation"
    " head:Operation patch:Operation parameters:[Parameter]",
    "Operation": "tags:[string] summary:string description:string externalDocs:ExternalDocs operationId:string"
    " consumes:[string] produces:[string] parameters:[Parameter] responses!:Responses schemes:[string]"
    " deprecated:boolean security:[SecurityRequirement]",
    "ExternalDocs": "description:string url!:string",
    "Parameter": "name!:string in!:string description:string required:boolean schema:Schema type:string format:string"
    " allowEmptyValue:boolean items:object collectionFormat:string default:any maximum:number exclusiveMaximum:boolean"
    " minimum:number exclusiveMinimum:boolean maxLength:integer minLength:integer pattern:string maxItems:integer"
    " minItems:integer uniqueItems:boolean enum:array multipleOf:number",
    "Responses": "default:Response ^[1-5]\\d\\d$:Response",
    "Response": "description!:string schema:Schema headers:{object} examples:{any}",
    "Tag": "name!:string description:string externalDocs:ExternalDocs",
    "Reference": "$ref!:string",
    "XML": "name:string namespace:string prefix:string attribute:boolean wrapped:boolean",
    "SecurityScheme": "type!:string description:string name:string in:string flow:string authorizationUrl:string"
    " tokenUrl:string scopes:{string}",
    "SecurityRequirement": "^:[string]",
}

_REFERENCED = frozenset(
    {"Response", "Parameter", "Example", "RequestBody", "Header", "SecurityScheme", "Link", "Callback"}
)
"""Objects that a Reference Object may stand for."""


@dataclass(frozen=True, slots=True)
class OpenApiField:
    """A field of an object, or with ``is_pattern`` all fields whose names match."""

    name: str
    kind: str
    is_required: bool = False
    is_pattern: bool = False

    def is_named(self, name: str) -> bool:
        """Tell whether a name is that of the field."""
        return bool(re.search(self.name, name)) if self.is_pattern else name == self.name


@cache
def fields_of(kind: str, version: float) -> tuple[OpenApiField, ...] | None:
    """Return the fields of an object in a version of the specification; ``None`` for what is no object of it."""
    objects: Mapping[str, str] = _OPENAPI if version >= 3 else _SWAGGER
    if kind not in objects:
        return None
    return tuple(field for field_text in objects[kind].split(" ") if (field := _field(field_text, version)))


def may_be_reference(kind: str, version: float) -> bool:
    """Tell whether a Reference Object may stand in the place of an object."""
    return kind in _REFERENCED or (kind == "MediaType" and version >= 3.2)


def _field(text: str, version: float) -> OpenApiField | None:
    """Return a field as the table has it, ``None`` where the version doesn't have it."""
    head, _, kind = text.rpartition(":")
    name, _, since = head.partition("@")
    if since and not (version <= -float(since) if since.startswith("-") else version >= float(since)):
        return None
    bare = name.removesuffix("!")
    return OpenApiField(bare, kind, bare != name, bare.startswith("^"))
