"""Names and headlines in our own lines: closed in their direction, and never quoted in their own marks."""

from bot.messages import shown
from bot.messages.phrases import spoken

ENGLISH = spoken("en")
OPEN, CLOSE = "\u2067", "\u2069"


def test_an_isolate_that_a_name_leaves_open_is_closed() -> None:
    assert shown.line(f"Velm {OPEN}Post", 80) == f"Velm {OPEN}Post{CLOSE}"
    assert shown.line(f"{OPEN}Velm{CLOSE} Post", 80) == f"{OPEN}Velm{CLOSE} Post"
    assert shown.line(f"Velm{CLOSE} Post", 80) == "Velm Post"
    assert shown.line(f"{OPEN}{'Velm ' * 9}{CLOSE}", 10).count(CLOSE) == 1


def test_a_headline_with_quotation_marks_stands_in_others() -> None:
    assert shown.title("Velm Post", "Mayor: “Not now”", ENGLISH) == "Velm Post: ‘Mayor: “Not now”’"
    assert shown.title(None, "Bridge opens", ENGLISH) == "“Bridge opens”"
