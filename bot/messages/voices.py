"""Who speaks in a quote and in which form, in the lines that stand before its words.

The attribution itself comes from `retrieval.attribution`; here it only becomes words. Never names anybody
whom the article does not name with certainty.
"""

from collections.abc import Iterable, Sequence

from bot.messages import places, shown
from bot.messages.limits import NAMING_CHARACTERS_MAX
from bot.messages.view import View
from retrieval.attribution import Quoted, of_quote
from retrieval.model import Attribution, Certainty, Form, Quote, Sense, Span, Speaker, Statement

VOICES_MAX = 4
CUES_MAX = 3
CARRIERS_MAX = 3  # named; a text that more outlets carry says how many
REPORTED = {Sense.SPEECH: "indirect", Sense.THOUGHT: "thought", Sense.INTENTION: "intention"}
BETWEEN_WORDS_MAX = 6
VIA_CHARACTERS_MAX = 200  # how far behind the naming words the way it came may stand


def quoted(quote: Quote) -> Quoted:
    """The quote's own attribution."""
    return of_quote(quote.version.text, quote.span, quote.statements)


def certain(quoted: Quoted) -> Speaker | None:
    """The one speaker whose words fill the quote, only where that is certain."""
    return quoted.speaker if quoted.certainty is Certainty.CERTAIN else None


def named(quoted: Quoted) -> set[str]:
    """The names of all certain speakers in a quote."""
    return {speaker.name for speaker in speakers(quoted)}


def speakers(quoted: Quoted) -> list[Speaker]:
    """All certain speakers in a quote, with the roles that its article prints."""
    alone = certain(quoted)
    if alone:
        return [alone]
    several = [_certain_speaker(each.attribution) for each in _outermost(quoted.statements)]
    return [speaker for speaker in several if speaker]


def heading(quote: Quote, quoted: Quoted, view: View) -> str:
    """The first line of a quote: its speaker with the role as printed, or whose words they are instead."""
    line = _heading(quote, quoted, view)
    if not quote.carried_by:
        return line
    outlets = _carriers(quote.carried_by, view)
    return view.phrases["carried"].format(heading=line, outlets=outlets)


def _carriers(names: Sequence[str], view: View) -> str:
    """The first outlets by name, and how many more there are."""
    phrases, more = view.phrases, len(names) - CARRIERS_MAX
    listed = phrases["comma"].join(shown.name(name, phrases) for name in names[:CARRIERS_MAX])
    return phrases["carried_more"].format(names=listed, n=phrases.number(more)) if more > 0 else listed


def _heading(quote: Quote, quoted: Quoted, view: View) -> str:
    phrases, outlet = view.phrases, shown.outlet(quote.article, view.phrases)
    if quoted.form is Form.NARRATION:
        return _own_words("own_words", outlet, view)
    if quoted.certainty is Certainty.UNNAMED:
        return _own_words("own_words_unnamed", outlet, view)
    if quoted.certainty is None:
        if len(_voices(quote, quoted, view)) > 1:
            return phrases["several_in"].format(outlet=outlet) if outlet else phrases["several"]
        return phrases["voice_within_in"].format(outlet=outlet) if outlet else phrases["voice_within"]
    speaker = certain(quoted)
    who = _speaker(speaker, view) if speaker else _nameless(quote, quoted.certainty, quoted.source, view)
    if quoted.via:
        who = phrases["speaker_via"].format(speaker=who, via=shown.name(quoted.via, phrases))
    return phrases["speaker_in"].format(speaker=who, outlet=outlet) if outlet else who


def labels(quote: Quote, quoted: Quoted, view: View) -> list[str]:
    """The lines that say what form the words have, before they are read; first that the outlet calls it opinion."""
    opinion = [view.phrases["opinion"]] if quote.version.opinion else []
    return [*opinion, *_forms(quote, quoted, view)]


