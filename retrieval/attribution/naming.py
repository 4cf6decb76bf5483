"""From naming words to names: surnames, offices and pronouns to what the article printed before, or to nobody.

A name is given only where one person can be meant; where two can, there is a likely speaker and no name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.attribution.cast import FUNCTION, Cast, Mention, Person
from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import SUBJECT_PRONOUN, Phrase, is_thing
from retrieval.attribution.plain import office_end
from retrieval.attribution.pronouns import Pronouns
from retrieval.attribution.reading import Reading
from retrieval.model import Span, Speaker

SENTENCE_OPENING = Kind.COLON | Kind.SEMICOLON | Kind.STOP | Kind.DASH | Kind.QUOTE | Kind.PARENTHESIS
"""After these a capital may be a sentence's."""

OFFICES_MAX = 200
"""Of so many people an article may print an office; a description is held against no more."""

NAMING_ITEMS_MAX, NUMBERS_MAX = 16, 2
"""Words that name a speaker as printed are no more, nor hold more numbers."""

NAME_WORDS_MIN = 2


@dataclass(frozen=True, slots=True)
class Named:
    """Whom naming words mean; `certain` only where nobody else can be meant, `described` where they are no name."""

    speaker: Speaker | None = None
    certain: bool = False
    person: Person | None = None
    described: bool = False


