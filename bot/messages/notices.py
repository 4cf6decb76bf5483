"""The short sentences: what is kept, what cannot be read, who is let in, what comes next. Mostly phrases, filled."""

from collections.abc import Iterable, Sequence

from bot.messages import markup, moments, places, shown
from bot.messages.markup import Markup
from bot.messages.message import Button, Message, Press
from bot.messages.nothing import empty
from bot.messages.places import Place
from bot.messages.split import lines_in_pages
from bot.messages.view import View
from retrieval.model import Article, ArticleVersion, Outlet, Span
from retrieval.question import QUESTION_TERMS_MAX
from retrieval.text.sentences import sentences
from storage.values import CorpusStatistics

OUTLETS_MAX = 60
EXAMPLES_MAX = 3
EDITIONS_KEPT_DAYS = 60


def plain(name: str, view: View, **parts: Markup | str | int) -> Message:
    """One phrase as a message."""
    return Message(markup.fill(view.phrases[name], **parts))


def beside(name: str, view: View) -> str:
    """A line of our own that stands with an answer."""
    return view.phrases[name].format(n=QUESTION_TERMS_MAX)


def example(headline: str, view: View) -> str:
    """A headline put as a question; its words are the outlet's."""
    key = "example_nested" if shown.has_marks(headline) else "example"
    return view.phrases[key].format(headline=shown.headline(headline, view.phrases))


def start(
    view: View, corpus: CorpusStatistics, contact: str, keep_days: int, headlines: Sequence[tuple[int, str]]
) -> Message:
    """What the bot does, what is stored and by whom, what is kept, and examples to tap: (version id, headline)."""
    if corpus.articles == 0:
        stored = [empty(view)]
    else:
        articles, outlets = (
            view.phrases.count("articles", corpus.articles),
            view.phrases.count("outlets", corpus.outlets),
        )
        chosen = shown.name(contact, view.phrases)
        key = "start_chosen" if contact else "start_stored"
        stored = [markup.words(view.phrases[key].format(articles=articles, outlets=outlets, contact=chosen))]
    trying = [markup.words(view.phrases["start_examples"])] if headlines else []
    buttons = tuple(
        (Button(example(headline, view), Press("example", {"version": version})),) for version, headline in headlines
    )
    text = markup.lines(
        markup.words(view.phrases["start_first"]),
        markup.words(view.phrases["start_promise"]),
        *stored,
        markup.words(_kept(view, keep_days, "start_kept")),
        *trying,
    )
    return Message(text, buttons)


def commands(view: View, readers: Iterable[str], operators: Iterable[str]) -> Message:
    """What a reader can say; what operators can say too where `view` is an operator's."""
    own = [markup.words(view.phrases["help_operators"]), *_does(view, operators)] if view.operator else []
    return Message(
        markup.lines(
            markup.words(view.phrases["help_first"]),
            markup.words(view.phrases["help_question"]),
            markup.words(view.phrases["help_groups"]),
            *_does(view, readers),
            *own,
        )
    )


def latest(view: View, newest: Sequence[tuple[Article, ArticleVersion]]) -> list[Message]:
    """The newest articles by outlet and headline, each with its date and a link."""
    if not newest:
        return [Message(empty(view))]
    listed = [
        markup.fill(
            view.phrases["latest_line"],
            headline=_named(article, version, view),
            date=moments.printed(version.published, view),
        )
        for article, version in newest
    ]
    return [Message(page) for page in lines_in_pages(listed, markup.words(view.phrases["latest_first"]))]


def outlets(view: View, known: Sequence[tuple[Outlet, int]], corpus: CorpusStatistics) -> list[Message]:
    """Whose articles are stored, and how many."""
    rows = [(shown.name(outlet.name, view.phrases), count) for outlet, count in known[:OUTLETS_MAX]]
    without = corpus.articles - sum(count for _, count in known)
    if without > 0:
        rows.append((view.phrases["outlets_unknown"], without))
    if not rows:
        return [Message(empty(view))]
    listed = [
        markup.fill(view.phrases["outlets_line"], outlet=name, articles=view.phrases.count("articles", count))
        for name, count in rows
    ]
    if len(known) > OUTLETS_MAX:
        rest = view.phrases.count("outlets", len(known) - OUTLETS_MAX)
        listed.append(markup.fill(view.phrases["outlets_more"], outlets=rest))
    return [Message(page) for page in lines_in_pages(listed, markup.words(view.phrases["outlets_first"]))]


