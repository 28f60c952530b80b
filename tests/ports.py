"""Ports for the servers that tests start."""

import socket
from random import SystemRandom

QUIET = range(20_000, 32_000)
"""Below the ports that Linux gives out by itself: nobody's outgoing connection takes one between here and the server's start."""


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    for port in SystemRandom().sample(QUIET, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("a hundred ports were tried and something is on each")
