"""The second factor in the admin: its set-up, the code at sign-in, and what waits for it."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import django_otp
import segno
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from evidence.admin.sign_in import SignInForm
from evidence.curation import second_factor
from evidence.curation.errors import NotAllowed

read_or_send = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
# Where a session keeps which app it is setting up: no other session sees that secret.
PENDING = "second_factor_pending"
STATE, CHECK, LOGOUT = "admin:second_factor", "admin:second_factor_check", "admin:logout"


class CodeForm(forms.Form):
    """A code from the app, or a recovery code."""

    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SecondFactorSite(admin.AdminSite):
    """An admin in which nothing answers before the second factor of whoever has or needs one."""

    login_form = SignInForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the admin's addresses with those of the second factor."""
        return [
            path("second-factor/", self.admin_view(self.second_factor), name="second_factor"),
            path(
                "second-factor/check/",
                self.admin_view(self.second_factor_check),
                name="second_factor_check",
            ),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let a page answer only to who is through with signing in."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            step = missing(request)
            here = request.resolver_match.view_name if request.resolver_match else ""
            if not step or here in (step, LOGOUT):
                return view(request, *args, **kwargs)
            # What is sent to a form is no address to come back to.
            back = {"next": request.get_full_path()} if request.method == "GET" else {}
            answer = HttpResponseRedirect(_with(reverse(step), back))
            answer.unfinished = reverse(step)  # type: ignore[attr-defined]
            return answer

        return super().admin_view(update_wrapper(guarded, view), cacheable)

    @read_or_send
    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Show the state of one's own second factor, and change it."""
        return state_page(self, request)

    @read_or_send
    def second_factor_check(self, request: HttpRequest) -> HttpResponse:
        """Ask for a code once the password was right."""
        return check_page(self, request)


def missing(request: HttpRequest) -> str:
    """Name the page that comes before any other for this person, or nothing."""
    if getattr(request.user, "otp_device", None) is not None:
        return ""
    if second_factor.device_of(request.user) is not None:
        return CHECK
    return STATE if second_factor.is_required(request.user) else ""


def check_page(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Take a code from the app or a recovery code, then go on to where the person wanted to."""
    if missing(request) != CHECK:
        return HttpResponseRedirect(_next(request))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = second_factor.check(request.user, form.cleaned_data["code"])
        except NotAllowed as fault:
            form.add_error("code", str(fault))
        else:
            _let_in(request, device)
            if device != second_factor.device_of(request.user):
                left = second_factor.recovery_codes_left(request.user)
                said = f"That recovery code is used up; {left} left. More: “Second factor”, above."
                messages.warning(request, said)
            return HttpResponseRedirect(_next(request))
    context = {"title": "Your second factor", "form": form, "next": _next(request)}
    return _page(site, request, "check", context)


def state_page(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Show one's second factor; what changes it needs a code, except to begin with the first."""
    form = CodeForm(request.POST if request.POST.get("action") in ACTIONS_WITH_CODE else None)
    if request.method == "POST":
        answer = _change(site, request, form)
        if answer is not None:
            return answer
    person: Any = request.user
    pending = second_factor.pending_of(person, request.session.get(PENDING))
    context = {
        "title": "Second factor",
        "form": form,
        "device": second_factor.device_of(person),
        "pending": pending,
        "left": second_factor.recovery_codes_left(person),
        "required": second_factor.is_required(person),
    }
    if pending is not None:
        context |= {"picture": picture(pending), "secret": secret(pending)}
    return _page(site, request, "state", context)


def picture(device: Any) -> SafeString:
    """Return the QR code of an app's secret as inline SVG, dark on light in either theme."""
    code = segno.make(device.config_url, error="m", micro=False)
    title = "QR code with the secret that is written below"
    drawn = code.svg_inline(scale=5, light="#fff", svgclass="qr", lineclass=None, title=title)
    return mark_safe(drawn)  # noqa: S308 - segno's own drawing


def secret(device: Any) -> str:
    """Return an app's secret as it is typed, in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _change(site: admin.AdminSite, request: HttpRequest, form: CodeForm) -> HttpResponse | None:
    """Do what a button says; None shows the page again, with what is wrong in its form."""
    action = request.POST.get("action", "")
    person: Any = request.user
    if action not in {"begin", "cancel", *ACTIONS_WITH_CODE}:
        raise BadRequest("This page has no such button.")
    if action == "begin" and second_factor.device_of(person) is not None:
        raise BadRequest("A second factor is set up already; another app needs a code of it.")
    if action == "begin":
        return _begin(request)
    if action == "cancel":
        second_factor.cancel(person, request.session.pop(PENDING, None))
        return HttpResponseRedirect(reverse(STATE))
    if not form.is_valid():
        return None
    try:
        return ACTIONS_WITH_CODE[action](site, request, form.cleaned_data["code"])
    except NotAllowed as fault:
        form.add_error("code", str(fault))
    return None


def _begin(request: HttpRequest) -> HttpResponse:
    request.session[PENDING] = second_factor.begin(request.user)
    return HttpResponseRedirect(reverse(STATE))


def _confirm(site: admin.AdminSite, request: HttpRequest, code: str) -> HttpResponse:
    key = request.session.get(PENDING)
    device, codes = second_factor.confirm(request.user, key, code)
    request.session.pop(PENDING, None)
    _let_in(request, device)
    return _show_codes(site, request, codes)


def _codes(site: admin.AdminSite, request: HttpRequest, code: str) -> HttpResponse:
    second_factor.check(request.user, code)
    codes = second_factor.new_recovery_codes(request.user)
    _let_in(request, second_factor.device_of(request.user))
    return _show_codes(site, request, codes)


def _replace(site: admin.AdminSite, request: HttpRequest, code: str) -> HttpResponse:
    second_factor.check(request.user, code)
    return _begin(request)


def _remove(site: admin.AdminSite, request: HttpRequest, code: str) -> HttpResponse:
    if second_factor.is_required(request.user):
        raise NotAllowed("Your duties need a second factor: set up another app instead.")
    second_factor.check(request.user, code)
    second_factor.remove(request.user)
    messages.success(request, "Your second factor is removed. The password alone signs you in.")
    return HttpResponseRedirect(reverse(STATE))


ACTIONS_WITH_CODE: dict[str, Callable[[admin.AdminSite, HttpRequest, str], HttpResponse]] = {
    "confirm": _confirm,
    "codes": _codes,
    "replace": _replace,
    "remove": _remove,
}


def _show_codes(
    site: admin.AdminSite, request: HttpRequest, codes: tuple[str, ...]
) -> HttpResponse:
    return _page(site, request, "codes", {"title": "Your recovery codes", "codes": codes})


def _let_in(request: HttpRequest, device: Any) -> None:
    django_otp.login(request, device)
    request.session.cycle_key()


def _page(
    site: admin.AdminSite, request: HttpRequest, name: str, context: dict[str, Any]
) -> HttpResponse:
    # Before the second factor nothing is told of what the admin holds.
    unfinished = {
        "site_title": site.site_title,
        "site_header": site.site_header,
        "unfinished": True,
    }
    around = unfinished if missing(request) else site.each_context(request)
    request.current_app = site.name
    return TemplateResponse(request, f"admin/second_factor/{name}.html", around | context)


def _next(request: HttpRequest) -> str:
    """Return the address to go on to, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("admin:index")


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
