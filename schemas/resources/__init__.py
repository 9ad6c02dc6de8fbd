"""Resources of an API: which operations create, read, list, change and delete what."""
