"""One made-up API in many formats: what is read of each is what ``expected.json`` says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Contract, DocdoubleError, extract
from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.contract.model import Body, Operation, Schema, evidence_of, types_of

FORMATS = Path(__file__).parents[2] / "cases" / "formats"
EXPECTED: dict[str, Any] = json.loads((FORMATS / "expected.json").read_text("utf-8"))["formats"]


def sources(name: str) -> Iterator[Path]:
    """The files of a format, each on its own, and their folder where it holds nothing else."""
    files = [FORMATS / file for file in EXPECTED[name]["files"]]
    if "through" not in EXPECTED[name]:
        yield FORMATS / name
    yield from files if "through" in EXPECTED[name] or len(files) == 1 else ()


CASES = [
    pytest.param(name, source, id=str(source.relative_to(FORMATS)))
    for name in EXPECTED
    if (FORMATS / name).is_dir()
    for source in sources(name)
]


@pytest.mark.parametrize(("name", "source"), CASES)
def test_what_is_read_is_what_the_format_says(name: str, source: Path) -> None:
    expected = EXPECTED[name]
    if expected.get("or", expected["reads"]) in ("name", "nothing"):
        with pytest.raises(DocdoubleError):
            extract(str(source))
        return
    contract = extract(str(source)).contract
    assert [server.url for server in contract.servers] == ([expected["server"]] if "server" in expected else [])
    wanted = {key_of(operation["method"], operation["path"]): operation for operation in expected["operations"]}
    read = {key_of(operation.method, operation.path): operation for operation in contract.operations}
    assert read.keys() == wanted.keys()
    for key, operation in read.items():
        assert_operation(operation, wanted[key], contract, is_sampled=expected["reads"] == "requests")


def key_of(method: str, path: str) -> str:
    return f"{method} {re.sub('{[^{}]*}', '{}', path)}"


def assert_operation(operation: Operation, wanted: dict[str, Any], contract: Contract, *, is_sampled: bool) -> None:
    in_body = {parameter["name"]: parameter for parameter in wanted["parameters"] if parameter["in"] == "body"}
    others = {
        (parameter["in"], parameter["name"]): parameter
        for parameter in wanted["parameters"]
        if parameter["in"] != "body"
    }
    read = {(parameter.location, parameter.name): parameter for parameter in operation.parameters}
    assert read.keys() == others.keys()
    for key, parameter in read.items():
        assert parameter.required == others[key]["required"]
        assert_type(parameter.schema, others[key]["type"], contract)
        grade = parameter.evidence.grade if parameter.evidence else Grade.STATED
        assert (grade is Grade.SAMPLED) == is_sampled
    properties, required = members(operation.request, contract)
    assert properties.keys() == in_body.keys()
    for name, part in properties.items():
        assert_type(part, in_body[name]["type"], contract)
        stated = None if required is None else name in required
        assert stated == in_body[name]["required"]
    assert_answer(operation, wanted, contract)


def assert_type(schema: Schema, wanted: str | None, contract: Contract) -> None:
    """Check a type; one that isn't stated may be read from a sample, or be any text."""
    if wanted is not None:
        assert types_of(contract.resolve(schema)) == (wanted,)
        return
    evidence = evidence_of(schema)
    assert evidence is None or evidence.grade is not Grade.STATED or types_of(schema) in ((), ("string",))


def members(body: Body | None, contract: Contract) -> tuple[dict[str, Schema], list[str] | None]:
    schema = contract.resolve(body.media_types[0].schema or {}) if body else {}
    return schema.get("properties", {}), schema.get("required")


def assert_answer(operation: Operation, wanted: dict[str, Any], contract: Contract) -> None:
    successes = [response for response in operation.responses if response.status.startswith("2")]
    stated = [
        success.status
        for success in successes
        if success.evidence is None or success.evidence.grade is not Grade.ASSUMED
    ]
    assert stated == ([wanted["status"]] if wanted["status"] else [])
    media_types = successes[0].media_types if successes else ()
    if wanted["response"] is None:
        assert media_types == ()
        return
    schema = contract.resolve(media_types[0].schema or {})
    if "array_of" in wanted["response"]:
        assert types_of(schema) == ("array",)
        schema = contract.resolve(schema["items"])
    names = wanted["response"].get("array_of", wanted["response"])
    assert {name: types_of(part)[0] for name, part in schema["properties"].items()} == names
