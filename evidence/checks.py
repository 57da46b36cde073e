"""System checks for whoever puts a copy in front of the public (`manage.py check --deploy`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def base_url_is_public(**_: Any) -> list[checks.CheckMessage]:
    """The address that exports and citations print must be one that strangers can open."""
    if settings.IL2TRACKER_BASE_URL.startswith("https://"):
        return []
    return [
        checks.Warning(
            f"IL2TRACKER_BASE_URL is {settings.IL2TRACKER_BASE_URL}, not an https address.",
            hint="Set it to the public address: it stands in the url column of every export.",
            id="evidence.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def contact_is_known(**_: Any) -> list[checks.CheckMessage]:
    """Every page offers to report a mistake: somebody must receive it."""
    if settings.IL2TRACKER_CONTACT:
        return []
    return [
        checks.Warning(
            "IL2TRACKER_CONTACT is empty, so readers cannot report a mistake or a missing study.",
            hint="Set it to an e-mail address or an https address.",
            id="evidence.W002",
        )
    ]
