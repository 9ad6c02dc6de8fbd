"""Schema and key → value."""
