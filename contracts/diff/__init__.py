"""Differences between two versions of a documentation, and for whom."""
