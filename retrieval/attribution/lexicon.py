"""The words that the rules go by, one file a language, read once; a language without a file has the undetermined one.

Lexicons hold function words, reporting verbs and the nouns of offices. None names a person, a group or an outlet.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from retrieval.model import Sense

UNDETERMINED = "und"


class Kind:
    """What an item of the text is or may be, as bits; plain integers, because every item is asked many times."""

    NONE = 0
    DETERMINER = 1 << 0
    PREPOSITION = 1 << 1
    BE = 1 << 2
    HAVE = 1 << 3
    DO = 1 << 4
    MODAL = 1 << 5
    NEGATION = 1 << 6
    CONJUNCTION = 1 << 7
    SUBORDINATOR = 1 << 8
    RELATIVE = 1 << 9
    COMPLEMENTIZER = 1 << 10
    HE = 1 << 11
    SHE = 1 << 12
    THEY = 1 << 13
    IT = 1 << 14
    OTHER_PRONOUN = 1 << 15
    OBJECT_PRONOUN = 1 << 16
    ADVERB = 1 << 17
    TIME = 1 << 18
    TITLE = 1 << 19
    ROLE = 1 << 20
    CUE = 1 << 21
    CAPITAL = 1 << 22
    POSSESSIVE = 1 << 23
    COMMA = 1 << 24
    COLON = 1 << 25
    DASH = 1 << 26
    STOP = 1 << 27
    QUOTE = 1 << 28
    PARENTHESIS = 1 << 29
    NUMBER = 1 << 30
    WORD = 1 << 31
    INDEFINITE = 1 << 32
    SEMICOLON = 1 << 33
    SPEECH = 1 << 34


class Shape:
    """The forms of a verb that a word may be, as bits."""

    BASE = 1
    PRESENT = 2
    PAST = 4
    PARTICIPLE = 8
    GERUND = 16


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word in one of its forms. `takes` is what may follow it or stand by it."""

    lemma: str
    name: str
    sense: Sense
    takes: frozenset[str]
    shape: int


_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, ready for looking up in lower case."""

    language: str
    kinds: Mapping[str, int]
    cues: Mapping[str, Cue]
    roles: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has(self, group: str, word: str) -> bool:
        return word in self.words.get(group, _NONE)


_KIND_OF_GROUP = {
    "determiners": Kind.DETERMINER,
    "indefinites": Kind.INDEFINITE,
    "prepositions": Kind.PREPOSITION,
    "be": Kind.BE,
    "have": Kind.HAVE,
    "do": Kind.DO,
    "modals": Kind.MODAL,
    "negations": Kind.NEGATION,
    "conjunctions": Kind.CONJUNCTION,
    "subordinators": Kind.SUBORDINATOR,
    "relatives": Kind.RELATIVE,
    "complementizers": Kind.COMPLEMENTIZER,
    "pronouns_he": Kind.HE,
    "pronouns_she": Kind.SHE,
    "pronouns_they": Kind.THEY,
    "pronouns_it": Kind.IT,
    "pronouns_other": Kind.OTHER_PRONOUN,
    "objects_pronoun": Kind.OBJECT_PRONOUN,
    "adverbs": Kind.ADVERB,
    "times": Kind.TIME,
    "titles": Kind.TITLE,
}


@cache
def lexicon_of(language: str) -> Lexicon:
    """The lexicon of a BCP 47 primary subtag, or the undetermined one, which knows marks only."""
    folder = resources.files(__package__) / "lexicons"
    name = f"{language}.toml" if language.isalpha() else ""
    page = folder / name if name and (folder / name).is_file() else folder / f"{UNDETERMINED}.toml"
    return read(language, tomllib.loads(page.read_text(encoding="utf-8")))


def read(language: str, page: Mapping[str, Any]) -> Lexicon:
    """A lexicon from the tables of its file."""
    words = {group: frozenset(line.split()) for group, line in page.get("words", {}).items()}
    for section in (
        "words_things",
        "nouns",
        "carriers",
        "names",
        "times",
        "places",
        "governed",
        "passive_links",
        "noun_links",
        "particles",
        "blocked",
    ):
        words |= {f"{section}.{group}": frozenset(line.split()) for group, line in page.get(section, {}).items()}
    roles, gendered = _roles(page.get("words_roles", {}))
    words |= gendered
    words |= _particles(page.get("cues", []))
    words |= _mood(page.get("mood", {}))
    prefixes = page.get("prefixes", {}).get("verbs", "").split()
    also = {lemma: frozenset(line.split()) for lemma, line in page.get("also", {}).items()}
    cues = {
        form: replace(cue, takes=cue.takes | also.get(cue.lemma, _NONE))
        for group in page.get("cues", [])
        for form, cue in _cues(group, prefixes)
    }
    kinds = dict(_kinds(words, roles, cues))
    return Lexicon(language, kinds, cues, roles, words)


def _kinds(words: Mapping[str, frozenset[str]], roles: Iterable[str], cues: Iterable[str]) -> Iterator[tuple[str, int]]:
    kinds: dict[str, int] = {}
    groups = [(kind, words.get(group, frozenset())) for group, kind in _KIND_OF_GROUP.items()]
    for kind, members in [*groups, (Kind.ROLE, roles), (Kind.CUE, cues)]:
        for word in members:
            kinds[word] = kinds.get(word, 0) | kind
    return iter(kinds.items())


def _roles(page: Mapping[str, Any]) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Each noun of office with all that may name the same office; and the nouns that tell he from she."""
    roles: dict[str, frozenset[str]] = {}
    for line in page.get("groups", []):
        members = frozenset(line.split())
        for word in members:
            roles[word] = roles.get(word, frozenset()) | members
    gendered = {f"roles.{group}": frozenset(page.get(group, "").split()) for group in ("he", "she", "generic")}
    return roles, gendered


