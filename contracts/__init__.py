"""Checks, strategies, runner, reports, command line and pytest plugin: the top layer."""
