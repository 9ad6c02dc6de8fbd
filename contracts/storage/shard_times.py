"""Seconds that operations took in an earlier run, by which shards become about equally long."""

from collections.abc import Mapping
from pathlib import Path

import orjson

from docdouble.schemas import ConfigError

from ..safety.selection import IN_ANOTHER_SHARD


def read_shard_times(path: Path) -> Mapping[str, float]:
    """Return the seconds of a JSON report of any version by the ids of operations: none for those that it left out.

    Raises ``ConfigError`` for a file that is no such report.
    """
    try:
        document = orjson.loads(path.read_bytes())
        left_out = {name: 0.0 for name, reason in document["skipped"].items() if reason != IN_ANOTHER_SHARD}
        return left_out | {
            operation["id"]: max(float(operation["seconds"]), 0.0) for operation in document["operations"]
        }
    except OSError as error:
        raise ConfigError("--shard-times", str(path), expected=f"a file that can be read: {error.strerror}") from error
    except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError("--shard-times", str(path), expected="a file of --report json=FILE") from error