def statistics(view: View, corpus: CorpusStatistics, doubted: int = 0, plainer: int = 0) -> Message:
    """What the corpus holds, for operators; how many quotes readers call wrong, and messages Telegram took plainer."""
    phrases = view.phrases
    newest = corpus.newest_added_at
    languages = sorted(corpus.languages.items(), key=lambda each: -each[1])
    return Message(
        markup.lines(
            markup.words(phrases["stats_first"]),
            markup.words(
                phrases["stats_articles"].format(
                    articles=phrases.count("articles", corpus.articles),
                    versions=phrases.count("versions", corpus.versions),
                    outlets=phrases.count("outlets", corpus.outlets),
                )
            ),
            markup.words(
                phrases["stats_passages"].format(
                    passages=phrases.count("passages", corpus.passages),
                    statements=phrases.count("statements", corpus.statements),
                )
            ),
            markup.fill(phrases["stats_dates"], span=_dates(corpus, view)),
            markup.fill(phrases["stats_newest"], moment=moments.moment(newest, view)) if newest else Markup(),
            markup.words(
                phrases["stats_languages"].format(
                    languages=phrases["comma"].join(f"{name} {phrases.number(count)}" for name, count in languages)
                )
            ),
            markup.words(phrases["stats_doubted"].format(quotes=phrases.count("quotes", doubted)))
            if doubted
            else Markup(),
            markup.words(phrases["stats_plainer"].format(messages=phrases.count("messages", plainer)))
            if plainer
            else Markup(),
        )
    )


def invited_only(view: View, number: int) -> Message:
    """What a reader is told who is not let in, with a way to ask for it."""
    button = Button(view.phrases["button_ask_operator"], Press("ask_operator"))
    return Message(markup.fill(view.phrases["invited_only"], number=number), ((button,),))


def admission(view: View, number: int) -> Message:
    """What operators are told of a reader, or of a group, that asks to be let in."""
    button = Button(view.phrases["button_admit"], Press("admit", {"number": number}))
    return Message(markup.fill(view.phrases["admission"], number=number), ((button,),))


def privacy(view: View, keep_days: int) -> Message:
    """What is kept, for how long, who could read it, and what the reader can do."""
    return Message(
        markup.lines(
            markup.words(view.phrases["privacy_first"]),
            *(
                markup.words(f"• {line}")
                for line in (
                    view.phrases["privacy_chat"],
                    view.phrases["privacy_orders"].format(days=view.phrases.count("days", EDITIONS_KEPT_DAYS)),
                    _kept(view, keep_days, "privacy_words"),
                    view.phrases["privacy_shown" if keep_days else "privacy_shown_not"],
                    view.phrases["privacy_numbers"],
                    view.phrases["privacy_not"],
                    view.phrases["privacy_operator"],
                    view.phrases["privacy_yours"],
                )
            ),
        )
    )


def forget(view: View, person: int) -> Message:
    """The question before anything is erased; only the person who asked for it can say yes."""
    buttons = (
        Button(view.phrases["button_forget"], Press("forget", {"person": person})),
        Button(view.phrases["button_keep"], Press("keep")),
    )
    return Message(
        markup.lines(markup.words(view.phrases["forget_first"]), markup.words(view.phrases["forget_what"])),
        (buttons,),
    )


def in_private(view: View, payload: str) -> Message:
    """Where the private answer waits for a reader who never spoke to the bot alone."""
    button = Button(view.phrases["button_private"], url=places.start_address(payload, view.bot_name))
    return Message(markup.words(view.phrases["group_private"]), ((button,),))


def _kept(view: View, keep_days: int, key: str) -> str:
    if keep_days == 0:
        return view.phrases[f"{key}_not"]
    return view.phrases[key].format(days=view.phrases.count("days", keep_days))


def _does(view: View, names: Iterable[str]) -> list[Markup]:
    return [markup.fill(view.phrases["help_line"], command=name, does=view.phrases[f"does_{name}"]) for name in names]


def _named(article: Article, version: ArticleVersion, view: View) -> Markup:
    title = shown.title(shown.outlet(article, view.phrases), version.headline, view.phrases)
    title = title or view.phrases["no_headline"]
    if article.url and markup.linkable(article.url):
        return markup.link(title, article.url)
    return markup.link(title, places.address(Place(version.id, _first_sentence(version)), view.bot_name))


def _first_sentence(version: ArticleVersion) -> Span:
    return next(iter(sentences(version.text, version.language)), Span(0, len(version.text)))


def _dates(corpus: CorpusStatistics, view: View) -> str:
    if not corpus.earliest or not corpus.latest:
        return view.phrases["no_date"]
    first, last = view.phrases.day(corpus.earliest.date()), view.phrases.day(corpus.latest.date())
    return view.phrases["span"].format(first=first, last=last)
