"""Where the changes that callers make are kept."""
