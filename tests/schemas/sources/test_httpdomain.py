from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import Extraction, Grade
from docdouble.schemas.contract.model import evidence_of

from .read_text import bare, labels, only, parameters, read

PAGE = """\
=======
Harbour
=======

.. note:: Not an operation: GET /nothing

.. http:get:: /boats/(int:boat_id)?view=(str:view)
   :synopsis: Get a boat

   The boat of an :ref:`id <ids>`.

   **Example request**:

   .. sourcecode:: http

      GET /boats/7?view=full&limit=3 HTTP/1.1
      Host: a.test

   **Example response**:

   .. code-block:: http
      :linenos:

      HTTP/1.1 200 OK
      Content-Type: application/json

      {"id": 7, "tags": ["a"]}

   :param boat_id: the boat,
      in more than a line
   :query integer limit: how many. Default is ``20``.
   :query kind: (required) the kind
   :reqheader X-Tenant: the tenant
   :>json integer id: its number
   :>json array[string] tags: some words
   :>json string owner.name: who owns it
   :>header X-Total: how many there are
   :statuscode 200: here it is
   :statuscode 404: there is none

.. http:post:: /boats
               /ships

   :<jsonarr string name: a name
   :form file photo: a photo
   :resjsonarr string name: the name
   :statuscode 201: made

.. http:put:: /boats/{boat_id}/photo
   :deprecated:

   :form caption: **required**
   :status 204:

Aside
=====

.. container::

   .. http:patch:: /logs/<uuid:log_id>

      Send:

      .. code-block:: json

         {"level": 3}

      The response:

      .. code-block:: json

         {"done": true}
"""


@pytest.fixture
def harbour(tmp_path: Path) -> Extraction:
    return read(tmp_path, "harbour.rst", PAGE)


def test_directives_are_operations_wherever_they_stand(harbour: Extraction) -> None:
    assert labels(harbour) == [
        "GET /boats/{boat_id}",
        "POST /boats",
        "POST /ships",
        "PUT /boats/{boat_id}/photo",
        "PATCH /logs/{log_id}",
    ]
    first, *_, changed, _ = harbour.contract.operations
    assert harbour.contract.title == "Harbour"
    assert (first.summary, first.description) == ("Get a boat", "The boat of an id.")
    assert [changed.deprecated, first.deprecated] == [True, False]
    assert harbour.contradictions == ()


def test_parameters_with_types_of_converters_and_fields(harbour: Extraction) -> None:
    operation = harbour.contract.operations[0]
    assert parameters(operation) == {
        "path boat_id": [7],
        "query view": ["full"],
        "query limit": [3],
        "query kind": [],
        "header X-Tenant": [],
    }
    boat, _, limit, kind, _ = operation.parameters
    assert (bare(boat.schema), boat.description) == ({"type": "integer"}, "the boat, in more than a line")
    assert bare(limit.schema) == {"type": "integer", "default": 20}
    assert [parameter.required for parameter in (boat, limit, kind)] == [True, None, True]
    assert bare(harbour.contract.operations[4].parameters[0].schema) == {"type": "string", "format": "uuid"}
    assert limit.evidence is not None
    assert (limit.evidence.grade, PAGE.split("\n")[limit.evidence.line - 1]) == (
        Grade.STATED,
        "   :query integer limit: how many. Default is ``20``.",
    )


def test_responses_with_fields_and_samples(harbour: Extraction) -> None:
    success, missing = harbour.contract.operations[0].responses
    assert [success.status, success.description, missing.status] == ["200", "here it is", "404"]
    assert [header.name for header in success.headers] == ["X-Total"]
    (media_type,) = success.media_types
    schema: Any = bare(media_type.schema)
    assert {name: part.get("type") for name, part in schema["properties"].items()} == {
        "id": "integer",
        "tags": "array",
        "owner": "object",
    }
    assert "required" not in schema
    assert media_type.samples == ({"id": 7, "tags": ["a"]},)
    stated = evidence_of((media_type.schema or {})["properties"]["id"])
    assert stated is not None
    assert stated.grade is Grade.STATED


