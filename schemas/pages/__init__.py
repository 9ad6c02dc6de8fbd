"""Reference pages: blocks, tables, samples, inference, merging and linking of named types."""
