"""Meaning of fields: rules that choose where their values come from."""