def _forms(quote: Quote, quoted: Quoted, view: View) -> list[str]:
    if quoted.form is Form.NARRATION:
        return []
    if quoted.certainty is Certainty.UNNAMED:
        return [_unnamed(quote, quoted, view)]
    if quoted.certainty is None:
        return [*_voices(quote, quoted, view), view.phrases["several_forms"]]
    return [_form(quote, quoted, view)]


def namings(quote: Quote, quoted: Quoted, view: View) -> list[str]:
    """The article's own naming words where the quote does not hold them, verbatim."""
    if quoted.certainty in {None, Certainty.UNNAMED} or quoted.form is Form.NARRATION:
        return []
    if quoted.certainty is Certainty.UNCERTAIN:
        return [_uncertain(quote, quoted.source, view)] if quoted.source else []
    if quoted.certainty is Certainty.DESCRIBED and quoted.source and quote.span.holds(quoted.source):
        return [view.phrases["naming_described"]]
    if quoted.source and not quote.span.holds(quoted.source):
        return [_outside(quote, quoted, quoted.source, view)]
    return _resolved(quote, quoted, view)


def _own_words(key: str, outlet: str | None, view: View) -> str:
    return view.phrases[key].format(outlet=outlet) if outlet else view.phrases[f"{key}_unknown"]


def _speaker(speaker: Speaker, view: View) -> str:
    name = shown.name(speaker.name, view.phrases)
    if not speaker.role:
        return name
    return view.phrases["speaker_role"].format(name=name, role=shown.role(speaker.role, view.phrases))


def _nameless(quote: Quote, certainty: Certainty | None, source: Span | None, view: View) -> str:
    """What stands for a name: the article's own words where they describe the speaker, in quotation marks."""
    if certainty is Certainty.DESCRIBED and source:
        return view.phrases["speaker_described"].format(words=_naming_words(quote, source))
    return view.phrases["speaker_unknown"]


def _certain_speaker(attribution: Attribution | None) -> Speaker | None:
    return attribution.speaker if attribution and attribution.certainty is Certainty.CERTAIN else None


def _outermost(statements: Sequence[Statement]) -> list[Statement]:
    present = {each.id for each in statements}
    return [each for each in statements if each.within not in present]


# ── the form ─────────────────────────────────────────────────────────────────────────────────────


def _form(quote: Quote, quoted: Quoted, view: View) -> str:
    if quoted.form is Form.DIRECT:
        return view.phrases["direct_whole" if _all_is_content(quote, quoted.statements) else "direct"]
    if quoted.form is Form.MIXED:
        return view.phrases["mixed"]
    outer = _outermost(quoted.statements)
    senses = {_sense(each) for each in outer}
    key = REPORTED[senses.pop()] if len(senses) == 1 else "indirect"
    cues = _cues(quote, outer, view)
    return view.phrases[f"{key}_cues"].format(cues=cues) if cues else view.phrases[key]


def _sense(statement: Statement) -> Sense:
    return statement.attribution.sense if statement.attribution else Sense.SPEECH


def _all_is_content(quote: Quote, statements: Sequence[Statement]) -> bool:
    return any(part.holds(quote.span) for each in statements for part in each.content)


def _cues(quote: Quote, statements: Iterable[Statement], view: View) -> str:
    """The reporting verbs that stand in the quote, as printed, in quotation marks."""
    spans = [span for each in statements if each.attribution for span in each.attribution.cue if quote.span.holds(span)]
    printed = dict.fromkeys(shown.cue(span.of(quote.version.text), view.phrases) for span in sorted(spans))
    return view.phrases["comma"].join(view.phrases["quoted"].format(words=cue) for cue in list(printed)[:CUES_MAX])


def _unnamed(quote: Quote, quoted: Quoted, view: View) -> str:
    """The words that report without naming anybody, such as “was reported earlier”."""
    first = next((each for each in _outermost(quoted.statements) if each.attribution), None)
    spans = [span for span in (quoted.source, quoted.cue) if span is not None]
    if first is None or not spans:
        return view.phrases["unnamed_wordless"]
    clause = _hull(spans)
    words = " ".join([_naming_words(quote, clause), *_between(quote, clause.end, first.hull.start)])
    return view.phrases["unnamed"].format(words=words)


