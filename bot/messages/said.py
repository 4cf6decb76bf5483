"""The statements of a name as a message: a page of them, the names that may be meant, or that there are none.

Pure, but for the values it is handed. Who speaks and in which form stands before the words, as in an answer.
"""

from collections.abc import Sequence

from bot.messages import markup, moments, shown, sources, voices
from bot.messages.cleaning import cleaned, is_blank
from bot.messages.limits import FOLD_CHARACTERS
from bot.messages.markup import Markup
from bot.messages.message import Button, Keyboard, Message, Press
from bot.messages.split import GAP, fits
from bot.messages.view import View
from bot.speakers import Entry, Said
from retrieval.model import Speaker
from storage.values import PrintedName, Spoken

PAGE_STATEMENTS = 5
ROLES_MAX = 3
NAME_ON_BUTTON_MAX = 48
BLOCK_CHARACTERS_MAX = 2_400  # so that any entry fits under the lines of its name
FORMATS = {"csv": "button_csv", "bibtex": "button_bibtex", "ris": "button_ris"}


def page(found: Said, entries: Sequence[Entry], view: View) -> Message:
    """As many of these entries as a message holds, with the ways to the others and to the exports."""
    if not found.all:
        return Message(markup.lines(*map(markup.words, nothing(found, view))), _names(found, view))
    told: list[tuple[Entry, Markup]] = []
    person = None
    for entry in entries:
        block, person = _under_person(found, entry, person, view)
        if told and not fits(markup.join(GAP, [_head(found, [*told, (entry, block)], view), *_blocks(told), block])):
            break
        told.append((entry, block))
    whole = markup.join(GAP, [_head(found, told, view), *_blocks(told)])
    start, end = told[0][0].first, told[-1][0].last
    return Message(whole, (*_turning(found, start - 1, end, view), *_exports(found, view), *_names(found, view)))


def others(entries: Sequence[Entry], view: View) -> Message:
    """What other speakers said to the words of a question."""
    told: list[Markup] = []
    first = markup.words(view.phrases["others_first"].format(speakers=view.phrases.count("speakers", len(entries))))
    for entry in entries:
        block = _block(entry, view)
        if told and not fits(markup.join(GAP, [first, *told, block])):
            break
        told.append(block)
    first = markup.words(view.phrases["others_first"].format(speakers=view.phrases.count("speakers", len(told))))
    return Message(markup.join(GAP, [first, *told]))


def further(names: Sequence[str], without: Sequence[str], view: View) -> list[Button]:
    """The buttons under an answer: more by each of `names`, and who else than `without`, where anybody is."""
    more = [
        Button(view.phrases["button_said"].format(name=_on_button(name)), Press("said", {"name": name}))
        for name in names
    ]
    who_else = [Button(view.phrases["button_others"], Press("others", {"names": list(without)}))] if without else []
    return [*more, *who_else]


def heading(found: Said, view: View) -> list[str]:
    """The lines over the statements: how many, about what, and whose they may be."""
    phrases, spoken = view.phrases, found.all
    name = shown.name(found.name or found.asked, phrases)
    outlets = len({each.outlet for each in spoken if each.outlet})
    first = phrases["said_first"].format(
        name=name,
        statements=phrases.count("statements", len(spoken)),
        articles=phrases.count("articles", len({each.article_id for each in spoken})),
        outlets=phrases.count("outlets", outlets),
    )
    about = _about(found, view) if found.about else ""
    several = phrases["said_several"] if len(found.people) > 1 else ""
    undated = phrases["said_undated"] if any(each.published is None for each in spoken) else ""
    cut = phrases["said_cut"].format(statements=phrases.count("statements", found.held)) if found.cut else ""
    return [line for line in (first, about, several, undated, cut, _also(found, view)) if line]


def nothing(found: Said, view: View) -> list[str]:
    """The lines where no statement can be shown: none about the words, several names, or only names that look alike."""
    phrases = view.phrases
    asked = shown.name(found.asked, phrases)
    if found.name is not None:
        every = phrases.count("statements", found.held)
        words = shown.name(found.about or "", phrases)
        name = shown.name(found.name, phrases)
        return [phrases["said_none_about"].format(name=name, words=words, all=every)]
    if found.also:
        return [phrases["said_which"].format(name=asked), *_listed(found.also, view)]
    nearest = [phrases["said_nearest"], *_listed(found.nearest, view)] if found.nearest else []
    return [phrases["said_nothing"].format(name=asked), *nearest]


def person_of(found: Said, entry: Entry, view: View) -> str | None:
    """The line over the statements of one of several people of a name; None where there is but one."""
    if len(found.people) < 2:
        return None
    return _person(found.people[found.namesake(entry.first) - 1], view)


def number(entry: Entry) -> str:
    """Which of the statements an entry shows."""
    return f"{entry.first}." if entry.first == entry.last else f"{entry.first}–{entry.last}."


def told_by(entry: Entry, view: View) -> list[str]:
    """Of a chain, the lines that say through whom these words are told: the heading names the outermost speaker."""
    known = {each.id: each for each in entry.quote.statements}
    lines = []
    for each in entry.statements:
        outer = known.get(each.within) if each.within is not None else None
        if outer is not None:
            teller = outer.attribution.speaker if outer.attribution else None
            name = shown.name(teller.name, view.phrases) if teller else view.phrases["speaker_unknown"]
            voice = voices.voice(entry.quote, each, view)
            lines.append(view.phrases["said_within"].format(voice=voice, outer=name))
    return lines


