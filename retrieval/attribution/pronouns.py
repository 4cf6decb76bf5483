"""Whom a pronoun can mean: the foremost person of its gender in the nearest sentence that names one, or nobody."""

from collections.abc import Mapping, Sequence

from retrieval.attribution.cast import Cast, Mention, Person
from retrieval.attribution.findings import Extent
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.reading import Frame
from retrieval.attribution.verb_second.nominals import nominal, with_appositions

FRAMES_BACK_MAX = 4
"""How many sentences back a pronoun may point."""
PRONOUNS_PASSED_MAX = 8
"""How many pronouns may stand between one and the name it goes back to."""


class Pronouns:
    """Resolves "he" and "she". `pointed` tells, per frame, who was found to speak at which item so far."""

    def __init__(self, cast: Cast, pointed: Mapping[int, list[tuple[int, Person]]], speaking: set[int]) -> None:
        self.r = cast.reading
        self.cast = cast
        self.pointed = pointed
        self.speaking = speaking

    def meant(self, item: int, told: Sequence[Extent], passed: int = 0) -> tuple[Person | None, bool]:
        """Whom "he" or "she" can mean, and whether nobody else can be: the foremost of the nearest sentence with one.

        `told` are the words that the pronoun is said to have said.
        """
        r = self.r
        if not r.kind[item] & (Kind.HE | Kind.SHE):
            return None, False
        wanted = "he" if r.kind[item] & Kind.HE else "she"
        number = r.frame_of[item]
        for back in range(number, max(-1, number - FRAMES_BACK_MAX - 1), -1):
            frame = r.frames[back]
            last = min(frame.last, item - 1)
            people, doubted = self._candidates(frame.first, last, wanted)
            people = [person for person in people if not self._is_told_of(person, item, told)]
            if self.cast.nouns and back < number and self._begins_with_another(frame, people, wanted):
                return (people[0] if people else None), False
            earlier = self._pronoun_before(people, frame.first, last, wanted) if back < number else None
            if earlier is not None and passed < PRONOUNS_PASSED_MAX:
                return self.meant(earlier, told, passed + 1)
            if people:
                chosen = self._foremost(people, frame.first, last)
                chosen = chosen if chosen and self._is_shown(chosen) else None
                chosen = None if doubted and chosen not in self._speaking_in(people, frame.first, last) else chosen
                return chosen or people[0], chosen is not None
            if doubted:
                break
        return None, False

    def _is_told_of(self, person: Person, pronoun: int, told: Sequence[Extent]) -> bool:
        """ "Orlo would win, he said": who is named in the words told before "he said" is not who says them."""
        r = self.r
        places = [m for first, last in told if last < pronoun for m in self.cast.mentions_in(first, last)]
        return any(self.cast.person_at.get(m.first) is person and not r.kind[m.last] & Kind.POSSESSIVE for m in places)

    def _is_shown(self, person: Person) -> bool:
        """Whether more than two capitals shows somebody: a given name, an office, a surname alone, a verb of saying."""
        if not self.r.lexicon.has("grammar", "verbs_known") or person.gender:
            return True
        several = len(person.full.words) > 1
        surname = several and (id(person) in self.speaking or any(len(m.words) == 1 for m in person.mentions))
        return surname or any(m.title or self.cast.has_office(m) or self._is_apposed(m) for m in person.mentions)

    def _is_apposed(self, mention: Mention) -> bool:
        """ "The port's director, Agnes Orlo, left", "Agnes Orlo, who left": only a person's name stands so."""
        r, before, after = self.r, mention.office_first - 1, mention.last + 1
        office = before > 0 and r.kind[before] & Kind.COMMA and r.kind[before - 1] & Kind.ROLE
        after += after < len(r.kind) - 1 and bool(r.kind[after] & Kind.COMMA)
        return bool(office) or (after < len(r.kind) and r.lexicon.has("persons_relatives", r.low[after]))

    def _begins_with_another(self, frame: Frame, people: list[Person], wanted: str) -> bool:
        """ "Der Deutsche wartet. ... sagte er": a sentence whose first noun may be meant instead."""
        r = self.r
        if not r.lexicon.has(f"articles_{wanted}", r.low[frame.first]):
            return False
        phrase = nominal(r, frame.first, frame.last)
        if phrase is None:
            return False
        end = with_appositions(r, phrase, frame.last).last
        return not any(p in people for p in self.cast.people_in(frame.first, end))

    def _candidates(self, first: int, last: int, wanted: str) -> tuple[list[Person], bool]:
        """Who of that gender is meant in items ``first..last``, and whether a shared surname hides one."""
        present = [p for p in self._present(first, last) if p.gender in (wanted, "")]
        doubted = False
        for mention in self.cast.unresolved_in(first, last):
            bearers = self.cast.by_last.get(mention.words[-1], [])
            fitting = [p for p in bearers if p.gender == wanted]
            if len(fitting) == 1 and fitting[0] not in present:
                present.append(fitting[0])
            doubted = doubted or (len(fitting) != 1 and any(p.gender in (wanted, "") for p in bearers))
        humans = [p for p in present if p.human]
        if not self.cast.nouns:
            return humans or [p for p in present if id(p) in self.speaking], doubted
        others = [p for p in present if not p.human and self.cast.may_be_person(p)]
        spoken = [p for p in others if id(p) in self.speaking]
        return humans + spoken, doubted or (bool(humans or spoken) and len(others) > len(spoken))

    def _pronoun_before(self, people: list[Person], first: int, last: int, wanted: str) -> int | None:
        """The same pronoun as a subject earlier in a sentence that names nobody before it: it goes on with that one."""
        kind = Kind.HE if wanted == "he" else Kind.SHE
        at = next((i for i in range(first, last + 1) if self.r.kind[i] & kind), None)
        if at is None or any(first <= place < at for place, _ in self._pointed(first)):
            return None
        named = [m for m in self.cast.mentions_in(first, at) if self.cast.person_at.get(m.first) in people]
        return None if named or self.cast.unresolved_in(first, at) else at

    def _foremost(self, people: list[Person], first: int, last: int) -> Person | None:
        """The one who can be meant: the only one; the only one who speaks there; the only one not named in passing."""
        if len(people) == 1:
            return people[0]
        speaking = self._speaking_in(people, first, last)
        if speaking:
            return speaking[0] if len(speaking) == 1 else None
        upright = [person for person in people if not self._is_aside(person, first, last)]
        return upright[0] if len(upright) == 1 else None

    def _speaking_in(self, people: list[Person], first: int, last: int) -> list[Person]:
        found = {id(p): p for at, p in self._pointed(first) if first <= at <= last and p in people}
        return list(found.values())

    def _is_aside(self, person: Person, first: int, last: int) -> bool:
        named = [m for m in self.cast.unresolved_in(first, last) if person in self.cast.by_last.get(m.words[-1], [])]
        aside = all(self.cast.is_named_aside(mention, first, last) for mention in named)
        return aside and self.cast.is_aside(person, first, last)

    def _pointed(self, item: int) -> list[tuple[int, Person]]:
        return self.pointed.get(self.r.frame_of[item], [])

    def _present(self, first: int, last: int) -> list[Person]:
        """Who is named or pointed to in items ``first..last``."""
        found = self.cast.people_in(first, last)
        for at, person in self._pointed(first):
            if first <= at <= last and person not in found:
                found.append(person)
        return found
