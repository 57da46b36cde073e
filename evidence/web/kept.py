"""A form that came too late, handed back with all that was typed, to be sent again."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse

# Never written into a page: passwords, and a token that is out of date already.
SECRET = re.compile(r"password|csrfmiddlewaretoken", re.IGNORECASE)
# Buttons, and what a form says of itself.
NOT_TYPED = re.compile(r"^_|_FORMS$|^(initial-|opened$|seen$|next$)|-(opened|id)$")
# Nothing but passwords and codes is typed there.
NEVER = ("login", "logout", "password_change", "second-factor")


def can_be_kept(request: HttpRequest) -> bool:
    """Say whether a form may be handed back: one of the admin's that our own page has sent.

    Without the second condition another site could have a curator send its form with our token.
    """
    path = request.path.removeprefix(reverse("admin:index"))
    if path == request.path or path.partition("/")[0] in NEVER:
        return False
    sent_by = _origin(request.headers.get("Origin") or request.headers.get("Referer", ""))
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return sent_by in ours


def form_to_send_again(
    request: HttpRequest, *, why: str, then: str = "", words: str = "Sign in in a new tab"
) -> HttpResponse:
    """Return a 403 that says why, offers the address to go to first, and holds what was typed."""
    context = {
        "title": "What you typed is still here",
        "why": why,
        "then": then,
        "words": words,
        "address": request.get_full_path(),
        "values": [
            (name, value)
            for name, values in request.POST.lists()
            if not SECRET.search(name)
            for value in values
        ],
        "typed": [
            (name.replace("_", " "), value)
            for name, values in request.POST.lists()
            if not SECRET.search(name) and not NOT_TYPED.search(name)
            for value in values
            if value.strip()
        ],
        "without": _left_out(request),
        "token": get_token(request),
    }
    response = HttpResponse(render_to_string("errors/kept.html", context), status=403)
    response["Cache-Control"] = "no-store"
    return response


def _left_out(request: HttpRequest) -> str:
    left = ["passwords"] if any("password" in name.lower() for name in request.POST) else []
    left += ["files"] if request.FILES else []
    return " and ".join(left).capitalize()


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
