"""Postman collections (format v2.0 and v2.1, https://schema.postman.com) as documentation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from ..contract.credential_schemes import Scheme, header_schemes, http_scheme, key_scheme, query_schemes
from ..errors import ContractError, PageError
from ..extraction import Contradiction, Extraction
from ..http import FORM, MULTIPART
from ..openapi.document import DocumentNode
from ..openapi.text_formats import LineIndex
from .exchange_operations import exchange_contract
from .exchanges import (
    SameLine,
    SampledBody,
    SampledExchange,
    SampledParameter,
    SampledReply,
    form_body,
    named_media_type,
    sampled_body,
)
from .json_sources import has_member, json_lines, json_root
from .sampled_parameters import header_parameters, query_parameters
from .source_format import SourceFormat, SourceText
from .template_variables import RequestTarget, expanded, request_target

_SCHEMA = re.compile(rb"schema\.(?:get)?postman\.com/(?:json/)?collection/v2|\"_postman_id\"")
_METHOD = re.compile(r"[A-Za-z]+(-[A-Za-z]+)?", re.ASCII)
_LANGUAGES = {"json": "application/json", "xml": "application/xml", "html": "text/html", "text": "text/plain"}
_AUTHORISATIONS = {
    "basic": "basic",
    "bearer": "bearer",
    "jwt": "bearer",
    "oauth2": "bearer",
    "digest": "digest",
    "hawk": "Hawk",
    "oauth1": "OAuth",
    "awsv4": "AWS4-HMAC-SHA256",
    "ntlm": "NTLM",
}
"""Types of Postman's authorisation → the word of the header field."""

Pairs = tuple[tuple[str, str], ...]


def _recognises(beginning: bytes) -> bool:
    return _SCHEMA.search(beginning) is not None and has_member(beginning, "item")


def _read(source: SourceText) -> Extraction:
    root = json_root(source)
    reader = _CollectionReader(source, json_lines(source), [])
    exchanges = list(reader.exchanges(root))
    info = root.data.get("info")
    title = str(info.get("name") or "") if isinstance(info, dict) else ""
    contract = exchange_contract(title or source.path.stem, exchanges, reader.problems)
    return Extraction(contract, tuple(dict.fromkeys(reader.problems)))


@dataclass(frozen=True, slots=True)
class _Scope:
    """The scope of a folder's requests: its names, variables and authorisation."""

    tags: tuple[str, ...]
    variables: Mapping[str, str]
    schemes: Mapping[str, Scheme]

    def inside(self, item: DocumentNode, name: str) -> "_Scope":
        variables = {**self.variables, **_variables(item)}
        return _Scope((*self.tags, name) if name else self.tags, variables, _schemes(item, self.schemes))


