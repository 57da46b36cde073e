"""How tests read a page."""

from __future__ import annotations

import re

from django.test import Client


def body(client: Client, path: str, *, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def words(html: str) -> str:
    """The text of a page, tags left out and spaces joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
