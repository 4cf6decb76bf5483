"""The statements of a name, composed: which names the corpus prints, whose they may be, and the words of each.

Used by the chat and by the terminal alike. Merges no two names, and never says who is who. Writes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from sqlalchemy.ext.asyncio import AsyncSession

from bot import namesakes
from bot.workers import Workers
from retrieval import names
from retrieval import question as questions
from retrieval.engine import SearchEngine
from retrieval.model import ArticleVersion, Question, Quote, Span, Statement
from retrieval.text.sentences import sentences
from retrieval.text.tokens import index_of
from storage import articles, copies, speakers, statements
from storage.database import Store
from storage.values import PrintedName, Spoken

STATEMENTS_MAX = 5_000
NAMES_MAX = 8  # offered beside those found
ALIKE_MAX = 500  # names that are looked up to offer the most frequent of them
OTHERS_PASSAGES = 20  # how far down the candidates other speakers are looked for
# Of the words of `about`, this share must stand in a statement's passages or headline.
ABOUT_SHARE = 2 / 3

Place = tuple[int, Span]


@dataclass(frozen=True, slots=True)
class Said:
    """What the corpus holds of a name.

    `name` is the name as printed, None where the corpus prints none or several that may be meant; `people` are its
    statements, split where roles or stories disagree; `also` are other printed names that may be meant; `nearest`
    those that only look alike, where nothing else was found. `held` counts all statements, `about` or not.
    """

    asked: str
    about: str | None
    name: str | None
    people: tuple[tuple[Spoken, ...], ...] = ()
    also: tuple[PrintedName, ...] = ()
    nearest: tuple[PrintedName, ...] = ()
    held: int = 0

    @property
    def all(self) -> tuple[Spoken, ...]:
        """The statements in the order in which they are told: person after person, each oldest first."""
        return tuple(each for person in self.people for each in person)

    def namesake(self, place: int) -> int:
        """Which of the people of this name, counted from 1, the statement at this place (from 1) is split to."""
        ends = accumulate(map(len, self.people))
        return next(number for number, end in enumerate(ends, 1) if place <= end)

    @property
    def cut(self) -> bool:
        """Whether there may be more than are read."""
        return self.held >= STATEMENTS_MAX


@dataclass(frozen=True, slots=True)
class Entry:
    """Whole sentences that hold statements of one name; `first` and `last` count the statements from 1.

    `namesake` counts the people that the name may mean, where its statements are split.
    """

    first: int
    last: int
    quote: Quote
    statements: tuple[Statement, ...]
    namesake: int = 1


async def said(name: str, about: str | None, *, store: Store, workers: Workers) -> Said:
    """The statements of a name; where only one printed name can be meant, that one's."""
    async with store.reading() as session:
        known = await speakers.keys(session)
        like = await workers.run(names.alike, name, known)
        meant = await _printed(session, known, like.same or like.offered)
        if not meant:
            nearest = await _printed(session, known, like.near or like.sharing)
            return Said(name, about, None, nearest=tuple(nearest[:NAMES_MAX]))
        if not like.same and len(meant) > 1:
            return Said(name, about, None, also=tuple(meant[:NAMES_MAX]))
        found = await speakers.of_names(session, [each.key for each in meant], limit=STATEMENTS_MAX)
        also = await _printed(session, known, like.offered) if like.same else []
        near = await _confirmed(session, await _printed(session, known, like.near), found)
        chosen = await _about(session, found, about, workers) if about else found
    offered = tuple([*also, *near][:NAMES_MAX])
    return Said(name, about, meant[0].name, await workers.run(namesakes.split, chosen), offered, held=len(found))


async def others(
    question: Question, without: Collection[str], *, store: Store, engine: SearchEngine, workers: Workers
) -> list[Spoken]:
    """What other certain speakers than `without` are printed to have said to the question's words, one statement each.

    The best passages' speakers first. A name that may mean one of `without` is nobody else.
    """
    if not question.terms:
        return []
    own = {word.casefold() for name in without for word in name.split()}
    about = [word for word in question.about if word.casefold() not in own]
    index = index_of(question.language)
    async with store.reading() as session:
        hits = engine.search(question.terms, OTHERS_PASSAGES, language=index)
        order = {hit.passage_id: place for place, hit in enumerate(hits)}
        found = [(order[id_], each) for id_, each in await speakers.in_passages(session, list(order))]
        known = list(dict.fromkeys(each.name for _, each in found))
        theirs = set(without) | {known[place] for name in without for place in _like(name, known)}
        spoken = [each for _, each in sorted(found, key=lambda pair: pair[0]) if each.name not in theirs]
        chosen = await _about(session, spoken, " ".join(about), workers)
    return list({each.name: each for each in reversed(chosen)}.values())[::-1]


