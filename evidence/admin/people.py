"""People, their duties and the audit log in the admin.

Nobody is deleted: what a person wrote keeps its author. Who leaves is deactivated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import auditlog.admin  # noqa: F401 (these three register what is taken out below)
import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401
from auditlog.models import LogEntry
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from evidence.admin.base import EvidenceAdmin
from evidence.admin.opened import RowForm
from evidence.admin.panels import address
from evidence.curation import passwords, second_factor
from evidence.curation.errors import NotAllowed

Person = get_user_model()
# auditlog and Django bring admins of their own; ours delete nobody and show no inline styles.
# django-otp's would show every secret.
for brought in (LogEntry, Group, Person, StaticDevice, TOTPDevice):
    if admin.site.is_registered(brought):
        admin.site.unregister(brought)

VERBS = ("view", "add", "change", "delete", "publish")
ONLY_BY_SUPERUSER = ("is_superuser",)


class ReasonForm(forms.Form):
    """Why something is done to somebody's account."""

    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PersonForm(RowForm, UserChangeForm):
    """An account's form, in the words of this place; an old tab gives no duty back."""

    class Meta(UserChangeForm.Meta):
        """Say what each field does here."""

        labels: ClassVar = {
            "is_active": "In use",
            "is_staff": "Opens these pages",
            "is_superuser": "May do everything",
            "groups": "Duties",
        }
        help_texts: ClassVar = {
            "username": "The name to sign in with: at most 150 letters, digits and @ . + - _",
            "is_active": "Taken away from who leaves: nobody is deleted, work keeps its author.",
            "is_staff": "Every account has this; without it a right password opens nothing.",
            "is_superuser": "Beyond all duties, for whoever runs the site.",
            "groups": "What this person may do here. Each duty adds to the others.",
        }


class NewPasswordForm(AdminPasswordChangeForm):
    """Another password for somebody who has forgotten hers, or is locked out."""

    def save(self, commit: bool = True) -> Any:
        """Set it; the failed sign-ins before it count no more."""
        person = super().save(commit)
        passwords.lift_locks(person)
        return person


