"""The commands of `briefing-bot`: what can be said on the command line, and how each ends.

Only the words stand here; what a command does is imported when it is called, so that `--help` is quick.
Exit codes: 0 done, 1 failed with one line on standard error, 2 wrong usage.
"""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failing import Commands

ASKED_MAX = 100

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Ask the news you chose; get verbatim, attributed quotes. Settings: environment or .env (see .env.example).",
    epilog="Exit codes: 0 done (also an honest “nothing found”), 1 failed, 2 wrong usage.",
)
articles = typer.Typer(
    no_args_is_help=True,
    help="The corpus: list, show, remove, export.",
    epilog="Example: briefing-bot articles show post-17",
)
feeds = typer.Typer(
    no_args_is_help=True,
    help="The feeds that articles come from: add, list, remove, refresh, import, export.",
    epilog="Example: briefing-bot feeds add https://velm-post.example",
)
evaluate = typer.Typer(no_args_is_help=True, help="Figures over marked articles and questions.")
db = typer.Typer(no_args_is_help=True, help="The database's schema.", epilog="Example: briefing-bot db upgrade")
app.add_typer(articles, name="articles")
app.add_typer(feeds, name="feeds")
app.add_typer(db, name="db")
app.add_typer(evaluate, name="evaluate")

Json = Annotated[bool, typer.Option("--json", help="For programs: one JSON object a line on standard output.")]


def main() -> None:
    """Run the command that `sys.argv` says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="briefing-bot")


@app.callback(invoke_without_command=True)
def briefing_bot(
    shown: Annotated[bool, typer.Option("--version", help="Show the version and end.", is_eager=True)] = False,
) -> None:
    if shown:
        from importlib.metadata import version

        typer.echo(version("briefing-bot"))
        raise typer.Exit


@app.command(epilog="Example: TELEGRAM_BOT_TOKEN=123:abc briefing-bot run")
def run() -> None:
    """The bot in Telegram, until Ctrl-C or SIGTERM; needs TELEGRAM_BOT_TOKEN."""
    from bot.cli import serving

    serving.run()


@app.command(epilog="Example: briefing-bot demo --port 8080")
def demo(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The next free port is taken where it is not.")] = 8080,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the last demo: erases DATA_DIR/demo first.")] = False,
    articles: Annotated[Path | None, typer.Option(help="Also load these articles (a file or folder).")] = None,
) -> None:
    """The whole bot in a chat page on this machine, on sample articles, without a token."""
    from bot.cli import serving

    serving.demo(port=port, fresh=fresh, articles=articles)


@app.command(epilog="Example: briefing-bot ask --limit 3 'What did the mayor say about the bridge?'")
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotation marks.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=ASKED_MAX, help="How many passages to rank and tell.")] = 10,
    always: Annotated[bool, typer.Option("--always", help="Show the nearest quotes also where none answers.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also what each ingredient gave to the ranking.")] = False,
    json: Json = False,
    batch: Annotated[Path | None, typer.Option(help='Questions, one a line: {"id", "question"}; needs --json.')] = None,
) -> None:
    """Answer a question with quotes, in the terminal."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("say one question, or --batch FILE.jsonl")
    if question is not None and not question.strip():
        raise typer.BadParameter("the question is empty")
    if batch is not None and (explain or not json):
        raise typer.BadParameter("--batch goes with --json, and without --explain")
    from bot.cli import asking

    if batch is not None:
        asking.ask_batch(batch, limit=limit, always=always)
    else:
        asking.ask(question or "", limit=limit, always=always, explain=explain, json=json)


@app.command(epilog="Example: briefing-bot add articles.jsonl pages/ --outlet 'Velm Post'")
def add(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH_OR_URL...", help=".txt .md .html .jsonl, folders, web addresses, or -")
    ],
    outlet: Annotated[str | None, typer.Option(help="The publisher's name.")] = None,
    url: Annotated[str | None, typer.Option(help="The address of the one article added.")] = None,
    headline: Annotated[str | None, typer.Option(help="The headline of the one article added.")] = None,
    byline: Annotated[str | None, typer.Option(help="The authors, as printed.")] = None,
    published: Annotated[str | None, typer.Option(help="ISO 8601: a day or a moment, as printed.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47, such as en; recognised where left out.")] = None,
    json: Json = False,
) -> None:
    """Put articles into the corpus; safe to repeat.

    Fields a .jsonl line has of its own stay; those of a page or a file give way to the options. The text of
    .txt and .md is kept to the last character, and the heading a .md begins with is also its headline.
    A page at a web address is fetched where its host's robots.txt lets us.
    Standard input (-) is .jsonl where it starts with a brace, a page where it starts like one, else one text.
    Ends with 1 where anything was refused; the rest is in the corpus all the same.
    """
    from bot.cli import adding

    said = {"outlet": outlet, "url": url, "headline": headline, "byline": byline, "language": language}
    adding.add(paths, said, published=published, json=json)


