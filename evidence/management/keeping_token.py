"""A new token for the data version: running processes drop what they keep, and no page changes."""

from __future__ import annotations

import secrets

# Number and date stay: the restored evidence is that version, and its exports are the same bytes.
NEW_TOKEN = "UPDATE evidence_dataversion SET token = '{}' WHERE id = 1"  # noqa: S105


def new_token() -> str:
    """Return a token that no process can have kept anything for."""
    return secrets.token_hex(16)
