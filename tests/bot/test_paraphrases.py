"""Ten ways to ask for what five sample articles tell by way of somebody's interview, over all samples at once."""

from pathlib import Path

import pytest

from bot import answering, corpus, samples
from bot.newsroom.files import Arrival
from bot.workers import Workers
from retrieval.model import Quote
from storage import articles
from storage.database import Store
from tests.build import NOON, prepared

FIRST_MIN = 8  # of the ten; 47 of all 50 on 2026-11-28
ASKED = {
    ("fishing rights in the upper lake", "Selim Okar"): [
        "What does the Harrow Front want in exchange for the mediators?",
        "What does the Harrow Front demand for the mediators it holds?",
        "What must happen before the Harrow Front hands over the mediators?",
        "What did the Harrow Front's envoy say it wants returned?",
        "What is the Harrow Front asking in return for the mediators?",
        "On what condition will the Harrow Front release the mediators?",
        "What does the Harrow Front hope to gain by holding the mediators?",
        "Under what terms would the Harrow Front hand over its mediators?",
        "What price has the Harrow Front put on the mediators?",
        "Which rights does the Harrow Front want returned before handing over the mediators?",
    ],
    ("return to the cranes on Monday", "Pavel Rusk"): [
        "When will dock workers at Sandrin return to the cranes?",
        "When does the Sandrin dock strike end?",
        "How long did the dock workers at Sandrin strike?",
        "What did Pavel Rusk say about the dock workers' return?",
        "When do the dock workers go back to work in Sandrin?",
        "On which day will Sandrin's dock workers return?",
        "How many days were the dock workers at Sandrin on strike?",
        "What did the union's chairman say about the return of dock workers?",
        "Will the dock workers at Sandrin return to the cranes?",
        "After how many days on strike do the dock workers return to the cranes?",
    ],
    ("searched once and not twice", "Idris Vane"): [
        "What assurance did the Tarn command give about trucks?",
        "How often will trucks be searched, according to the Tarn command?",
        "What did Colonel Vane promise about searching trucks?",
        "Will the trucks be searched twice at Tarn?",
        "What has the Tarn command assured about the searching of trucks?",
        "How many times will trucks be searched on the road from Tarn?",
        "Who gave the assurance that trucks will be searched once?",
        "What was promised about the search of trucks by Tarn?",
        "What assurance about trucks did Colonel Idris Vane give?",
        "What did the letter seen by the Council say about trucks?",
    ],
    ("three weeks early", "Dorte Hallam"): [
        "When will the lake fishing season end?",
        "How early will the lake fishing season end?",
        "What did Dorte Hallam announce about the fishing season?",
        "On what day does the lake fishing season end?",
        "By how many weeks is the fishing season cut short?",
        "When does the fishing season on the lake end this year?",
        "What was decided about the lake fishing season?",
        "What did the fisheries commissioner say about the end of the season?",
        "How many weeks early does the lake fishing season end?",
        "What is the last day of the lake fishing season?",
    ],
    ("Trams will not cross the Velm inlet", "Arvid Dahl"): [
        "When will trams cross the Velm inlet again?",
        "When can trams cross the Velm inlet?",
        "Until when will trams not cross the Velm inlet?",
        "What did Arvid Dahl estimate about trams?",
        "What is the estimate for trams crossing the inlet?",
        "In which year will trams cross the inlet again?",
        "Will trams cross the Velm inlet before 2028?",
        "How long will trams be kept from crossing the Velm inlet?",
        "What estimate did the city's chief engineer give about trams?",
        "When does the chief engineer expect trams to cross the inlet?",
    ],
}


async def first_quotes(store: Store, folder: Path, questions: list[str]) -> list[tuple[Quote, ...]]:
    """The quotes of each question over a corpus of all samples."""
    async with store.writing() as session:
        for each in samples.articles():
            assert isinstance(each, Arrival)
            await articles.put(session, each.draft, prepared(each.draft), now=NOON)
    async with Workers(0) as workers, corpus.opened(store, folder) as engine:
        answers = [await answering.answer(each, store=store, engine=engine, workers=workers) for each in questions]
    return [answer.quotes for answer in answers]


def names(quote: Quote) -> set[str]:
    return {each.attribution.speaker.name for each in quote.statements if each.attribution and each.attribution.speaker}


@pytest.mark.parametrize(("told", "speaker"), ASKED)
async def test_ten_paraphrases_bring_the_sentence_with_its_speaker(
    sqlite_store: Store, tmp_path: Path, told: str, speaker: str
) -> None:
    found = await first_quotes(sqlite_store, tmp_path, ASKED[told, speaker])
    holding = [[told in quote.text for quote in quotes] for quotes in found]
    assert sum(held[:1] == [True] for held in holding) >= FIRST_MIN
    assert all(names(quote) == {speaker} for quotes in found for quote in quotes if told in quote.text)
