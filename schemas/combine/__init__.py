"""Several contracts → one."""
