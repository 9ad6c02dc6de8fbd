"""What holds for any file of any format: it is read or refused, and what is written can be read back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docdouble.schemas import Contract, DocdoubleError
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.sources.format_registry import source_formats
from docdouble.schemas.sources.source_format import SourceText

some = settings(max_examples=60)
FORMATS = Path(__file__).parents[2] / "cases" / "formats"
OWN = {
    "api-blueprint": ["apib/boats.apib"],
    "asciidoc": ["adoc/boats.adoc"],
    "rest-docs-html": ["html/boats.html"],
    "httpdomain": ["rst/boats.rst"],
    "postman": ["postman/boats.postman_collection.json"],
    "har": ["har/boats.har"],
    "http": ["http/boats.http"],
    "curl": ["http/boats.http"],
    "openapi-html": ["openapi_html/embedded.html"],
}
KINDS = {source_format.name: source_format for source_format in source_formats()}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["{{x}}", "/a/:b", "GET", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list("abc")), inner, max_size=3),
    max_leaves=6,
)


def read(name: str, text: str) -> Contract | None:
    """Return the contract of a text, ``None`` for one that is refused."""
    try:
        contract = KINDS[name].read(SourceText(text, Path("some/file.json"), "file.json")).contract
    except DocdoubleError:
        return None
    document = to_openapi(contract)
    assert to_openapi(from_openapi(json.loads(json.dumps(document)))) == document
    return contract


def texts(name: str) -> list[str]:
    return [(FORMATS / file).read_text("utf-8") for file in OWN[name]]


def test_every_format_has_a_text() -> None:
    assert OWN.keys() == KINDS.keys()


@pytest.mark.parametrize("name", KINDS)
@some
@given(st.text())
def test_no_text_crashes(name: str, text: str) -> None:
    read(name, text)


@pytest.mark.parametrize("name", KINDS)
@some
@given(st.data())
def test_no_edit_of_a_file_crashes(name: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(texts(name)))
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        others = st.sampled_from(lines) | st.text(max_size=10) | st.just("") | st.just(lines[place][1:])
        lines[place] = data.draw(others)
    read(name, "\n".join(lines))


@pytest.mark.parametrize("name", ["postman", "har"])
@some
@given(st.data())
def test_no_value_in_any_place_crashes(name: str, data: st.DataObject) -> None:
    document = json.loads(texts(name)[0])
    place, key = data.draw(st.sampled_from(list(places(document))))
    place[key] = data.draw(json_values)
    read(name, json.dumps(document))


def places(value: Any) -> Any:
    """Yield each member of a JSON value with what it is in."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(part, dict | list):
            yield from places(part)


numbers = st.integers(-(2**53), 2**53)
words = st.text("abcdefgh", min_size=1, max_size=6)
models = st.lists(
    st.fixed_dictionaries(
        {
            "method": st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
            "segments": st.lists(words, min_size=1, max_size=3),
            "variable": st.none() | words,
            "query": st.dictionaries(words, words, max_size=3),
            "sent": st.none() | st.dictionaries(words, numbers | words, min_size=1, max_size=3),
            "reply": st.dictionaries(words, numbers | words | st.booleans(), max_size=3),
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda operation: (
        operation["method"],
        len(operation["segments"]),
        bool(operation["variable"]),
        operation["segments"][0],
    ),
)


def as_postman(model: list[dict[str, Any]]) -> str:
    def item(operation: dict[str, Any]) -> dict[str, Any]:
        path = [*operation["segments"], *([f":{operation['variable']}"] if operation["variable"] else [])]
        query = [{"key": key, "value": value} for key, value in operation["query"].items()]
        raw = f"https://a.test/{'/'.join(path)}"
        body = {"body": {"mode": "raw", "raw": json.dumps(operation["sent"])}} if operation["sent"] else {}
        request = {"method": operation["method"], "url": {"raw": raw, "query": query}, **body}
        header = [{"key": "Content-Type", "value": "application/json"}]
        return {
            "request": request,
            "response": [{"code": 200, "header": header, "body": json.dumps(operation["reply"])}],
        }

    info = {"name": "x", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}
    return json.dumps({"info": info, "item": list(map(item, model))})


def as_request_file(model: list[dict[str, Any]]) -> str:
    def block(operation: dict[str, Any]) -> str:
        path = [*operation["segments"], *([f"{{{{{operation['variable']}}}}}"] if operation["variable"] else [])]
        query = "&".join(f"{key}={value}" for key, value in operation["query"].items())
        sent = f"Content-Type: application/json\n\n{json.dumps(operation['sent'])}\n" if operation["sent"] else ""
        reply = f"HTTP/1.1 200 OK\nContent-Type: application/json\n\n{json.dumps(operation['reply'])}\n"
        return f"{operation['method']} https://a.test/{'/'.join(path)}{'?' * bool(query)}{query}\n{sent}\n{reply}"

    return "###\n".join(map(block, model))


@pytest.mark.parametrize(("name", "render"), [("postman", as_postman), ("http", as_request_file)])
@some
@given(models)
@example([{"method": "GET", "segments": ["a"], "variable": "a", "query": {"a": "b"}, "sent": None, "reply": {}}])
def test_what_is_written_is_read(name: str, render: Any, model: list[dict[str, Any]]) -> None:
    contract = read(name, render(model))
    assert contract is not None
    assert len(contract.operations) == len(model)
    for described, operation in zip(model, contract.operations, strict=True):
        variable = [f"{{{described['variable']}}}"] if described["variable"] else []
        assert operation.label == f"{described['method']} /{'/'.join([*described['segments'], *variable])}"
        query = {
            parameter.name: parameter.samples for parameter in operation.parameters if parameter.location == "query"
        }
        assert query == {key: (value,) for key, value in described["query"].items()}
        sent = operation.request.media_types[0].samples if operation.request else None
        assert sent == ((described["sent"],) if described["sent"] else None)
        assert operation.responses[0].media_types[0].samples == (described["reply"],)
