"""What `tests/benchmarks/search.py` measures with: a corpus, the engines, and processes of their own."""
