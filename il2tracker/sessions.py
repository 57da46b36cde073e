"""How long a curator stays signed in, and what becomes of a form whose session has ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from evidence.web import kept
from il2tracker import request_input

View = Callable[[HttpRequest], HttpResponseBase]

BEGAN = "began"
SEEN = "seen"
# How often the session is written while somebody works, in seconds: not at every request.
STEP = 60


def end_sessions(get_response: View) -> View:
    """End a session that is too old or was idle too long; a form sent too late is handed back.

    Only the admin has sessions, so no other address is looked at.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(request_input.ADMIN):
            return get_response(request)
        said = _end(request)
        late = request.method == "POST" and not request.user.is_authenticated
        if late and kept.can_be_kept(request):
            return kept.form_to_send_again(
                request, why=said or "You are not signed in any more.", then=reverse("admin:login")
            )
        if said:
            messages.warning(request, said)
        response = get_response(request)
        if request.method == "POST":
            _begin_at_sign_in(request, response)
            if (then := getattr(response, "unfinished", "")) and kept.can_be_kept(request):
                why = "You are signed in, but your second factor is still missing."
                return kept.form_to_send_again(request, why=why, then=then)
        return response

    return middleware


def _end(request: HttpRequest) -> str:
    """End the session if its time is over; say so, or nothing where it goes on."""
    if not request.user.is_authenticated:
        return ""
    now = int(time.time())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        _begin(request)
        return ""
    hours, minutes = settings.IL2TRACKER_SESSION_HOURS, settings.IL2TRACKER_SESSION_IDLE_MINUTES
    if now - began >= hours * 3600:
        logout(request)
        return f"You were signed out: a session lasts {_count(hours, 'hour')} at most."
    if now - seen >= minutes * 60:
        logout(request)
        return f"You were signed out after {_count(minutes, 'minute')} without a request."
    # A clock that was set back is followed too.
    if not 0 <= now - seen < STEP:
        request.session[SEEN] = now
    return ""


def _begin(request: HttpRequest) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def _begin_at_sign_in(request: HttpRequest, response: HttpResponseBase) -> None:
    # Who signs in again while signed in keeps what the session holds, and would keep its age.
    is_sign_in = request.path_info == reverse("admin:login") and response.status_code == 302
    if is_sign_in and request.user.is_authenticated:
        _begin(request)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