class Resolver:
    """Resolves the naming words of one reading, in the order of the text."""

    def __init__(self, findings: Findings) -> None:
        self.r = findings.reading
        self.cast = Cast(self.r)
        self.pointed: dict[int, list[tuple[int, Person]]] = {}
        self.roles: dict[int, Span | None] = {}
        self.offices: list[tuple[Person, frozenset[str]]] | None = None
        self.named: dict[int, Named] = {}
        speaking = {id(person) for finding in findings.found for person in self._sources(finding)}
        self.pronouns = Pronouns(self.cast, self.pointed, speaking)

    def _sources(self, finding: Finding) -> list[Person]:
        """Whom a finding's naming words name outright, when they are one word that is no body's."""
        if finding.source is None:
            return []
        mention = self._name_at(finding.source, self._head(finding.source))  # "the Ostra envoy" is not Ostra
        person = self.cast.person_at.get(mention.first) if mention else None
        return [person] if person and not self.cast.is_body(person.full) else []

    def name(self, finding: Finding) -> Named:
        """Whom a finding's words are."""
        known = self.named.get(id(finding))
        if known is None:
            known = self._name(finding)
            self.named[id(finding)] = known
            if known.person and finding.source:
                frame = self.r.frame_of[finding.source.first]
                self.pointed.setdefault(frame, []).append((finding.source.first, known.person))
        return known

    def _name(self, finding: Finding) -> Named:
        if finding.unnamed:
            return Named()
        if finding.same_as is not None:
            named = self.name(finding.same_as)
            return Named(named.speaker, False, named.person) if finding.guess else named
        phrase = finding.antecedent or finding.source
        if phrase is None:
            return Named()
        named = self.of_phrase(phrase, finding.content)
        if finding.antecedent is not None and finding.source is not None:
            named = self._who(named, phrase, finding.source)
        return replace(named, certain=False) if finding.guess else named

    def _who(self, named: Named, antecedent: Phrase, pronoun: Phrase) -> Named:
        """ "Dahl, in an interview carried by the Wire, who ...": a body beside "who" need not be meant."""
        r = self.r
        near = self._person_at_end(antecedent)
        if near is not None:
            return Named(self._speaker(near), True, near)
        beside = antecedent.first - 1
        led = r.kind[antecedent.first] & Kind.PREPOSITION or (beside >= 0 and r.kind[beside] & Kind.PREPOSITION)
        if not led or not r.lexicon.has("persons_relatives", r.low[pronoun.first]):
            return named
        if named.person is not None and named.person.human:
            return named
        people = [p for p in self.cast.people_in(r.frame(pronoun.first).first, antecedent.first) if p.human]
        return Named(self._speaker(people[0])) if people else named

    def _person_at_end(self, antecedent: Phrase) -> Person | None:
        """ "... was seen by Mira Dahl, who": the person that ends the words before "who", where no office leads."""
        r = self.r
        if antecedent.core_last == antecedent.last:
            return None
        office = any(r.kind[i] & Kind.ROLE for i in range(antecedent.first, antecedent.core_last + 1))
        people = [p for p in self.cast.people_in(antecedent.first, antecedent.last) if p.human]
        ends = any(m.last == antecedent.last for m in self.cast.mentions_in(antecedent.first, antecedent.last))
        return people[0] if len(people) == 1 and ends and not office else None

    def of_phrase(self, phrase: Phrase, told: Sequence[Extent] = ()) -> Named:
        """Whom a noun phrase means that is said to have said the words `told`."""
        r = self.r
        kind = r.kind[phrase.first]
        if phrase.first == phrase.last and kind & (SUBJECT_PRONOUN | Kind.RELATIVE):
            person, certain = self.pronouns.meant(phrase.first, told)
            return Named(self._speaker(person), certain, person) if person else Named()
        if r.kind[phrase.last] & Kind.RELATIVE:
            return Named()
        if r.lexicon.has("grammar", "no_capitals"):
            return self._plain(phrase)
        if self._several(phrase):
            bare = self._is_bare(phrase, phrase.core_last) or self._is_unknown_noun(phrase.core_last)
            return Named(self._as_printed(phrase), not bare, described=bare)
        apposed = self._apposed(phrase)
        if apposed is not None:
            return apposed
        head = self._head(phrase)
        mention = self._name_at(phrase, head)
        if mention is not None and self.cast.is_place_of_office(mention):
            return Named(self._as_printed(phrase), True)
        if mention is not None:
            common = self._is_common(mention, phrase) or self._may_be_common(mention, phrase)
            return Named(described=True) if common else self._of_mention(mention, phrase)
        if r.kind[head] & Kind.ROLE:
            return self._behind_office(phrase, head) or self._office(phrase, head)
        phrase = self._with_place(phrase)
        if self._is_bare(phrase, head) or self._is_unknown_noun(head) or self._is_list(phrase):
            return Named(described=True)
        return Named(self._as_printed(phrase), self._stands_alone(phrase, head))

    def _with_place(self, phrase: Phrase) -> Phrase:
        """ "A report by Mira Dahl", "clerks at the Ostra quay": no name, but as printed up to the next mark."""
        last = phrase.core_last
        while last < phrase.last and not self.r.kind[last + 1] & (Kind.COMMA | Kind.DASH):
            last += 1
        return Phrase(phrase.first, phrase.last, last)

    def _is_bare(self, phrase: Phrase, head: int) -> bool:
        """Whether words only describe: "officials", "a spokesman", "the driver". They are shown, and name nobody."""
        r = self.r
        items = range(phrase.first, phrase.core_last + 1)
        if r.lexicon.has("grammar", "no_capitals"):
            return False
        if r.kind[head] & Kind.NUMBER or r.lexicon.has("counts", r.low[head]):
            return True
        if r.lexicon.has("grammar", "capital_nouns"):
            proper = any(r.kind[i] & Kind.CAPITAL for i in items if i != head and not r.kind[i] & Kind.DETERMINER)
            things = any(r.lexicon.has(f"words_things.{group}", r.low[head]) for group in ("groups", "documents"))
            return not proper and bool(r.kind[head] & Kind.ROLE or things)
        if any(self._is_proper(i) for i in items):
            return False
        body = r.lexicon.has("words_things.bodies", r.low[head])
        return not body or bool(r.kind[phrase.first] & Kind.INDEFINITE)

    def _is_unknown_noun(self, head: int) -> bool:
        """Whether a noun in small letters is none of office, of a body, a group or a document: "turmoil at Karst"."""
        r = self.r
        capital = r.kind[head] & Kind.CAPITAL and (head != r.frame(head).first or head in self.cast.person_at)
        small = r.kind[head] & Kind.WORD and not capital and not r.kind[head] & Kind.ROLE
        return bool(small and r.lexicon.has("grammar", "verbs_known")) and not is_thing(r, head)

    def _is_list(self, phrase: Phrase) -> bool:
        """Whether a run of words is too long for naming words, or counts as scores and tables do."""
        items = range(phrase.first, phrase.core_last + 1)
        numbers = sum(bool(self.r.kind[i] & Kind.NUMBER) for i in items)
        return len(items) > NAMING_ITEMS_MAX or numbers > NUMBERS_MAX

    def _is_proper(self, item: int) -> bool:
        """Whether an item is a proper noun or of one: a capital not owed to the sentence's start, or a quoted title."""
        r = self.r
        if r.kind[item] & Kind.QUOTE or item in self.cast.person_at:
            return True
        first = item == r.frame(item).first and (r.kind[item] & (FUNCTION | Kind.ROLE) or self.cast.is_common(item))
        return bool(r.kind[item] & Kind.CAPITAL) and not first and not r.kind[item] & (Kind.TIME | Kind.DETERMINER)

    def _apposed(self, phrase: Phrase) -> Named | None:
        """ "Its delegate, Noor Haddix": the name is the apposition's; the words before it are the office."""
        r = self.r
        items = range(phrase.core_last + 1, phrase.last)
        comma = next((i for i in items if r.kind[i] & (Kind.COMMA | Kind.RELATIVE)), phrase.last)
        begin = comma + 1
        own = self._name_at(phrase, self._head(phrase))
        owner = own is not None and self.cast.is_place_of_office(own)
        if comma == phrase.last or not r.kind[comma] & Kind.COMMA or (own and not owner):
            return None
        mention = next((m for m in self.cast.mentions_in(begin, phrase.last) if m.office_first == begin), None)
        person = self.cast.person_at.get(mention.first) if mention else None
        if person is None or self.cast.is_body(person.full) or len(person.full.words) < 2:
            return None
        speaker = self._speaker(person)
        if speaker.role is None:
            first = phrase.first
            while first < phrase.core_last and r.kind[first] & Kind.DETERMINER:
                first += 1
            office = r.span(first, comma - 1)
            speaker = replace(speaker, role=office.of(r.text), role_at=office)
        return Named(speaker, True, person)

    def _stands_alone(self, phrase: Phrase, head: int) -> bool:
        """Whether words that are no name can name a speaker as printed: "the ministry", "police", "critics"."""
        r = self.r
        if r.kind[phrase.first] & (Kind.DETERMINER | Kind.NUMBER) or r.lexicon.has("grammar", "no_capitals"):
            return True
        capital = any(
            r.kind[i] & Kind.CAPITAL for i in range(phrase.first, phrase.core_last + 1) if i != r.frame(i).first
        )
        heads = (head,) if r.lexicon.words.get("determiners") else (head, phrase.first)
        groups = ("groups", "bodies", "documents")
        things = any(r.lexicon.has(f"words_things.{group}", r.low[i]) for i in heads for group in groups)
        return (
            capital or things or bool(r.kind[head] & Kind.ROLE) or (len(r.low[head]) > 3 and r.low[head].endswith("s"))
        )

    def _plain(self, phrase: Phrase) -> Named:
        """Whom words without capitals mean: an office and its name, a name and its office, or no name at all."""
        r = self.r
        first, last, core = phrase
        office = office_end(r, phrase)
        if r.kind[first] & Kind.ROLE and core < last:
            return Named(self._with_role((core + 2, last), (first, core)), True)
        if office is not None:
            return Named(self._with_role((office + 1, core), (first, office)), True)
        group = r.lexicon.has("words_things.groups", r.low[first])
        if group or (r.kind[first] & Kind.ROLE and (core == first or r.lexicon.has("roles.generic", r.low[first]))):
            return Named(described=True)
        role = (
            (core + 2, last) if core < last and any(r.kind[i] & Kind.ROLE for i in range(core + 2, last + 1)) else None
        )
        return Named(self._with_role((first, core), role), True)

    def _with_role(self, name: Extent, role: Extent | None) -> Speaker:
        name_at, role_at = self.r.span(*name), self.r.span(*role) if role else None
        return Speaker(name_at.of(self.r.text), role_at.of(self.r.text) if role_at else None, name_at, role_at)

    def _is_common(self, mention: Mention, phrase: Phrase) -> bool:
        """Whether a capital behind an article is a mere noun, where all nouns are capitals ("die Fahrerin")."""
        r = self.r
        led = phrase.first < mention.first and r.kind[phrase.first] & Kind.DETERMINER
        if not led or not self.cast.nouns or any(r.kind[i] & Kind.ROLE for i in range(phrase.first, mention.first)):
            return False
        items = range(phrase.first, phrase.core_last + 1)
        owned = ("words_things.documents",) if phrase.core_last > mention.last else ()
        groups = ("words_things.bodies", "outlet_words", *owned)
        known = any(r.kind[i] & Kind.QUOTE or any(r.lexicon.has(group, r.low[i]) for group in groups) for i in items)
        person = self.cast.person_at.get(mention.first)
        return not (known or self.cast.is_body(mention) or (person is not None and person.human))

    def _may_be_common(self, mention: Mention, phrase: Phrase) -> bool:
        """ "Turmoil at Karst": one word that only ever begins sentences, with a preposition behind, may be a noun."""
        r, person = self.r, self.cast.person_at.get(mention.first)
        if len(mention.words) > 1 or mention.last >= phrase.last or not r.kind[mention.last + 1] & Kind.PREPOSITION:
            return False
        known = person is None or any(m.first != r.frame(m.first).first for m in person.mentions)
        return not known and r.lexicon.has("grammar", "verbs_known")

    def _several(self, phrase: Phrase) -> bool:
        r = self.r
        items = range(phrase.first, phrase.core_last + 1)
        return any(r.lexicon.has("and", r.low[i]) and not self._of_one(phrase, i) for i in items)

    def _of_one(self, phrase: Phrase, join: int) -> bool:
        """ "Engineer and harbour planner Mira Dahl": two offices of one name, the first without name or article."""
        r = self.r
        if not phrase.first < join < phrase.core_last or not r.kind[join - 1] & Kind.ROLE:
            return False
        after = r.kind[join + 1]
        named = self.cast.mentions_in(phrase.first, join - 1)
        return not named and not r.kind[phrase.first] & Kind.DETERMINER and not after & Kind.DETERMINER

    def _head(self, phrase: Phrase) -> int:
        """The phrase's own noun: the last item before "of", "for" and the like."""
        r = self.r
        for item in range(phrase.first + 1, phrase.core_last + 1):
            owned = r.lexicon.has("genitives", r.low[item]) and r.kind[item - 1] & Kind.CAPITAL
            if owned or (r.kind[item] & Kind.PREPOSITION and not r.kind[item] & Kind.CAPITAL):
                return item - 1
        last = phrase.core_last
        while last > phrase.first and r.kind[last] & Kind.PARENTHESIS:
            last -= 1
        return last

    def _name_at(self, phrase: Phrase, head: int) -> Mention | None:
        for mention in self.cast.mentions_in(phrase.first, phrase.core_last):
            if mention.first <= head <= mention.last:
                return mention
        return None

    def _of_mention(self, mention: Mention, phrase: Phrase) -> Named:
        person = self.cast.person_at.get(mention.first)
        if person is None:
            likely = self.cast.by_last.get(mention.words[-1], [])
            return Named(self._speaker(likely[0]) if likely else None, False)
        if (self.cast.is_body(mention) and len(mention.words) == 1) or self.cast.is_body(person.full):
            return Named(self._as_printed(self._with_place(phrase)), True)
        person_like = person.human or (self.cast.nouns and self.cast.may_be_person(person))
        if not person_like and phrase.core_last > mention.last:
            return Named(self._as_printed(phrase), True)
        return Named(self._speaker(person), True, person)

    def _speaker(self, person: Person) -> Speaker:
        r = self.r
        role = self._role(person)
        name_at = _name_span(r, person.full)
        own = None if person.human else next(filter(self._is_led_by_article, person.mentions), None)
        if own is not None and own.words == person.full.words:
            name_at = r.span(own.first - 1, own.last)
        return Speaker(name_at.of(r.text), role.of(r.text) if role else None, name_at, role)

    def _role(self, person: Person) -> Span | None:
        if id(person) not in self.roles:
            self.roles[id(person)] = self._first_role(person)
        return self.roles[id(person)]

    def _first_role(self, person: Person) -> Span | None:
        """The office printed with a name: before it, or in apposition; the earliest in the article."""
        for mention in person.mentions:
            office = self.cast.office_before(mention) or self.cast.office_after(mention)
            if office:
                return self.r.span(*office)
        return None

    def _as_printed(self, phrase: Phrase) -> Speaker:
        """A body, a document, a group or somebody unnamed: the words as they stand.

        Without a leading article, but where that is the name's own ("The Hague").
        """
        r = self.r
        first = phrase.first
        while first < phrase.core_last and r.kind[first] & Kind.PREPOSITION and not r.kind[first] & Kind.CAPITAL:
            first += 1
        article = r.low[first] == "the" or r.lexicon.has("definites", r.low[first])
        if article and first < phrase.core_last and r.kind[first + 1] & Kind.CAPITAL and not self._is_of_name(first):
            first += 1
        last = phrase.core_last
        if r.kind[first] & Kind.CAPITAL and r.lexicon.has("grammar", "verbs_known"):
            behind = (i - 1 for i in range(first + 1, last) if r.lexicon.has("not_of_names", r.low[i]))
            last = next(behind, last)
        span = r.span(first, last)
        return Speaker(span.of(r.text), None, span)

    def _is_led_by_article(self, mention: Mention) -> bool:
        return mention.first > 0 and self._is_of_name(mention.first - 1)

    def _is_of_name(self, article: int) -> bool:
        """Whether an article belongs to the name behind it: printed with a capital where no sentence begins."""
        r = self.r
        return r.low[article] == "the" and any(
            r.word[at] == "The" and at != r.frame(at).first and not r.kind[at - 1] & SENTENCE_OPENING
            for at in r.printed("the")
            if r.low[at + 1 : at + 2] == r.low[article + 1 : article + 2]
        )

    def _office(self, phrase: Phrase, head: int) -> Named:
        """ "The Hamas representative": the one person whose office fits; an indefinite one stands as printed."""
        r = self.r
        definite = r.low[phrase.first] in ("the", "this", "that") or (
            r.kind[phrase.first] & Kind.ROLE and r.kind[phrase.first] & Kind.CAPITAL
        )
        bare = self._is_bare(phrase, head)
        if phrase.first == head and r.kind[head] & Kind.CAPITAL:
            bearers = self.cast.by_last.get(_bare(r.low[head]), [])  # "King said", of Billie Jean King
            if bearers:
                return Named(self._speaker(bearers[0]), len(bearers) == 1, bearers[0])
        if not definite:
            return Named(described=True) if bare else Named(self._as_printed(phrase), True)
        if self.offices is None:
            known = ((person, self._role_words(person)) for person in self.cast.persons)
            self.offices = [(person, words) for person, words in known if words][:OFFICES_MAX]
        fitting = [person for person, words in self.offices if self._holds(words, phrase, head)]
        earlier = [p for p in fitting if p.mentions[0].first < phrase.first]
        fitting = earlier or fitting
        if len(fitting) == 1:
            return Named(self._speaker(fitting[0]), True, fitting[0])
        if not fitting and phrase.core_last - phrase.first >= 2 and not bare:
            return Named(self._as_printed(phrase), True)
        return Named(self._speaker(fitting[0]) if fitting else None, described=not fitting)

    def _behind_office(self, phrase: Phrase, head: int) -> Named | None:
        """ "Minister of Harbours Mira Dahl": the name that ends an office of several words, all in capitals."""
        r = self.r
        behind = (m for m in self.cast.mentions_in(head, phrase.last) if not m.title)
        mention = next((m for m in behind if len(m.words) >= NAME_WORDS_MIN), None)
        person = self.cast.person_at.get(mention.first) if mention else None
        if mention is None or person is None or not person.human:
            return None
        office = range(head, mention.first)
        owned = len(office) > 2 and r.lexicon.has("of", r.low[head + 1])
        in_capitals = all(r.kind[i] & (Kind.CAPITAL | Kind.DETERMINER) or r.lexicon.has("of", r.low[i]) for i in office)
        if not (owned and in_capitals) or any(r.kind[i] & Kind.TITLE for i in office):
            return None
        speaker, role_at = self._speaker(person), r.span(head, mention.first - 1)
        if speaker.role is None:
            speaker = replace(speaker, role=role_at.of(r.text), role_at=role_at)
        return Named(speaker, True, person)

    def _holds(self, role: frozenset[str], phrase: Phrase, head: int) -> bool:
        """Whether a person's printed office can be called by a phrase: the noun may change, the rest must be in it."""
        r = self.r
        noun = r.low[head]
        alike = r.lexicon.roles.get(noun, frozenset())
        generic = r.lexicon.has("roles.generic", noun)
        if not (generic or any(word in alike for word in role)):
            return False
        others = [r.low[i] for i in range(phrase.first, phrase.core_last + 1) if i != head and not r.kind[i] & FUNCTION]
        if generic and not others:
            return False
        return all(word in role or _bare(word) in role for word in others)

    def _role_words(self, person: Person) -> frozenset[str]:
        r = self.r
        words: set[str] = set()
        for mention in person.mentions:
            for office in (self.cast.office_before(mention), self.cast.office_after(mention)):
                if office:
                    words.update(_bare(r.low[i]) for i in range(office[0], office[1] + 1))
        return frozenset(words)


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


def _name_span(r: Reading, mention: Mention) -> Span:
    """A name's code points, without a possessive."""
    span = r.span(mention.first, mention.last)
    words = span.of(r.text)
    cut = 2 if words.endswith(("'s", "’s")) else 1 if words.endswith(("'", "’")) else 0
    return Span(span.start, span.end - cut)
