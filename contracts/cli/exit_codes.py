"""Exit codes of the command line, which ``docs/reference.md`` lists."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit code of a command. For signals they are those of a shell: 128 and the number."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNREACHABLE = 3
    INTERRUPTED = 130
    TERMINATED = 143


SIGNALLED = 128
"""Summand of exit codes for signals: the number of the signal that ended a command is added."""
