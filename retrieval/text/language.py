"""Which language a text is in: by its script where that decides, else by py3langid and by its function words.

A short question says little: one function word tells more than the letters do. Where neither tells, the answer
is "und", not a guess.
"""

import re
from collections import Counter
from collections.abc import Collection
from functools import cache

from py3langid.langid import LanguageIdentifier

from retrieval.text import identifier
from retrieval.text.folding import fold
from retrieval.text.stopwords import stop_words

UNDETERMINED = "und"

# Of a long text this many code points tell enough.
SAMPLE = 2_000
# Up to this many words function words are counted too.
SHORT_WORDS = 12
# What a language must reach: py3langid's probability, each function word counting as much as CUE.
CLEAR = 0.3
CLEAR_AMONG = 0.7  # where only some languages are plausible their shares are larger
CUE = 0.4

_SCRIPTS = re.compile(
    "(?P<Latin>[A-Za-z\u00c0-\u024f\u1e00-\u1eff])|(?P<Cyrillic>[\u0400-\u052f])|(?P<Arabic>[\u0600-\u06ff\u0750-\u077f])"
    "|(?P<Han>[\u3400-\u4dbf\u4e00-\u9fff])|(?P<Kana>[\u3041-\u30ff])|(?P<ko>[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3])"
    "|(?P<Devanagari>[\u0900-\u097f])|(?P<he>[\u0590-\u05ff])|(?P<el>[\u0370-\u03ff\u1f00-\u1fff])"
    "|(?P<th>[\u0e00-\u0e7f])|(?P<lo>[\u0e80-\u0eff])|(?P<km>[\u1780-\u17ff])|(?P<my>[\u1000-\u109f])"
    "|(?P<hy>[\u0530-\u058f])|(?P<ka>[\u10a0-\u10ff])|(?P<bn>[\u0980-\u09ff])|(?P<pa>[\u0a00-\u0a7f])"
    "|(?P<gu>[\u0a80-\u0aff])|(?P<ta>[\u0b80-\u0bff])|(?P<te>[\u0c00-\u0c7f])|(?P<kn>[\u0c80-\u0cff])"
    "|(?P<ml>[\u0d00-\u0d7f])|(?P<si>[\u0d80-\u0dff])|(?P<am>[\u1200-\u137f])"
)
_LATIN = """
en es de fr pt it nl tr pl sv da no fi ro hu cs id ca eu et lt lv ga sq af is hr bs sk sl sr gl cy vi ms sw tl mt
az uz eo
"""
_WRITTEN_IN = {
    "Latin": frozenset(_LATIN.split()),
    "Cyrillic": frozenset({"ru", "uk", "bg", "mk", "sr", "be", "kk", "ky", "mn", "tg", "tt"}),
    "Arabic": frozenset({"ar", "fa", "ur", "ps", "ug"}),
    "Devanagari": frozenset({"hi", "mr", "ne"}),
}
# An ideograph says as much as this many letters of an alphabet.
_IDEOGRAPH = 3
# Of ideographs and kana together this share is kana in any Japanese sentence, and in no Chinese one.
_KANA_SHARE = 0.05
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def primary(tag: str) -> str:
    """The primary subtag of a BCP 47 tag, in lower case: "en-GB" is "en"; "und" where there is none."""
    return tag.strip().replace("_", "-").partition("-")[0].casefold() or UNDETERMINED


def identify(text: str, hint: str | None = None, *, among: Collection[str] = ()) -> str:
    """The BCP 47 primary subtag of a text's language, "und" where unclear.

    A hint wins. `among` names the languages the text may be in, where its script leaves a choice.
    """
    if hint and hint.strip():
        return primary(hint)
    sample = text[:SAMPLE]
    script = _script(sample)
    if script not in _WRITTEN_IN:
        return script
    plausible = _WRITTEN_IN[script].intersection(map(primary, among))
    if len(plausible) == 1:
        return next(iter(plausible))
    return _likeliest(sample, plausible or _WRITTEN_IN[script], CLEAR_AMONG if plausible else CLEAR)


def _script(sample: str) -> str:
    """The script of most letters, or the language itself where a script has but one."""
    counts = Counter(found.lastgroup or "" for found in _SCRIPTS.finditer(sample))
    ideographs, kana = counts.pop("Han", 0), counts.pop("Kana", 0)
    if kana + ideographs:
        counts["ja" if kana > _KANA_SHARE * (kana + ideographs) else "zh"] = _IDEOGRAPH * ideographs + kana
    return max(counts, key=lambda script: counts[script], default=UNDETERMINED)


def _likeliest(sample: str, candidates: frozenset[str], clear: float) -> str:
    ranked: list[tuple[str, float]] = _identifier().rank(sample)  # type: ignore[no-untyped-call]
    likely = {language: share for language, share in ranked if language in candidates}
    whole = sum(likely.values()) or 1.0
    likely = {language: share / whole for language, share in likely.items()}
    words = _WORD.findall(sample)
    if len(words) <= SHORT_WORDS:
        for language in likely:
            likely[language] += CUE * _cues(words, language)
    best = max(likely, key=lambda language: likely[language], default=UNDETERMINED)
    return best if likely.get(best, 0.0) >= clear else UNDETERMINED


def _cues(words: Collection[str], language: str) -> int:
    """How many of the words are function words of a language."""
    cues = stop_words(language)
    return sum(fold(word, language).replace("’", "'") in cues for word in words)


@cache
def _identifier() -> LanguageIdentifier:
    return identifier.load()
