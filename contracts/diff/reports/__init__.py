"""Reports of the differences of two contracts."""
