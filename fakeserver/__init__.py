"""A contract → an HTTP server. Needs neither pytest nor Hypothesis nor Schemathesis."""
