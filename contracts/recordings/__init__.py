"""Recordings of HTTP traffic, and their judgement."""
