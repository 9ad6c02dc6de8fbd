"""Formats of documentation that are neither pages nor OpenAPI: one module each, behind one interface."""
