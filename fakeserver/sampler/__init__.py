"""Sampler of values for schemas: the same for the same seed and key, in any process."""

from .sampler import Sampler
from .sampler_context import Nulls, Sampling

__all__ = ["Nulls", "Sampler", "Sampling"]
