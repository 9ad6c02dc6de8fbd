"""Schema and key → value: the same for the same seed and key, in any process."""

from .compile import Nulls, Sampler, Sampling

__all__ = ["Nulls", "Sampler", "Sampling"]
