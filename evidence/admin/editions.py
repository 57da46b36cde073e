"""What the admin of every judgement shares: drafts are written here, and stay drafts.

No form, list or action of the admin holds the state: it is moved by `evidence.curation` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.html import format_html

from evidence.admin.base import EvidenceAdmin
from evidence.admin.bulk import BulkMoves
from evidence.admin.move_forms import CommentForm
from evidence.admin.moves import WHAT_HAPPENED
from evidence.admin.opened import EditionForm
from evidence.admin.panels import address
from evidence.admin.relations import is_key
from evidence.admin.review import ReviewPages
from evidence.curation import NotAllowed, moves, ready
from evidence.curation.allowed import Move
from evidence.curation.errors import TooLate
from evidence.ledger import version
from evidence.models import Edition, Record
from evidence.vocab import State

FOR_COLLEAGUES = ("For colleagues", {"fields": ("note",)})
EDITION = (
    "The edition",
    {
        "fields": (
            ("code", "number", "state_word"),
            ("origin", "created_at", "modified_at"),
            ("author_name", "last_editor_name"),
            ("reviewer_name", "published_at"),
        ),
        "classes": ("collapse",),
    },
)
WHY_CLOSED = {
    State.IN_REVIEW: "This edition is with a second reader, so it cannot be changed now.",
    State.PUBLISHED: "This edition is published, so it stays as it is: readers cite it.",
    State.SUPERSEDED: "A later edition took this one's place. It is kept as it was published.",
    State.WITHDRAWN: "This edition was withdrawn. It is kept as it was published.",
}

NEVER_DELETED = "What was published is never deleted; it is withdrawn by two people."
WHY_NOT_DELETED = {
    State.IN_REVIEW: "What is in review is not deleted: it goes back to its author first.",
    State.PUBLISHED: NEVER_DELETED,
    State.SUPERSEDED: NEVER_DELETED,
    State.WITHDRAWN: "What was published is never deleted; this edition stays as withdrawn.",
}

NOBODY = "nobody"
NOBODY_S = "A draft without an author, deleted in the admin."
LOCATOR_NEEDED = "What a curator reads from a source needs one before it can be submitted."


class EditionAdmin(BulkMoves, ReviewPages, EvidenceAdmin):
    """Editions of a judgement: drafts to write, the others to read and to move."""

    form = EditionForm
    change_form_template = "admin/evidence/edition_form.html"
    # Readers see published editions, and those do not change here.
    seen_by_readers = False
    readers_word = "code"
    readonly_fields: ClassVar[Sequence[str]] = (
        "code",
        "number",
        "state_word",
        "origin",
        "author_name",
        "last_editor_name",
        "reviewer_name",
        "created_at",
        "modified_at",
        "published_at",
    )
    ordering: ClassVar[Sequence[str]] = ("-record_id", "-number")
    linked_by: ClassVar[Sequence[str]] = ("record__id__exact",)
    # What "Save and add another like this" takes over from the judgement just saved.
    kept_for_another: ClassVar[Sequence[str]] = ()

    @admin.display(description="code", ordering="record_id")
    def code_and_edition(self, obj: Edition) -> str:
        """Say which record it is, and which edition where it is not the first."""
        return obj.code if obj.number == 1 else f"{obj.code}, edition {obj.number}"

    @admin.display(description="topic", ordering="topic")
    def question(self, obj: Any) -> str:
        """Say which topic it is on, as short as a list needs it."""
        return f"{obj.topic.code}: {obj.topic.condition}, {obj.topic.intervention}"

    @admin.display(description="state", ordering="state")
    def state_word(self, obj: Edition) -> str:
        """Say where it stands, with a class for its colour."""
        return format_html(
            '<span class="state state-{}">{}</span>', obj.state, State(obj.state).label
        )

    # Plain names: most who read here may not open the pages of accounts.
    @admin.display(description="author")
    def author_name(self, obj: Edition) -> str:
        """Name who wrote it."""
        return str(obj.author or NOBODY)

    @admin.display(description="last editor")
    def last_editor_name(self, obj: Edition) -> str:
        """Name who changed it last."""
        return str(obj.last_editor or NOBODY)

    @admin.display(description="reviewer")
    def reviewer_name(self, obj: Edition) -> str:
        """Name its second reader."""
        return str(obj.reviewer or NOBODY)

    @admin.display(description="changed", ordering="modified_at")
    def changed_on(self, obj: Edition) -> str:
        """Say on which day it was changed last."""
        return date(timezone.localtime(obj.modified_at), "j M Y")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say by the locator when it is needed."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is not None and db_field.name == "locator":
            formfield.help_text = f"{formfield.help_text} {LOCATOR_NEEDED}"
        return formfield

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out who did what while nothing has been done."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return [part for part in fieldsets if part != EDITION]
        # Of what was submitted all figures have been seen: its cross would read as a fault.
        return fieldsets if obj.state == State.DRAFT else _without(fieldsets, "figures_unchecked")

    def lock(self, obj: Edition) -> None:
        """Lock the edition's record, as in every move: the form may go on to make one."""
        version.hold()
        Record.objects.select_for_update().get(pk=obj.record_id)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow writing on drafts only."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state == State.DRAFT
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow deleting drafts only: what is or was public is never deleted."""
        return super().has_delete_permission(request, obj) and (
            obj is None or obj.state == State.DRAFT
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or save a form; one that was open while its draft was moved on is handed back."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied as refusal:
            moved = self._moved_on(request, object_id) if request.method == "POST" else None
            if moved is None:
                raise
            then = address(self.model, "change", args=[moved.pk])
            said = f"{WHY_CLOSED[State(moved.state)]} It was moved on while you had it open."
            raise TooLate(said, then=then, words="Look at it in a new tab") from refusal

    def _moved_on(self, request: HttpRequest, object_id: str | None) -> Any:
        """Return the edition that this person could write on if it were still a draft."""
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        closed = obj is not None and obj.state != State.DRAFT
        return obj if closed and self.has_change_permission(request) else None

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Ask before discarding a draft; of anything else say why it stays."""
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and super().has_delete_permission(request):
            why = WHY_NOT_DELETED.get(obj.state)
            if why is not None:
                raise PermissionDenied(why)
            if request.method != "POST":
                return HttpResponseRedirect(address(self.model, Move.DISCARD, args=[obj.pk]))
        try:
            return super().delete_view(request, object_id, extra_context)
        except NotAllowed as reason:
            self.message_user(request, str(reason), level=messages.ERROR)
            return HttpResponseRedirect(address(self.model, Move.DISCARD, args=[obj.pk]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Discard a draft: one's own, or one that nobody has written; others take a note."""
        note = "" if obj.author_id is not None else NOBODY_S
        moves.discard(obj, by=request.user, note=note)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], **where: Any
    ) -> HttpResponse | None:
        """Carry out a bulk action; where not only drafts would go, nothing goes."""
        if "delete_selected" in request.POST.getlist("action") and self.has_delete_permission(
            request
        ):
            keys = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_key(key)]
            across = request.POST.get("select_across") == "1"
            chosen = queryset if across else queryset.filter(pk__in=keys)
            for state in sorted({*chosen.values_list("state", flat=True)} & WHY_NOT_DELETED.keys()):
                raise PermissionDenied(f"{WHY_NOT_DELETED[State(state)]} Nothing was deleted.")
        try:
            return super().response_action(request, queryset, **where)
        except NotAllowed as reason:
            self.message_user(request, f"{reason} Nothing was discarded.", level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def is_public(self, obj: Edition) -> bool:
        """Say whether readers can open its record, in whatever edition."""
        return bool(type(obj).objects.public().filter(record=obj.record_id).exists())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a draft, and say whose it is."""
        if not change:
            obj.author = request.user
        obj.last_editor = request.user
        obj.lock_version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows inside and, in the same transaction, the comment that was typed beside."""
        super().save_related(request, form, formsets, change)
        if not request.POST.get("said", "").strip():
            return
        comment = CommentForm(request.POST)
        if not comment.is_valid():
            raise ValidationError(f"Comment: {' '.join(map(str, comment.errors['said']))}")
        try:
            moves.comment(form.instance, by=request.user, **comment.given())
        except NotAllowed as reason:
            raise ValidationError(str(reason)) from reason
        self.message_user(request, WHAT_HAPPENED[Move.COMMENT], level=messages.SUCCESS)

    # --- Submitting and going on from the form ----------------------------------------------------

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on after a new draft was saved: to its submission, to another one, or as ever."""
        return self._go_on(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on after a draft was saved: to its submission, to another one, or as ever."""
        return self._go_on(request, obj) or super().response_change(request, obj)

    def _go_on(self, request: HttpRequest, obj: Edition) -> HttpResponse | None:
        if IS_POPUP_VAR in request.POST:
            return None
        if "_submit" in request.POST:
            return self._submit(request, obj)
        if "_addlike" in request.POST and self._adds_another(request):
            said = f"{obj} is saved as a draft. This is another one like it, not saved yet."
            self.message_user(request, said, level=messages.SUCCESS)
            kept = another_like(obj, self.kept_for_another)
            return HttpResponseRedirect(address(self.model, "add", query=kept))
        return None

    def _adds_another(self, request: HttpRequest) -> bool:
        return bool(self.kept_for_another) and self.has_add_permission(request)

    def _submit(self, request: HttpRequest, obj: Edition) -> HttpResponse:
        """Hand the draft just saved to a second reader; what is missing is said at its fields."""
        form = address(self.model, "change", args=[obj.pk])
        if self.lacks(obj):
            said = f"{obj.code} is saved as a draft. Mend what is named below, then submit it."
            self.message_user(request, said, level=messages.WARNING)
            return HttpResponseRedirect(f"{form}?missing=1")
        try:
            moves.submit(obj, by=request.user)
        except NotAllowed as reason:
            self.message_user(
                request, f"{obj.code} is saved as a draft. {reason}", level=messages.WARNING
            )
            return HttpResponseRedirect(form)
        said = f"{obj.code} is saved and with a second reader now."
        self.message_user(request, said, level=messages.SUCCESS)
        return HttpResponseRedirect(form)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show the form with its moves, and say why it is closed where it is."""
        obj = kwargs.get("obj")
        context["closed"] = WHY_CLOSED.get(obj.state, "") if obj is not None else ""
        context["saves_drafts"] = self.has_change_permission(request, obj)
        context["keeps"] = self._adds_another(request)
        if context["saves_drafts"] and obj is not None and not context["is_popup"]:
            context["comment_form"] = f"{self.opts.model_name}_form"
            context["comment"] = request.POST.get("said", "")
        if obj is not None:
            # A form that came back has put its values on the row, and some cannot be.
            stored = self.get_queryset(request).get(pk=obj.pk) if request.POST else obj
            context |= self.beside(request, stored)
            if request.method == "GET" and "missing" in request.GET:
                context["show_missing"] = True
                _show_faults(context["adminform"].form, context["missing"])
        return super().render_change_form(request, context, *args, **kwargs)


def _without(fieldsets: Any, name: str) -> list[Any]:
    """Return fieldsets without a field that has a line of its own."""
    return [
        (title, {**part, "fields": tuple(line for line in part["fields"] if line != name)})
        for title, part in fieldsets
    ]


def another_like(edition: Any, kept: Sequence[str]) -> dict[str, str]:
    """Return the fields that the next form starts with."""
    found: dict[str, str] = {}
    for name in kept:
        field = edition._meta.get_field(name)
        if field.many_to_many:
            text = ",".join(str(row.pk) for row in getattr(edition, name).all())
        elif name == "locator":
            text = locator_prefix(edition.locator)
        else:
            value = getattr(edition, field.attname)
            text = "" if value is None else str(value)
        if text:
            found[name] = text
    return found


def locator_prefix(locator: str) -> str:
    """Return what neighbouring results share of a locator: "Table 2, " of "Table 2, row 3"."""
    head, comma, _ = locator.rpartition(",")
    return f"{head}, " if comma else locator


def _show_faults(form: Any, faults: Sequence[ready.Fault]) -> None:
    """Put what is missing beside the fields of a form that shows what is stored."""
    errors = ErrorDict()
    for fault in faults:
        if fault.field in form.fields:
            errors.setdefault(fault.field, form.error_class()).append(fault.sentence)
    form._errors = errors
