"""Connections that can be hung up: a socket's time-out bounds one read, never a whole answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection


class Call:
    """One request under way; `cut` says that it was hung up."""

    def __init__(self) -> None:
        self.cut = False
        self.sockets: list[socket.socket] = []

    def hang_up(self) -> None:
        """End the call: whoever reads from its connection reads its end."""
        self.cut = True
        for held in [*self.sockets]:
            with contextlib.suppress(OSError):
                # The plain socket's own: that of TLS would take the connection apart under a read.
                socket.socket.shutdown(held, socket.SHUT_RDWR)


_under_way = threading.local()


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[Call]:
    """Hang up on what this thread asks within, once so many seconds have passed."""
    call = _under_way.call = Call()
    timer = threading.Timer(seconds, call.hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield call
    finally:
        timer.cancel()
        _under_way.call = None


def _hold(connection: HTTPConnection) -> None:
    """Remember the socket: the connection forgets it when the answer's headers are read."""
    call: Call | None = getattr(_under_way, "call", None)
    if call is not None and connection.sock is not None:
        call.sockets.append(connection.sock)


class _Plain(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        _hold(self)


class _Safe(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        _hold(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _Safe


POOLS = {"http": _PlainPool, "https": _SafePool}


class Lines(HTTPAdapter):
    """The connections of a session, of which `at_most` can hang up."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools, of our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:
        """Make the pools behind a proxy, of our connections."""
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        if type(manager) is ProxyManager:  # one for SOCKS has connections of its own
            manager.pool_classes_by_scheme = POOLS
        return manager
