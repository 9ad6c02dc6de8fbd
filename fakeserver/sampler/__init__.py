"""Schema and key → value: the same for the same seed and key, in any process."""

from .compile import Sampler

__all__ = ["Sampler"]
