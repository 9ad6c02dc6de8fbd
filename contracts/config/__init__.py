"""Configuration: docdouble.toml, its JSON Schema, and the overrides it makes."""
