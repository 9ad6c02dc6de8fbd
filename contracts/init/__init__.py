"""``docdouble init``: what a folder has that can be read, and the files that it writes there."""
