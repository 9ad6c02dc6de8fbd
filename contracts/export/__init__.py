"""Export of a contract for other tools."""