@dataclass(frozen=True, slots=True)
class _CollectionReader:
    """The reader of the requests of one collection; what is broken costs the request or the part, and is reported."""

    source: SourceText
    lines: LineIndex
    problems: list[Contradiction]

    def exchanges(self, root: DocumentNode) -> Iterator[SampledExchange]:
        """Yield the requests of the collection in their order, folders entered where they stand."""
        waiting = [(node, _Scope((), {}, {}).inside(root, "")) for node in root.elements("item")][::-1]
        while waiting:
            node, scope = waiting.pop()
            try:
                item = node.object()
                name = _text(item, "name")
                if "item" in item.data:
                    inner = scope.inside(item, name)
                    waiting += [(child, inner) for child in item.elements("item")][::-1]
                else:
                    yield from self._of_item(item, name, scope)
            except (ContractError, PageError, ValueError) as error:
                self._report(node, error)

    def _report(self, node: DocumentNode, error: Exception) -> None:
        message = error.message if isinstance(error, ContractError | PageError) else str(error)
        place = error.pointer if isinstance(error, ContractError) else node.pointer
        rule = "sample-syntax" if isinstance(error, PageError) else "broken-part"
        self.problems.append(self.source.problem(rule, self.lines.line(place), f"{place}: {message}"))

    def _of_item(self, item: DocumentNode, name: str, scope: _Scope) -> Iterator[SampledExchange]:
        """Yield the request of an item with its saved examples, and the requests that these show."""
        if item.data.get("request") is None:
            raise item.error("neither a folder nor a request")
        scope = _Scope(scope.tags, {**scope.variables, **_variables(item)}, scope.schemes)
        exchange = self._exchange(_request_node(item, "request"), name, scope)
        replies, originals = [], []
        for response in item.elements("response"):
            try:
                replies.append(self._reply(response.object()))
                if isinstance(response.data.get("originalRequest"), dict | str):
                    original = self._exchange(_request_node(response, "originalRequest"), name, scope)
                    if (original.method, original.path) == (exchange.method, exchange.path):
                        originals.append(replace(original, security=exchange.security))
            except (ContractError, PageError, ValueError) as error:
                self._report(response, error)
        yield replace(exchange, replies=tuple(filter(None, replies)))
        yield from originals

    def _exchange(self, request: DocumentNode, name: str, scope: _Scope) -> SampledExchange:
        written = _url(request)
        target = request_target(written.raw, scope.variables, dict(written.variables))
        evidence = self.source.evidence(self.lines.line(request.pointer))
        headers = tuple((key, expanded(value, scope.variables)) for key, value in _pairs(request, "header", ":"))
        query = tuple((key, expanded(value, scope.variables)) for key, value in written.query(target.query))
        schemes = {**_schemes(request, scope.schemes), **dict((*header_schemes(headers), *query_schemes(query)))}
        described = [
            replace(parameter, description=written.description("query", parameter.name))
            for parameter in query_parameters(query, evidence)
        ]
        method = _text(request, "method") or "GET"
        if not _METHOD.fullmatch(method):
            raise request.error(f"'method' is {method!r}, expected one such as GET")
        return SampledExchange(
            method.upper(),
            target.server,
            target.path,
            evidence,
            (*_path_parameters(target, written, evidence), *described, *header_parameters(headers, evidence)),
            self._body(request, headers, scope),
            (),
            schemes,
            name,
            _description(request) or "",
            scope.tags,
        )

    def _body(self, request: DocumentNode, headers: Pairs, scope: _Scope) -> SampledBody | None:
        if not isinstance(request.data.get("body"), dict) or request.data["body"].get("disabled"):
            return None
        body = request.mapping("body")
        mode = _text(body, "mode")
        line = self.lines.line(body.child(mode, None).pointer)
        evidence = self.source.evidence(line)
        content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        match mode:
            case "raw":
                named = content_type or _LANGUAGES.get(_language(body), "")
                text = expanded(_text(body, "raw"), scope.variables)
                try:
                    return sampled_body(named, text, evidence, SameLine(line))
                except PageError as error:
                    self._report(body.child("raw", None), error)
                    return None
            case "urlencoded" | "formdata":
                fields = {key: expanded(value, scope.variables) for key, value in _pairs(body, mode, "=")}
                named = FORM if mode == "urlencoded" else MULTIPART
                return form_body(named, fields, evidence, _file_fields(body.data.get(mode))) if fields else None
            case "graphql":
                raise body.error("a GraphQL query, which is not read")
            case "file":
                name = named_media_type(content_type) or "application/octet-stream"
                return SampledBody(name, {"type": "string", "format": "binary"}, None, False, evidence)
        return None

    def _reply(self, response: DocumentNode) -> SampledReply | None:
        code = response.data.get("code")
        if code is None:
            return None
        if not isinstance(code, int) or isinstance(code, bool) or not 100 <= code < 600:
            raise response.error(f"'code' is {code!r}, expected a status from 100 to 599")
        headers = _pairs(response, "header", ":")
        named = next((value for name, value in headers if name.lower() == "content-type"), "")
        named = named or _LANGUAGES.get(_text(response, "_postman_previewlanguage"), "")
        evidence = self.source.evidence(self.lines.line(response.pointer))
        line = self.lines.line(response.child("body", None).pointer)
        try:
            body = sampled_body(named, _text(response, "body"), self.source.evidence(line), SameLine(line))
        except PageError as error:
            self._report(response.child("body", None), error)
            body = None
        return SampledReply(str(code), body, evidence)


