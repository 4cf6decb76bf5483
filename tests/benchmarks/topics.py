"""How long one article takes against all topics that are followed: `python tests/benchmarks/topics.py`."""

import random
import statistics
import time

from retrieval.passages import cut, index_tokens
from retrieval.topics import Matchable, Topics, parse

TOPICS = 2_000
ARTICLES = 200
WORDS_AN_ARTICLE = 700
COMMON = 30  # words too common for anybody to follow: an article holds them all
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "or", "un")]


def words(draw: random.Random, count: int, least: int = 1) -> list[str]:
    """Invented words, the first ones common as in any language; `least` is the commonest rank taken."""
    ranks = [min(int(least * draw.paretovariate(0.7)), 20_000) for _ in range(count)]
    return ["".join(random.Random(rank).choices(SYLLABLES, k=2 + rank % 3)) for rank in ranks]


def an_article(draw: random.Random) -> Matchable:
    text = " ".join(word if n % 14 else f"{word}. The" for n, word in enumerate(words(draw, WORDS_AN_ARTICLE), 1))
    headline = " ".join(words(draw, 8))
    passages = tuple(" ".join(index_tokens(headline, span.of(text), "en")) for span in cut(text, "en"))
    return Matchable("en", headline, passages, "Velm Post", ("ada byron",))


def main() -> None:
    draw = random.Random(7)
    topics = Topics({n: parse(" ".join(words(draw, 1 + n % 3, COMMON))) for n in range(TOPICS)})
    articles = [an_article(draw) for _ in range(ARTICLES)]
    topics.match(articles[0])  # compiles the topics for the language
    taken, matched = [], 0
    for article in articles:
        began = time.thread_time()
        matched += len(topics.match(article))
        taken.append(1_000 * (time.thread_time() - began))
    taken.sort()
    print(
        f"{TOPICS} topics, {ARTICLES} articles of {WORDS_AN_ARTICLE} words, {matched / ARTICLES:.1f} matches each: "
        f"median {statistics.median(taken):.2f} ms, p99 {taken[int(0.99 * ARTICLES)]:.2f} ms of processor an article"
    )


if __name__ == "__main__":
    main()
