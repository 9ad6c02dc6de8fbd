"""JSON Schema 2020-12: validation, explanation of violations, formats, bundling."""
