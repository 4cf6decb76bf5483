"""The people and bodies an article prints by name: their mentions, full names, offices and pronouns."""

from bisect import bisect_left
from dataclasses import dataclass, field

from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import AUXILIARY, MARK, SUBJECT_PRONOUN, is_finite_cue
from retrieval.attribution.reading import Reading

ROLE_ITEMS_MAX = 8
NAMESAKES_MAX = 40
"""So many people of one surname are told apart."""
FUNCTION = (
    Kind.DETERMINER | Kind.PREPOSITION | Kind.CONJUNCTION | Kind.SUBORDINATOR | Kind.RELATIVE | Kind.COMPLEMENTIZER
    | SUBJECT_PRONOUN | AUXILIARY | Kind.ADVERB | Kind.NEGATION | Kind.TIME | Kind.OBJECT_PRONOUN
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A printed name: items ``first..last`` without title or office; `office_first` begins the run it stands in."""

    first: int
    last: int
    office_first: int
    words: tuple[str, ...]
    title: str = ""


@dataclass(slots=True, eq=False)
class Person:
    """All mentions that share one name; `full` is the fullest print of it."""

    full: Mention
    mentions: list[Mention] = field(default_factory=list)
    gender: str = ""
    human: bool = False


class Cast:
    """The names of one reading, resolved as far as print allows."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.small = {
            low
            for low, kind in zip(reading.low, reading.kind, strict=True)
            if kind & Kind.WORD and not kind & Kind.CAPITAL
        }
        self.nouns = reading.lexicon.has("grammar", "capital_nouns")
        self.body_endings = tuple(reading.lexicon.words.get("body_endings", ()))
        self.mentions = self._mentions()
        self.persons: list[Person] = []
        self.by_last: dict[str, list[Person]] = {}
        self.person_at: dict[int, Person] = {}
        self.first_alone: dict[str, int] = {}
        self._gather()
        self.starts = [m.first for m in self.mentions]

    def _mentions(self) -> list[Mention]:
        r, found = self.reading, []
        at, size = 0, len(r.kind)
        while at < size:
            if not self._names(at):
                at += 1
                continue
            last = at
            while (
                last + 1 < size
                and r.frame_of[last + 1] == r.frame_of[at]
                and (self._names(last + 1) or self._joins(last + 1))
            ):
                if r.kind[last] & Kind.POSSESSIVE:
                    break
                last += 1
            mention = self._split(at, last)
            if mention:
                found.append(mention)
            at = last + 1
        return found

    def _names(self, item: int) -> bool:
        """Whether an item can be part of a name: a capital that is not owed to its place or its function."""
        r = self.reading
        kind = r.kind[item]
        if not kind & Kind.CAPITAL or (kind & FUNCTION and not kind & Kind.TITLE):
            return False
        if item == r.frame(item).first:
            return not self.is_common(item)
        return True

    def is_common(self, item: int) -> bool:
        """Whether a word that begins a sentence owes it its capital."""
        r, low = self.reading, self.reading.low[item]
        adverb = low.endswith("ly") and len(low) > 5
        if low.endswith("ed") and len(low) > 4 and item + 1 < len(r.kind) and r.kind[item + 1] & Kind.PREPOSITION:
            return True  # "Owned by the league, ..."
        return low in self.small or adverb or r.lexicon.has("words_things.groups", low) or bool(r.kind[item] & Kind.CUE)

    def _joins(self, item: int) -> bool:
        r = self.reading
        low = r.low[item]
        if self.nouns:
            joined = low == "der" and r.low[item - 1] == "von"  # "Ida von der Aa", never "Einsatz der Wehr"
            named = (joined or r.lexicon.has("names_joining", low)) and not r.kind[item] & Kind.CAPITAL
            if not named or item + 1 >= len(r.kind):
                return False
            lone = item < 2 or not r.kind[item - 2] & Kind.CAPITAL or bool(r.kind[item - 2] & (Kind.ROLE | Kind.TITLE))
            return self._names(item + 1) or (r.low[item + 1] == "der" and lone)
        joining = low in (
            "de",
            "del",
            "della",
            "der",
            "den",
            "di",
            "da",
            "dos",
            "du",
            "la",
            "van",
            "von",
            "bin",
            "bint",
            "ibn",
            "al",
            "el",
        )
        return joining and not r.kind[item] & Kind.CAPITAL and item + 1 < len(r.kind) and self._names(item + 1)

    def _split(self, first: int, last: int) -> Mention | None:
        """A run of capitals into office, title and name; None where no name is left."""
        r = self.reading
        begin, title = first, ""
        for item in range(first, last + 1):
            if r.kind[item] & Kind.ROLE and not self._is_named_so(item, first, last):
                begin = item + 1
            elif r.kind[item] & Kind.TITLE:
                begin, title = item + 1, r.low[item]
        if begin > last:
            return None
        if last - begin >= 2 and r.lexicon.has("grammar", "places_in_genitive") and self._follows_office(begin):
            begin = self._past_place(begin, last)
        for item in range(last - 1, begin, -1):
            if self.given(r.low[item]):  # one that both bear may be a middle name: "Brennan Lee Mulligan"
                begin = self._given_name_at(begin, item)
                break
        words = tuple(_bare(r.low[i]) for i in range(begin, last + 1))
        return Mention(begin, last, first, words, title)

    def _is_named_so(self, item: int, first: int, last: int) -> bool:
        """ "Billie Jean King", "coach Dean Orlo": a noun of office that ends a name, or is a given name behind one."""
        r = self.reading
        ends = item == last and first < item and self._is_given(r.low[item - 1])
        given = item < last and item > 0 and r.kind[item - 1] & Kind.ROLE and self._is_given(r.low[item])
        return ends or bool(given)

    def _follows_office(self, begin: int) -> bool:
        return begin > 0 and bool(self.reading.kind[begin - 1] & Kind.ROLE)

    def _past_place(self, begin: int, last: int) -> int:
        """ "Мэр Вельма Инна Вальдор": a place between office and name; a patronymic keeps three words together."""
        patronymics = tuple(self.reading.lexicon.words.get("patronymic_endings", ()))
        three = last - begin == 2 and self.reading.low[begin + 1].endswith(patronymics)
        return begin if three else last - (2 if self.reading.low[last - 1].endswith(patronymics) else 1)

    def _given_name_at(self, begin: int, item: int) -> int:
        """A party or a people before a given name ("Ostran Mira Dahl") is not of the name; another given name is."""
        first = self.reading.low[begin]
        return begin if self._is_given(first) or first.endswith(".") else item

    def _is_given(self, word: str) -> bool:
        return bool(self.given(word)) or self.reading.lexicon.has("names.both", word)

    def given(self, word: str) -> str:
        """Whether a word is a given name: the gender that it tells, or nothing."""
        lexicon = self.reading.lexicon
        for gender in ("he", "she"):
            if lexicon.has(f"names.{gender}", word):
                return gender
        return ""

    def _gather(self) -> None:
        for mention in self.mentions:
            if len(mention.words) > 1:
                self._enter(mention, self._same_person(mention))
        for mention in reversed(self.mentions):
            if len(mention.words) == 1:
                self.first_alone[mention.words[0]] = mention.first
        for mention in self.mentions:
            if len(mention.words) == 1:
                self._enter_single(mention)
        for person in self.persons:
            person.gender = self._gender(person)
            person.human = self._is_human(person)

    def _is_human(self, person: Person) -> bool:
        """Whether print shows a name to be a person's: a title, an office, a given name, or two words of no place."""
        if self.is_body(person.full) and (not person.gender or len(person.full.words) != 2):
            return False
        if person.gender or any(m.title or self.has_office(m) for m in person.mentions):
            return True
        if self.nouns:
            return False  # where every noun is a capital, print alone tells no person
        return 1 < len(person.full.words) < 4 and not any(self._like_a_place(m) for m in person.mentions)

    def has_office(self, mention: Mention) -> bool:
        return not self.is_place_of_office(mention) and bool(self.office_before(mention) or self.office_after(mention))

    def is_place_of_office(self, mention: Mention) -> bool:
        """ "Der Innenminister Karsts": a single genitive behind an office owns it, where nouns bear no other mark."""
        single = self.nouns and len(mention.words) == 1 and mention.words[0].endswith("s")
        known = any(len(p.full.words) > 1 for p in self.by_last.get(mention.words[-1], []))
        return single and not known and bool(self.office_before(mention))

    def may_be_person(self, person: Person) -> bool:
        """Whether a name of two or three words stands nowhere behind an article, and is no body's."""
        kinds = (self.reading.kind[m.office_first - 1] if m.office_first else 0 for m in person.mentions)
        plain = 1 < len(person.full.words) < 4 and not self.is_body(person.full)
        return plain and not any(kind & Kind.DETERMINER for kind in kinds)

    def _like_a_place(self, mention: Mention) -> bool:
        """ "the Velm Harbour", "in Velm Harbour": no person's name stands so."""
        before = mention.office_first - 1
        low = self.reading.low[before] if before >= 0 else ""
        return low in ("the", "in", "at", "across", "near", "throughout", "among")

    def _same_person(self, mention: Mention) -> Person | None:
        for person in self.by_last.get(_surname(mention.words), [])[:NAMESAKES_MAX]:
            if person.full.words[0] == mention.words[0] or set(mention.words) <= set(person.full.words):
                return person
        return None

    def _enter(self, mention: Mention, person: Person | None) -> Person:
        if person is None:
            person = Person(mention)
            self.persons.append(person)
            self.by_last.setdefault(_surname(mention.words), []).append(person)
        person.mentions.append(mention)
        self.person_at[mention.first] = person
        return person

    def _enter_single(self, mention: Mention) -> None:
        """A surname alone joins the one person of that name; of two, none."""
        known = [p for p in self.by_last.get(mention.words[0], []) if len(p.full.words) > 1]
        known = self._titled(mention, known)
        if len(known) == 1 and self._stands_for_itself(mention, known[0]):
            known = []
        if not known:
            alone = [p for p in self.by_last.get(mention.words[0], []) if len(p.full.words) == 1]
            self._enter(mention, alone[0] if alone else None)
        elif len(known) == 1:
            self._enter(mention, known[0])

    def _stands_for_itself(self, mention: Mention, person: Person) -> bool:
        """ "Karst ... North Karst": a word printed alone first is no surname of what is shown to be no person."""
        given_names_known = "names.he" in self.reading.lexicon.words
        if not given_names_known or self.first_alone[mention.words[0]] > person.full.first or self._gender(person):
            return False
        return not any(m.title or self.has_office(m) for m in person.mentions)

    def _titled(self, mention: Mention, known: list[Person]) -> list[Person]:
        """Of several people of one surname, those whom Mr. or Mrs. can mean."""
        wanted = self._title_gender(mention.title)
        if len(known) < 2 or not wanted:
            return known
        return [p for p in known if self._gender(p) in (wanted, "")]

    def _title_gender(self, title: str) -> str:
        lexicon = self.reading.lexicon
        return "he" if lexicon.has("titles_he", title) else "she" if lexicon.has("titles_she", title) else ""

    def _gender(self, person: Person) -> str:
        for mention in person.mentions:
            told = self._title_gender(mention.title) or self._office_gender(mention)
            if told:
                return told
        return self.given(person.full.words[0])

    def _office_gender(self, mention: Mention) -> str:
        lexicon = self.reading.lexicon
        if self.nouns and not self.has_office(mention):
            return ""
        for item in range(max(0, mention.office_first - 2), mention.first):
            for gender in ("he", "she"):
                if lexicon.has(f"roles.{gender}", self.reading.low[item]):
                    return gender
            if self.nouns and self.reading.kind[item] & Kind.ROLE and item < mention.first:
                ending = self.reading.low[item]
                if ending.endswith(tuple(lexicon.words.get("roles_she_endings", ()))):
                    return "she"
                if ending.endswith(tuple(lexicon.words.get("roles_he_endings", ()))):
                    return "he"
        return ""

    def people_in(self, first: int, last: int) -> list[Person]:
        """Who is named in items ``first..last``, in order, each once."""
        low = bisect_left(self.starts, first)
        found: list[Person] = []
        while low < len(self.mentions) and self.mentions[low].last <= last:
            person = self.person_at.get(self.mentions[low].first)
            if person and person not in found:
                found.append(person)
            low += 1
        return found

    def is_aside(self, person: Person, first: int, last: int) -> bool:
        """Whether somebody is named in items ``first..last`` only as an owner or after a preposition."""
        named = [m for m in self.mentions_in(first, last) if self.person_at.get(m.first) is person]
        return all(self.is_named_aside(mention, first, last) for mention in named)

    def is_named_aside(self, mention: Mention, first: int, last: int) -> bool:
        """Whether a name, with its office, stands as an owner, before another noun, or after a preposition."""
        r = self.reading
        office = self.office_before(mention)
        before = (office[0] if office else mention.office_first) - 1
        beside = before >= first and r.kind[before] & Kind.PREPOSITION
        after = mention.last + 1
        lends = after <= last and r.kind[before] & Kind.DETERMINER and not r.kind[after] & (FUNCTION | MARK)
        return bool(beside or lends or r.kind[mention.last] & Kind.POSSESSIVE)

    def unresolved_in(self, first: int, last: int) -> list[Mention]:
        """The surnames in items ``first..last`` that several people of the article bear."""
        return [m for m in self.mentions_in(first, last) if m.first not in self.person_at]

    def mentions_in(self, first: int, last: int) -> list[Mention]:
        """The printed names that stand in items ``first..last``."""
        low = bisect_left(self.starts, first)
        found = []
        while low < len(self.mentions) and self.mentions[low].last <= last:
            found.append(self.mentions[low])
            low += 1
        return found

    def is_body(self, mention: Mention) -> bool:
        """Whether a name is rather a body's or an outlet's than a person's."""
        lexicon = self.reading.lexicon
        last = mention.words[-1]
        known = any(
            lexicon.has(group, word)
            for word in mention.words
            for group in ("words_things.bodies", "words_things.groups", "places.words")
        )
        return (
            known
            or (self.body_endings and last.endswith(self.body_endings))
            or lexicon.has("outlet_words", last)
            or (len(mention.words) == 1 and self.reading.word[mention.first].isupper())
        )

    def office_before(self, mention: Mention) -> tuple[int, int] | None:
        """The office printed before a name ("former Ostran health minister"), as items."""
        r = self.reading
        last = mention.first - 1
        placed = self._office_with_place(last) if r.lexicon.has("grammar", "places_in_genitive") else None
        if placed is not None:
            return placed
        if last >= 0 and r.kind[last] & Kind.TITLE:
            last -= 1
        if last < 0 or r.frame_of[last] != r.frame_of[mention.first] or not r.kind[last] & Kind.ROLE:
            return None
        first = last
        floor = max(r.frame(last).first, last - ROLE_ITEMS_MAX)
        for item in range(last - 1, floor - 1, -1):
            kind = r.kind[item]
            if kind & (Kind.DETERMINER | MARK | Kind.PARENTHESIS | Kind.QUOTE):
                break
            if kind & (FUNCTION | Kind.CUE) and (not kind & (Kind.CAPITAL | Kind.ROLE) or item == r.frame(item).first):
                break
            if not (kind & (Kind.CAPITAL | Kind.ROLE) or self._modifies(item)):
                break
            first = item
        before = first - 1
        if before > floor and (r.kind[before] & (SUBJECT_PRONOUN | AUXILIARY) or r.low[before] == "to"):
            return None  # "Will he coach Karst?"
        return first, last

    def _office_with_place(self, last: int) -> tuple[int, int] | None:
        """ "Мэр Вельма": an office and the capital behind it, which is its place."""
        r, first = self.reading, last
        while first > 0 and r.kind[first] & Kind.CAPITAL and not r.kind[first] & Kind.ROLE and last - first < 3:
            first -= 1
        return (first, last) if first < last and r.kind[first] & Kind.ROLE else None

    def _modifies(self, item: int) -> bool:
        """Whether a small word may belong to an office: known to, or shut in between an article or verb and it."""
        r = self.reading
        if r.lexicon.has("role_modifiers", r.low[item]) or "-" in r.low[item]:
            return True
        floor = max(r.frame(item).first, item - 4)
        for before in range(item - 1, floor - 1, -1):
            kind = r.kind[before]
            if kind & (Kind.DETERMINER | Kind.PREPOSITION | Kind.CUE) or r.lexicon.has("role_modifiers", r.low[before]):
                return True
            if before == r.frame(item).first and not kind & FUNCTION:
                return True
            if kind & (FUNCTION | MARK | Kind.CAPITAL):
                return False
        return False

    def office_after(self, mention: Mention) -> tuple[int, int] | None:
        """The office in apposition after a name (", a spokesman for the harbour,"), as items without its article."""
        r = self.reading
        frame = r.frame(mention.last)
        at = mention.last + 1
        if at <= frame.last and r.kind[at] & Kind.PARENTHESIS:
            at += 1
        if at + 1 > frame.last or not r.kind[at] & Kind.COMMA:
            return None
        at += 1
        if at <= frame.last and r.low[at].startswith("who"):
            return None  # "Dahl, whose brother left"
        while at <= frame.last and r.kind[at] & Kind.DETERMINER:
            at += 1
        if at <= frame.last and r.low[at].endswith("ing") and not r.kind[at] & (Kind.ROLE | Kind.CAPITAL):
            return None  # "Orlo, paying the clerk, said"
        last, seen = at - 1, False
        for item in range(at, min(at + 14, frame.last + 1)):
            kind = r.kind[item]
            if kind & AUXILIARY or is_finite_cue(r, item):
                return None  # "When Orlo came to Karst, the driver said ...": no apposition, but who said it
            if kind & (MARK | SUBJECT_PRONOUN | Kind.RELATIVE | Kind.CUE | Kind.QUOTE | Kind.CONJUNCTION):
                break
            if r.low[item] == "who's":
                break
            if kind & Kind.ROLE:
                seen = True
            if not seen and kind & Kind.PREPOSITION:
                return None
            last = item
        while last > at and r.kind[last] & (Kind.DETERMINER | Kind.PREPOSITION):
            last -= 1
        return (at, last) if seen and last >= at else None


def _bare(low: str) -> str:
    """A name's word without its possessive."""
    return low[:-2] if low.endswith("'s") else low[:-1] if low.endswith("'") else low


def _surname(words: tuple[str, ...]) -> str:
    """The last word of a name that is no "Jr."."""
    return words[-2] if words[-1] in ("jr.", "sr.", "jr", "sr", "ii", "iii") and len(words) > 1 else words[-1]