@articles.command("list", epilog="Example: briefing-bot articles list --limit 20")
def list_articles(
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    before: Annotated[int | None, typer.Option(help="Only those added before this article's number.")] = None,
    json: Json = False,
) -> None:
    """The articles of the corpus, newest first."""
    from bot.cli import shelf

    shelf.list_articles(limit=limit, before=before, json=json)


@articles.command(epilog="Example: briefing-bot articles show post-17 --version 1")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id given at import, the address, or the number.")],
    number: Annotated[int | None, typer.Option("--version", min=1, help="An older version.")] = None,
    json: Json = False,
) -> None:
    """One article, whole: its fields, where it came from, its text as stored."""
    from bot.cli import shelf

    shelf.show(name, number=number, json=json)


@articles.command(epilog="Example: briefing-bot articles remove post-17 --reason 'withdrawn by the outlet' --yes")
def remove(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id given at import, the address, or the number.")],
    reason: Annotated[str | None, typer.Option(help="Kept with the record.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it only says what would go.")] = False,
) -> None:
    """Take an article out of the corpus."""
    from bot.cli import shelf

    shelf.remove(name, reason=reason, yes=yes)


@articles.command(epilog="Example: briefing-bot articles export > articles.jsonl")
def export() -> None:
    """All articles, newest version each, as the .jsonl that `add` reads."""
    from bot.cli import shelf

    shelf.export()


@feeds.command("add", epilog="Example: briefing-bot feeds add https://velm-post.example --topic Harbour")
def add_feed(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="A feed, or a site that links to its feed.")],
    topic: Annotated[str | None, typer.Option(help="The folder it stands in.")] = None,
) -> None:
    """Read a feed from now on: RSS, Atom or JSON Feed."""
    from bot.cli import feeding

    feeding.add(urls, topic=topic)


@feeds.command("list", epilog="Example: briefing-bot feeds list")
def list_feeds(json: Json = False) -> None:
    """The feeds: last success, next check, failures, articles."""
    from bot.cli import feeding

    feeding.listing(json=json)


@feeds.command("remove", epilog="Example: briefing-bot feeds remove https://velm-post.example/feed")
def remove_feed(
    name: Annotated[str, typer.Argument(metavar="URL", help="The feed's address or number.")],
    articles: Annotated[bool, typer.Option("--articles", help="Also take out the articles it alone brought.")] = False,
) -> None:
    """Read a feed no longer; its articles stay unless asked."""
    from bot.cli import feeding

    feeding.remove(name, articles=articles)


@feeds.command("refresh", epilog="Example: briefing-bot feeds refresh https://velm-post.example/feed")
def refresh_feeds(
    name: Annotated[str | None, typer.Argument(metavar="URL", help="One feed's address or number; else all.")] = None,
) -> None:
    """Read a feed, or all of them, now."""
    from bot.cli import feeding

    feeding.refresh(name)


@feeds.command("import", epilog="Example: briefing-bot feeds import subscriptions.opml")
def import_feeds(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, or - for standard input.")],
) -> None:
    """Add the feeds of an OPML file; its folders become topics."""
    from bot.cli import feeding

    feeding.import_(path)


@feeds.command("export", epilog="Example: briefing-bot feeds export > feeds.opml")
def export_feeds() -> None:
    """All feeds as OPML."""
    from bot.cli import feeding

    feeding.export()


