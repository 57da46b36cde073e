"""Faults in our own words, as a page or, for the address of a file, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    TooManyFieldsSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

from evidence.curation.errors import TooLate
from evidence.listing.search import BadQueryError
from evidence.web import kept

TITLES = {
    400: "This request cannot be read",
    403: "You may not open this",
    404: "Nothing is here",
    405: "This address is not used that way",
    410: "This has been withdrawn",
    413: "This is too large",
    414: "This address is too long",
    429: "Too many failed sign-ins",
    500: "Something broke here",
}
# Addresses of files: programs fetch them, and no fault is a page there.
FILES = (".csv", ".ris", ".bib", ".atom", ".svg", ".xml", ".txt")
# How much of a caller's own address is repeated to them.
LONGEST_ECHO = 120


def error_response(
    request: HttpRequest,
    status: int,
    *,
    title: str,
    message: str,
    details: Iterable[str] = (),
) -> HttpResponse:
    """Return the fault as this address's readers expect it.

    `message` is one sentence that names the fault; `details` are further lines, such as the names
    that would have been known.
    """
    details = tuple(details)
    if request.path_info.endswith(FILES):
        lines = "\n".join((title, message, *details)) + "\n"
        response = HttpResponse(lines, content_type="text/plain; charset=utf-8", status=status)
    else:
        context = {"status": status, "title": title, "message": message, "details": details}
        response = HttpResponse(_page(status, context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, message: str, *, details: Iterable[str] = ()) -> HttpResponse:
    """Return a 400 with a sentence that names the fault."""
    return error_response(request, 400, title=TITLES[400], message=message, details=details)


def bad_query(request: HttpRequest, error: BadQueryError) -> HttpResponse:
    """Return the 400 that names every fault of a query."""
    messages = [fault.message for fault in error.faults]
    ignored = "A filter that is ignored would give the wrong rows, so none are shown."
    return bad_request(request, messages[0], details=[*messages[1:], ignored])


def not_found(request: HttpRequest, message: str, *, details: Iterable[str] = ()) -> HttpResponse:
    """Return a 404 that says what there is not, such as "There is no topic T99."."""
    return error_response(request, 404, title=TITLES[404], message=message, details=details)


def gone(
    request: HttpRequest, message: str, *, title: str = TITLES[410], details: Iterable[str] = ()
) -> HttpResponse:
    """Return a 410 for what was published and has been withdrawn."""
    return error_response(request, 410, title=title, message=message, details=details)


def refusal(
    request: HttpRequest, status: int, *, message: str, allow: Sequence[str] = ()
) -> HttpResponse:
    """Return a fault of the request itself, under the title of its status."""
    if status == 405:
        return method_not_allowed(request, allowed=allow)
    return error_response(request, status, title=TITLES[status], message=message)


def method_not_allowed(request: HttpRequest, *, allowed: Sequence[str]) -> HttpResponse:
    """Return a 405 that names the methods which the address does answer."""
    message = f"The method {request.method} is not used here. Used: {', '.join(allowed)}."
    response = error_response(request, 405, title=TITLES[405], message=message)
    response["Allow"] = ", ".join(allowed)
    return response


def handle_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Give words to a 400 that Django raises; suspicious details are logged, not repeated."""
    if isinstance(exception, DisallowedHost):
        message = "This site does not answer to that host name."
    elif isinstance(exception, TooManyFieldsSent):
        message = "The request has more fields than are read at once."
    elif isinstance(exception, BadRequest) and str(exception):
        message = str(exception)
    else:
        message = "Something in this request is not as it should be, so it was not carried out."
    return bad_request(request, message)


def handle_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Give words to a refused permission, the ones it was raised with where there are any."""
    if isinstance(exception, TooLate) and kept.can_be_kept(request):
        return kept.form_to_send_again(
            request, why=str(exception), then=exception.then, words=exception.words
        )
    said = str(exception) if isinstance(exception, PermissionDenied) else ""
    message = said or "Your account has no permission for this. An administrator can give it."
    return error_response(request, 403, title=TITLES[403], message=message)


def handle_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do about a form whose token is missing or out of date."""
    if kept.can_be_kept(request):
        why = "You have signed in again since this form was opened, or its token is out of date."
        return kept.form_to_send_again(request, why=why)
    message = (
        "The form was sent without the token that this site gave it, or the token is out of date. "
        "Nothing was saved. Go back, load the page again and send the form once more."
    )
    return error_response(request, 403, title="This form is out of date", message=message)


def handle_lock_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say for how long nobody can sign in under a name, after too many failures to do so."""
    minutes = settings.IL2TRACKER_SIGN_IN_WAIT
    message = (
        f"Signing in with this name has failed {settings.IL2TRACKER_SIGN_IN_FAILURES} times from "
        f"where you are. It is locked here for {minutes} minute{'s' if minutes != 1 else ''}, also "
        "for the right password; then try again. An administrator can set a new password."
    )
    refused = error_response(request, 429, title=TITLES[429], message=message)
    refused["Retry-After"] = str(minutes * 60)
    return refused


def handle_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Give words to a 404: those of the view that raised it, else the address."""
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    if isinstance(said, str) and said:
        return not_found(request, said)
    path = request.path_info
    shown = path if len(path) <= LONGEST_ECHO else path[:LONGEST_ECHO] + "…"
    return not_found(request, f"There is no page at {shown}")


def handle_server_error(request: HttpRequest) -> HttpResponse:
    """Name the record in the log under which the fault can be found."""
    name = getattr(request, "request_id", "")
    message = f"It has been logged as {name}." if name else "It has been logged."
    return error_response(request, 500, title=TITLES[500], message=message)


def _page(status: int, context: dict[str, Any]) -> str:
    # Rendered without the request: an error page has no user, no session and no host name, so
    # that it can be shown when one of these is what failed.
    if status < 500:
        return render_to_string("errors/error.html", context)
    # A page of its own, because the frame of all others may be what broke.
    try:
        stylesheet = static("evidence/site.css")
    except ValueError:  # collectstatic has not run
        stylesheet = ""
    return render_to_string("errors/500.html", context | {"stylesheet": stylesheet})
