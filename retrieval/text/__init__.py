"""What every text goes through first: which language, where its sentences are, what its words are."""
