"""From a reader's words to a Question: its language, the terms searched for, the words behind them.

Reads nothing but the words themselves: which articles there are is for the engine to say.
"""

from collections.abc import Collection

from retrieval.model import Question
from retrieval.text import language as languages_of_text
from retrieval.text import tokens

QUESTION_CHARACTERS_MAX = 4096
QUESTION_TERMS_MAX = 64


def parse(words: str, *, language: str | None = None, languages: Collection[str] = ()) -> Question:
    """What a reader's words ask for; `languages` are those the corpus holds, `language` the reader's own if known.

    Words past `QUESTION_CHARACTERS_MAX` and distinct terms past `QUESTION_TERMS_MAX` are left out.
    """
    asked = words[:QUESTION_CHARACTERS_MAX].strip()
    spoken = language or languages_of_text.identify(asked)
    printed = {word.token: word.span.of(asked) for word in reversed(tokens.words(asked, spoken))}
    terms = tuple(dict.fromkeys(word.token for word in tokens.words(asked, spoken)))[:QUESTION_TERMS_MAX]
    about = tuple(dict.fromkeys(printed[term] for term in terms))
    return Question(words=asked, language=spoken, terms=terms, about=about)