@admin.register(Person)
class PersonAdmin(EvidenceAdmin, UserAdmin):
    """Accounts of those who curate."""

    seen_by_readers = False
    form = PersonForm
    change_form_template = "admin/evidence/change_form.html"
    change_password_form = NewPasswordForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined", "password_word", "second_factor")
    filter_horizontal = ()
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Duties", {"fields": ("groups",)}),
        ("Password", {"fields": ("usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Duties", {"fields": ("is_active", "is_staff", "groups")}),
        ("Beyond duties", {"fields": ONLY_BY_SUPERUSER, "classes": ("collapse",)}),
        ("Sign-in", {"fields": ("password_word", "second_factor", "last_login", "date_joined")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Keep an administrator from making superusers, of herself or of others."""
        fixed = () if request.user.is_superuser else ONLY_BY_SUPERUSER
        # Else the last administrator could lock everybody out with one tick.
        own = ("is_active", "is_staff") if obj is not None and obj.pk == request.user.pk else ()
        return [*super().get_readonly_fields(request, obj), *fixed, *own]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep a superuser's account, and with it its password, to superusers."""
        return super().has_change_permission(request, obj) and (
            obj is None or not obj.is_superuser or request.user.is_superuser
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Delete nobody, whoever asks."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save it; every new account is one for the admin, there being nothing else to open."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change a password and log that it was changed, both or neither."""
        with transaction.atomic():
            return super().user_change_password(request, *args, **kwargs)

    @admin.display(description="password")
    def password_word(self, obj: Any) -> str:
        """Say whether there is one, with the way to another."""
        said = "Set; nobody can read it" if obj.has_usable_password() else "None"
        there = reverse("admin:auth_user_password_change", args=[obj.pk])
        return format_html('{}. <a href="{}">Set a new one</a>; it lifts a lock too', said, there)

    @admin.display(description="second factor")
    def second_factor(self, obj: Any) -> str:
        """Say whether one is in use, with the way to reset it."""
        if second_factor.device_of(obj) is None:
            return "Required at the next sign-in" if second_factor.is_required(obj) else "None"
        reset = address(Person, "second_factor", args=[obj.pk])
        return format_html('In use. <a href="{}">Reset it</a>, for a lost phone', reset)

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of accounts, with the reset of a second factor."""
        reset = path(
            "<path:object_id>/second-factor/",
            self.admin_site.admin_view(self.reset_second_factor),
            name="auth_user_second_factor",
        )
        return [reset, *super().get_urls()]

    def reset_second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask why, then take somebody's second factor away."""
        if not self.has_change_permission(request):
            raise PermissionDenied  # before it is said which accounts there are
        person = self.get_object(request, unquote(object_id))
        if person is None:
            raise Http404("There is no such account.")
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person.pk == request.user.pk:
            raise PermissionDenied("Your own second factor is changed under “Second factor”.")
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            try:
                second_factor.remove(person, reason=form.cleaned_data["reason"])
            except NotAllowed as fault:
                messages.error(request, str(fault))
            else:
                messages.success(request, f"The second factor of {person} is reset.")
            return HttpResponseRedirect(address(Person, "change", args=[person.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Reset the second factor",
            "person": person,
            "form": form,
            "required": second_factor.is_required(person),
        }
        return TemplateResponse(request, "admin/second_factor/reset.html", context)


class ReadOnly(EvidenceAdmin):
    """What the program itself keeps: shown, never written here."""

    seen_by_readers = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Add nothing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Change nothing."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Delete nothing."""
        return False


@admin.register(Group)
class DutyAdmin(ReadOnly):
    """The duties and what each may do; they are set by `evidence.curation.duties`."""

    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "allows")

    @admin.display(description="allows")
    def allows(self, obj: Group) -> SafeString:
        """List what the duty allows, a line for each entity."""
        allowed: dict[str, set[str]] = {}
        for row in obj.permissions.select_related("content_type"):
            verb = row.codename.partition("_")[0]
            allowed.setdefault(row.content_type.name, set()).add(verb)
        lines = (
            (entity, ", ".join(verb for verb in VERBS if verb in verbs))
            for entity, verbs in sorted(allowed.items())
        )
        return format_html_join("", "<div><b>{}</b>: {}</div>", lines)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly):
    """Who changed what, when and why."""

    list_display = ("timestamp", "actor", "action", "content_type", "object_repr", "fields_changed")
    list_display_links = ("timestamp", "object_repr")
    list_filter = ("action",)
    search_fields = ("object_repr", "cid", "actor__username")
    ordering = ("-timestamp", "-pk")
    named_by = ("actor", "content_type")
    linked_by = ("cid", "actor__id__exact")
    fields = (
        "timestamp",
        "actor",
        "content_type",
        "object_repr",
        "action",
        "reason",
        "cid",
        "diff",
    )

    @admin.display(description="changed")
    def fields_changed(self, obj: LogEntry) -> str:
        """Name the fields that changed; of a new row all of them are new."""
        return ", ".join(obj.changes_dict) if obj.action == LogEntry.Action.UPDATE else ""

    @admin.display(description="why")
    def reason(self, obj: LogEntry) -> str:
        """Give the reason that was written down, if one was."""
        return str((obj.additional_data or {}).get("reason", ""))

    @admin.display(description="before and after")
    def diff(self, obj: LogEntry) -> SafeString:
        """Show each changed field as it was and as it is."""
        return format_html_join("", "<div><b>{}</b>: {}</div>", _changes(obj))


def _changes(entry: LogEntry) -> list[tuple[str, str]]:
    said = []
    for field, change in entry.changes_dict.items():
        if isinstance(change, dict):  # rows put into or taken out of a many-to-many relation
            verb = {"add": "added", "delete": "removed"}.get(change.get("operation", ""), "set")
            said.append((field, f"{verb} {'; '.join(change.get('objects', []))}"))
        else:
            before, after = change
            said.append((field, f"{before or '(empty)'} → {after or '(empty)'}"))
    return said
