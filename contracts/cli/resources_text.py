"""Resources of a contract, as lines for a person and as JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from docdouble.schemas import Contract
from docdouble.schemas.contract.resources import Resource, Resources, UnassignedOperations
from docdouble.schemas.openapi.resource_keywords import resources_as_dict
from docdouble.schemas.words import singular

from ..config.apply_overrides import OVERRIDE_REASON
from ..model.text import counted, listed
from ..output.quoted_values import toml_array, toml_string
from ..output.styled_text import joined_text, print_text, styled

_BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key of TOML that needs no quotes."""

_USUAL_ROLES = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}

_MOST_NAMED = 5
"""Operations without a role that are named."""


def print_resources(contract: Contract, console: Console) -> None:
    """Print each resource with its keys and roles, then operations without a role, then counts."""
    labels = {operation.id: operation.label for operation in contract.operations}
    for resource in contract.resources.resources:
        for line in _lines(resource, labels):
            print_text(console, line)
    for unassigned_operations in contract.resources.unassigned:
        print_text(console, _unassigned(unassigned_operations))
        for setting in _remedy(unassigned_operations, labels):
            print_text(console, styled(f"  {setting}", "dim"))
    for note in contract.resources.notes:
        print_text(console, styled(f"without effect: {note}", "yellow"))
    print_text(console, styled(_summary(contract), "bold"))


def _lines(resource: Resource, labels: dict[str, str]) -> Iterator[Text]:
    keys: dict[str, list[str]] = {}
    for view, key in resource.views.items():
        keys.setdefault(key, []).append(view)
    keys_of_views = "; ".join(f"{key} of {', '.join(views)}" for key, views in keys.items())
    yield joined_text((resource.name, "bold"), (f"  {keys_of_views}" if keys else "", ""))
    width = max((len(labels.get(role.operation, "")) for role in resource.roles), default=0)
    for role in resource.roles:
        label = labels.get(role.operation, role.operation)
        yield joined_text((f"  {role.name:7}", "green"), (f" {label:{width}}  ", ""), (role.why, "dim"))


def _unassigned(unassigned: UnassignedOperations) -> Text:
    named = listed(unassigned.operations, _MOST_NAMED)
    return joined_text(("unknown role", "yellow"), (f" in {unassigned.name}: {unassigned.why}  ", ""), (named, "dim"))


def _remedy(unassigned: UnassignedOperations, labels: dict[str, str]) -> Iterator[str]:
    """Yield the lines of ``docdouble.toml`` by which operations on a path would be understood; none for others."""
    label = labels.get(unassigned.operations[0], "")
    role = _USUAL_ROLES.get(label.partition(" ")[0])
    if role and unassigned.name.startswith("/") and unassigned.name != "/" and unassigned.why != OVERRIDE_REASON:
        segment = next(step for step in reversed(unassigned.name.split("/")) if step and "{" not in step)
        name = singular(segment)
        yield f"[resources.{name if _BARE.fullmatch(name) else toml_string(name)}]"
        yield f"path = {toml_string(unassigned.name)}"
        yield f"{role} = {toml_array([label])}"


def _summary(contract: Contract) -> str:
    counts = _counts(contract.resources)
    roles = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    with_role = f"{counted(counts.total(), 'operation')} of {len(contract.operations)} with a role"
    unknown = sum(len(unassigned_operations.operations) for unassigned_operations in contract.resources.unassigned)
    known = f"{counted(len(contract.resources.resources), 'resource')}, {with_role}{f' ({roles})' if roles else ''}"
    return f"{known}, {unknown} of unknown role"


def _counts(resources: Resources) -> Counter[str]:
    return Counter(role.name for resource in resources.resources for role in resource.roles)


def resources_json(contract: Contract) -> str:
    """Return the same as JSON: what the contract holds, and how many operations have each role."""
    resources = resources_as_dict(contract.resources)
    counts = dict(sorted(_counts(contract.resources).items()))
    whole = {"resources": resources.get("resources", {}), "unclear": resources.get("unclear", []), "counts": counts}
    return json.dumps(whole, indent=2, ensure_ascii=False)
