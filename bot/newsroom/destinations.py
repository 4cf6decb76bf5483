"""Where the newsroom connects to: public addresses only, checked after the name is resolved, and then exactly those.

A network backend for httpcore: what was checked is what is connected to, so that no second answer of a name
server (rebinding) leads anywhere else. Knows nothing of HTTP.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

ADDRESSES_TRIED_MAX = 4

# Networks that lead back to the machine or its neighbours, though the registries call some of them global.
SPECIAL = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"), ip_network("2001::/23"))
UNICAST = ip_network("2000::/3")  # all that IPv6 has given out
NAT64 = ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Awaitable[list[str]]]


class NotPublic(Exception):
    """A name leads only to addresses that are not public; the text says to which."""


async def resolved(host: str, port: int) -> list[str]:
    """The numeric addresses of a host, as the machine's own resolver gives them; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public Internet: no private, loopback, link-local, multicast one.

    An IPv6 address that carries an IPv4 one is judged by that.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried = _carried(found)
    if carried is not None:
        return _is_public(carried)
    if isinstance(found, IPv6Address) and found not in UNICAST:
        return False
    return _is_public(found)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if any(found in network for network in SPECIAL if network.version == found.version):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _carried(found: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, translated or tunnelled IPv6 address leads to."""
    if isinstance(found, IPv4Address):
        return None
    return found.ipv4_mapped or found.sixtofour or (IPv4Address(int(found) & 0xFFFF_FFFF) if found in NAT64 else None)


class Guarded(httpcore.AsyncNetworkBackend):
    """Connections to checked addresses alone; `private` lets all others in too."""

    def __init__(self, *, private: bool, resolve: Resolve = resolved) -> None:
        self._private = private
        self._resolve = resolve
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A stream to one of the host's public addresses; raises `NotPublic` where it has none."""
        failure: Exception | None = None
        for address in (await self._checked(host, port))[:ADDRESSES_TRIED_MAX]:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 -- the library's own signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: the newsroom talks to hosts."""
        raise NotPublic("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known to the name server") from error
        allowed = found if self._private else [each for each in found if is_public(each)]
        if found and not allowed:
            raise NotPublic(f"{host} leads to {found[0]}, which is no public address")
        return allowed
