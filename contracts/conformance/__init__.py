"""Conformance of somebody else's responses with an operation."""
