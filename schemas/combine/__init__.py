"""Union of several contracts, of which the first that states a fact is believed."""
