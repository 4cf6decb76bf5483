"""A digest as messages: each story by one outlet's headline and one or two quotes, why it is there, what is not.

Several messages where one does not hold it, parted between stories. Pure: takes plain values and gives plain values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.composing import Digest, Followed, ToldStory, Versioned
from bot.messages import freshness, markup, moments, places, schedules, shown, sources, voices
from bot.messages.cleaning import cleaned, is_blank
from bot.messages.limits import FOLD_CHARACTERS, ROW_BUTTONS_MAX
from bot.messages.markup import Markup
from bot.messages.message import Button, Keyboard, Message, Press
from bot.messages.places import Place
from bot.messages.split import Block, pack
from bot.messages.view import View
from retrieval.model import Quote, Span

SILENT_SHOWN = 5
NAMES_SHOWN = 8
RENDERED_MAX = 10_000
ARTICLES_KEPT = 20  # of a story, under its button


@dataclass(frozen=True, slots=True)
class Issue:
    """What is said of an edition beside its stories. `due` is None for one asked for now; `next_due` for none to come.

    `late` says that it was due before now; `skipped` are days whose editions were never sent.
    """

    zone: ZoneInfo
    due: datetime | None = None
    next_due: datetime | None = None
    late: bool = False
    skipped: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """Quotes and stories as they are shown, so that one that a thousand chats are told is put into markup once."""

    _quotes: dict[tuple[int, Span, str, str], Markup] = field(default_factory=dict)
    _stories: dict[tuple[object, ...], Block] = field(default_factory=dict)

    def quote(self, quote: Quote, view: View) -> Markup:
        key = (quote.version.id, quote.span, view.phrases.language, str(view.zone))
        if key not in self._quotes:
            if len(self._quotes) >= RENDERED_MAX:
                self._quotes.clear()
            self._quotes[key] = _quote(quote, view)
        return self._quotes[key]

    def story(self, n: int, told: ToldStory, view: View, *, first: bool) -> Block:
        """A story under its number, and under its topic's name where it is the first of the topic."""
        shown_by = (told.topic, told.lead[1].id, told.outlets, told.carriers, told.update)
        quotes = tuple((each.version.id, each.span) for each in told.quotes)
        key = (n, first, shown_by, quotes, view.phrases.language, str(view.zone))
        if key not in self._stories:
            if len(self._stories) >= RENDERED_MAX:
                self._stories.clear()
            self._stories[key] = _story(n, told, view, self, first=first)
        return self._stories[key]


def render(digest: Digest, issue: Issue, view: View, rendered: Rendered | None = None) -> list[Message]:
    """The messages of an edition, or the one line of a day with nothing new.

    `rendered` is given where many editions tell the same.
    """
    rendered = rendered or Rendered()
    if not digest.stories:
        return [_empty(digest, issue, view)]
    numbered = list(enumerate(digest.stories, 1))
    opening = Block(markup.lines(*map(markup.words, opening_lines(digest, issue, view))))
    topics = [None, *(each.topic for each in digest.stories)]
    blocks = [rendered.story(n, each, view, first=each.topic != topics[n - 1]) for n, each in numbered]
    closing = Block(markup.lines(*map(markup.words, closing_lines(digest, issue, view))))
    parts = pack([opening, *blocks, closing], _Head(first_line(digest, issue, view), view))
    by_number = dict(numbered)
    return [Message(part.markup, _keyboard({n: by_number[n] for n in part.quotes}, view)) for part in parts]


def story(n: int, articles: Sequence[Versioned], view: View) -> Message:
    """All articles of a story by outlet and headline, each with its date and a link."""
    outlets = len({article.outlet.name for article, _ in articles if article.outlet})
    first = view.phrases["briefing_more_first"].format(
        n=n, articles=view.phrases.count("articles", len(articles)), outlets=view.phrases.count("outlets", outlets)
    )
    listed = [
        markup.fill(
            view.phrases["briefing_more_line"],
            headline=linked(each, view),
            date=moments.printed(each[1].published, view),
        )
        for each in articles
    ]
    return Message(markup.lines(markup.words(first), *listed))


@dataclass(frozen=True, slots=True)
class _Head:
    """The neutral first line of each message."""

    first: str
    view: View

    def __call__(self, part: int, parts: int, stories: int) -> str:
        numbered = self.view.phrases["part"].format(part=part, parts=parts)
        return " · ".join([self.first, numbered] if parts > 1 else [self.first])


def first_line(digest: Digest, issue: Issue, view: View) -> str:
    """What it is, and of when."""
    moment = schedules.in_zone(issue.due or digest.order.until, view, issue.zone)
    return view.phrases["briefing_first"].format(moment=moment)


