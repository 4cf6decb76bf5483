"""Ports for servers of tests that must know theirs before they start."""

import contextlib
import os
import socket

# Each process of a test run has a hundred ports of its own.
_PORTS = iter(range(20_000 + 100 * (os.getpid() % 100), 20_100 + 100 * (os.getpid() % 100)))


def free_port() -> int:
    """A port of this process's own that is free: below those that connections are given, which are soon taken."""
    for port in _PORTS:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")
