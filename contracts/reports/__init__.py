"""Events of a run → what people and machines read."""