def opening_lines(digest: Digest, issue: Issue, view: View) -> list[str]:
    """How many stories since when, after the word about what comes late or never came."""
    stories = view.phrases.count("stories", len(digest.stories))
    since = _near(digest.order.since, digest, issue, view)
    return [*_late(digest, issue, view), view.phrases["briefing_since"].format(stories=stories, since=since)]


def _near(when: datetime, digest: Digest, issue: Issue, view: View) -> str:
    return schedules.near(when, digest.order.until, view, issue.zone)


def _late(digest: Digest, issue: Issue, view: View) -> list[str]:
    """The word about what comes late, and about what never came."""
    lines = []
    if issue.late and issue.due:
        due, now = (_near(when, digest, issue, view) for when in (issue.due, digest.order.until))
        lines.append(view.phrases["briefing_late"].format(due=due, now=now))
    if issue.skipped:
        days = view.phrases["comma"].join(view.phrases.day(day) for day in issue.skipped[-NAMES_SHOWN:])
        lines.append(view.phrases["briefing_skipped"].format(days=days))
    return lines


# ── a story ──────────────────────────────────────────────────────────────────────────────────────


def _story(n: int, told: ToldStory, view: View, rendered: Rendered, *, first: bool) -> Block:
    topic, heading = heading_of(n, told, view, first=first)
    head = [markup.bold(topic) if topic else Markup(), markup.words(heading)]
    quotes = [rendered.quote(quote, view) for quote in told.quotes if is_fit(quote)]
    bare = markup.lines(*head, place(told.lead, view))
    whole = markup.lines(*head, *quotes) if quotes else bare
    for block in (whole, markup.lines(*head, *quotes[:1]), bare):
        if Block(block).fits:
            return Block(block, n)
    return Block(markup.lines(*head), n)


def heading_of(n: int, told: ToldStory, view: View, *, first: bool) -> tuple[str | None, str]:
    """The topic's name over its first story, and the story's one headline in its outlet, with how many have it."""
    article, version = told.lead
    title = shown.title(shown.outlet(article, view.phrases), version.headline, view.phrases)
    key = "briefing_update" if told.update else "briefing_story"
    heading = view.phrases[key].format(n=n, title=title or view.phrases["briefing_no_headline"])
    topic = told.topic if first else None
    coverage = _coverage(told, view)
    return topic and shown.name(topic, view.phrases), " · ".join([heading, *([coverage] if coverage else [])])


def _coverage(told: ToldStory, view: View) -> str:
    if told.outlets < 2:
        return ""
    outlets = view.phrases.count("outlets", told.outlets)
    if told.carriers < 2:
        return outlets
    return view.phrases["briefing_same"].format(outlets=outlets, n=told.carriers)


def is_fit(quote: Quote) -> bool:
    """Whether a message can show the words exactly."""
    return cleaned(quote.text) == quote.text and not is_blank(quote.text) and quote.text == quote.text.strip()


def _quote(quote: Quote, view: View) -> Markup:
    """Who speaks and in which form, the words, where they stand."""
    quoted = voices.quoted(quote)
    return markup.lines(
        markup.bold(voices.heading(quote, quoted, view)),
        *map(markup.words, voices.labels(quote, quoted, view)),
        markup.blockquote(quote.text, folded=len(quote.text) > FOLD_CHARACTERS),
        *map(markup.words, voices.namings(quote, quoted, view)),
        sources.line(quote, view, quote.version.language),
    )


def place(lead: Versioned, view: View) -> Markup:
    """Where a story without a quote is read."""
    none = markup.words(view.phrases["briefing_no_quote"])
    return markup.lines(none, markup.join(" · ", [moments.printed(lead[1].published, view), linked(lead, view)]))


def linked(lead: Versioned, view: View) -> Markup:
    """An article by outlet and headline, linked to its page or to its stored text."""
    article, version = lead
    title = shown.title(shown.outlet(article, view.phrases), version.headline, view.phrases)
    title = title or view.phrases["briefing_no_headline"]
    if article.url and markup.linkable(article.url):
        return markup.link(title, article.url)
    return markup.link(title, places.address(Place(version.id, Span(0, len(version.text))), view.bot_name))


def _keyboard(stories: dict[int, ToldStory], view: View) -> Keyboard:
    """A button for each story that more than one article tells."""
    buttons = [
        Button(view.phrases["button_briefing_more"].format(n=n), Press("story", {"n": n, "articles": list(ids)}))
        for n, told in stories.items()
        if len(ids := told.articles[:ARTICLES_KEPT]) > 1
    ]
    width = min(4, ROW_BUTTONS_MAX)
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


