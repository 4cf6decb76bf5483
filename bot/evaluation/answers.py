"""How right answers are, over questions of which it is known what answers them, and where.

Over answerable questions: `hit@k`, an article that answers is among those of the first k passages; `mrr@10`, one
over the place of the first passage from such an article; `ans_pass@k` and `ans_quotes@k`, an answer stands in the
first k passages or quotes; `goldsent_quotes@3`, which part of the marked sentences three quotes cover; `abstain_ans`,
how often no answer is given. Over the others: `abstain_unans`, how often rightly none is.
"""

from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean
from typing import Any

from bot.evaluation.holding import Text, length, share
from retrieval.model import Answer, Quote

PASSAGES_MAX = 10
FIRST = (1, 3, 10)
QUOTES = (1, 3)
COVERED = 0.6  # of a marked sentence's words

Marked = dict[str, Any]
Measured = dict[str, list[float]]


def measured(question: Marked, answer: Answer) -> Iterator[tuple[str, float]]:
    """What one answer adds to each figure: (figure, from 0 to 1)."""
    for quote in answer.quotes:
        yield "verbatim", float(_is_verbatim(quote))
        yield "quote_words", length(quote.text)
    if not question["answerable"]:
        yield "abstain_unans", float(not answer.quotes)
        return
    yield "abstain_ans", float(not answer.quotes)
    if answer.quotes:
        yield "quotes_per_answer", len(answer.quotes)
    yield from _passages(question, answer)
    yield from _words(question, answer)
    yield from _sentences(question, answer)


def figures(measured: Measured) -> dict[str, float]:
    """The mean of each figure, rounded to four places, and the balanced share of right abstentions."""
    told = {name: round(fmean(values), 4) for name, values in measured.items()}
    if "abstain_ans" in told and "abstain_unans" in told:
        answered, abstained = 1 - fmean(measured["abstain_ans"]), fmean(measured["abstain_unans"])
        told["abstain_balanced_acc"] = round((answered + abstained) / 2, 4)
    return told


def gathered() -> Measured:
    """Where the figures of many answers are gathered."""
    return defaultdict(list)


def _is_verbatim(quote: Quote) -> bool:
    return bool(quote.text) and quote.text in quote.version.text


def _passages(question: Marked, answer: Answer) -> Iterator[tuple[str, float]]:
    right = set(question["gold_article_ids"])
    if not right:
        return
    places = [name in right for _, name in answer.passages[:PASSAGES_MAX]]
    for first in FIRST:
        yield f"hit@{first}", float(any(places[:first]))
    yield f"mrr@{PASSAGES_MAX}", 1 / (places.index(True) + 1) if any(places) else 0.0


def _words(question: Marked, answer: Answer) -> Iterator[tuple[str, float]]:
    wanted = question["answers"]
    if not wanted:
        return
    passages = [Text(candidate.text).holds(wanted) for candidate, _ in answer.passages[:PASSAGES_MAX]]
    for first in FIRST:
        yield f"ans_pass@{first}", float(any(passages[:first]))
    quotes = [Text(quote.text).holds(wanted) for quote in answer.quotes]
    for first in QUOTES:
        yield f"ans_quotes@{first}", float(any(quotes[:first]))
    if quotes:
        yield f"ans_quotes@{QUOTES[-1]}_ans", float(any(quotes[: QUOTES[-1]]))


def _sentences(question: Marked, answer: Answer) -> Iterator[tuple[str, float]]:
    marked = question.get("gold_passages")
    if marked:
        quotes = [quote.text for quote in answer.quotes[: QUOTES[-1]]]
        yield (
            f"goldsent_quotes@{QUOTES[-1]}",
            fmean(float(any(share(each, quote) >= COVERED for quote in quotes)) for each in marked),
        )
