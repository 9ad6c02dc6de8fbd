"""Engine of verify: runner, session of an operation, shrinking."""