def labels(entry: Entry, view: View) -> list[str]:
    """What form the words have, as it stands before them."""
    quoted = voices.quoted(entry.quote)
    return [*voices.labels(entry.quote, quoted, view), *told_by(entry, view)]


def speaker(entry: Entry) -> Speaker | None:
    """The speaker whose statements an entry shows, with the role as that article printed it."""
    return next((each.attribution.speaker for each in entry.statements if each.attribution), None)


# ── a page ───────────────────────────────────────────────────────────────────────────────────────

Told = Sequence[tuple[Entry, Markup]]


def _under_person(found: Said, entry: Entry, before: str | None, view: View) -> tuple[Markup, str | None]:
    person = person_of(found, entry, view)
    block = _block(entry, view)
    if person is None or person == before:
        return block, person
    return markup.lines(markup.words(person), block), person


def _head(found: Said, told: Told, view: View) -> Markup:
    first, *others_ = heading(found, view)
    start, end = told[0][0].first, told[-1][0].last
    if end - start + 1 < len(found.all):
        first = view.phrases["said_range"].format(first=first, start=start, end=end)
    return markup.lines(*map(markup.words, [first, *others_]))


def _blocks(told: Told) -> list[Markup]:
    return [block for _, block in told]


def _block(entry: Entry, view: View) -> Markup:
    quote, quoted = entry.quote, voices.quoted(entry.quote)
    before = labels(entry, view)
    head = f"{number(entry)} {voices.heading(quote, quoted, view)}"
    around = [
        markup.bold(head),
        *map(markup.words, before),
        *map(markup.words, voices.namings(quote, quoted, view)),
        _place(entry, view),
    ]
    cut = len(before) + 1
    whole = markup.lines(*around[:cut], _words(quote.text, view), *around[cut:])
    unshown = markup.words(view.phrases["said_unshown"])
    short = max(len(whole.text), len(whole.plain)) <= BLOCK_CHARACTERS_MAX
    return whole if short else markup.lines(*around[:cut], unshown, *around[cut:])


def _words(words: str, view: View) -> Markup:
    if cleaned(words) != words or is_blank(words) or words != words.strip():
        return markup.words(view.phrases["said_unshown"])
    return markup.blockquote(words, folded=len(words) > FOLD_CHARACTERS)


def _place(entry: Entry, view: View) -> Markup:
    line = sources.line(entry.quote, view, entry.quote.version.language)
    if entry.quote.version.published or entry.quote.article.url:
        return line
    return markup.join(" · ", [moments.printed(None, view), line])


def _person(person: Sequence[Spoken], view: View) -> str:
    roles = list(dict.fromkeys(each.role for each in person if each.role))[:ROLES_MAX]
    if not roles:
        return view.phrases["said_roleless"]
    listed = [view.phrases["quoted"].format(words=shown.role(role, view.phrases)) for role in roles]
    return view.phrases["said_as"].format(roles=view.phrases["comma"].join(listed))


def _about(found: Said, view: View) -> str:
    words = shown.name(found.about or "", view.phrases)
    some, every = view.phrases.number(len(found.all)), view.phrases.count("statements", found.held)
    return view.phrases["said_about"].format(words=words, some=some, all=every)


# ── names and buttons ────────────────────────────────────────────────────────────────────────────


def _also(found: Said, view: View) -> str:
    if not found.also:
        return ""
    counted = [
        view.phrases["said_counted"].format(name=shown.name(each.name, view.phrases), n=each.statements)
        for each in found.also
    ]
    return view.phrases["said_also"].format(names=view.phrases["comma"].join(counted))


def _listed(names: Sequence[PrintedName], view: View) -> list[str]:
    return [
        view.phrases["said_line"].format(
            name=shown.name(each.name, view.phrases), statements=view.phrases.count("statements", each.statements)
        )
        for each in names
    ]


def _turning(found: Said, start: int, end: int, view: View) -> Keyboard:
    row = []
    if start > 0:
        row.append(_press("button_earlier", "said", found, view, at=max(0, start - PAGE_STATEMENTS)))
    if end < len(found.all):
        row.append(_press("button_later", "said", found, view, at=end))
    return (tuple(row),) if row else ()


def _exports(found: Said, view: View) -> Keyboard:
    return (tuple(_press(key, "said_export", found, view, form=form) for form, key in FORMATS.items()),)


def _press(key: str, press: str, found: Said, view: View, **more: object) -> Button:
    return Button(view.phrases[key], Press(press, {"name": found.name, "about": bool(found.about), **more}))


def _names(found: Said, view: View) -> Keyboard:
    """A button for each other name in print."""
    return tuple(
        (
            Button(
                _on_button(each.name),
                Press("said", {"name": each.name, "about": bool(found.about)}),
            ),
        )
        for each in (*found.also, *found.nearest)
        if not is_blank(_on_button(each.name))
    )


def _on_button(name: str) -> str:
    return shown.line(name, NAME_ON_BUTTON_MAX)