def _between(quote: Quote, start: int, end: int) -> list[str]:
    """The few words between the reporting verb and what is reported, without the conjunction before that."""
    words = quote.version.text[start:end].split()
    return words[:-1] if len(words) <= BETWEEN_WORDS_MAX else []


def _voices(quote: Quote, quoted: Quoted, view: View) -> list[str]:
    """Each voice of a quote that has several, a line each."""
    voices = [voice(quote, each, view) for each in _outermost(quoted.statements)]
    return list(dict.fromkeys(voices))[:VOICES_MAX]


def voice(quote: Quote, statement: Statement, view: View) -> str:
    """One statement of a quote: who says it, its form, and the reporting verbs as printed."""
    speaker, attribution = _certain_speaker(statement.attribution), statement.attribution
    if speaker:
        who = _speaker(speaker, view)
    elif attribution and attribution.certainty is Certainty.UNNAMED:
        who = view.phrases["voice_unnamed"]
    else:
        certainty, source = (attribution.certainty, attribution.source) if attribution else (None, None)
        who = _nameless(quote, certainty, source, view)
    key, cues = f"voice_{statement.form.value}", _cues(quote, [statement], view)
    return view.phrases[f"{key}_cues"].format(speaker=who, cues=cues) if cues else view.phrases[key].format(speaker=who)


# ── the naming words ─────────────────────────────────────────────────────────────────────────────


def _outside(quote: Quote, quoted: Quoted, source: Span, view: View) -> str:
    words = _naming_words(quote, _clause(quote, quoted, source))
    where = _where(quote, source)
    if where:
        return view.phrases[where].format(words=words)
    return view.phrases["named_elsewhere"].format(n=places.paragraph(quote.version.text, source.start)[0], words=words)


def _where(quote: Quote, source: Span) -> str | None:
    text, language = quote.version.text, quote.version.language
    following = places.after(text, quote.span.end, language, 1)
    preceding = places.before(text, quote.span.start, language, 1)
    if following and following[0].holds(source):
        return "named_next"
    return "named_before" if preceding and preceding[0].holds(source) else None


def _clause(quote: Quote, quoted: Quoted, source: Span) -> Span:
    """From cue or source to the end of the way it came, where all of it stands together."""
    text, outer = quote.version.text, _outermost(quoted.statements)
    cues = [span for each in outer[:1] if each.attribution for span in each.attribution.cue]
    near = [span for span in cues if not quote.span.meets(span) and abs(span.start - source.start) < VIA_CHARACTERS_MAX]
    clause = _hull([source, *near])
    if quoted.via:
        at = text.find(quoted.via, clause.end, clause.end + VIA_CHARACTERS_MAX + len(quoted.via))
        clause = Span(clause.start, at + len(quoted.via)) if at >= 0 else clause
    return clause if clause.end - clause.start <= NAMING_CHARACTERS_MAX else source


def _resolved(quote: Quote, quoted: Quoted, view: View) -> list[str]:
    """Where the quote itself says only "he" or "the spokesman": the place that names the speaker."""
    speaker, source = quoted.speaker, quoted.source
    if speaker is None or speaker.name_at is None or source is None or quote.span.holds(speaker.name_at):
        return []
    here = source.of(quote.version.text)
    if set(here.split()) & set(speaker.name.split()):
        return []
    spans = [speaker.name_at, *([speaker.role_at] if speaker.role_at else [])]
    words = _naming_words(quote, _hull(spans))
    paragraph, _ = places.paragraph(quote.version.text, speaker.name_at.start)
    return [view.phrases["resolved"].format(source=shown.cue(here, view.phrases), n=paragraph, words=words)]


def _uncertain(quote: Quote, source: Span, view: View) -> str:
    return view.phrases["naming_uncertain"].format(words=_naming_words(quote, source))


def _naming_words(quote: Quote, span: Span) -> str:
    return shown.line(span.of(quote.version.text), NAMING_CHARACTERS_MAX)


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(span.start for span in spans), max(span.end for span in spans))