async def told(found: Said, at: int, limit: int, *, store: Store, workers: Workers) -> list[Entry]:
    """The words of `limit` of the statements found, from place `at` (from 0) on."""
    some = await entries(found.all[at : at + limit], store=store, workers=workers, first=at + 1)
    return [replace(entry, namesake=found.namesake(entry.first)) for entry in some]


async def entries(spoken: Sequence[Spoken], *, store: Store, workers: Workers, first: int = 1) -> list[Entry]:
    """The words of these statements, in their order; neighbours within the same sentences stand as one entry."""
    async with store.reading() as session:
        stored = await articles.by_versions(session, {each.version_id for each in spoken})
        texts = [(stored[each.version_id][1], each.hull) for each in spoken if each.version_id in stored]
        places = await workers.run(_sentences_of, texts)
        met = await statements.meeting(session, places)
        carried = await copies.carriers(
            session, [(stored[id_][0], span.of(stored[id_][1].text)) for id_, span in places]
        )
    numbered = zip(
        range(first, first + len(places)), places, [e for e in spoken if e.version_id in stored], strict=True
    )
    found: list[Entry] = []
    for (number, place, each), outlets in zip(numbered, carried, strict=True):
        article, version = stored[place[0]]
        own = tuple(one for one in met[place] if one.id == each.statement_id)
        if found and (found[-1].quote.version.id, found[-1].quote.span) == place:
            found[-1] = Entry(found[-1].first, number, found[-1].quote, (*found[-1].statements, *own))
            continue
        quote = Quote(article, version, place[1], met[place], carried_by=tuple(sorted(outlets)))
        found.append(Entry(number, number, quote, own))
    return found


def _like(name: str, known: Sequence[str]) -> tuple[int, ...]:
    like = names.alike(name, known)
    return (*like.same, *like.offered, *like.near)


async def _printed(session: AsyncSession, known: Sequence[str], places: Sequence[int]) -> list[PrintedName]:
    return await speakers.printed(session, [known[place] for place in places[:ALIKE_MAX]]) if places else []


def _sentences_of(texts: Sequence[tuple[ArticleVersion, Span]]) -> list[Place]:
    """In a worker: for each stretch of a text the whole sentences it stands in."""
    read: dict[int, list[Span]] = {}
    places = []
    for version, hull in texts:
        if version.id not in read:
            read[version.id] = sentences(version.text, version.language)
        met = [span for span in read[version.id] if span.meets(hull)] or [hull]
        places.append((version.id, Span(met[0].start, met[-1].end)))
    return places


# ── about ────────────────────────────────────────────────────────────────────────────────────────


async def _about(session: AsyncSession, spoken: Sequence[Spoken], about: str, workers: Workers) -> list[Spoken]:
    """The statements whose passages, or the headline over them, hold most of these words."""
    tokens = await speakers.tokens(session, spoken)
    return await workers.run(_holding, list(spoken), about, tokens)


def _holding(spoken: Sequence[Spoken], about: str, tokens: dict[int, list[tuple[str, str]]]) -> list[Spoken]:
    """In a worker: a language's model is read at its first use."""
    wanted: dict[str, frozenset[str]] = {}
    chosen = []
    for each in spoken:
        stands_in = tokens.get(each.statement_id, [])
        for index, _ in stands_in:
            if index not in wanted:
                wanted[index] = frozenset(questions.parse(about, language=index).terms)
        held = frozenset(word for _, words in stands_in for word in words.split())
        terms = frozenset[str]().union(*(wanted[index] for index, _ in stands_in))
        if terms and len(terms & held) >= ceil(ABOUT_SHARE * len(terms)):
            chosen.append(each)
    return chosen


async def _confirmed(session: AsyncSession, near: Sequence[PrintedName], found: Sequence[Spoken]) -> list[PrintedName]:
    """Of the names that only look alike those that the corpus prints with an equal role, or in the same story."""
    confirmed = []
    for each in near[:NAMES_MAX]:
        theirs = await speakers.of_names(session, [each.key], limit=STATEMENTS_MAX)
        if namesakes.may_be_one(theirs, found):
            confirmed.append(each)
    return confirmed
