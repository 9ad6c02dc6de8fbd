"""Words of OpenAPI, and of its extensions that a contract is written with."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The methods that a Path Item Object has a field for (OpenAPI 3.2; 3.1 has no ``query``)."""

OTHER_METHODS = "additionalOperations"
"""The field of a Path Item Object that holds the operations of other methods, by method (OpenAPI 3.2)."""

SUNSET = "x-sunset"
ITEM_SCHEMA = "x-docdouble-item-schema"
"""The ``itemSchema`` of OpenAPI 3.2, which the version that a contract is written in doesn't have."""
EFFECT = "x-docdouble-effect"
EFFECT_EVIDENCE = "x-docdouble-effect-evidence"
SECURITY_EVIDENCE = "x-docdouble-security-evidence"
DIALECT = "x-docdouble-dialect"
DOCUMENTS_NULL = "x-docdouble-documents-null"


def unnamed_samples(count: int) -> list[str]:
    """Return the names under which samples are written that have none."""
    return [f"sample{number or ''}" for number in range(count)]
