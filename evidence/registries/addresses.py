"""Which addresses may be asked, and how they are named to people."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_CHARACTERS = 200


def may_be_asked(url: str, hosts: Collection[str]) -> bool:
    """Return whether an address is of one of the hosts, and safe; http is for this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    bare = not (parts.username or parts.password or parts.fragment)
    return safe and bare and host in hosts


def place(url: str) -> str:
    """Return the host and path of an address; its query may hold a key."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"[:MOST_CHARACTERS]
