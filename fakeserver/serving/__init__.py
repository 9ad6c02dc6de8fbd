"""Sockets of serve: granian, reloading, TLS."""
