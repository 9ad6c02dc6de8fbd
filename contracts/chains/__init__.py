"""Chains of calls about one thing: created, read, changed, read again, deleted, and looked for."""

from .chains import Chains, Ledger, SendCase, with_before

__all__ = ["Chains", "Ledger", "SendCase", "with_before"]
