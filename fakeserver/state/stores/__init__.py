"""Stores of the changes that callers make: memory, SQLite, Redis."""
