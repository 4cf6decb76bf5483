"""From findings to the model's statements: spans, form, certainty, and which stands within which."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.naming import Named, Resolver
from retrieval.attribution.reading import Reading
from retrieval.model import Attribution, Certainty, Form, Span, Statement

DIRECT_SHARE, INDIRECT_SHARE = 0.9, 0.1


def statements_of(findings: Findings) -> list[Statement]:
    """The findings as statements in the order of the text, names resolved, chains told by `within`."""
    r = findings.reading
    resolver = Resolver(findings)
    ordered = sorted(findings.found, key=lambda f: f.anchor)
    for finding in ordered:
        resolver.name(finding)
    made = [(_spans(r, f.content), f) for f in findings.found]
    made = sorted((pair for pair in made if pair[0]), key=lambda pair: (pair[0][0].start, -pair[0][-1].end))
    made_statements = [_statement(r, number, spans, finding, resolver) for number, (spans, finding) in enumerate(made)]
    return [each for each in chained(made_statements) if not _is_the_authors(r, each)]


def _is_the_authors(r: Reading, statement: Statement) -> bool:
    """ "We know that the dam is old", and nobody's quotation around it: the article's own words, told by its author."""
    said = statement.attribution
    if statement.within is not None or statement.form is not Form.INDIRECT or said is None or said.source is None:
        return False
    return r.lexicon.has("pronouns_of_author", said.source.of(r.text).lower())


def chained(ordered: Sequence[Statement]) -> list[Statement]:
    """The statements with `within` set to the nearest statement whose words hold both content and cue."""
    open_ones: list[Statement] = []
    found: list[Statement] = []
    for statement in ordered:
        open_ones = [outer for outer in open_ones if outer.hull.end > statement.hull.start]
        holding = [outer for outer in open_ones if _holds(outer, statement)]
        found.append(replace(statement, within=holding[-1].id) if holding else statement)
        open_ones.append(statement)
    return found


def _holds(outer: Statement, inner: Statement) -> bool:
    parts = [inner.hull]
    apart = outer.attribution and inner.attribution and outer.attribution.cue == inner.attribution.cue
    if inner.attribution and not apart:  # words told apart within a report have its cue, outside its words
        parts += inner.attribution.cue
    return all(any(whole.holds(part) for whole in outer.content) for part in parts)


def _spans(r: Reading, content: Iterable[Extent]) -> tuple[Span, ...]:
    return tuple(sorted(r.span(first, last) for first, last in content if first <= last))


def _statement(r: Reading, number: int, spans: tuple[Span, ...], finding: Finding, resolver: Resolver) -> Statement:
    named = resolver.name(finding)
    certainty = _certainty(finding, named)
    root = finding
    while root.same_as is not None:
        root = root.same_as
    attribution = Attribution(
        speaker=named.speaker if certainty is Certainty.CERTAIN else None,
        likely_speaker=None if certainty is Certainty.CERTAIN else named.speaker,
        cue=tuple(r.span(*extent) for extent in (finding.cue or root.cue)),
        source=r.span(root.source.first, root.source.last) if root.source else None,
        addressee=r.span(*finding.addressee) if finding.addressee else None,
        via=r.span(*finding.via).of(r.text) if finding.via else None,
        sense=finding.sense,
        certainty=certainty,
        rule=finding.rule,
    )
    return Statement(number, 0, spans, Form.DIRECT if finding.spoken else _form(r, spans), attribution)


def _certainty(finding: Finding, named: Named) -> Certainty:
    if finding.unnamed:
        return Certainty.UNNAMED
    if named.certain and named.speaker:
        return Certainty.CERTAIN
    return Certainty.DESCRIBED if named.described and not finding.guess else Certainty.UNCERTAIN


def _form(r: Reading, spans: tuple[Span, ...]) -> Form:
    """By the share of letters between quotation marks."""
    total = quoted = 0
    first, last = bisect_left(r.end, spans[0].start), bisect_left(r.start, spans[-1].end)
    marks = [r.span(item, item) for item in range(first, last) if r.kind[item] & Kind.QUOTE]
    for span in spans:
        total += sum(map(str.isalnum, span.of(r.text)))
        for mark in marks:
            quoted += sum(map(str.isalnum, r.text[max(mark.start, span.start) : min(mark.end, span.end)]))
    share = quoted / total if total else 0.0
    return Form.DIRECT if share >= DIRECT_SHARE else Form.INDIRECT if share <= INDIRECT_SHARE else Form.MIXED
