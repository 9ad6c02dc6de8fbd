"""Safety of a run: which operations may be called, the plan, the guard."""
