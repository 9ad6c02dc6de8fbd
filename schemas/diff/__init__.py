"""Differences of two contracts: each change, whom it breaks and a value that shows it."""
