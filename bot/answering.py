"""From a question to its answer: search, choose, and read the words from storage. Writes nothing, renders nothing.

Used by the chat and by the terminal alike.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot import corpus
from bot.workers import Workers
from retrieval import question as questions
from retrieval.attribution import of_quote
from retrieval.engine import SearchEngine
from retrieval.model import (
    Answer,
    Article,
    Candidate,
    Certainty,
    Named,
    Nearest,
    NothingFound,
    Pick,
    Question,
    Quote,
    Reason,
    Span,
    Statement,
    Statistics,
)
from retrieval.names import asked_of, asks_for_words
from retrieval.quotes import QUOTES_MAX, Chosen, choose
from retrieval.ranking import named_outlets
from retrieval.spelling import spelled
from retrieval.text.language import UNDETERMINED
from retrieval.text.tokens import index_of
from storage import articles, copies, index_changes, passages, speakers, statements
from storage.database import Store
from storage.values import Said

CANDIDATES_MAX = 200
PASSAGES = 10
NEAREST_MAX = 3
OTHER_INDEXES_MAX = 3
SPARE = 3  # further quotes that are looked at for what a speaker named in the question said

Place = tuple[int, Span]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How much of what was found is shown, and whether something is shown at any rate."""

    passages: int
    quotes: int
    always: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What one index yields for a question put in its language: of the candidates, those that may be shown."""

    question: Question
    chosen: Chosen
    near: tuple[Candidate, ...] = ()


async def answer(
    words: str | Question,
    *,
    store: Store,
    engine: SearchEngine,
    workers: Workers,
    limit: int = PASSAGES,
    quotes: int = QUOTES_MAX,
    always: bool = False,
    without: Collection[Place] = (),
    today: date | None = None,
    disregarding: Collection[Named] = (),
) -> Answer:
    """The quotes that answer, best first, or the reason for none; `passages` holds the `limit` best in any case.

    Sees all that was stored before the call. `always` never abstains; `without` are the places of quotes
    that were shown before and are left out. `today` is the reader's own day: without it no time is read out of the
    words. Where nothing of the time asked for answers, all days are searched for the rest of the words, and the
    question says so. An outlet or speaker named in it counts for more, unless it is among `disregarding`.
    """
    await corpus.catch_up(store, engine)
    indexes = engine.languages()
    asked = words if isinstance(words, Question) else await workers.run(_parsed, words, _by_size(engine), today)
    asked = replace(asked, disregarded=frozenset(disregarding))
    if not indexes:
        return Answer(asked, (), None, NothingFound(Reason.EMPTY_CORPUS, asked.about))
    wanted = _Wanted(limit, quotes + len(without) + SPARE, always)
    found = await _search(asked, store, engine, workers, wanted)
    if asked.dated and not found.chosen.picks:
        found = await _search(replace(asked, since=None, until=None), store, engine, workers, wanted)
    async with store.reading() as session:
        picks = [pick for pick in found.chosen.picks if (pick.version_id, pick.span) not in without]
        return await _answer(session, found, picks, quotes)


def _parsed(words: str, languages: Sequence[str], today: date | None) -> Question:
    """In a worker: a language's model is read at its first use.

    A word or two may be of any language: they are taken for the corpus's own, the first of `languages`.
    """
    asked = questions.parse(words, languages=languages, today=today)
    if languages and index_of(asked.language) == UNDETERMINED:
        return questions.parse(words, language=languages[0], today=today)
    return asked


async def _search(asked: Question, store: Store, engine: SearchEngine, workers: Workers, wanted: _Wanted) -> _Found:
    """The question's own index first; others, by its names, only where that knows none of its words."""
    own = index_of(asked.language)
    found = await _in_index(asked, own, store, engine, workers, wanted)
    if found.chosen.picks or (found.chosen.reason is not Reason.NO_MATCH and not found.question.near):
        return found
    for index in _others(engine, own):
        named = await workers.run(_named, asked, index)
        if named.terms:
            elsewhere = await _in_index(named, index, store, engine, workers, wanted)
            if elsewhere.chosen.picks:
                return replace(elsewhere, question=asked)
    return found


def _by_size(engine: SearchEngine) -> tuple[str, ...]:
    """The indexes, the one with most passages first."""
    return tuple(index for index, _ in sorted(engine.languages().items(), key=lambda each: -each[1]))


def _others(engine: SearchEngine, own: str) -> list[str]:
    return [index for index in _by_size(engine) if index != own][:OTHER_INDEXES_MAX]


def _named(asked: Question, index: str) -> Question:
    """In a worker: the question by its names, in another index's words.

    Its other words stay among what was asked: a name alone, found where they are not, answers nothing.
    """
    names = [word for word in asked.about if word[:1].isupper()]
    named = questions.parse(" ".join(names), language=index)
    unnamed = questions.parse(" ".join(word for word in asked.about if word not in names), language=asked.language)
    return replace(asked, terms=(*named.terms, *unnamed.terms) if named.terms else ())


