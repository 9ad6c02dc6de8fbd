"""State of a fake: what writes change, worlds, seed data, snapshots and the stores that keep them."""
