"""Sockets of serve: granian, its RSGI, reloading, TLS."""
