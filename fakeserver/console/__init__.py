"""Console: the pages that show a server to a browser, and let people try it."""