def test_bodies_of_lists_and_forms(harbour: Extraction) -> None:
    made, _, changed, logged = harbour.contract.operations[1:]
    assert made.request is not None
    assert bare(made.request.media_types[0].schema)["type"] == "array"
    assert bare(made.responses[0].media_types[0].schema)["items"]["properties"].keys() == {"name"}
    assert changed.request is not None
    assert (changed.request.media_types[0].name, changed.request.required) == (
        "application/x-www-form-urlencoded",
        True,
    )
    assert logged.request is not None
    assert logged.request.media_types[0].samples == ({"level": 3},)
    assert [(response.status, response.media_types[0].samples) for response in logged.responses] == [
        ("200", ({"done": True},))
    ]


def test_a_broken_directive_costs_that_directive(tmp_path: Path) -> None:
    text = (
        ".. http:get:: boats\n\n.. http:any:: /x\n\n.. http:get:: /a{b\n\n.. http:get:: /boats\n\n"
        "   :param other: none\n   :status many: none\n   :query hexagon side: none\n\n   .. sourcecode:: http\n\n"
        "      HTTP/1.1 200 OK\n      Content-Type: application/json\n\n      {\n"
    )
    extraction = read(tmp_path, "a.rst", text)
    assert labels(extraction) == ["GET /boats"]
    assert sorted(contradiction.rule for contradiction in extraction.contradictions) == [
        "broken-part",
        "broken-part",
        "broken-part",
        "not-in-path",
        "sample-syntax",
        "unreadable-status",
        "unreadable-type",
    ]


def test_a_sample_of_another_type_is_reported(tmp_path: Path) -> None:
    text = (
        ".. http:get:: /boats\n\n   .. sourcecode:: http\n\n      HTTP/1.1 200 OK\n"
        '      Content-Type: application/json\n\n      {"id": "x"}\n\n   :>json integer id: its number\n'
    )
    extraction = read(tmp_path, "a.rst", text)
    assert only(extraction).responses[0].status == "200"
    assert [contradiction.rule for contradiction in extraction.contradictions] == ["sample-type"]


words = st.text("abcdefgh", min_size=1, max_size=6)
types = st.dictionaries(words, st.sampled_from(["string", "integer", "number", "boolean"]), max_size=3)


@settings(max_examples=60)
@given(st.dictionaries(words, st.tuples(types, types, types), min_size=1, max_size=3))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    model: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str]]],
) -> None:
    text = ""
    for name, (query, sent, received) in model.items():
        text += f".. http:post:: /{name}/(int:id)\n\n"
        for kind, fields in (("query", query), ("<json", sent), (">json", received)):
            text += "".join(f"   :{kind} {word} {key}: about it\n" for key, word in fields.items())
        text += "   :statuscode 201: made\n\n"
    contract = read(tmp_path_factory.mktemp("rst"), "a.rst", text).contract
    assert [operation.label for operation in contract.operations] == [f"POST /{name}/{{id}}" for name in model]
    for operation, (query, sent, received) in zip(contract.operations, model.values(), strict=True):
        assert {
            parameter.name: parameter.schema["type"]
            for parameter in operation.parameters
            if parameter.location == "query"
        } == query
        bodies = [operation.request.media_types if operation.request else (), operation.responses[0].media_types]
        for media_types, fields in zip(bodies, (sent, received), strict=True):
            schema = bare(media_types[0].schema) if media_types else {}
            assert {key: part["type"] for key, part in schema.get("properties", {}).items()} == fields


def test_includes_are_read_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "_fields.rst").write_text(":query integer limit: how many\n\n.. include:: _more.rst\n")
    (tmp_path / "parts" / "_more.rst").write_text(":statuscode 204: done\n\n.. include:: _more.rst\n")
    text = ".. http:get:: /boats\n\n   .. include:: parts/_fields.rst\n\n.. include:: ../secret.rst\n"
    extraction = read(tmp_path, "a.rst", text)
    operation = only(extraction)
    assert [parameter.name for parameter in operation.parameters] == ["limit"]
    assert [(contradiction.rule, contradiction.line) for contradiction in extraction.contradictions] == [
        ("broken-include", 3),
        ("broken-include", 5),
    ]


def test_a_path_with_words_in_brackets_is_no_path(tmp_path: Path) -> None:
    extraction = read(tmp_path, "a.rst", ".. http:get:: /(object url)\n\n.. http:get:: /boats\n")
    assert labels(extraction) == ["GET /boats"]
