"""What the database refused of a record, in the words of its constraint."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import DataError

from evidence.models import Trial

UNKNOWN = "The database refused it: {error}."
TOO_LARGE = "One of its texts or figures is larger than its column takes, or is no text."
SLUG_TAKEN = (
    "Another trial stands under its number in addresses{named}: give that one another name there."
)


def in_words(error: Exception, *, slug: str = "") -> str:
    """Return in a sentence why a record was refused, given the name that its trial was to have."""
    said = " ".join(str(error).partition("DETAIL:")[0].split())
    for model in apps.get_app_config("evidence").get_models():
        for constraint in model._meta.constraints:
            if re.search(rf"\b{re.escape(constraint.name)}\b", said):
                return str(getattr(constraint, "violation_error_message", said))
    if isinstance(error, DataError | OverflowError | UnicodeError):
        return TOO_LARGE
    if re.search(r"evidence_trial[._]slug", said):
        other = Trial.objects.filter(slug=slug).first() if slug else None
        return SLUG_TAKEN.format(named=f" (“{other.title}”)" if other is not None else "")
    return UNKNOWN.format(error=said.rstrip(".")[:200])
