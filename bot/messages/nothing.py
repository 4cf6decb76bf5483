"""No answer, told honestly: what was looked for, what the corpus spans, which headlines lie nearest."""

from collections.abc import Sequence

from bot.messages import markup, moments, shown
from bot.messages.limits import NAME_CHARACTERS_MAX
from bot.messages.markup import Markup
from bot.messages.message import Button, Keyboard, Message, Press
from bot.messages.view import View
from retrieval.model import Answer, Nearest, NothingFound, Question, Reason
from storage.values import CorpusStatistics

NEAREST_MAX = 3
WORDS_SHOWN_MAX = 12
WORD_CHARACTERS_MAX = 40

_FIRST = {Reason.WEAK_MATCH: "nothing_weak", Reason.FILTERED_OUT: "nothing_filtered"}


def render(
    answer: Answer, view: View, corpus: CorpusStatistics | None = None, notes: Sequence[str] = ()
) -> list[Message]:
    """One message; of an empty corpus it says only that."""
    found = answer.nothing or NothingFound(Reason.NO_MATCH)
    if found.reason is Reason.EMPTY_CORPUS:
        return [Message(empty(view))]
    return [
        Message(
            markup.lines(
                markup.words(view.phrases[_FIRST.get(found.reason, "nothing")]),
                *map(markup.words, notes),
                markup.words(_looked_for(answer, found, view)),
                searched(corpus, view) if corpus else Markup(),
                *_nearest(found, view),
            ),
            _keyboard(answer, view),
        )
    ]


def empty(view: View) -> Markup:
    """An empty corpus: an honest line to readers, the next step to operators."""
    return markup.words(view.phrases["empty_operator" if view.operator else "empty_reader"])


def searched(corpus: CorpusStatistics, view: View) -> Markup:
    """What the corpus spans: articles, outlets, printed dates, and how fresh it is."""
    outlets, span, newest = "", "", ""
    if corpus.outlets:
        outlets = view.phrases["searched_outlets"].format(outlets=view.phrases.count("outlets", corpus.outlets))
    if corpus.earliest and corpus.latest:
        first, last = view.phrases.day(corpus.earliest.date()), view.phrases.day(corpus.latest.date())
        span = view.phrases["searched_span"].format(first=first, last=last)
    if corpus.newest_added_at:
        newest = view.phrases["searched_newest"].format(ago=moments.ago(corpus.newest_added_at, view))
    return markup.fill(
        view.phrases["searched"],
        articles=view.phrases.count("articles", corpus.articles),
        outlets=outlets,
        span=span,
        newest=newest,
    )


def nearly(question: Question, view: View) -> list[str]:
    """For each name that no article prints so, what was looked for beside it."""
    return [
        view.phrases["near"].format(
            word=shown.name(each.printed, view.phrases, WORD_CHARACTERS_MAX),
            words=view.phrases["comma"].join(f"“{word}”" for word in each.words),
        )
        for each in question.near
    ]


def dated(question: Question, view: View) -> list[str]:
    """Which days the articles are of, and from which words that was read; or that those days held no answer."""
    if not question.dated:
        return []
    words = shown.name(question.dated, view.phrases, WORD_CHARACTERS_MAX)
    if not question.since and not question.until:
        return [view.phrases["all_days"].format(words=words)]
    return [view.phrases["only_days"].format(days=_days(question, view), words=words)]


def all_dates(question: Question, view: View) -> list[Button]:
    """The button that asks the same of all dates, where only some were searched."""
    limited = question.since or question.until
    return [Button(view.phrases["button_all_dates"], Press("all_dates"))] if limited else []


def _days(question: Question, view: View) -> str:
    """The days searched: "since 16 Nov 2026", "21 Nov 2026", "1 Oct 2023 – 31 Oct 2023"."""
    phrases, since, until = view.phrases, question.since, question.until
    if since and until:
        first, last = phrases.day(since), phrases.day(until)
        return first if since == until else phrases["days_between"].format(first=first, last=last)
    return phrases["since"].format(day=phrases.day(since)) if since else _until(question, view)


def _until(question: Question, view: View) -> str:
    return view.phrases["until"].format(day=view.phrases.day(question.until)) if question.until else ""


def _looked_for(answer: Answer, found: NothingFound, view: View) -> str:
    printed = [shown.name(word, view.phrases, WORD_CHARACTERS_MAX) for word in found.looked_for[:WORDS_SHOWN_MAX]]
    if not printed:
        return view.phrases["looked_for_nothing"]
    words = view.phrases["comma"].join(printed)
    return " · ".join([view.phrases["looked_for"].format(words=words), *_limits(answer, view)])


def _limits(answer: Answer, view: View) -> list[str]:
    question, phrases = answer.question, view.phrases
    limits = []
    if question.speaker:
        limits.append(phrases["by_speaker"].format(speaker=shown.name(question.speaker, phrases)))
    if question.outlet:
        limits.append(phrases["in_outlet"].format(outlet=shown.name(question.outlet, phrases)))
    if question.since:
        limits.append(phrases["since"].format(day=phrases.day(question.since)))
    if question.until:
        limits.append(phrases["until"].format(day=phrases.day(question.until)))
    return limits


def _nearest(found: NothingFound, view: View) -> list[Markup]:
    listed = [_headline(each, view) for each in found.nearest[:NEAREST_MAX] if each.headline]
    return [markup.words(view.phrases["nearest"]), *listed] if listed else []


def _headline(nearest: Nearest, view: View) -> Markup:
    outlet = shown.name(nearest.outlet, view.phrases, NAME_CHARACTERS_MAX) if nearest.outlet else None
    title = shown.title(outlet, nearest.headline, view.phrases) or view.phrases["no_headline"]
    named = markup.link(title, nearest.url) if nearest.url and markup.linkable(nearest.url) else markup.words(title)
    return markup.fill(view.phrases["nearest_line"], headline=named, date=moments.printed(nearest.published, view))


def _keyboard(answer: Answer, view: View) -> Keyboard:
    sources = Button(view.phrases["button_outlets"], Press("outlets"))
    return ((*all_dates(answer.question, view), sources),)
