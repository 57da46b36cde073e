"""Signing in: what is taken as a name and a password, and from where it comes."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

LONGEST_PASSWORD = 4_096
# How many tries are left when they are counted aloud.
FEW = 2
NOT_THESE = (
    "This name and this password do not belong together, or the account is not in use. Capitals "
    "count in both. An administrator can set a new password."
)


class SignInForm(AdminAuthenticationForm):
    """A name and a password, neither longer than one can be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bound both fields: Django only tells the browser to, and PostgreSQL would refuse."""
        super().__init__(*args, **kwargs)
        self.error_messages = {**self.error_messages, "invalid_login": NOT_THESE}
        longest = {"username": self.username_field.max_length, "password": LONGEST_PASSWORD}
        for name, length in longest.items():
            said = f"No {name} is longer than {length:,} characters."
            self.fields[name].validators.append(MaxLengthValidator(length, said))

    def get_invalid_login_error(self) -> ValidationError:
        """Say that it was wrong; near the lock, also how many tries are left."""
        error: ValidationError = super().get_invalid_login_error()
        # The same for a name that nobody has: it too is counted and locked.
        failed = getattr(self.request, "axes_failures_since_start", None) or 0
        left = settings.IL2TRACKER_SIGN_IN_FAILURES - failed
        if not failed or not 0 < left <= FEW:
            return error
        minutes = settings.IL2TRACKER_SIGN_IN_WAIT
        tries = "One more try" if left == 1 else f"{left} more tries"
        wait = f"{minutes} minute{'s' if minutes != 1 else ''}"
        said = f"{tries}, then this name is locked here for {wait}."
        return ValidationError([error, ValidationError(said, code="few_left")])


def address_of(request: HttpRequest) -> str | None:
    """Return the address that failed sign-ins are counted by, None where there is none.

    Behind a proxy it is the one that our own proxy added, the last. A network hands out far more
    IPv6 addresses than one to everybody, so of these the first 64 bits count.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.IL2TRACKER_BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    try:
        address = ipaddress.ip_address(said.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
