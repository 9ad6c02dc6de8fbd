"""The parts of the pytest plugin, imported when a test run uses them."""
