"""Values of a run: case, exchange, finding, event, budget."""
