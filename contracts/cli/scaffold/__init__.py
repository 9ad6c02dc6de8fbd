"""Files that docdouble init writes, and the sources that it discovers."""
