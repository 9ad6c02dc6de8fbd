"""Kinds of Kubernetes: objects have the ``kind`` and ``apiVersion`` that the document states."""

from typing import Any

import pytest

from docdouble.schemas.openapi.group_version_kind import with_group_version_kind

TEXT = {"type": "string"}
DEPLOYMENT = {"group": "apps", "version": "v1", "kind": "Deployment"}


def objects(kinds: Any, **properties: Any) -> Any:
    return {"type": "object", "properties": properties, "x-kubernetes-group-version-kind": kinds}


def values(schema: Any) -> Any:
    read = with_group_version_kind(schema)["properties"]
    return [read.get(name, {}).get("examples") for name in ("apiVersion", "kind")]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param([DEPLOYMENT], [["apps/v1"], ["Deployment"]], id="one kind"),
        pytest.param([DEPLOYMENT | {"group": ""}], [["v1"], ["Deployment"]], id="the core group"),
        pytest.param([DEPLOYMENT, DEPLOYMENT | {"version": "v2"}], [None, None], id="several kinds"),
        pytest.param(DEPLOYMENT, [None, None], id="no list"),
        pytest.param([{"kind": "Deployment"}], [None, None], id="no version"),
    ],
)
def test_an_object_is_shown_with_the_only_kind_that_is_stated(kinds: Any, expected: Any) -> None:
    assert values(objects(kinds, kind=TEXT, apiVersion=TEXT)) == expected


@pytest.mark.parametrize("properties", [{"kind": TEXT}, {"kind": {"type": "integer"}, "apiVersion": TEXT}, {}])
def test_properties_that_hold_something_else_stay(properties: Any) -> None:
    schema = objects([DEPLOYMENT], **properties)
    assert with_group_version_kind(schema) == schema


def test_examples_of_the_document_stay() -> None:
    assert values(objects([DEPLOYMENT], kind=TEXT | {"examples": ["Set"]}, apiVersion=TEXT))[1] == ["Set"]
