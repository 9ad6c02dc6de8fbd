"""Documented samples of whole families of pages: the fake of each answers them exactly."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.settings import Settings
from docdouble.schemas import Contract, Operation, Response, Validator
from docdouble.schemas.http import Call
from docdouble.schemas.openapi.keywords import unnamed_samples
from docdouble.schemas.pages.page_folder import folder_contract

FAMILIES = (
    "docker",
    "docker-html",
    "meilisearch",
    "onedrive",
    "openbao",
    "opensearch",
    "sensu",
    "woocommerce",
    "woocommerce-html",
)


def target(operation: Operation, contract: Contract, values: dict[str, str]) -> str:
    schemas = {parameter.name: contract.resolve(parameter.schema) for parameter in operation.parameters}

    def value(match: re.Match[str]) -> str:
        return values.get(match[1]) or str(schemas.get(match[1], {}).get("enum", ["1"])[0])

    query = [f"{name}={schema['const']}" for name, schema in schemas.items() if "const" in schema]
    return re.sub(r"\{([^{}]+)\}", value, operation.path) + (f"?{'&'.join(query)}" if query else "")


def differing(sample: Any, body: Any) -> Iterator[Any]:
    """Yield the texts and numbers of a sample in whose place something else is answered."""
    if isinstance(sample, dict) and isinstance(body, dict):
        for name in sample:
            yield from differing(sample[name], body.get(name))
    elif isinstance(sample, list) and isinstance(body, list):
        for sampled, other in zip(sample, body, strict=False):
            yield from differing(sampled, other)
    elif sample != body and isinstance(sample, str | int):
        yield sample


def answered(app: FakeServer, operation: Operation, response: Response, name: str, values: dict[str, str]) -> Any:
    target_of_call = target(operation, app.contract, values)
    headers = (("Prefer", f'code={response.status}, example="{name}"'),)
    reply = app.handle(Call(headers, b"", operation.method, target_of_call))
    return orjson.loads(reply.body) if reply.body else None


def missed(app: FakeServer, operation: Operation, response: Response, name: str, sample: Any) -> bool:
    """Tell whether a sample isn't answered, also to a request for the very entity that it shows."""
    values: dict[str, str] = {}
    for variable in ["", *re.findall(r"\{([^{}]+)\}", operation.path)]:
        body = answered(app, operation, response, name, values)
        shown = [quote(str(value), safe="") for value in differing(sample, body)]
        tried = ({**values, variable: value} for value in shown)
        values = next(
            (
                candidate
                for candidate in tried
                if fewer(sample, answered(app, operation, response, name, candidate), body)
            ),
            values,
        )
    return bool(answered(app, operation, response, name, values) != sample)


def fewer(sample: Any, body: Any, before: Any) -> bool:
    return len(list(differing(sample, body))) < len(list(differing(sample, before)))


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_each_sample_that_fits_its_schema_is_answered(family: str, shared: Path) -> None:
    if not (shared / "tools" / "families.json").exists():
        pytest.skip("the families of pages are not beside this checkout (../shared/corpus)")
    entry = json.loads((shared / "tools" / "families.json").read_text("utf-8"))["families"][family]
    contract = folder_contract(shared / entry["folder"] / entry["pages"], None, None, 1).contract
    app = FakeServer(contract, Settings(answers="documented", validate="off", auth=False))
    left = [
        (operation.label, response.status, name)
        for operation in contract.operations
        for response in operation.responses
        for media in response.media_types
        for name, sample in zip(unnamed_samples(len(media.samples)), media.samples, strict=True)
        if missed(app, operation, response, name, sample) and Validator(media.schema or {}, contract).is_valid(sample)
    ]
    assert left == []


PAGE = """# Boats

## Get a boat

`GET /boats/{boat}`

### Response

```json
{"boat": {"name": "Tern"}}
```

### Response

```json
{"boat": "Petrel"}
```
"""


def test_samples_without_names_are_chosen_by_number_and_keep_their_objects(tmp_path: Path) -> None:
    (tmp_path / "boats.md").write_text(PAGE, encoding="utf-8")
    contract = folder_contract(tmp_path, None, None, 1).contract
    app = FakeServer(contract, Settings(answers="documented"))
    operation = contract.operation("GET /boats/{boat}")
    (response,) = operation.responses
    assert answered(app, operation, response, "sample", {"boat": "Gull"}) == {"boat": {"name": "Tern"}}
    assert answered(app, operation, response, "sample1", {"boat": "Gull"}) == {"boat": "Gull"}
