"""The checks: one small file each, from an exchange to findings."""
