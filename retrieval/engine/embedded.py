"""The engine inside the process: a sparse index a language, in memory."""

from retrieval.engine.reference import Reference


class Embedded(Reference):
    """A SearchEngine in memory."""
