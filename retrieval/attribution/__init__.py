"""Who said it: the statements of one article, found by rules over items and frames."""

from collections.abc import Collection

from retrieval.attribution import (
    apart,
    dashes,
    direct,
    headlines,
    impersonal,
    opinions,
    orders,
    passives,
    promises,
    relayed,
    reported,
    turns,
)
from retrieval.attribution.findings import Findings, Rule
from retrieval.attribution.quoted import Quoted, of_quote
from retrieval.attribution.reading import read
from retrieval.attribution.stating import statements_of
from retrieval.attribution.verb_second import nouns, rules
from retrieval.model import Statement

__all__ = ["RULES", "VERSION", "Quoted", "of_quote", "statements"]

# Changes whenever the same text would yield other statements: `reindex` then finds those of stored texts anew.
VERSION = "2"

RULES: tuple[Rule, ...] = (
    turns.turn,
    rules.as_said,
    rules.after_conjunction,
    rules.who_said,
    nouns.told_by_noun,
    rules.nobody_says,
    rules.says,
    dashes.opened_by_dash,
    direct.speaker_after_verb,
    direct.speaker_before_verb,
    orders.so_somebody,
    direct.speaker_by_according,
    direct.speaker_before_quote,
    direct.announced_by_colon,
    orders.before_colon,
    direct.named_before_colon,
    orders.perfect_after_quote,
    direct.continued_paragraph,
    direct.continued_speech,
    direct.continued_paragraph,
    headlines.headline_colon,
    headlines.headline_verb,
    relayed.stated_by,
    relayed.said_so,
    reported.according_to,
    orders.according_preposition,
    orders.according_after,
    orders.as_somebody_said,
    reported.asked,
    passives.passive_unnamed,
    impersonal.impersonal,
    impersonal.said_at_a_place,
    impersonal.of_this,
    orders.verb_speaker_clause,
    reported.as_clause,
    reported.opening_participle,
    orders.speaker_verb_that,
    promises.infinitive_follows,
    reported.clause_before,
    reported.clause_before_inverted,
    reported.clause_after,
    reported.clause_of_shared_subject,
    opinions.noun_clause,
    opinions.noun_aim,
    opinions.state_of_mind,
    opinions.in_somebodys_view,
    passives.said_to,
    passives.seen_as,
    passives.by_somebody,
    orders.clause_without_subject,
    orders.colon_without_subject,
    orders.subjunctive_goes_on,
    reported.reportedly,
    orders.words_in_report,
    apart.words_in_report,
    rules.quoted_beside,
    apart.left_alone,
    apart.nobody_named,
)
"""All rules, in the order they are asked: a cue or a quotation that one has taken is no longer another's."""


def statements(
    text: str, language: str, headline: str | None = None, *, without: Collection[str] = ()
) -> list[Statement]:
    """All statements of an article, in order; what is in none is the outlet's own words.

    `language` is a BCP 47 tag or "und". `headline` is not read yet: every name must stand in the text.
    `without` names rules to leave out, by their function names.
    """
    reading = read(text, language.partition("-")[0].lower())
    findings = Findings(reading)
    for rule in RULES:
        if rule.__name__ not in without and not reading.lexicon.has("without_rules", rule.__name__):
            for finding in rule(reading, findings):
                findings.add(finding)
    return statements_of(findings)
