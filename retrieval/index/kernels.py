"""Which kernel searches: array code, or the compiled loops of the extra `fast` once they are loaded."""

from importlib.util import find_spec

import structlog

from retrieval.index.pruning import pruned
from retrieval.index.searching import Kernel

log = structlog.get_logger(__name__)


def fastest() -> Kernel:
    """The compiled kernel where it can be had, which takes half a second, and longer the first time."""
    if find_spec("numba") is None:
        return pruned
    try:
        from retrieval.index.compiled import compiled
    except (ImportError, OSError) as error:  # numba refuses a numpy that is newer than itself
        log.warning("the extra `fast` is installed and cannot be used", why=str(error))
        return pruned
    return compiled
