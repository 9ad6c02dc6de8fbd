"""Incoming requests: routing, credentials, reading, documented requirements, patches, CORS."""
