"""Exit codes of the command line, which ``docs/reference.md`` lists."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with. Signals are those of a shell: 128 and the number."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNREACHABLE = 3
    INTERRUPTED = 130
    TERMINATED = 143


SIGNALLED = 128
"""What is added to the number of the signal that ended a command."""
