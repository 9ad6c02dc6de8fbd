"""Reference pages to operations: blocks, tables, samples, inference, merging and linking of named types."""
