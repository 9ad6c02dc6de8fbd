"""Which documented facts somebody's tests touch: noted, merged, told."""
