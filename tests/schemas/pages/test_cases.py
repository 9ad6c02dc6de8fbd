"""Every page of ``tests/cases`` is read as the JSON file beside it says."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from docdouble.schemas import Contract, Evidence, Extraction, Validator, extract
from docdouble.schemas.contract.model import COMPONENT_PREFIX, EVIDENCE, Body, MediaType, Operation, Response
from docdouble.schemas.jsonschema.bundle import standalone
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.openapi.convert import to_openapi, without_prose
from docdouble.schemas.openapi.reader import from_openapi

CASES = Path(__file__).parents[2] / "cases"
EXPECTED = sorted(CASES.glob("*.json"))
PAGES = sorted(page for page in CASES.glob("*.md") if page.name != "README.md")


def source_of(expected: Path) -> Path:
    """A case is a page, or a folder of pages."""
    page = expected.with_suffix(".md")
    return page if page.exists() else expected.with_suffix("")


def view(extraction: Extraction, case: str) -> dict[str, Any]:
    """Everything that was read, in the short form that README.md describes."""
    contract = extraction.contract
    return _short(
        {
            "operations": {operation.label: _operation(operation) for operation in contract.operations},
            "schemas": dict(contract.schemas),
            "contradictions": [str(contradiction) for contradiction in extraction.contradictions],
            "skipped": list(extraction.skipped),
        },
        f"{case}.md:",
    )


def _operation(operation: Operation) -> dict[str, Any]:
    body = {"request": _body(operation.request)} if operation.request else {}
    return {
        "id": operation.id,
        "summary": operation.summary,
        EVIDENCE: _evidence(operation.evidence),
        "security": [list(names) for names in operation.security],
        "behaviours": {
            behaviour.name: {
                **({"parameter": behaviour.parameter} if behaviour.parameter else {}),
                EVIDENCE: behaviour.evidence.as_dict(),
            }
            for behaviour in operation.behaviours
        },
        "parameters": {
            f"{parameter.location} {parameter.name}": {
                **parameter.schema,
                **({} if parameter.required is None else {"required": parameter.required}),
                EVIDENCE: _evidence(parameter.evidence),
            }
            for parameter in operation.parameters
        },
        **body,
        "responses": {response.status: _body(response) for response in operation.responses},
    }


def _body(body: Body | Response) -> dict[str, Any]:
    schema = {"schema": body.media_types[0].schema} if body.media_types else {}
    return {
        "media types": [media_type.name for media_type in body.media_types],
        **schema,
        EVIDENCE: _evidence(body.evidence),
    }


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    return evidence.as_dict() if evidence else None


def _short(value: Any, own: str) -> Any:
    if isinstance(value, list):
        return [_short(part, own) for part in value]
    if isinstance(value, str):
        return value.removeprefix(COMPONENT_PREFIX).removeprefix(own)
    if not isinstance(value, dict):
        return value
    short = {key: _short(part, own) for key, part in value.items() if key not in (EVIDENCE, KINDS, "description")}
    if KINDS in value:
        short["kinds"] = value[KINDS]
    for name, fact in _facts(value.get(EVIDENCE)).items():
        place = f"{fact['page']}:{fact['line']}".removeprefix(own)
        short[name] = f"{fact['grade']} {place}"
    return short


def _facts(evidence: Any) -> dict[str, Any]:
    if not evidence:
        return {}
    return {"at": evidence} | {f"{keyword} at": fact for keyword, fact in evidence.get("keywords", {}).items()}


def media_types(contract: Contract) -> list[tuple[str, MediaType]]:
    return [
        (operation.label, media_type)
        for operation in contract.operations
        for body in (operation.request, *operation.responses)
        if body
        for media_type in body.media_types
    ]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_a_page_is_read_as_expected(expected: Path) -> None:
    wanted = json.loads(expected.read_text("utf-8"))
    read = view(extract(str(source_of(expected))), expected.stem)
    assert {key: read[key] for key in wanted} == wanted, json.dumps(read, indent=2)


def test_every_page_has_expectations() -> None:
    folders = {path.name for path in CASES.iterdir() if path.is_dir()} - {"openapi", "formats", "manners"}
    pages = {page.stem for page in PAGES} | folders
    assert pages == {path.stem for path in EXPECTED}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
class TestContractOfACase:
    def test_is_valid_openapi(self, expected: Path) -> None:
        contract = extract(str(source_of(expected))).contract
        for document in (to_openapi(contract), to_openapi(without_prose(contract))):
            assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []

    def test_survives_openapi(self, expected: Path) -> None:
        contract = extract(str(source_of(expected))).contract
        assert from_openapi(json.loads(json.dumps(to_openapi(contract)))) == contract

    def test_has_schemas_that_stand_alone(self, expected: Path) -> None:
        for _, schema in standalone(extract(str(source_of(expected))).contract):
            Draft202012Validator.check_schema(schema)
            assert set(_references(schema)) <= {f"#/$defs/{name}" for name in schema.get("$defs", {})}

    def test_admits_its_own_samples(self, expected: Path) -> None:
        extraction = extract(str(source_of(expected)))
        disagreeing = any(contradiction.rule == "sample-type" for contradiction in extraction.contradictions)
        for label, media_type in media_types(extraction.contract):
            assert media_type.schema is not None
            for sample in media_type.samples:
                broken = [
                    violation
                    for violation in Validator(media_type.schema, extraction.contract).violations(sample)
                    if violation.counts
                ]
                assert bool(broken) is disagreeing, (label, broken)


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [ref for part in value for ref in _references(part)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if "$ref" in value else []
    return own + [ref for part in value.values() for ref in _references(part)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
class TestEncodingOfAPage:
    def test_line_endings_make_no_difference(self, page: Path, tmp_path: Path) -> None:
        text = page.read_text("utf-8")
        for ending in ("\r\n", "\r"):
            copy = tmp_path / page.name
            copy.write_bytes(text.replace("\n", ending).encode())
            assert extract(str(copy)) == extract(str(page))

    def test_a_byte_order_mark_makes_no_difference(self, page: Path, tmp_path: Path) -> None:
        copy = tmp_path / page.name
        copy.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())
        assert extract(str(copy)) == extract(str(page))
