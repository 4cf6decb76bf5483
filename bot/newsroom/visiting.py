"""One web address, named by an operator or an entry, fetched as a page whose article a worker then tells.

Never called with an address of a reader who is no operator.
"""

from bot.newsroom import charsets
from bot.newsroom.courtesy import TOO_MANY, Courtesy
from bot.newsroom.drafts import Given, Unusable, address
from bot.newsroom.fetch import Fetched, FetchFailed, Unreachable
from bot.newsroom.files import PageArrival, Refusal, Seen

REQUEST_TIMEOUT = 408
PAGE_TYPES = ("text/html", "application/xhtml+xml", "")
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


async def arrival(courtesy: Courtesy, url: str, given: Given, *, fills: bool = False) -> PageArrival | Refusal:
    """The page at an address, or why there is none; `given` goes before what it says, or `fills` what it does not."""
    try:
        address(url)
        return arrived(url, await courtesy.page(url, accept=ACCEPT), given, fills=fills)
    except (FetchFailed, Unusable) as error:
        return Refusal(url, str(error), passing=isinstance(error, Unreachable))


def arrived(url: str, fetched: Fetched, given: Given, *, fills: bool) -> PageArrival | Refusal:
    """What was fetched as a page, or why it is none; raises `Unusable` for an address that cannot be kept."""
    if fetched.status != 200:
        passing = fetched.status >= 500 or fetched.status in (REQUEST_TIMEOUT, TOO_MANY)
        return Refusal(url, f"its server answers with status {fetched.status}", passing=passing)
    if fetched.media_type not in PAGE_TYPES:
        return Refusal(url, f"it is {fetched.media_type[:80]}, not a page")
    charset = charsets.in_header(fetched.headers.get("content-type", ""))
    seen = Seen(fetched.url, fetched.headers.get("etag"), fetched.headers.get("last-modified"))
    return PageArrival(url, fetched.content, given, len(fetched.content), address(fetched.url), charset, fills, seen)
