"""docs/openapi.md says of every field of the specifications whether it is read, and docdouble knows those that are."""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from docdouble.schemas.lint.openapi_fields import fields_of

from .blocks import ROOT

FIELDS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("openapi_fields.json").read_text("utf-8"))
"""The objects of OpenAPI 3.2, 3.1 and 3.0 and of Swagger 2.0, their fields, and the versions that have them."""

STATES = {"read", "kept", "not read"}
ROW = re.compile(r"\| `(?P<field>[^`]+)` \| (?P<versions>[^|]+) \| (?P<state>[^|]+) \|")
VERSIONS = (2.0, 3.0, 3.1, 3.2)
NAMES_OF_LINT = {"External Documentation": "ExternalDocs", "OAuth Flows": "OAuthFlows", "OAuth Flow": "OAuthFlow"}


class Row(NamedTuple):
    """What the table says of a field."""

    versions: str
    state: str


@cache
def table() -> dict[str, dict[str, Row]]:
    sections = re.split(r"^## ", (ROOT / "docs" / "openapi.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: {row["field"]: Row(row["versions"], row["state"]) for row in ROW.finditer(section)}
        for section in sections
    }


@cache
def words_of_the_code() -> frozenset[str]:
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("schemas", "fakeserver", "contracts")
        for path in (ROOT / folder).rglob("*.py")
        if "lint" not in path.parts
    )
    return frozenset(re.findall(r'"([$\w]+)"', code))


def test_the_table_has_the_objects_of_the_specifications() -> None:
    assert list(table()) == list(FIELDS)


@pytest.mark.parametrize("kind", FIELDS)
def test_the_table_has_every_field_of_an_object_with_its_versions(kind: str) -> None:
    assert {name: row.versions for name, row in table()[kind].items()} == FIELDS[kind]


@pytest.mark.parametrize(
    "kind", sorted(FIELDS.keys() - {"Components Object"})
)  # references lead there, whatever the field
def test_a_field_that_nothing_reads_is_not_reported_as_read(kind: str) -> None:
    assert {row.state for row in table()[kind].values()} <= STATES
    read = {name for name, row in table()[kind].items() if row.state == "read" and not re.search(r"[{/]", name)}
    assert not read - words_of_the_code()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", FIELDS)
def test_lint_knows_the_same_fields(kind: str, version: float) -> None:
    bare = kind.removesuffix(" Object")
    known = fields_of(NAMES_OF_LINT.get(bare, bare.replace(" ", "")), version)
    if known is None or kind == "Schema Object":
        return
    names = {name for name, versions in FIELDS[kind].items() if is_in(version, versions) and not name.startswith("{")}
    assert names - {"/{path}"} == {field.name for field in known if not field.is_pattern}


def is_in(version: float, versions: str) -> bool:
    first, _, last = versions.partition("-")
    return float(first) <= version <= float(last or first)
