"""Chains of calls about one entity: created, read, changed, read again, deleted, and looked for."""

from .chains import ChainLedger, Chains, SendCase, with_before

__all__ = ["ChainLedger", "Chains", "SendCase", "with_before"]
