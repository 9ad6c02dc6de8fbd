"""Documentation families: the words, headings and conventions that one family of pages has in common."""
