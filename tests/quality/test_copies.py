"""Measures the finding of edited copies over folders of real news. Holds none of that news.

Each article is printed again by another outlet as editors do: its tail cut by 15 to 50%, 5% of its words changed, a
new headline before it, and all of them at once. Recall is the share whose original is found by fingerprints and then
confirmed; precision the share of confirmed pairs that are an article and its copy, or two articles that are copies.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from time import process_time

import pytest

from retrieval import likeness
from storage.copies import HOLDERS_MAX
from tests.quality.corpus import BRIEFING_DATA, rows

SETS = ("news", "news2022")
PRECISION_MIN, RECALL_MIN = 0.98, 0.95
pytestmark = pytest.mark.quality


def tail_cut(text: str, chance: random.Random) -> str:
    end = text.rfind(". ", 0, int(len(text) * chance.uniform(0.5, 0.85))) + 1
    return text[:end] or text


def words_changed(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    return " ".join(chance.choice(words) if chance.random() < 0.05 else word for word in words)


def headed(text: str, chance: random.Random) -> str:
    return " ".join(chance.choices(text.split(), k=10)) + "\n" + text


def all_at_once(text: str, chance: random.Random) -> str:
    return headed(words_changed(tail_cut(text, chance), chance), chance)


@pytest.mark.parametrize("name", SETS)
def test_edited_copies_are_found_and_nothing_else(name: str) -> None:
    folder = BRIEFING_DATA / name
    if not folder.is_dir():
        pytest.skip(f"no folder {name} of news to measure over; name one with BRIEFING_DATA")
    texts = [row["text"] for row in rows(folder / "articles.jsonl")]
    began = process_time()
    sets = [likeness.shingles(text) for text in texts]
    print(f"\n{name}: {(process_time() - began) / len(texts) * 1_000:.1f} ms of one core an article")
    print(f"{name}: {sum(count - 1 for count in Counter(texts).values())} identical texts under other addresses")
    holders = defaultdict[int, list[int]](list)
    for number, found in enumerate(sets):
        for each in likeness.fingerprints(found):
            holders[each].append(number)
    found_again = right = wrong = 0
    edits: list[Callable[[str, random.Random], str]] = [tail_cut, words_changed, headed, all_at_once]
    for edit in edits:
        chance, recalled = random.Random(edit.__name__), 0
        for number, text in enumerate(texts):
            copy = likeness.shingles(edit(text, chance))
            near = [holders[each] for each in likeness.fingerprints(copy) if len(holders[each]) <= HOLDERS_MAX]
            hits = [other for other in {o for some in near for o in some} if likeness.is_copy(copy, sets[other])]
            recalled += any(texts[other] == text for other in hits)
            right += sum(likeness.is_copy(sets[number], sets[other]) for other in hits)
            wrong += sum(not likeness.is_copy(sets[number], sets[other]) for other in hits)
        print(f"{name}: {edit.__name__}: recall {recalled / len(texts):.3f}")
        found_again += recalled
        assert recalled / len(texts) >= RECALL_MIN
    print(f"{name}: precision {right / (right + wrong):.4f}, recall {found_again / len(texts) / len(edits):.4f}")
    assert right / (right + wrong) >= PRECISION_MIN
