"""One article, many addresses: what makes no difference, and what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom import identity

SAME = """
https://velm-post.example/2026/bridge?id=7
http://velm-post.example/2026/bridge?id=7
https://www.velm-post.example/2026/bridge/?id=7
https://m.velm-post.example/2026/bridge?id=7&utm_source=feed&utm_medium=rss
https://velm-post.example:443/2026/bridge?fbclid=abc&id=7#top
https://amp.velm-post.example/amp/2026/bridge?id=7
https://velm-post.example/2026/bridge/amp?id=7&gclid=1
https://VELM-POST.example/2026/bridge?id=7&outputType=amp
https://velm--post-example.cdn.ampproject.org/c/s/velm-post.example/2026/bridge?id=7&usqp=mq331
https://www.google.com/amp/s/velm-post.example/2026/bridge?id=7
"""
OTHERS = """
https://velm-post.example/2026/bridge?id=8
https://velm-post.example/2026/Bridge?id=7
https://velm-post.example:8443/2026/bridge?id=7
https://ostra.velm-post.example/2026/bridge?id=7
https://velm-post.example/2026/bridge-amp?id=7
https://velm-post.example/2026/bridge
https://evil.example/c/s/velm-post.example/2026/bridge?id=7
"""


@pytest.mark.parametrize("url", SAME.split())
def test_an_address_of_the_same_page_has_the_same_key(url: str) -> None:
    assert identity.key(url) == "velm-post.example/2026/bridge?id=7"


@pytest.mark.parametrize("url", OTHERS.split())
def test_an_address_of_another_page_has_another_key(url: str) -> None:
    assert identity.key(url) != identity.key(SAME.split()[0])


def test_a_site_is_its_host_and_its_variants() -> None:
    assert identity.same_site("https://www.velm-post.example/a", "http://m.velm-post.example/b?x")
    assert not identity.same_site("https://velm-post.example/a", "https://velm-post.example.evil.example/a")


@given(st.text(max_size=60))
def test_any_address_has_a_key_that_can_be_stored(tail: str) -> None:
    key = identity.key(f"https://velm-post.example/{tail}")
    assert key.encode().decode() == key
