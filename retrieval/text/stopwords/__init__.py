"""Function words by language, one file each, compiled for this project; as folded by retrieval.text.folding."""

from functools import cache
from importlib.resources import files


@cache
def stop_words(language: str) -> frozenset[str]:
    """The words of a language that never count for search; empty where no list exists."""
    path = files(__name__).joinpath(f"{language}.txt")
    return frozenset(path.read_text("utf-8").split()) if path.is_file() else frozenset()
