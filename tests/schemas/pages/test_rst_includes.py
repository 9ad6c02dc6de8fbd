"""Pages of os-api-ref: what they include, and the parameters that a file of their own describes."""

from pathlib import Path

import pytest

from docdouble.schemas import Extraction, extract

INDEX = "===========\nHarbour API\n===========\n\n.. include:: parts/boats.inc\n"
BOATS = """\
.. -*- rst -*-

===============
 Boats (boats)
===============

List Boats
==========

.. rest_method:: GET /boats

Lists boats.

.. rest_status_code:: success status.yaml

  - 200

.. rest_status_code:: error status.yaml

  - 404

Request
-------

.. rest_parameters:: parameters.yaml

  - name: boat_name_query
  - limit: limit

Response
--------

.. rest_parameters:: parameters.yaml

  - boats: boats
  - id: boat_id
  - name: boat_name
  - hull: unknown

**Example**

.. literalinclude:: samples/boats.json
   :language: javascript

Show Boat
=========

.. rest_method:: GET /boats/{boat_id}

Request
-------

.. rest_parameters:: parameters.yaml

  - boat_id: boat_id_path

Create Boat
===========

.. rest_method:: POST /boats

Request
-------

.. rest_parameters:: parameters.yaml

  - boat: boat
  - boat.name: boat_name
"""
PLACES = {
    "boat_id_path": ("path", "string", "true"),
    "boat_name_query": ("query", "string", "false"),
    "limit": ("query", "integer", "false"),
    "boats": ("body", "array", "true"),
    "boat": ("body", "object", "true"),
    "boat_id": ("body", "string", "true"),
    "boat_name": ("body", "string", "true"),
}
PARAMETERS = "".join(
    f"{key}:\n  description: |\n    Says more\n    of it.\n  in: {place}\n  required: {required}\n  type: {kind}\n"
    for key, (place, kind, required) in PLACES.items()
)


def read(folder: Path, **changed: str) -> Extraction:
    files = {
        "index.rst": INDEX,
        "parts/boats.inc": BOATS,
        "parts/parameters.yaml": PARAMETERS,
        "parts/samples/boats.json": '{"boats": [{"id": "1", "name": "Tern"}]}',
    }
    for name, text in {
        **files,
        **{key.replace("__", "/").replace("_dot_", "."): text for key, text in changed.items()},
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return extract(str(folder))


def test_operations_have_the_parameters_that_their_file_describes(tmp_path: Path) -> None:
    contract = read(tmp_path).contract
    assert {operation.label for operation in contract.operations} == {
        "GET /boats",
        "GET /boats/{boat_id}",
        "POST /boats",
    }
    listing = contract.operation("GET /boats")
    facts = [
        (parameter.location, parameter.name, parameter.required, parameter.schema, parameter.description)
        for parameter in listing.parameters
    ]
    assert facts == [
        ("query", "name", False, {"type": "string"}, "Says more of it."),
        ("query", "limit", False, {"type": "integer"}, "Says more of it."),
    ]
    places = [
        (parameter.evidence.page, parameter.evidence.line) for parameter in listing.parameters if parameter.evidence
    ]
    line = BOATS.splitlines().index("  - name: boat_name_query") + 1
    assert places == [("parts/boats.inc", line), ("parts/boats.inc", line + 1)]
    assert [response.status for response in listing.responses] == ["200", "404"]


def test_fields_that_are_listed_flat_stand_where_the_sample_has_them(tmp_path: Path) -> None:
    contract = read(tmp_path).contract
    success = contract.operation("GET /boats").success()
    assert success is not None
    (media,) = success.media_types
    assert media.samples == ({"boats": [{"id": "1", "name": "Tern"}]},)
    outer = contract.resolve(media.schema or {})
    assert (outer["properties"].keys(), outer["required"]) == ({"boats"}, ["boats"])
    boat = contract.resolve(outer["properties"]["boats"]["items"])
    assert (boat["properties"].keys(), boat["required"]) == ({"id", "name", "hull"}, ["id", "name"])
    request = contract.operation("POST /boats").request
    assert request is not None
    assert contract.resolve(request.media_types[0].schema or {})["properties"]["boat"]["required"] == ["name"]


def test_a_folder_is_read_again_when_a_file_changes_that_its_pages_include(tmp_path: Path) -> None:
    docs, kept = tmp_path / "docs", tmp_path / "kept"
    read(docs)
    for kind in ("integer", "string"):
        text = PARAMETERS.replace("type: integer", f"type: {kind}")
        (docs / "parts" / "parameters.yaml").write_text(text, encoding="utf-8")
        contract = extract(str(docs), cache_folder=kept).contract
        assert contract.operation("GET /boats").parameters[1].schema == {"type": kind}


@pytest.mark.parametrize("text", ["- a list", "boats: [", "boats: text\nlimit: 3"])
def test_a_file_of_parameters_that_is_none_leaves_the_operations(tmp_path: Path, text: str) -> None:
    extraction = read(tmp_path, parts__parameters_dot_yaml=text)
    assert len(extraction.contract.operations) == 3
    assert not extraction.failures


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "outside.inc").write_text(BOATS, encoding="utf-8")
    index = f"{INDEX}\n.. include:: none.inc\n.. include:: ../outside.inc\n"
    extraction = read(tmp_path / "docs", index_dot_rst=index)
    named = [
        (contradiction.rule, contradiction.page, contradiction.line)
        for contradiction in extraction.contradictions
        if "include" in contradiction.rule
    ]
    assert named == [("missing-include", "index.rst", 7), ("missing-include", "index.rst", 8)]
    assert len(extraction.contract.operations) == 3
