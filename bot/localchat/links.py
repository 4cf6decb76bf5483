"""Which addresses Telegram lets a text or a button open."""

from urllib.parse import urlsplit

URL_CHARACTERS_MAX = 4096

_WEB = ("http", "https")
_OWN = ("tg", "ton", "tonsite")


def checked(url: str) -> str | None:
    """`url` as Telegram would keep it, or None where it is no link to Telegram.

    A host without a dot (``localhost``) is no link; a bare host gets ``http://``.
    """
    text = url.strip()
    if not text or any(character.isspace() for character in text):
        return None
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in _OWN:
        return text if rest.strip("/") else None
    return _checked_web(text if "://" in text else f"http://{text}")


def _checked_web(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme.lower() not in _WEB or not port_is_valid or not _is_host(host):
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url.rstrip('/')}/"


def _is_host(host: str) -> bool:
    if ":" in host:
        return True  # urlsplit has checked the brackets of an IPv6 address
    labels = host.rstrip(".").split(".")
    return len(labels) > 1 and all(labels)
