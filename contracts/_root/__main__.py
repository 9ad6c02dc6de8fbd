"""``python -m docdouble`` is the ``docdouble`` command."""

from docdouble.contracts.cli.main import main

main()
