"""Generation of values: strategies for schemas, fields and scalars."""
