"""One article, many addresses: what an address is told apart by, and which hosts are one site.

Tracking parameters, AMP, http beside https, mobile hosts and a slash at the end make no other article. The
address that is shown and linked stays as it was given.
"""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Parameters that tell where a reader came from, never what the page shows.
TRACKING = re.compile(
    r"(utm|at|mc|pk|piwik|matomo|hsa|oly|vero|wt|ns|stm|trk|__hs)_[a-z0-9_]*"
    r"|[a-z]{0,3}clid|gclsrc|igshid?|_ga|_gl|_hsenc|_hsmi|cmpid|ocid|ito|smid|smtyp|ref_?src|ref_?url"
    r"|traffic_?source|xtor|mkt_tok|soc_src|soc_trk|taid|__twitter_impression|__source|guccounter|guce_[a-z_]+",
    re.IGNORECASE,
)
AMP_PARAMETERS = frozenset({"amp", "outputtype", "usqp", "amp_js_v", "amp_gsa"})
AMP_PATH = re.compile(r"^/amp(?=/)|(?<=/)amp/?$|\.amp(?=\.html?$|$)|(?<=/)amp\.html?$", re.IGNORECASE)
AMP_CACHE = re.compile(r"/(?:[cv]/)?(?P<safe>s/)?(?P<rest>[^/]+\.[^/]+/.*)", re.IGNORECASE)
AMP_CACHE_HOST = re.compile(r"(?:[\w-]+\.)?cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]{2,6}", re.IGNORECASE)
VARIANT_HOST = re.compile(r"^(?:(?:www[0-9]?|m|mobile|touch|amp|edition)\.)+(?=[^.]+\.[^.])", re.IGNORECASE)
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}


def key(url: str) -> str:
    """What two addresses of one article have in common; not itself an address to open."""
    try:
        parts = urlsplit(_out_of_cache(url))
        port = parts.port
    except ValueError:
        return url
    host = VARIANT_HOST.sub("", (parts.hostname or "").lower().rstrip("."))
    if port is not None and port != DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    path = INDEX_PAGE.sub("/", AMP_PATH.sub("", unquote(parts.path, errors="surrogateescape"))).rstrip("/")
    said = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _tells(name, value)]
    query = f"?{urlencode(sorted(said), errors='surrogateescape')}" if said else ""
    return f"{host}{path}{query}".encode(errors="replace").decode()


def same_site(one: str, other: str) -> bool:
    """Whether two addresses stand on one host, but for its variants for phones and AMP."""
    return key(one).partition("/")[0].partition("?")[0] == key(other).partition("/")[0].partition("?")[0]


def _tells(name: str, value: str) -> bool:
    if name.lower() in AMP_PARAMETERS or (name.lower() == "output" and value.lower() == "amp"):
        return False
    return TRACKING.fullmatch(name) is None


def _out_of_cache(url: str) -> str:
    """The publisher's own address of a page that an AMP cache gave."""
    parts = urlsplit(url)
    if not AMP_CACHE_HOST.fullmatch(parts.hostname or ""):
        return url
    path = parts.path.removeprefix("/amp") if "google." in (parts.hostname or "") else parts.path
    if path == parts.path and "google." in (parts.hostname or ""):
        return url
    found = AMP_CACHE.fullmatch(path)
    return f"http{'s' if found['safe'] else ''}://{found['rest']}?{parts.query}" if found else url
