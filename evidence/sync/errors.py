"""Why a decision about what came in was not carried out, in words for the person who made it."""

from __future__ import annotations


class Refused(Exception):
    """A decision that this person may not make now; the message says why and what would help."""
