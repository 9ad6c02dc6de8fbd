"""The bug that is planted."""

import os

BUG = os.environ.get("SERVICE_BUG", "")
