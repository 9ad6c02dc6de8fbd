"""Resources of a document: those inferred from its types, and those inferred from its paths."""

from dataclasses import replace

from ..contract.model import Contract
from ..contract.resources import Resources
from ..dialects.verbs import Verbs
from .infer_roles import with_resources
from .path_resources import joined_resources, readable_resources
from .unassigned_paths import unassigned_operations_of_paths


def with_document_resources(contract: Contract, verbs: Verbs) -> Contract:
    """Return the contract of an OpenAPI document with the resources that its operations are about."""
    contract = with_resources(contract, verbs)
    resources = joined_resources(contract.resources.resources, contract)
    return replace(contract, resources=Resources(resources, unassigned_operations_of_paths(contract, resources)))


def with_readable_resources(contract: Contract) -> Contract:
    """Return the contract of a document with those resources, too, that nothing writes: their keys identify rows."""
    resources = (*contract.resources.resources, *(() if contract.dialect else readable_resources(contract)))
    return replace(contract, resources=replace(contract.resources, resources=resources))
