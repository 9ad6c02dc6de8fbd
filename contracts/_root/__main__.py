"""``python -m docdouble`` is the ``docdouble`` command."""

from docdouble.contracts.cli import main

main()
