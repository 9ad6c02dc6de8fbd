"""The way to a server: what may be sent and how fast, credentials, sockets."""
