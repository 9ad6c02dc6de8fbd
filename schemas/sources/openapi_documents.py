"""OpenAPI and Swagger documents as sources: read as a whole, with what is wrong in them and their resources."""

from pathlib import Path

from ..dialects.dialect_registry import dialect_of
from ..extraction import Access, Contradiction, Extraction
from ..openapi.document import DocumentNode
from ..openapi.files import Files, SourceFile
from ..openapi.reader import read_contract
from ..openapi.resource_keywords import RESOURCES
from ..openapi.undeclared_variables import with_undeclared_variables
from ..resources.document_resources import with_document_resources


def document_source(path: Path | str, name: str, access: Access) -> Extraction:
    """Read the document at a path or a URL; raises ``PageError`` or ``ContractError`` where nothing comes of it."""
    return document_extraction(Files(path, name, access).root)


def document_extraction(file: SourceFile) -> Extraction:
    """Return the extraction of a document; raises ``ContractError`` where nothing can be read of it."""
    problems: list[Contradiction] = []

    def report(rule: str, node: DocumentNode, message: str) -> None:
        problems.append(
            Contradiction(rule, node.source, node.file.line(node.pointer), f"{node.pointer or '#'}: {message}")
        )

    root = DocumentNode(file.data, "", file)
    contract = with_undeclared_variables(read_contract(root, report))
    if RESOURCES not in file.data:
        contract = with_document_resources(contract, dialect_of(contract).verbs)
    return Extraction(contract, tuple(dict.fromkeys(problems)), documents=(root,))
