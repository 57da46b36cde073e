"""What happens to every request before and after its view."""

from __future__ import annotations

from collections.abc import Callable

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evidence.ledger.reasons import via
from evidence.web import errors, health
from il2tracker import request_id, request_input

View = Callable[[HttpRequest], HttpResponseBase]
# How much of a page's address is kept with what was written there.
LONGEST_WAY = 200

SECURITY_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Set by SecurityMiddleware too, which the first answers (probes, refusals) never reach.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def name_request(get_response: View) -> View:
    """Give each request an id of ours, never the client's, and say it in the answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.request_id = request_id.begin()  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def add_security_headers(get_response: View) -> View:
    """Add the headers that neither Django nor django-csp sets on every answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def answer_probes(get_response: View) -> View:
    """Answer the health probes whatever host name they ask for, with and without TLS."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        probe = health.PROBES.get(request.path_info)
        return probe(request) if probe else get_response(request)

    return middleware


def refuse_bad_input(get_response: View) -> View:
    """Refuse what no view should have to read, and give a bare 405 its words."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if fault := request_input.fault_in(request):
            allow = request_input.methods_of(request) if fault.status == 405 else ()
            return errors.refusal(request, fault.status, message=fault.message, allow=allow)
        response = get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b"-"):
            allowed = [name.strip() for name in response.get("Allow", "").split(",")]
            return errors.method_not_allowed(request, allowed=allowed)
        return response

    return middleware


def forget_cookies(get_response: View) -> View:
    """Read no cookie outside the admin: an answer to readers depends on nobody and sets none."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(request_input.ADMIN):
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
        return get_response(request)

    return middleware


class _PortlessAuditlog(AuditlogMiddleware):
    """auditlog's middleware without the port, which a client writes and a column overflows with."""

    @staticmethod
    def _get_remote_port(request: HttpRequest) -> None:
        return None


def name_actor(get_response: View) -> View:
    """Tell the audit log who writes and on which page; a request that only reads asks for neither.

    auditlog's own middleware looks the user up for every request. That opens the session, and
    with it comes `Vary: Cookie` on every public page.
    """
    logged = _PortlessAuditlog(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return get_response(request)
        with via(f"admin: {request.path_info[:LONGEST_WAY]}"):
            return logged(request)

    return middleware
