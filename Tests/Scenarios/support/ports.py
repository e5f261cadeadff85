"""Ports for servers of the tests."""

import random
import socket


def free_port() -> int:
    """A free loopback port below the range from which the kernel takes those of outgoing connections."""
    chosen = random.SystemRandom()
    while True:
        port = chosen.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
