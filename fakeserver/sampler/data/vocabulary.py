"""Words of business, in English, where Faker's texts make no sense: its sentences are words in a row."""

from collections.abc import Mapping
from pathlib import Path

import orjson

_FILE = Path(__file__).with_name("vocabulary.json")

TEXTS: Mapping[str, tuple[str, ...]] = {name: tuple(texts) for name, texts in orjson.loads(_FILE.read_bytes()).items()}
"""Texts to choose from, by what a field shows."""
