"""`objections`: the quotes that readers call wrong, with the rules that attributed them."""

from bot import json_forms
from bot.cli import answers
from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import note, say, tell
from bot.settings import Settings
from retrieval.model import Quote
from storage import articles, objections, statements
from storage.values import Objection

NO_RULE = "none; told as the outlet's own words"

Doubted = tuple[Objection, Quote]


def listed(*, limit: int, json: bool) -> None:
    """Print what was called wrong, the latest first, as it was attributed."""
    chosen = configured()
    console, view = answers.plain_console(), answers.view_in_terminal(chosen)
    doubted = finished(_doubted(chosen, limit))
    if not doubted:
        note("No quote is called wrong: readers do it by the button “This is wrong” under each check.")
    for number, (objection, quote) in enumerate(doubted, 1):
        if json:
            tell(_form(objection, quote))
            continue
        answers.show_quote(console, f"{number}.", quote, view)
        say(f"   called wrong {objection.times}×, last {json_forms.moment(objection.last_at)}")
        say(f"   rule: {objection.rule or NO_RULE}")


async def _doubted(chosen: Settings, limit: int) -> list[Doubted]:
    async with opened(chosen) as store, store.reading() as session:
        found = await objections.listing(session, limit=limit)
        stored = await articles.by_versions(session, {each.version_id for each in found})
        met = await statements.meeting(session, [(each.version_id, each.span) for each in found])
    return [
        (each, Quote(*stored[each.version_id], each.span, met[each.version_id, each.span]))
        for each in found
        if each.version_id in stored
    ]


def _form(objection: Objection, quote: Quote) -> json_forms.Form:
    form = json_forms.quote(quote)
    del form["score"]
    return {
        "rule": objection.rule,
        "times": objection.times,
        "first_at": json_forms.moment(objection.first_at),
        "last_at": json_forms.moment(objection.last_at),
        "quote": form,
    }
