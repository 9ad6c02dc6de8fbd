"""Lint rules: contradictions of documentation with itself, and their severities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from ..contract.model import Operation
from ..errors import ConfigError
from ..extraction import Contradiction, Extraction, contradiction_at
from ..openapi.document import DocumentNode
from .examples_of_schemas import broken_schema_examples
from .openapi_structure import structure_problems
from .samples_against_schemas import broken_header_examples, broken_samples

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class LintRule:
    """Finding of a rule, and how bad that is."""

    level: Level
    finds: str


RULES: Mapping[str, LintRule] = {
    "unreadable-page": LintRule("error", "a page that can't be read"),
    "broken-include": LintRule("error", "an include that names no Markdown file, itself, or a file outside the folder"),
    "missing-include": LintRule("note", "an include of a page that isn't below the folder: what it says is not read"),
    "sample-syntax": LintRule("error", "a sample that is no HTTP message or no JSON"),
    "mended-sample": LintRule(
        "warning", "a sample that is JSON only after mending: an ellipsis, comments, commas, two values"
    ),
    "sample-type": LintRule("error", "a type in a table or heading that the sample contradicts"),
    "sample-location": LintRule("warning", "query parameters that the samples send in the body"),
    "sample-schema": LintRule("error", "a sample or an example that doesn't fit its schema, and so isn't sent"),
    "schema-example": LintRule("warning", "an example or a default of a schema that breaks it, and so isn't used"),
    "not-in-table": LintRule("warning", "a property of a sample that no table has"),
    "not-in-sample": LintRule("note", "a property of a table that the sample lacks"),
    "request-sentence": LintRule("warning", "a sentence that lists other properties than the table below it"),
    "wrong-type-name": LintRule("error", "a heading that names a type of another shape"),
    "wrong-type-cell": LintRule("warning", "a type cell that holds a name which pages give to different types"),
    "undefined-type": LintRule("note", "a named type that no page describes"),
    "unreadable-type": LintRule("error", "a type that means nothing"),
    "unreadable-status": LintRule("error", "a status that means nothing"),
    "described-twice": LintRule("error", "a property, parameter or status with two rows"),
    "variable-without-row": LintRule("warning", "a path variable that no table describes"),
    "not-in-path": LintRule("error", "a path parameter that the path doesn't have"),
    "empty-media-types": LintRule("warning", "a header that should list media types and lists none"),
    "undefined-security": LintRule("error", "a security scheme that nothing defines"),
    "no-security-schemes": LintRule("warning", "a security scheme, where the documentation defines none at all"),
    "unchecked-security": LintRule("note", "a security scheme that is no part of a request, and so is not checked"),
    "broken-reference": LintRule("error", "a $ref that can't be followed"),
    "unread-reference": LintRule("warning", "a $ref to another host, which isn't read without --allow-references"),
    "broken-schema": LintRule("error", "a keyword of a schema with a value that it can't have"),
    "no-value": LintRule("warning", "a schema of a body that no value was found for"),
    "closed-composition": LintRule("warning", "a closed part of allOf that forbids what another part requires"),
    "unstructured-body": LintRule(
        "warning", "a schema of an object or an array for a text or a file, which isn't used"
    ),
    "broken-part": LintRule("error", "a part of an OpenAPI document, a collection or a recording that can't be read"),
    "ignored-header": LintRule(
        "note", "a header parameter that OpenAPI has other places for, or that belongs to the connection"
    ),
    "ref-siblings": LintRule("note", "keywords beside $ref, which OpenAPI ignores before version 3.1"),
    "missing-field": LintRule("error", "a field that OpenAPI requires and that isn't there"),
    "unknown-field": LintRule("error", "a field that OpenAPI doesn't have at that place"),
    "wrong-type": LintRule("error", "a field of OpenAPI with another kind of value than it has"),
    "wrong-value": LintRule("error", "a value or a name that OpenAPI doesn't allow there"),
    "exclusive-fields": LintRule("error", "fields, parameters or methods that exclude each other in OpenAPI"),
    "undefined-variable": LintRule("error", "a variable of a server's URL that nothing defines"),
    "variable-without-parameter": LintRule("warning", "a variable of a path that no parameter of OpenAPI declares"),
    "parameter-without-variable": LintRule("warning", "a path parameter of OpenAPI that the path has no variable for"),
    "optional-variable": LintRule("warning", "a path parameter that isn't documented as required"),
    "only-in-pages": LintRule("warning", "something that the document given with --against doesn't have"),
    "only-in-document": LintRule("warning", "something that only the document given with --against has"),
    "other-type": LintRule("error", "a type that the document given with --against contradicts"),
}


def contradictions_of(extraction: Extraction) -> tuple[Contradiction, ...]:
    """Return all that is wrong with the documentation of a contract, ordered by page and line."""
    place = attrgetter("page", "line")
    unreadable = (Contradiction("unreadable-page", page.path, page.line, page.message) for page in extraction.failures)
    contradictions = [*extraction.contradictions, *unreadable, *_security(extraction)]
    reported = {place(known) for known in contradictions if known.rule == "sample-type"}
    contradictions += _structure(extraction)
    contradictions += (broken for broken in broken_samples(extraction.contract) if place(broken) not in reported)
    contradictions += broken_header_examples(extraction.contract)
    contradictions += broken_schema_examples(extraction.contract) if extraction.documents else ()
    return ordered(contradictions)


def _structure(extraction: Extraction) -> Iterator[Contradiction]:
    """Yield where OpenAPI documents break rules of their specification, but for places that reading has reported."""
    reported = {(known.page, _pointer(known)) for known in extraction.contradictions}
    for root in extraction.documents:
        if isinstance(root, DocumentNode):
            for problem in structure_problems(root):
                if (problem.page, _pointer(problem)) not in reported:
                    yield problem


def _pointer(contradiction: Contradiction) -> str:
    return contradiction.message.partition(": ")[0]


def ordered(contradictions: list[Contradiction]) -> tuple[Contradiction, ...]:
    """Return contradictions by page, line and rule, each once."""
    return tuple(sorted(set(contradictions), key=attrgetter("page", "line", "rule", "message")))


def check_rules(names: tuple[str, ...], key: str) -> None:
    """Raise ``ConfigError`` for a rule that there isn't."""
    for name in names:
        if name not in RULES:
            raise ConfigError(key, name, RULES)


def _security(extraction: Extraction) -> Iterator[Contradiction]:
    """Yield schemes that nothing defines or checks: an OpenAPI document without any scheme is an excerpt of another."""
    schemes = extraction.contract.security_schemes
    undefined = "no-security-schemes" if extraction.documents and not schemes else "undefined-security"
    for operation in extraction.contract.operations:
        for name in sorted({name for names in operation.security for name in names}):
            if name not in schemes:
                yield _about(operation, undefined, f"{operation.id} asks for {name!r}, which nothing defines")
            elif schemes[name].get("type") == "mutualTLS":
                message = f"{operation.id} asks for a client certificate, {name!r}, which the fake does not check"
                yield _about(operation, "unchecked-security", message)


def _about(operation: Operation, rule: str, message: str) -> Contradiction:
    return contradiction_at(operation.security_evidence or operation.evidence, rule, message)
