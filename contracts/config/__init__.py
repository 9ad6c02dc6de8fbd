"""Configuration of a project: ``docdouble.toml``, its JSON Schema, and overrides of resources."""
