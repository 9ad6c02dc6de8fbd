"""Proxy: stands between a client and a real server, and has both sides judged."""
