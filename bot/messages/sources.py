"""Where a quote stands and what is on record of its article: the lines after its words."""

from collections.abc import Sequence

from bot.messages import markup, moments, places, shown
from bot.messages.markup import Markup
from bot.messages.places import Place
from bot.messages.view import View
from retrieval.model import Quote, Supplied
from retrieval.text.language import UNDETERMINED, primary


def line(quote: Quote, view: View, asked_in: str = UNDETERMINED) -> Markup:
    """Date, link, paragraph, and the language where it is another than the question's.

    Of an article without an address the missing date is told in its source line.
    """
    number, of = places.paragraph(quote.version.text, quote.span.start)
    parts = [_link(quote, view), markup.words(view.phrases["paragraph"].format(n=number, of=of))]
    language, asked = primary(quote.version.language), primary(asked_in)
    if language != asked and UNDETERMINED not in {language, asked}:
        parts.append(markup.words(view.phrases["in_language"].format(language=view.phrases.named(language))))
    if quote.version.published or quote.article.url:
        parts.insert(0, moments.printed(quote.version.published, view))
    parts += map(markup.words, since(quote, view))
    return markup.join(" · ", parts)


def since(quote: Quote, view: View) -> list[str]:
    """What became of the article since it was first published: that its text was changed, its page removed."""
    happened = {"since_changed": quote.article.text_changed_at, "page_removed": quote.article.page_gone_at}
    return [view.phrases[key] for key, moment in happened.items() if moment]


def plain(quote: Quote, view: View) -> list[str]:
    """The same for a citation: lines of words, the address in full; without one, what is not on record."""
    title = shown.title(shown.outlet(quote.article, view.phrases), quote.version.headline, view.phrases)
    published, address = quote.version.published, quote.article.url and shown.page_address(quote)
    date = moments.printed_words(published, view) if published or quote.article.url else None
    first = view.phrases["comma"].join(part for part in (title, date) if part)
    if quote.article.url is None:
        place = [places.address(Place(quote.version.id, quote.span), view.bot_name)] if view.bot_name else []
        return [*([first] if first else []), _source(quote, view), *place]
    unnamed = [] if quote.article.outlet else [_source(quote, view)]
    return [first, address or view.phrases["address_unfit"], *unnamed, *since(quote, view)]


def missing(quotes: Sequence[Quote], view: View) -> list[Markup]:
    """For each article without an address: where it came from, and what is not on record of it."""
    told: dict[str, list[int]] = {}
    for n, quote in enumerate(quotes, 1):
        if quote.article.url is None or quote.article.outlet is None:
            told.setdefault(_source(quote, view), []).append(n)
    if list(told.values()) == [list(range(1, len(quotes) + 1))]:
        return [markup.words(source) for source in told]
    return [markup.words(_numbered(source, numbers, view)) for source, numbers in told.items()]


def _link(quote: Quote, view: View) -> Markup:
    outlet = shown.outlet(quote.article, view.phrases)
    title = shown.title(outlet, quote.version.headline, view.phrases)
    if quote.article.url is not None:
        address = shown.page_address(quote)
        return shown.link(title or view.phrases["stored_text"], address, view)
    text = view.phrases["read_outlet_in_place"].format(outlet=title) if title else view.phrases["read_in_place"]
    return markup.link(text, places.address(Place(quote.version.id, quote.span), view.bot_name))


def _source(quote: Quote, view: View) -> str:
    fetched = quote.version.supplied is Supplied.FETCHED
    things = [view.phrases[f"missing_{name}"] for name in _not_on_record(quote)]
    listed = _listed(things, view)
    return view.phrases["source_page" if fetched else "source_file"].format(
        missing=view.phrases["missing"].format(things=listed) if listed else "",
        day=moments.day(quote.version.fetched_at, view),
    )


def _numbered(source: str, numbers: list[int], view: View) -> str:
    return view.phrases["source_numbered"].format(numbers=view.phrases["comma"].join(map(str, numbers)), source=source)


def _not_on_record(quote: Quote) -> list[str]:
    record = {
        "headline": quote.version.headline,
        "outlet": quote.article.outlet,
        "address": quote.article.url,
        "date": quote.version.published,
    }
    return [name for name, value in record.items() if not value]


def _listed(things: list[str], view: View) -> str:
    if len(things) < 2:
        return "".join(things)
    return view.phrases["comma"].join(things[:-1]) + view.phrases["or"] + things[-1]
