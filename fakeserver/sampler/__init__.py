"""Schema and key → value: the same for the same seed and key, in any process."""

from .compile import Sampler
from .sampling import Nulls, Sampling

__all__ = ["Nulls", "Sampler", "Sampling"]
