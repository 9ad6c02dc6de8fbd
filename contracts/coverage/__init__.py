"""Coverage of a contract: documented facts that somebody's tests touch, noted, merged and reported."""
