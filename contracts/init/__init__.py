"""``docdouble init``: a configuration, a first test, and files for CI, for a project that has none."""
