"""``docdouble diff``: what changed between two versions of a documentation, and for whom."""