@app.command(epilog="Example: briefing-bot statements article.txt")
def statements(
    path: Annotated[str | None, typer.Argument(help=".txt .md .html .jsonl, or - for standard input")] = None,
    batch: Annotated[Path | None, typer.Option(help="Articles, one a line, as `add` reads them.")] = None,
    json: Json = False,
) -> None:
    """Who said what in a text, and why this speaker: the rule, the cue, the naming words; needs no database."""
    source = path if batch is None else str(batch)
    if source is None or (path and batch):
        raise typer.BadParameter("name one file, - for standard input, or --batch FILE.jsonl")
    from bot.cli import stating

    stating.statements(source, batch=batch is not None, json=json)


@app.command(epilog="Example: briefing-bot said 'Ada Byron' --about 'bridge toll' --csv > byron.csv")
def said(
    name: Annotated[str, typer.Argument(help="A speaker's name, or a part of it.")],
    about: Annotated[str | None, typer.Option(help="Only statements to these words.")] = None,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="A table (RFC 4180).")] = False,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="For reference managers.")] = False,
    ris: Annotated[bool, typer.Option("--ris", help="For reference managers.")] = False,
) -> None:
    """The statements of one speaker in the corpus, oldest first, each in the role that its article printed.

    Names are never merged: one that is only like another in print is named, not taken for it. For programs, no
    output means that none is found, or that several names may be meant; standard error says which. In a table a
    cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    forms = [form for form, wanted in (("json", json), ("csv", csv), ("bibtex", bibtex), ("ris", ris)) if wanted]
    if len(forms) > 1:
        raise typer.BadParameter("choose one of --json, --csv, --bibtex and --ris")
    if not name.strip():
        raise typer.BadParameter("say a name")
    from bot.cli import saying

    saying.said(name, about=about, form=forms[0] if forms else None)


@app.command(epilog="Example: briefing-bot briefing --topic 'bridge toll' --since 2026-11-21 --zone Europe/Kyiv")
def briefing(
    topics: Annotated[list[str] | None, typer.Option("--topic", help="What to follow; repeat it for several.")] = None,
    since: Annotated[str | None, typer.Option(help="ISO 8601: a day or a moment; 48 hours ago where left out.")] = None,
    zone: Annotated[str | None, typer.Option(help="The zone of its hours, such as Europe/Kyiv.")] = None,
) -> None:
    """The briefing a chat would get now, in the terminal; without --topic the most covered stories."""
    from bot.cli import composing

    composing.show(topics or [], since=since, zone=zone)


@app.command(epilog="Example: briefing-bot reindex")
def reindex() -> None:
    """Make the index words of all stored passages anew, as after an upgrade that cuts words differently."""
    from bot.cli import upkeep

    upkeep.reindex()


@app.command(epilog="Example: briefing-bot stats --json")
def stats(json: Json = False) -> None:
    """What the corpus holds."""
    from bot.cli import shelf

    shelf.stats(json=json)


@app.command(epilog="Example: briefing-bot objections --json")
def objections(
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 50,
    json: Json = False,
) -> None:
    """The quotes that readers call wrong (a button under each check), with the rules that attributed them."""
    from bot.cli import doubting

    doubting.listed(limit=limit, json=json)


@app.command(epilog="Example: briefing-bot check")
def check() -> None:
    """Are settings, database, index and Telegram in order? Ends with 1 where one is not."""
    from bot.cli import checking

    checking.check()


@evaluate.command("attribution", epilog="Example: briefing-bot evaluate attribution marked.jsonl")
def evaluate_attribution(
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Marked articles, .jsonl.")],
    json: Json = False,
) -> None:
    """How right the speakers are, over articles in which readers marked who said what; needs no database."""
    from bot.cli import evaluating

    evaluating.of_attribution(path, json=json)


@evaluate.command("answers", epilog="Example: briefing-bot evaluate answers folder/ --split dev")
def evaluate_answers(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="With articles.jsonl and questions.jsonl.")
    ],
    split: Annotated[str, typer.Option(help="Only questions of this part: dev, test; or all.")] = "all",
    always: Annotated[bool, typer.Option("--always", help="Never abstain.")] = False,
    json: Json = False,
) -> None:
    """How right the answers are, over questions with known answers; in a temporary database, never in yours."""
    from bot.cli import evaluating

    evaluating.of_answers(folder, split=split, always=always, json=json)


@db.command(epilog="Example: briefing-bot db upgrade")
def upgrade() -> None:
    """Bring the schema up to date; every command that opens the database does so too."""
    from bot.cli import upkeep

    upkeep.upgrade()
