"""A question becomes quotes: who said it before what was said, or the honest word that there is nothing."""

from pathlib import Path

import pytest

from bot.localchat import Fault, LocalServer
from bot.telegram.context import ACTS_A_MINUTE_MAX
from retrieval.model import Draft, Supplied
from tests.build import a_day, a_moment, an_article
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at

TRAM = (
    "The tram line to Ostra stayed shut on Monday. “The rails will be replaced before winter,” said Mira Dahl, "
    "a spokeswoman for the works department. Shops along the line reported empty aisles."
)
FERRY = (
    "Harbour pilots warned of fog near Velm. The ferry Marigold carried nine hundred passengers on Sunday. "
    "Nobody at the quay complained."
)


def a_note(text: str) -> Draft:
    """A text that an operator supplied, and nothing on record of it."""
    return Draft(text=text, supplied=Supplied.BY_OPERATOR)


def link_of(reader: Reader) -> str:
    """Where the first link of the bot's latest message leads."""
    return str(next(each for each in reader.messages[-1].entities if each.kind == "text_link").more["url"])


async def test_a_quote_arrives_with_its_speaker_before_its_words(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(TRAM, outlet="Ostra Wire", headline="Tram line shut"))
    await reader.says("When will the rails be replaced?")
    (answer,) = reader.seen
    assert "“The rails will be replaced before winter,” said Mira Dahl" in answer
    assert answer.index("Mira Dahl") < answer.index("“The rails will be replaced")


async def test_the_first_line_is_neutral(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("How many passengers did the ferry Marigold carry?")
    assert reader.seen[0].splitlines()[0].startswith("1 quote · 1 article")


async def test_a_quote_stands_alone_in_its_blockquote(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("How many passengers did the ferry Marigold carry?")
    quoted = reader.messages[-1].spans("blockquote")
    assert quoted
    assert all(words in FERRY for words in quoted)


async def test_outlet_date_and_headline_stand_beside_the_link(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(
        an_article(
            FERRY, outlet="Ostra Wire", headline="Fog near Velm", url="https://ostra.example/f", published=a_day()
        )
    )
    await reader.says("How many passengers did the ferry Marigold carry?")
    assert reader.sees("20 Nov 2026", "Ostra Wire: “Fog near Velm”")
    assert link_of(reader).startswith("https://ostra.example/f#:~:text=")


async def test_a_printed_moment_is_shown_in_each_readers_own_zone(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY, published=a_moment(offset=120)))
    await reader.says("How many passengers did the ferry Marigold carry?")
    assert reader.sees("22 Nov 2026, 12:00 (UTC)")
    assert reader.messages[-1].spans("date_time") == ["22 Nov 2026, 12:00 (UTC)"]


async def test_a_text_without_any_record_says_what_is_missing_and_opens_in_place(
    reader: Reader, newsroom: Newsroom
) -> None:
    await newsroom.publish(a_note(FERRY))
    await reader.says("How many passengers did the ferry Marigold carry?")
    assert reader.sees("No headline, outlet, address or date on record.", "Added 22 Nov 2026.", "Read in place")
    await reader.says(f"/start {link_of(reader).partition('?start=')[2]}")
    assert reader.sees("Stored text, page 1 of 1", FERRY)


async def test_nothing_found_says_what_was_looked_for_and_what_was_searched(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY, published=a_day(day=3)), an_article(TRAM, published=a_day(day=20)))
    await reader.says("Which monitors counted giraffes?")
    assert reader.sees("Nothing found.", "giraffes", "Searched 2 articles, 1 outlet, 3 Nov 2026 – 20 Nov 2026")
    assert not reader.messages[-1].spans("blockquote")


async def test_an_empty_corpus_is_one_honest_line(reader: Reader) -> None:
    await reader.says("What did the mayor say?")
    assert reader.seen == ["No articles are stored yet, so there is nothing to quote. Please ask again later."]


async def test_ask_takes_the_words_after_it(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("/ask How many passengers did the ferry Marigold carry?")
    assert reader.sees("nine hundred passengers")


async def test_what_is_stored_is_found_by_the_next_question(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("When will the rails be replaced?")
    assert not reader.sees("The rails will be replaced")
    await newsroom.publish(an_article(TRAM))
    await reader.says("When will the rails be replaced?")
    assert reader.sees("The rails will be replaced")


async def test_a_misspelt_name_is_looked_for_as_it_is_printed(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY), an_article(TRAM))
    await reader.says("How many passengers did the ferry Marigoldt carry on Sunday?")
    assert reader.sees("nine hundred passengers", "No article has “Marigoldt”; looked for “marigold” as well.")


# ── edits ────────────────────────────────────────────────────────────────────────────────────────


async def test_an_edited_question_edits_its_answer(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY), an_article(TRAM))
    await reader.says("How many passengers did the ferry Marigold carry?")
    count = len(reader.messages)
    await reader.edits("When will the rails be replaced?")
    assert len(reader.messages) == count
    assert reader.sees("The rails will be replaced")
    assert "nine hundred passengers" not in reader.messages[-1].text


async def test_a_question_edited_twice_edits_the_same_answer(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY), an_article(TRAM))
    await reader.says("Where is the giraffe?")
    await reader.edits("When will the rails be replaced?")
    await reader.edits("How many passengers did the ferry Marigold carry?")
    assert len(reader.messages) == 1
    assert reader.sees("nine hundred passengers")


