"""The parts of the pytest plugin, imported when a test run uses them."""

MUTANT = "DOCDOUBLE_MUTANT"
"""The environment variable that names the planted fault; empty where a run with the right fake is asked for."""
