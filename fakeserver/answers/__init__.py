"""Answers to calls: status, media type, headers and body from samples, schemas and lists."""
