"""Data of samples: words, people, places, dates and patterns."""
