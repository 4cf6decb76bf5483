"""Which language a text is in: by its script where that decides, else by py3langid among what is plausible."""

from collections.abc import Collection
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNDETERMINED = "und"

# Of a long text this many code points tell enough.
SAMPLE = 2_000


def primary(tag: str) -> str:
    """The primary subtag of a BCP 47 tag, in lower case: "en-GB" is "en"; "und" where there is none."""
    return tag.replace("_", "-").partition("-")[0].strip().casefold() or UNDETERMINED


def identify(text: str, hint: str | None = None, *, among: Collection[str] = ()) -> str:
    """The BCP 47 primary subtag of a text's language, "und" where unclear; a hint wins, `among` is what it may be."""
    if hint:
        return primary(hint)
    sample = text[:SAMPLE]
    if not any(map(str.isalpha, sample)):
        return UNDETERMINED
    language, _ = _identifier(frozenset(among)).classify(sample)  # type: ignore[no-untyped-call]
    return str(language)


@cache
def _identifier(among: frozenset[str]) -> LanguageIdentifier:
    identifier: LanguageIdentifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # type: ignore[no-untyped-call]
    known = among & set(identifier.labels)
    if known:
        identifier.set_languages(known)  # type: ignore[no-untyped-call]
    return identifier