def _cues(group: Mapping[str, str], prefixes: Iterable[str]) -> Iterator[tuple[str, Cue]]:
    takes = frozenset(group["takes"].split())
    forms_of = (_irregular, "irregular"), (_regular, "regular"), (_separable, "separable")
    listed = [forms for read_line, key in forms_of for forms in read_line(group.get(key, ""))]
    for forms in [*listed, *_listed(group)]:
        for word, shape in forms.items():
            cue = Cue(next(iter(forms)), group["name"], Sense(group["sense"]), takes, shape)
            yield word, cue
            yield from ((prefix + word, cue) for prefix in prefixes)


def _irregular(line: str) -> Iterator[dict[str, int]]:
    shapes = (Shape.BASE, Shape.PRESENT, Shape.PAST, Shape.PARTICIPLE, Shape.GERUND)
    for entry in line.split():
        forms: dict[str, int] = {}
        for word, shape in zip(entry.split("/"), shapes, strict=True):
            forms[word] = forms.get(word, 0) | shape
        yield forms


def _regular(line: str) -> Iterator[dict[str, int]]:
    for base in line.split():
        stem = base[:-1] if base.endswith("e") else base
        past = base[:-1] + "ied" if base.endswith("y") and base[-2] not in "aeiou" else stem + "ed"
        present = base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + _plural(base)
        forms = {
            base: Shape.BASE,
            present: Shape.PRESENT,
            past: Shape.PAST | Shape.PARTICIPLE,
            stem + "ing": Shape.GERUND,
        }
        if _doubles(base):  # "admitted", "slamming", "signalled" beside "signaled"
            forms |= {base + base[-1] + "ed": Shape.PAST | Shape.PARTICIPLE, base + base[-1] + "ing": Shape.GERUND}
        yield forms


def _doubles(base: str) -> bool:
    """Whether a verb's last consonant may be doubled: it is one alone, behind one vowel alone."""
    if len(base) < 3 or base[-1] in "aeiouwxy":
        return False
    return base[-2] in "aeiou" and base[-3] not in "aeiou"


def _plural(base: str) -> str:
    return "es" if base.endswith(("s", "sh", "ch", "x")) else "s"


def _listed(group: Mapping[str, str]) -> Iterator[dict[str, int]]:
    """Finite forms, participles and gerunds given word by word, for languages that inflect more."""
    shapes = {
        "finite": Shape.PRESENT | Shape.PAST,
        "participles": Shape.PARTICIPLE,
        "gerunds": Shape.GERUND,
        "infinitives": Shape.BASE,
    }
    forms: dict[str, int] = {}
    for key, shape in shapes.items():
        for word in group.get(key, "").split():
            forms[word] = forms.get(word, 0) | shape
    yield from ({word: shape} for word, shape in forms.items())


def _separable(line: str) -> Iterator[dict[str, int]]:
    """Verbs that part: "mit/teilte/teilt/teilten/teilen/geteilt" gives "teilte" with its "mit", and "mitteilte"."""
    for entry in line.split():
        particle, *finite, participle = entry.split("/")
        infinitive = finite[-1]
        for form in finite:
            yield {form: Shape.PRESENT | Shape.PAST}
            yield {particle + form: Shape.PRESENT | Shape.PAST}
        yield {particle + participle: Shape.PARTICIPLE}
        yield {particle + "zu" + infinitive: Shape.BASE}


def _particles(groups: Iterable[Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Under "separable" the forms that are verbs of saying only with a particle; under each particle its forms."""
    plain: set[str] = set()
    parting: dict[str, set[str]] = {}
    for group in groups:
        plain.update(word for key in ("finite", "participles") for word in group.get(key, "").split())
        for entry in group.get("separable", "").split():
            particle, *finite, _ = entry.split("/")
            parting.setdefault(particle, set()).update(finite)
    forms: set[str] = set().union(*parting.values())
    found = {f"particles.{particle}": frozenset(words) for particle, words in parting.items()}
    return found | {"separable": frozenset(forms - plain)}


def _mood(page: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The forms of the mood of reports: irregular ones as they stand, others made from their stems."""
    stems = page.get("stems", "").split()
    return (
        {"reporting_mood": frozenset([*page.get("forms", "").split(), *(stem + "e" for stem in stems)])} if page else {}
    )
