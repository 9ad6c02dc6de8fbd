"""API documentation that can be run: contracts, a fake server and checks, read from reference pages."""

from importlib.metadata import version

__version__ = version("docdouble")
