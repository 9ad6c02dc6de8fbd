"""Contradictions of a documentation with itself and with an OpenAPI file."""
