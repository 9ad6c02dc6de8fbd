"""The ready-made suite, for folders without a test: ``pytest --pyargs docdouble.contracts.suite``.

pytest collects a test per documented operation in its place: of the source that ``--contract-source`` names, else of
what docdouble.toml says, else of the shipped contract. ``--contract-url`` names the server, without it the fake is
verified. ``[verify]`` of docdouble.toml holds as for ``docdouble verify``.
"""
