"""Several people of one name: statements split where the roles that articles print, or their stories, disagree.

A guess to be checked, never an identity: what it yields is told as "may be several people".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from retrieval.names import same_role
from storage.values import Spoken

# Two reports this far apart are told as one story where their headlines share a longer word.
STORY = timedelta(days=30)
STORY_WORD_LETTERS_MIN = 5
COMPARED_MAX = 200  # reports whose stories are compared


@dataclass
class _Person:
    """Statements that one person may have made."""

    spoken: list[Spoken] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    versions: set[int] = field(default_factory=set)

    def add(self, each: Spoken) -> None:
        self.spoken.append(each)
        self.versions.add(each.version_id)
        if each.role:
            self.roles.add(each.role)

    def agrees(self, each: Spoken) -> bool:
        """In one article a name is one person; elsewhere no role may deny another."""
        if each.version_id in self.versions or each.role in self.roles:
            return True
        return all(same_role(str(each.role), role) for role in self.roles)


def split(spoken: Sequence[Spoken]) -> tuple[tuple[Spoken, ...], ...]:
    """The statements of one name, person by person, each in the order given.

    Those without a role stand with the only person there is, else with one whose story they share, else apart.
    """
    people: list[_Person] = []
    for each in spoken:
        if each.role:
            _add(people, each)
    apart = _Person()
    for each in [one for one in spoken if not one.role]:
        person = next((one for one in people if each.version_id in one.versions), None) or _by_story(people, each)
        (person or apart).add(each)
    order = {each.statement_id: place for place, each in enumerate(spoken)}
    found = [sorted(one.spoken, key=lambda each: order[each.statement_id]) for one in [*people, apart] if one.spoken]
    return tuple(tuple(one) for one in sorted(found, key=lambda one: order[one[0].statement_id]))


def may_be_one(these: Sequence[Spoken], those: Sequence[Spoken]) -> bool:
    """Whether the corpus itself shows a reason to take two spellings for one name: a role or a story in common."""
    roles, others = _roles(these), _roles(those)
    return any(same_role(one, other) for one in roles for other in others) or any(
        _one_story(one, other) for one in these[:COMPARED_MAX] for other in those[:COMPARED_MAX]
    )


def _add(people: list[_Person], each: Spoken) -> None:
    person = next((one for one in people if one.agrees(each)), None)
    if person is None:
        people.append(person := _Person())
    person.add(each)


def _by_story(people: Sequence[_Person], each: Spoken) -> _Person | None:
    if len(people) == 1:
        return people[0]
    return next((one for one in people if any(_one_story(each, two) for two in one.spoken[:COMPARED_MAX])), None)


def _roles(spoken: Iterable[Spoken]) -> set[str]:
    return {each.role for each in spoken if each.role}


def _one_story(one: Spoken, other: Spoken) -> bool:
    """One article; or headlines that share a longer word, printed within `STORY`."""
    if one.article_id == other.article_id:
        return True
    if not (one.headline and other.headline and one.published and other.published):
        return False
    shared = _long_words(one.headline) & _long_words(other.headline)
    return bool(shared) and abs(one.published.moment - other.published.moment) <= STORY


def _long_words(headline: str) -> set[str]:
    return {word.casefold() for word in headline.split() if len(word) >= STORY_WORD_LETTERS_MIN}