# ── the end ──────────────────────────────────────────────────────────────────────────────────────


def closing_lines(digest: Digest, issue: Issue, view: View) -> list[str]:
    """Why these stories, what was left out, which feeds are silent, what was read, what comes next."""
    return [_why(digest.stories, view), *_ending(digest, issue, view)]


def _ending(digest: Digest, issue: Issue, view: View) -> list[str]:
    return [
        *_left_out(digest, view),
        *_silent(digest, issue, view),
        _read(digest, issue, view),
        *freshness.stale(digest.read.arrived_at, digest.order.until, view),
        *_next(digest, issue, view),
    ]


def _why(stories: Sequence[ToldStory], view: View) -> str:
    names = list(dict.fromkeys(told.topic for told in stories if told.topic))
    if not names:
        return view.phrases["briefing_why_all"]
    key = "briefing_why_topic" if len(names) == 1 else "briefing_why_topics"
    topics = view.phrases[key].format(names=_named(names, view))
    return view.phrases["briefing_why"].format(topics=topics)


def _named(names: Sequence[str], view: View) -> str:
    listed = [view.phrases["quoted"].format(words=shown.name(name, view.phrases)) for name in names]
    return view.phrases["comma"].join(listed)


def _left_out(digest: Digest, view: View) -> list[str]:
    left, phrases = digest.left_out, view.phrases
    things = []
    if left.further:
        things.append(phrases.count("stories", left.further))
    if left.repeats:
        things.append(phrases.count("repeats", left.repeats))
    if left.passing:
        things.append(phrases["briefing_passing"].format(articles=phrases.count("articles", left.passing)))
    if left.muted:
        names = phrases["comma"].join(shown.name(name, phrases) for name in left.muted[:NAMES_SHOWN])
        outlets = phrases.count("outlets", len(left.muted))
        things.append(phrases["briefing_muted"].format(outlets=outlets, names=names))
    return [phrases["briefing_left_out"].format(things=phrases["comma"].join(things))] if things else []


def _silent(digest: Digest, issue: Issue, view: View) -> list[str]:
    silent = digest.read.silent
    if not silent:
        return []
    named = [_silent_feed(name, last, issue, view) for name, last in silent[:SILENT_SHOWN]]
    if len(silent) > SILENT_SHOWN:
        more = view.phrases.count("feeds", len(silent) - SILENT_SHOWN)
        named.append(view.phrases["briefing_more_silent"].format(feeds=more))
    return [view.phrases["briefing_silent"].format(feeds=view.phrases["comma"].join(named))]


def _silent_feed(name: str, last: datetime | None, issue: Issue, view: View) -> str:
    feed = shown.name(name, view.phrases)
    if last is None:
        return view.phrases["briefing_silent_ever"].format(feed=feed)
    day = view.phrases.day(last.astimezone(issue.zone).date())
    return view.phrases["briefing_silent_since"].format(feed=feed, day=day)


def _read(digest: Digest, issue: Issue, view: View) -> str:
    return view.phrases["briefing_read"].format(
        until=schedules.on_day(digest.order.until, view, issue.zone),
        articles=view.phrases.count("articles", digest.read.articles),
        outlets=view.phrases.count("outlets", digest.read.outlets),
    )


def _next(digest: Digest, issue: Issue, view: View) -> list[str]:
    if issue.next_due is None:
        return []
    return [view.phrases["briefing_next"].format(moment=schedules.in_zone(issue.next_due, view, issue.zone))]


def empty_lines(digest: Digest, issue: Issue, view: View) -> list[str]:
    """One honest line where nothing is new, among what is said of any edition."""
    since = _near(digest.order.since, digest, issue, view)
    followed: tuple[Followed, ...] = digest.order.followed
    if followed[0].name is None:
        nothing = view.phrases["briefing_empty_all"].format(since=since)
    else:
        topics = view.phrases.count("topics", len(followed))
        nothing = view.phrases["briefing_empty"].format(topics=topics, since=since)
    return [*_late(digest, issue, view), nothing, *_ending(digest, issue, view)]


def _empty(digest: Digest, issue: Issue, view: View) -> Message:
    lines = [first_line(digest, issue, view), *empty_lines(digest, issue, view)]
    buttons: Keyboard = ()
    if issue.due is not None:
        buttons = ((Button(view.phrases["button_send_nothing"], Press("send_nothing")),),)
    return Message(markup.lines(*map(markup.words, lines)), buttons)
