"""One web address, named by an operator or an entry, fetched as a page whose article a worker then tells.

Never called with an address of a reader who is no operator.
"""

from bot.newsroom import charsets
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.drafts import Given, Unusable, address
from bot.newsroom.fetch import Fetched, FetchFailed
from bot.newsroom.files import PageArrival, Refusal

PAGE_TYPES = ("text/html", "application/xhtml+xml", "")
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


async def arrival(courtesy: Courtesy, url: str, given: Given) -> PageArrival | Refusal:
    """The page at an address, or why there is none."""
    try:
        address(url)
        return _arrived(url, await courtesy.page(url, accept=ACCEPT), given)
    except (FetchFailed, Unusable) as error:
        return Refusal(url, str(error))


def _arrived(url: str, fetched: Fetched, given: Given) -> PageArrival | Refusal:
    if fetched.status != 200:
        return Refusal(url, f"its server answers with status {fetched.status}")
    if fetched.media_type not in PAGE_TYPES:
        return Refusal(url, f"it is {fetched.media_type[:80]}, not a page")
    charset = charsets.in_header(fetched.headers.get("content-type", ""))
    return PageArrival(url, fetched.content, given, len(fetched.content), address(fetched.url), charset)
