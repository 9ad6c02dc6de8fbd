"""Storage of what outlives a run: baselines, failed cases, secrets kept out of them."""