@dataclass(frozen=True, slots=True)
class _Url:
    """The URL of a request: an object, or a text alone."""

    node: DocumentNode
    text: str

    @property
    def raw(self) -> str:
        """The URL as one text: as it is written, else put together of its parts."""
        if self.text or not self.node.data:
            return self.text
        if raw := _text(self.node, "raw"):
            return raw
        host, path = (_joined(self.node.data.get(key), separator) for key, separator in (("host", "."), ("path", "/")))
        port = f":{port}" if (port := self.node.data.get("port")) else ""
        protocol = _text(self.node, "protocol")
        start = f"{protocol.removesuffix('://')}://" if protocol else ""
        return f"{start}{host}{port}/{path.lstrip('/')}"

    @property
    def variables(self) -> Iterator[tuple[str, str]]:
        """The values of the variables that the path names."""
        return iter(_pairs(self.node, "variable", "=", disabled=True))

    def query(self, written: str) -> Pairs:
        """Return the query parameters, those that are switched off, too: they are documented."""
        if isinstance(self.node.data.get("query"), list):
            return _pairs(self.node, "query", "=", disabled=True)
        return tuple(parse_qsl(written, keep_blank_values=True))

    def description(self, kind: str, name: str) -> str:
        """Return the description of a query parameter, or of a ``variable``."""
        listed = self.node.data.get(kind)
        for pair in listed if isinstance(listed, list) else ():
            if isinstance(pair, dict) and pair.get("key") == name:
                return _description_text(pair.get("description"))
        return ""


def _file_fields(fields: Any) -> frozenset[str]:
    """Return the names of the fields of a form that hold files."""
    listed = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    return frozenset(str(field.get("key")) for field in listed if field.get("type") == "file")


def _path_parameters(target: RequestTarget, written: _Url, evidence: Any) -> Iterator[SampledParameter]:
    for name in target.variables:
        yield SampledParameter(name, "path", target.values.get(name), evidence, written.description("variable", name))


def _url(request: DocumentNode) -> _Url:
    """Return the URL of a request; raises ``ContractError`` where there is none."""
    url = request.data.get("url")
    if not url:
        raise request.error("'url' is missing")
    return _Url(request.child("url", {}), url) if isinstance(url, str) else _Url(request.mapping("url"), "")


def _request_node(holder: DocumentNode, key: str) -> DocumentNode:
    """Return the request under a key, which may be a URL alone."""
    value = holder.data.get(key)
    return holder.child(key, {"url": value}) if isinstance(value, str) else holder.mapping(key)


def _text(node: DocumentNode, key: str) -> str:
    value = node.data.get(key)
    return value if isinstance(value, str) else ""


def _joined(value: Any, separator: str) -> str:
    if isinstance(value, list):
        parts = (part.get("value", "") if isinstance(part, dict) else part for part in value)
        return separator.join(str(part) for part in parts)
    return value if isinstance(value, str) else ""


def _description(node: DocumentNode) -> str:
    return _description_text(node.data.get("description"))


def _description_text(value: Any) -> str:
    text = value.get("content") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _pairs(node: DocumentNode, key: str, separator: str, disabled: bool = False) -> Pairs:
    """Return named texts: of an array of objects, of an object, or of a text with one a line."""
    value = node.data.get(key)
    if isinstance(value, str):
        pairs = (line.partition(separator)[::2] for line in value.splitlines() if separator in line)
        return tuple((name.strip(), text.strip()) for name, text in pairs)
    if isinstance(value, dict):
        return tuple((str(name), str(text)) for name, text in value.items() if isinstance(text, str | int | float))
    listed = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    kept = [entry for entry in listed if disabled or not entry.get("disabled")]
    return tuple((str(entry.get("key") or entry.get("id") or ""), _value(entry.get("value"))) for entry in kept)


def _value(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _variables(node: DocumentNode) -> dict[str, str]:
    return {name: value for name, value in _pairs(node, "variable", "=") if name and value}


def _language(body: DocumentNode) -> str:
    options = body.data.get("options")
    raw = options.get("raw") if isinstance(options, dict) else None
    return str(raw.get("language")) if isinstance(raw, dict) else ""


def _schemes(node: DocumentNode, outer: Mapping[str, Scheme]) -> Mapping[str, Scheme]:
    """Return the schemes of a request's or a folder's authorisation, those around it where it has none of its own."""
    auth = node.data.get("auth")
    if not isinstance(auth, dict) or not isinstance(auth.get("type"), str):
        return outer
    kind = auth["type"]
    if kind == "apikey":
        named = dict(_pairs(node.mapping("auth"), kind, "="))
        return dict([key_scheme(named.get("key") or "api_key", named.get("in") or "header")])
    return dict([http_scheme(_AUTHORISATIONS[kind])]) if kind in _AUTHORISATIONS else {}


POSTMAN = SourceFormat("postman", "a Postman collection", (), _recognises, _read, 30)
