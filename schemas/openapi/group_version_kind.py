"""Kinds of Kubernetes: what ``kind`` and ``apiVersion`` of an object are, as the documents of its APIs state it."""

from typing import Any

from ..contract.model import Schema


def with_group_version_kind(schema: Schema) -> Schema:
    """Return the schema with examples of its ``kind`` and ``apiVersion``, where an extension names one kind.

    They bind nobody: a server may take objects of other kinds, and infers a kind that isn't written.
    """
    match schema:
        case {
            "properties": {"kind": {"type": "string"}, "apiVersion": {"type": "string"}} as properties,
            "x-kubernetes-group-version-kind": [{"group": str(group), "version": str(version), "kind": str(kind)}],
        }:
            values = {"kind": kind, "apiVersion": f"{group}/{version}" if group else version}
            return {**schema, "properties": {**properties, **_with_examples(properties, values)}}
    return schema


def _with_examples(properties: Schema, values: dict[str, str]) -> dict[str, Any]:
    return {name: {"examples": [value], **properties[name]} for name, value in values.items()}
