"""Reports in a verb-second language, read from its own syntax: verb brackets, capital nouns, the mood of reports."""