async def test_an_edited_question_whose_answer_never_arrived_gets_one(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await newsroom.publish(an_article(FERRY), an_article(TRAM))
    server.faults.order(Fault.FORBIDDEN, "sendMessage")
    await reader.says("How many passengers did the ferry Marigold carry?")
    await reader.edits("When will the rails be replaced?")
    assert reader.sees("The rails will be replaced")


async def test_a_question_edited_after_ten_minutes_gets_a_new_answer(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await newsroom.publish(an_article(FERRY), an_article(TRAM))
    said = await reader.says("How many passengers did the ferry Marigold carry?")
    said.date -= 601
    await reader.edits("When will the rails be replaced?")
    assert len(reader.messages) == 2
    assert reader.sees("The rails will be replaced", "more than ten minutes")


async def test_an_edit_that_changes_no_word_changes_nothing(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("How many passengers did the ferry Marigold carry?")
    await reader.edits("How many passengers did the ferry Marigold carry?")
    assert reader.seen == []


# ── what is not a question ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("voice", "I cannot listen. I read text only: type the question."),
        ("photo", "I cannot see pictures. I read text only: type the question."),
        ("sticker", "That is a sticker. I read text only: type the question."),
        ("document", "I do not open files from readers. I read text only: type the question."),
    ],
)
async def test_what_cannot_be_read_has_its_sentence(kind: str, sentence: str, reader: Reader) -> None:
    await reader.sends(kind=kind)
    assert reader.seen == [sentence]


async def test_an_empty_ask_is_told_how(reader: Reader) -> None:
    await reader.says("/ask")
    assert reader.sees("Put the question after the command")


@pytest.mark.parametrize(
    "words", ["https://velm-post.example/bridge", "t.me/velm", "/ask velm.org/a https://velm.org/b"]
)
async def test_an_address_is_not_a_question(reader: Reader, words: str) -> None:
    await reader.says(words)
    assert reader.sees("That is an address, not a question.")


async def test_an_address_beside_words_is_no_hindrance(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("How many passengers did the ferry Marigold carry, as in https://velm.org/b?")
    assert reader.sees("nine hundred passengers")


async def test_forwarded_text_is_searched_as_a_question(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.forwards("The ferry Marigold carried passengers on Sunday")
    assert reader.sees("Forwarded text, searched as a question.", "nine hundred passengers")


async def test_a_question_of_four_thousand_characters_is_answered(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says(("How many passengers did the ferry Marigold carry? " * 80)[:4000])
    assert reader.sees("nine hundred passengers")


async def test_of_very_many_words_the_first_are_searched_and_it_is_said(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says(" ".join(f"gull{n}" for n in range(400)))
    assert reader.sees("Nothing found.", "only its first 64 different words were searched")


async def test_a_long_paste_in_several_messages_is_said_to_be_one(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    paste = " ".join(f"gull{n}" for n in range(1500))
    await reader.says(paste[:4090])
    await reader.says(paste[4090:8180])
    assert reader.sees("That looks like one text in several messages.")
    await reader.says(paste[8180:])
    assert reader.seen == []
    await reader.says("/ask How many passengers did the ferry Marigold carry?")
    assert reader.sees("nine hundred passengers")


async def test_a_question_after_a_long_text_that_was_not_cut_is_answered(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says(" ".join(f"gull{n}" for n in range(1500))[:4020])
    await reader.says("How many passengers did the ferry Marigold carry?")
    assert reader.sees("nine hundred passengers")


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────


async def test_too_many_questions_in_a_minute_are_told_the_wait(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    await newsroom.publish(an_article(FERRY))
    for n in range(12):
        newsroom.server.says(reader.chat, reader.user, f"Is there fog near Velm {n}?")
    await reader.says("Is there fog near Velm again?")
    assert reader.sees("That is 12 questions in a minute. Ask again in ", "what you send before is not answered")
    await reader.says("Is there fog near Velm, please?")
    assert reader.seen == []
    await another_reader.says("Is there fog near Velm?")
    assert another_reader.sees("Harbour pilots warned of fog")
    clock.passes(seconds=61)
    await reader.says("Is there fog near Velm now?")
    assert reader.sees("Harbour pilots warned of fog")


async def test_too_many_commands_in_a_minute_are_told_the_wait_once(
    reader: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    for _ in range(ACTS_A_MINUTE_MAX):
        newsroom.server.says(reader.chat, reader.user, "/latest")
    await reader.says("/latest")
    assert reader.sees("That is 30 commands and buttons in a minute. Go on in ")
    await reader.says("/outlets")
    assert reader.seen == []
    clock.passes(seconds=61)
    await reader.says("/outlets")
    assert reader.sees("No articles are stored yet")


async def test_a_quote_that_telegram_would_change_comes_as_a_file(reader: Reader, newsroom: Newsroom) -> None:
    words = "The ferry\u202eMarigold\u202c carried nine hundred passengers on Sunday."
    await newsroom.publish(an_article(words))
    await reader.says("How many passengers did the ferry carry on Sunday?")
    assert reader.sees("holds characters that Telegram would change")
    document = reader.messages[-1].file
    assert document is not None
    assert document.content.decode() == words


async def test_a_question_is_answered_in_the_words_of_a_bot_restarted(
    server: LocalServer, tmp_path: Path, clock: Clock
) -> None:
    async with bot_at(server, tmp_path, clock) as newsroom:
        await newsroom.publish(an_article(FERRY))
        reader = Reader(newsroom, server.add_user("Mira"))
        await reader.says("How many passengers did the ferry Marigold carry?")
    async with bot_at(server, tmp_path, clock) as newsroom:
        again = Reader(newsroom, reader.user, reader.chat)
        await again.presses("In context")
        assert again.sees("The quote in context", "Harbour pilots warned of fog near Velm.")


@pytest.mark.parametrize("question", ["¿Cuánto cuesta un café en Velm?", "Quel est le prix du pain à Velm ?"])
async def test_a_name_alone_does_not_answer_in_another_language(
    reader: Reader, newsroom: Newsroom, question: str
) -> None:
    await newsroom.publish(an_article("The bridge in Velm was closed on Monday. Nobody in Velm was hurt."))
    await reader.says(question)
    assert reader.sees("Nothing found.")


async def test_a_single_word_is_searched_in_the_corpus_own_language(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article("The bridges of Velm were closed on Monday. Nobody was hurt."))
    await reader.says("bridge")
    assert reader.sees("The bridges of Velm were closed on Monday.")


PORT = "Harbour master Ines Varga said the dredger would stay in port until spring."
SUMMER = "The dredger needs another summer of repairs and a new crew, Varga said."


async def test_the_days_read_out_of_a_question_are_shown_and_removed_by_one_tap(
    reader: Reader, newsroom: Newsroom
) -> None:
    await newsroom.publish(
        an_article(PORT, outlet="Ostra Wire", published=a_day(2023, 10, 8)),
        an_article(SUMMER, outlet="Velm Post", published=a_day(2024, 3, 2)),
    )
    await reader.says("What did Varga say about the dredger in October 2023?")
    assert reader.sees("Only articles of 1 Oct 2023 – 31 Oct 2023 (from “in October 2023”).", "until spring")
    assert "another summer" not in reader.seen[-1]
    await reader.presses("Search all dates")
    assert reader.sees("another summer")
    assert "Only articles of" not in reader.seen[-1]


async def test_days_that_leave_nothing_are_given_up_and_the_answer_says_so(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(PORT, published=a_day(2023, 10, 8)))
    await reader.says("What did Varga say about the dredger in May 2024?")
    assert reader.sees("Nothing of the time you named (“in May 2024”) answers", "until spring")


async def test_the_outlet_a_question_names_is_shown_and_removed_by_one_tap(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(
        an_article("The Marigold dredger was sold for eight million crowns.", outlet="Velm Post"),
        an_article("The Marigold dredger was sold for seven million crowns.", outlet="Ostra Wire"),
    )
    await reader.says("How does Ostra Wire write that the Marigold dredger was sold?")
    assert reader.sees("Articles of Ostra Wire come first, as you named it.")
    assert "seven" in reader.messages[-1].spans("blockquote")[0]
    await reader.presses("Any outlet")
    assert "come first" not in reader.seen[-1]
    assert "eight" in reader.messages[-1].spans("blockquote")[0]


async def test_an_outlet_that_answers_nothing_is_not_passed_over_in_silence(reader: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(
        an_article("Fog lay over the Ostra harbour, where a dredger hooted.", outlet="Ostra Wire"),
        an_article("The Marigold dredger was sold to Ebron for nine million crowns.", outlet="Velm Post"),
    )
    await reader.says("For how much was the Marigold dredger sold to Ebron, Ostra Wire?")
    assert reader.sees("Nothing of Ostra Wire answers: others are quoted.", "nine million crowns")


async def test_the_speaker_a_question_asks_for_is_shown_and_removed_by_one_tap(
    reader: Reader, newsroom: Newsroom
) -> None:
    await newsroom.publish(
        an_article(PORT, outlet="Ostra Wire"),
        an_article("The dredger stays in port until spring, engineers of the yard wrote.", outlet="Velm Post"),
    )
    await reader.says("What did Varga say about the dredger in port until spring?")
    assert reader.sees("What Ines Varga said comes first, as you asked for it.")
    await reader.presses("Any speaker")
    assert "comes first" not in reader.seen[-1]
    assert reader.sees("until spring")
