"""Meaning of fields: which rule makes the values of a field."""
