"""HTTP client of verify: connections, rate, credentials, redaction."""
