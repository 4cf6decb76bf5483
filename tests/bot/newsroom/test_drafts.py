"""From fields to a draft and back: nothing changed but what cannot be stored, dates as printed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom import drafts
from bot.newsroom.drafts import Given, Unusable, draft_of, fields_of
from retrieval.model import Draft, Precision
from tests.build import a_day, a_moment, an_article

ANY_TEXT = st.text(alphabet=st.characters(codec=None, categories=None), min_size=1, max_size=200)


@given(ANY_TEXT)
def test_cleaning_changes_only_what_cannot_be_stored(text: str) -> None:
    kept = text.removeprefix("\ufeff")
    cleaned = drafts.clean(text)
    assert len(cleaned) == len(kept)
    for old, new in zip(kept, cleaned, strict=True):
        unstorable = old == "\0" or "\ud800" <= old <= "\udfff"
        assert new == ("\ufffd" if unstorable else old)
    cleaned.encode()


def test_spaces_newlines_and_composition_stay() -> None:
    text = "  a\r\n\tb\u0301\u00a0\u200b\n\n"
    assert drafts.usable_text(text) == text


@pytest.mark.parametrize("text", ["", "  \n\t", "\ufeff", "\u00a0"])
def test_an_article_without_words_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="no text"):
        draft_of({"text": text})


@pytest.mark.parametrize(
    ("written", "shown", "offset"),
    [
        ("2023-10-08", "2023-10-08", None),
        ("2023-10-08T09:00:00+03:00", "2023-10-08T09:00:00+03:00", 180),
        ("2023-10-08T09:00:00-04:30", "2023-10-08T09:00:00-04:30", -270),
        ("2023-10-08T09:00:00Z", "2023-10-08T09:00:00Z", 0),
        ("2023-10-08T09:00", "2023-10-08T09:00:00Z", None),
        ("1000-01-01", "1000-01-01", None),
        ("9998-12-31T23:59:59+14:00", "9998-12-31T23:59:59+14:00", 840),
    ],
)
def test_a_date_is_kept_as_printed(written: str, shown: str, offset: int | None) -> None:
    published = drafts.published(written)
    assert published.isoformat() == shown
    assert published.offset == offset
    assert published.moment.tzinfo is UTC


@pytest.mark.parametrize("written", ["20231008", "2023-W40-7", "2023W407"])
def test_a_day_written_otherwise_stays_that_day(written: str) -> None:
    assert drafts.published(written) == drafts.published("2023-10-08")


@pytest.mark.parametrize("written", ["2023-W40", "2023W40", "2023-W40T10:00"])
def test_a_week_is_no_day(written: str) -> None:
    with pytest.raises(drafts.Unusable):
        drafts.published(written)


def test_a_bare_day_is_never_given_an_hour() -> None:
    published = drafts.published("2023-10-08")
    assert published.precision is Precision.DAY
    assert published.moment == datetime(2023, 10, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "8 Oct 2023",
        "2023-13-01",
        "9999-12-31T23:00:00-05:00",
        "0999-12-31",
        "2023-10-08T09:00+03:00:30",
        "",
    ],
)
def test_an_impossible_date_is_refused(written: str) -> None:
    with pytest.raises(Unusable, match="published_at"):
        drafts.published(written)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "Words.", "title": "x"}, "unknown field 'title'"),
        ({"text": "Words.", "opinion": "yes"}, "opinion is neither true nor false"),
        ({"text": "Words.", "headline": 7}, "headline is int"),
        ({"headline": "No words"}, "no text"),
        ({"text": ["Words."]}, "text is list"),
        ({"text": "Words.", "url": "velm-post.example/1"}, "web address"),
        ({"text": "Words.", "url": "javascript:alert(1)"}, "web address"),
        ({"text": "Words.", "url": "https://[::1"}, "web address"),
        ({"text": "Words.", "language": "English!"}, "BCP 47"),
        ({"text": "Words.", "id": "i" * 600}, "id has 600"),
        ({"text": "w" * 1_000_001}, "1000001 characters"),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_name(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        draft_of(fields)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://velm-post.example/1?a=b#entry-7", "https://velm-post.example/1?a=b#entry-7"),
        ("https://velm-post.example/1#entry-7:~:text=a,b", "https://velm-post.example/1#entry-7"),
        ("https://velm-post.example/1#:~:text=a", "https://velm-post.example/1"),
        ("https://velm-post.example/1#", "https://velm-post.example/1"),
    ],
)
def test_an_address_keeps_its_fragment_but_no_text_directive(url: str, kept: str) -> None:
    assert draft_of({"text": "Words.", "url": url}).url == kept


@pytest.mark.parametrize(
    "draft",
    [
        an_article(),
        an_article(published=a_day(), byline="Ada Byron", dateline="VELM, Tuesday", language="en"),
        an_article("\r\nTwo\n\n“lines”. ", external_id=None, url=None, outlet=None, headline=None),
        an_article(published=a_moment()),
        replace(an_article(), opinion=True),
    ],
)
def test_an_exported_draft_reads_back_the_same(draft: Draft) -> None:
    assert draft_of(fields_of(draft)) == draft


def test_options_give_way_to_a_line_and_not_to_a_page() -> None:
    given = Given(outlet="Ostra Wire", language="en")
    draft = an_article(outlet="Velm Post")
    assert (given.under(draft).outlet, given.under(draft).language) == ("Velm Post", "en")
    assert given.over(draft).outlet == "Ostra Wire"


def test_a_sample_outlet_is_known_whatever_its_case() -> None:
    assert drafts.is_sample("Velm Post (Sample) ")
    assert not drafts.is_sample("Sample Post")
    assert not drafts.is_sample(None)
