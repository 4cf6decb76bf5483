"""Several blocks become as few messages as hold them; a block is never cut."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.messages import markup
from bot.messages.limits import TEXT_CHARACTERS_MAX
from bot.messages.markup import Markup

GAP = markup.words("\n\n")
HEAD_CHARACTERS_MAX = 200  # kept free for the first line of each message
ROOM = TEXT_CHARACTERS_MAX - HEAD_CHARACTERS_MAX


@dataclass(frozen=True, slots=True)
class Block:
    """What must stay together. `quote` is the ordinal of the quote it shows, None for none."""

    markup: Markup
    quote: int | None = None

    @property
    def fits(self) -> bool:
        """Whether one message can hold it under a first line."""
        return fits(self.markup)


@dataclass(frozen=True, slots=True)
class Part:
    """One message's worth of blocks, under its first line."""

    markup: Markup
    quotes: tuple[int, ...]


def fits(whole: Markup) -> bool:
    return whole.fits and max(len(whole.text), len(whole.plain)) <= ROOM


def pack(blocks: Sequence[Block], head: Callable[[int, int, int], str]) -> list[Part]:
    """The blocks in order, each whole; ``head(part, parts, quotes in it)`` gives the first line of a message."""
    groups = _groups(blocks)
    return [
        Part(
            markup.join(GAP, [markup.words(head(n, len(groups), _quotes(group))), *(each.markup for each in group)]),
            tuple(each.quote for each in group if each.quote is not None),
        )
        for n, group in enumerate(groups, 1)
    ]


def lines_in_pages(lines: Sequence[Markup], head: Markup) -> list[Markup]:
    """Lines under a head, in as many messages as they need; the head stands in each."""
    pages, page = [], head
    for line in lines:
        longer = page + markup.NEWLINE + line
        if not fits(longer) and page is not head:
            pages.append(page)
            longer = head + markup.NEWLINE + line
        page = longer
    return [*pages, page]


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if groups[-1] and not fits(markup.join(GAP, [each.markup for each in [*groups[-1], block]])):
            groups.append([])
        groups[-1].append(block)
    return groups


def _quotes(group: Sequence[Block]) -> int:
    return sum(each.quote is not None for each in group)