async def _in_index(
    asked: Question, index: str, store: Store, engine: SearchEngine, workers: Workers, wanted: _Wanted
) -> _Found:
    async with store.reading() as session:
        within = await _within(session, asked)
        statistics = engine.statistics(asked.terms, language=index)
        asked = spelled(asked, statistics, engine.vocabulary(index))
        hits = engine.search(asked.searched, CANDIDATES_MAX, within, language=index)
        await asyncio.sleep(0)  # others run between the search and the reading of what it found
        candidates = await passages.of_hits(session, hits)
        asks = Named.SPEAKER not in asked.disregarded and asks_for_words(asked.words, asked.language)
        said = await speakers.said_in(session, [hit.passage_id for hit in hits]) if asks else []
    if not candidates and within is not None and engine.search(asked.terms, 1, language=index):
        return _Found(asked, Chosen((), Reason.FILTERED_OUT, ()))
    if not candidates:
        return _Found(asked, Chosen((), Reason.NO_MATCH, ()))
    return await workers.run(_chosen, asked, candidates, said, statistics, wanted)


def _chosen(
    asked: Question, candidates: Sequence[Candidate], said: Sequence[Said], statistics: Statistics, wanted: _Wanted
) -> _Found:
    """In a worker: two hundred candidates come in, and only what may be shown goes back."""
    if said:
        asked, candidates = _with_spoken(asked, candidates, said)
    asked = replace(asked, outlets=tuple(sorted(named_outlets(asked, candidates))))
    chosen = choose(asked, candidates, statistics, limit=wanted.quotes, always=wanted.always)
    shown = replace(chosen, ranked=chosen.ranked[: wanted.passages])
    return _Found(asked, shown, tuple(_one_an_article(chosen.ranked)[:NEAREST_MAX]))


def _with_spoken(
    asked: Question, found: Sequence[Candidate], said: Sequence[Said]
) -> tuple[Question, Sequence[Candidate]]:
    """The question with the speaker whose words it asks for, and the candidates with what that speaker says in each."""
    asked_names = {name for name in {each.name for each in said} if asked_of(asked.words, name, asked.language)}
    names, spoken = Counter[str](), defaultdict[int, tuple[Span, ...]](tuple)
    for each in said:
        if each.name in asked_names:
            names[each.name] += 1
            spoken[each.passage_id] += (each.span,)
    named = max(names, key=lambda name: names[name], default=None)
    return replace(asked, speaker=named), [each._replace(spoken=spoken[each.passage.id]) for each in found]


async def _within(session: AsyncSession, asked: Question) -> set[int] | None:
    if asked.since is None and asked.until is None and asked.outlet is None:
        return None
    return await passages.within(session, since=asked.since, until=asked.until, outlet=asked.outlet)


async def _answer(session: AsyncSession, found: _Found, picks: Sequence[Pick], limit: int) -> Answer:
    ranked = found.chosen.ranked
    near = () if picks else found.near
    wanted = {pick.version_id for pick in picks} | {each.passage.version_id for each in [*ranked, *near]}
    stored = await articles.by_versions(session, wanted)
    spoken = await statements.meeting(session, [(pick.version_id, pick.span) for pick in picks])
    there = [pick for pick in picks if pick.version_id in stored]
    carried = await copies.carriers(session, [_quoted(stored[pick.version_id], pick) for pick in there])
    every = [
        _quote(stored[pick.version_id], pick, spoken, outlets) for pick, outlets in zip(there, carried, strict=True)
    ]
    quotes = _asked_first(found.question, every)[:limit]
    _, as_of = await index_changes.newest(session)
    return Answer(
        question=found.question,
        quotes=quotes,
        as_of=as_of,
        arrived_at=await articles.newest_arrival(session),
        nothing=None if quotes else _nothing(found, near, stored),
        passages=tuple(
            (each, stored[each.passage.version_id][0].name) for each in ranked if each.passage.version_id in stored
        ),
    )


def _asked_first(asked: Question, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """First those of a speaker whom the question names, each in the order of the quotes."""
    if Named.SPEAKER in asked.disregarded:
        return tuple(quotes)
    return tuple(sorted(quotes, key=lambda quote: not _speaks(asked, quote)))


def _speaks(asked: Question, quote: Quote) -> bool:
    """Whether the one certain speaker of a quote is named in the question as who speaks."""
    quoted = of_quote(quote.version.text, quote.span, quote.statements)
    if quoted.certainty is not Certainty.CERTAIN or quoted.speaker is None:
        return False
    return asked_of(asked.words, quoted.speaker.name, asked.language)


def _quote(
    stored: articles.Versioned, pick: Pick, spoken: dict[Place, tuple[Statement, ...]], carried: frozenset[str]
) -> Quote:
    article, version = stored
    found = spoken[pick.version_id, pick.span]
    return Quote(article, version, pick.span, found, pick.score, tuple(sorted(carried | pick.carriers)))


def _quoted(stored: articles.Versioned, pick: Pick) -> tuple[Article, str]:
    article, version = stored
    return article, pick.span.of(version.text)


def _one_an_article(ranked: Sequence[Candidate]) -> list[Candidate]:
    return list({each.article_id: each for each in reversed(ranked) if each.headline}.values())[::-1]


def _nothing(found: _Found, near: Sequence[Candidate], stored: dict[int, articles.Versioned]) -> NothingFound:
    nearest = tuple(
        Nearest(article.name, each.headline, each.published, article.url, each.outlet)
        for each in near
        if each.passage.version_id in stored
        for article in [stored[each.passage.version_id][0]]
    )
    return NothingFound(found.chosen.reason or Reason.NO_MATCH, found.question.about, nearest)
