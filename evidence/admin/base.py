"""What every entity's admin shares: strict addresses, words for refusals, ways to the readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import BadRequest, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.forms import ModelChoiceField, ModelMultipleChoiceField, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from evidence.admin import history, rule_moved
from evidence.admin.choices import refuse_unknown_choices
from evidence.admin.deleting import GuardedDeletion
from evidence.admin.doubles import MayBeThere, WarnsOfDoubles
from evidence.admin.forms import EvidenceForm, PartialDateText
from evidence.admin.gone import OutlivesDeletion
from evidence.admin.inside import Rows
from evidence.admin.panels import Panel, address
from evidence.admin.relations import ByTyping, address_with_lists, is_key
from evidence.curation.errors import in_words
from evidence.ledger import derivation, version
from evidence.models.fields import LinesField, PartialDateField

LONGEST_SEARCH = 200
MOST_ROWS_INSIDE = 200
MOST_WORDS = 16
# More digits than any column holds: SQLite would break over them.
LONG_NUMBER = re.compile(r"\d{19}")
# What Django's own filters put behind a declared field; nothing else is looked up.
FILTERS_ADD = ("", "__exact", "__isnull", "__isempty", "__id__exact", "__gte", "__lt")
SHORT_TEXTS: dict[Any, Any] = {
    models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 80})},
    LinesField: {"widget": Textarea(attrs={"rows": 3, "cols": 80})},
    # No limit while typing: cut short, a wrong date would be quoted as another one.
    PartialDateField: {
        "form_class": PartialDateText,
        "max_length": None,
        "widget": AdminTextInputWidget,
    },
    models.URLField: {"assume_scheme": "https"},
}


class EvidenceAdmin(ByTyping, OutlivesDeletion, GuardedDeletion, WarnsOfDoubles):
    """One entity's admin; what an entity adds is declared, not written again."""

    form = EvidenceForm
    save_as = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    list_max_show_all = 200
    formfield_overrides = SHORT_TEXTS

    # The readers' page of a thing, and the attribute that stands in its address.
    readers_page: ClassVar[str] = ""
    readers_word: ClassVar[str] = "slug"
    # The letter of its code and the column with its number: "F34" is found as record 34.
    found_as: ClassVar[tuple[str, str] | None] = None
    # What its name is made of, read with it everywhere.
    named_by: ClassVar[Sequence[str]] = ()
    # Lookups that other pages link by, beside those of the list's own filters.
    linked_by: ClassVar[Sequence[str]] = ()
    # Whether readers see its rows, so that a change moves what is derived from them.
    seen_by_readers: ClassVar[bool] = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return all rows, with what their names are made of."""
        rows = super().get_queryset(request)
        # Without a name select_related() follows every relation there is.
        return rows.select_related(*self.named_by) if self.named_by else rows

    def label(self, obj: Any) -> str:
        """Give the words by which a row is chosen in another one's form."""
        return str(obj)

    # --- Addresses --------------------------------------------------------------------------------

    def view_on_site(self, obj: Any) -> str | None:
        """Return the readers' page of a thing, where readers have one."""
        if not self.readers_page or not self.is_public(obj):
            return None
        return reverse(f"evidence:{self.readers_page}", args=[getattr(obj, self.readers_word)])

    def is_public(self, obj: Any) -> bool:
        """Say whether readers can open it."""
        return bool(type(obj).objects.public().filter(pk=obj.pk).exists())

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what the list's filters offer and what our own pages link by, nothing else."""
        declared = {*self.linked_by}
        for item in self.get_list_filter(request):  # type: ignore[arg-type]
            name = item if isinstance(item, str) else _parameter(item)
            declared |= {f"{name}{ending}" for ending in FILTERS_ADD}
        if lookup.endswith("id__exact"):
            return lookup in declared and is_key(value)
        return lookup in declared and LONG_NUMBER.search(str(value)) is None

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list; a filter or page that cannot be read is refused, never ignored."""
        refuse_unknown_choices(self.model, self.get_list_filter(request), request.GET)
        try:
            return super().get_changelist_instance(request)
        except DisallowedModelAdminLookup as error:
            name = str(error).removeprefix("Filtering by ").removesuffix(" not allowed")
            raise BadRequest(f"This list has no filter “{name}” with such a value.") from error
        except IncorrectLookupParameters as error:
            raise BadRequest("A filter or page number in this address cannot be read.") from error

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Find rows by their words, or one row by its code."""
        if len(search_term) > LONGEST_SEARCH or len(search_term.split()) > MOST_WORDS:
            raise BadRequest(
                f"A search takes at most {MOST_WORDS} words and {LONGEST_SEARCH} characters."
            )
        if self.found_as is not None:
            letter, column = self.found_as
            number = search_term.strip().upper().removeprefix(letter)
            if search_term.strip().upper().startswith(letter) and is_key(number):
                return queryset.filter(**{column: int(number)}), False
        return super().get_search_results(request, queryset, search_term)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the values that a new form starts with, each checked as if it were sent."""
        fields = self.get_form(request).base_fields
        initial: dict[str, Any] = {}
        for name in request.GET:
            text = str(request.GET[name])
            if name.startswith("_") or not text:
                continue  # Django's own: which list one came from, whether this is a popup
            if name not in fields:
                raise BadRequest(f"This form has no field “{name}” that can be filled in ahead.")
            many = isinstance(fields[name], ModelMultipleChoiceField)
            value = text.split(",") if many else text
            try:
                fields[name].clean(value)
            except ValidationError as error:
                raise BadRequest(
                    f"The form cannot start with {name} “{text}”: {' '.join(error.messages)}"
                ) from error
            initial[name] = value
        return initial

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], **where: Any
    ) -> HttpResponse | None:
        """Carry out a bulk action on rows whose keys are keys, all of it or nothing."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            if not is_key(key):
                raise BadRequest(f"“{key}” is no row of this list.")
        try:
            return super().response_action(request, queryset, **where)
        except IntegrityError as error:
            self.message_user(request, in_words(error), level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    # --- Saving -----------------------------------------------------------------------------------

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the row; before a write it is locked first, so that its form can be compared."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not connection.in_atomic_block:
            return obj
        self._take_turn()
        self.lock(obj)
        return super().get_object(request, object_id, from_field)

    def _take_turn(self) -> None:
        """Wait for one's turn where readers may see the change: before any other lock."""
        if self.seen_by_readers and connection.in_atomic_block:
            version.hold()

    def lock(self, obj: Any) -> None:
        """Lock what a save of this row is compared with."""
        # Rows that refer to it can still be saved from the page of their other end.
        self.model._default_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or save a form; what only the database refuses comes back in words, all kept."""
        if "_saveasnew" in request.POST:
            raise BadRequest("A copy cannot be saved: a new one starts from an empty form.")
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, ValidationError) as error:
            if request.method != "POST":
                raise
            said = in_words(error) if isinstance(error, IntegrityError) else error.messages[0]
            request.refused = said  # type: ignore[attr-defined]
            if isinstance(error, MayBeThere):
                request.doubles = error.doubles  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form's class, with the database's refusal of a moment ago if there is one."""
        if request.method == "POST":
            self._take_turn()  # a new row's check of its parents locks them
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", "")
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows inside too, then bring up to date what readers see of all this."""
        super().save_related(request, form, formsets, change)
        if self.seen_by_readers and (
            not change or form.has_changed() or any(formset.has_changed() for formset in formsets)
        ):
            rule_moved.tell(request, self.bring_up_to_date(form, change))

    def bring_up_to_date(self, form: Any, change: bool) -> list[derivation.Change]:
        """Work out again what follows from a change that readers see; say what the rule says."""
        changed = form.changed_data if change else ()
        return derivation.after_change(form.instance, changed=changed)

    # --- Deleting ---------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Ask before deleting; what something new refers to meanwhile stays."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except IntegrityError as error:
            self.message_user(request, in_words(error), level=messages.ERROR)
            return HttpResponseRedirect(address(self.model, "change", args=[unquote(object_id)]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row, and bring up to date what readers see."""
        with transaction.atomic():
            gone = derivation.before_deletion(obj) if self.seen_by_readers else None
            super().delete_model(request, obj)
            if gone is not None:
                rule_moved.tell(request, derivation.after_deletion(gone))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen rows one by one, each looked at again under a lock."""
        with transaction.atomic():
            self._take_turn()
            for obj in queryset.select_for_update(of=("self",)):
                if self.has_delete_permission(request, obj):
                    self.delete_model(request, obj)

    # --- The page ---------------------------------------------------------------------------------

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what happened to a thing, and write nothing."""
        return history.page(self, request, object_id)

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Return the tables of what hangs on a thing."""
        return ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show the form with its tables underneath, and above it what others did to its rows."""
        obj = kwargs.get("obj")
        context["rows_meanwhile"] = [
            sentence
            for inline in context["inline_admin_formsets"]
            for sentence in getattr(inline.formset, "meanwhile", ())
        ]
        chooses = any(
            isinstance(field, ModelChoiceField)
            for field in context["adminform"].form.fields.values()
        )
        if chooses and request.method == "GET":
            context["lists_address"] = address_with_lists(request)
        if obj is not None:
            context["own_page"] = address(self.model, "change", args=[obj.pk])
        panels = self.panels(request, obj) if obj is not None else ()
        # Whoever may not see findings is not shown them under another thing's form.
        context["panels"] = [one for one in panels if self._sees(request, one.model)]
        if obj is not None and self.own_mistakes and not self.has_delete_permission(request, obj):
            hers = self.has_add_permission(request) and self.is_made_by(request, obj)
            context["why_kept"] = self.why_kept(request, obj) if hers else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def _sees(self, request: HttpRequest, model: type[Any]) -> bool:
        return bool(self.admin_site._registry[model].has_view_permission(request))

    def may_add(self, request: HttpRequest, model: type[Any]) -> bool:
        """Say whether this person may add one of another entity."""
        return self.admin_site._registry[model].has_add_permission(request)


class Inline(ByTyping, admin.TabularInline):
    """Rows inside the page of what they belong to."""

    form = EvidenceForm
    formset = Rows
    extra = 0
    max_num = MOST_ROWS_INSIDE
    formfield_overrides = SHORT_TEXTS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the rows' forms, never more of them than a page can hold."""
        # Django would build as many as a request claims to bring, up to a thousand and more.
        return super().get_formset(request, obj, absolute_max=MOST_ROWS_INSIDE, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows; before a write they are locked, for some have two pages."""
        rows = super().get_queryset(request)
        if request.method == "POST" and connection.in_atomic_block:
            return rows.select_for_update(of=("self",))
        return rows


def _parameter(item: Any) -> str:
    return item[0] if isinstance(item, tuple) else item.parameter_name
