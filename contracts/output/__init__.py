"""Output: the one road on which text leaves the process, without secrets and as data."""
