"""What outlives a run: baselines, stored cases, recordings, and what is written at its end."""
