"""Schema and key → value: the same for the same seed and key, in any process."""

from .sampler import Sampler
from .settings import Nulls, Sampling

__all__ = ["Nulls", "Sampler", "Sampling"]
