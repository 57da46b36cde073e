"""Signing in: what is taken as a name and a password, and from where it comes."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

LONGEST_PASSWORD = 4_096
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
