"""Promises that the admin of every entity keeps; a new entity is tested the moment it exists."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AutocompleteMixin
from django.db import connection
from django.forms.models import InlineForeignKeyField, ModelChoiceField
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import Drift, RegistryRecord, SyncRun
from tests.admin.rows import fill

# What the program writes down of its sources: looked at, and written on no page.
LOGS = (Drift, RegistryRecord, SyncRun)
EVIDENCE = [m for m in admin.site._registry if m._meta.app_label == "evidence" and m not in LOGS]
OTHERS = [m for m in admin.site._registry if m not in EVIDENCE]
# A list that grows from one row to fifty may ask the same questions, and no more of them.
MANY = 50

NAMES = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
NEVER_SENT = {
    "state",
    "origin",
    "number",
    "record",
    "author",
    "last_editor",
    "submitted_by",
    "reviewer",
    "reviewed_at",
    "published_at",
    "withdrawn_by",
    "withdrawal_proposed_by",
    "successor",
    "accepted_at",
    "accepted_by",
}

every_entity = pytest.mark.parametrize("model", EVIDENCE, ids=lambda m: m._meta.model_name)
every_model = pytest.mark.parametrize(
    "model", [*EVIDENCE, *OTHERS], ids=lambda m: m._meta.label_lower
)


def url(model: Any, page: str, *args: object) -> str:
    """Give the address of one of its pages."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages(model: Any) -> list[str]:
    """Give the addresses of its list, of its search, of an empty form and of its first row."""
    row = model.objects.order_by("pk").first()
    return [
        url(model, "changelist"),
        url(model, "changelist") + "?q=il-2",
        url(model, "changelist") + "?_facets=True&o=-1.2",
        url(model, "add"),
        *([url(model, "change", row.pk), url(model, "history", row.pk)] if row else []),
    ]


def form_fields(model: Any) -> set[str]:
    """Give the names of the fields that its form shows."""
    return {*flatten_fieldsets(admin.site._registry[model].fieldsets)}


@every_entity
def test_pages_open_for_a_curator_with_nothing_there(model: Any, curator: Client) -> None:
    for page in pages(model):
        assert curator.get(page).status_code == 200, page


@every_entity
def test_pages_open_for_a_curator_with_everything_there(model: Any, curator: Client) -> None:
    fill()
    for page in pages(model):
        assert curator.get(page).status_code == 200, page


@every_entity
def test_no_page_leads_to_a_list_of_apps(model: Any, root: Client) -> None:
    fill()
    row = model.objects.order_by("pk").first()
    for page in (*pages(model), url(model, "delete", row.pk)):
        answer = root.get(page, follow=True)
        if answer.status_code == 403:
            continue  # what was published, and what the program keeps, is never deleted
        crumbs = answer.text.partition('class="breadcrumbs"')[2].partition("</div>")[0]
        assert re.findall(r">([^<>]+)</a>", crumbs)[0] == "My queue", page
        assert f'href="{reverse("admin:app_list", args=["evidence"])}"' not in crumbs, page
        assert "Home" not in crumbs, page


@every_entity
def test_without_scripts_every_relation_is_a_list_of_all_rows(model: Any, curator: Client) -> None:
    fill()
    answer = curator.get(url(model, "add") + "?_lists=1")
    for name, field in answer.context["adminform"].form.fields.items():
        if isinstance(field, ModelChoiceField):
            offered = {key for key, _ in answer.context["adminform"].form[name].field.choices}
            assert not isinstance(field.widget.widget, AutocompleteMixin), name
            for row in field.queryset:
                assert f'<option value="{row.pk}"' in answer.text, name
            assert offered, name
    assert "choose from lists" not in answer.text


@every_entity
def test_a_viewer_reads_every_page_and_writes_on_none(model: Any, viewer: Client) -> None:
    fill()
    row = model.objects.order_by("pk").first()
    assert viewer.get(url(model, "changelist")).status_code == 200
    shown = viewer.get(url(model, "change", row.pk))
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.text
    assert viewer.get(url(model, "add")).status_code == 403
    assert viewer.post(url(model, "add"), {}).status_code == 403
    assert viewer.post(url(model, "change", row.pk), {}).status_code == 403
    assert viewer.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@every_model
def test_a_stranger_is_sent_to_sign_in(model: Any, stranger: Client, db: None) -> None:
    fill()
    for page in pages(model):
        answer = stranger.get(page)
        assert answer.status_code == 302, page
        assert answer["Location"].startswith("/admin/login/")


@every_entity
def test_every_relation_is_chosen_by_typing(model: Any, curator: Client) -> None:
    answer = curator.get(url(model, "add"))
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    forms = [answer.context["adminform"].form, *(formset.empty_form for formset in formsets)]
    for field in (field for form in forms for field in form.fields.values()):
        if isinstance(field, ModelChoiceField) and not isinstance(field, InlineForeignKeyField):
            widget = getattr(field.widget, "widget", field.widget)  # within its add button
            assert widget.is_hidden or isinstance(widget, AutocompleteMixin), field.label


@every_entity
def test_every_relation_finds_its_rows(model: Any, curator: Client, viewer: Client) -> None:
    fill()
    request = RequestFactory().get("/")
    for field in admin.site._registry[model].get_autocomplete_fields(request):
        query = {"app_label": "evidence", "model_name": model._meta.model_name, "field_name": field}
        found = curator.get(reverse("admin:autocomplete"), query | {"term": ""})
        assert found.status_code == 200, field
        assert found.json()["results"], field


def test_lists_ask_as_often_with_fifty_rows_as_with_one(root: Client) -> None:
    def asked() -> dict[str, int]:
        counted = {}
        for model in [*EVIDENCE, *OTHERS]:
            with CaptureQueriesContext(connection) as queries:
                assert root.get(url(model, "changelist")).status_code == 200
            counted[model._meta.label] = len(queries)
        return counted

    fill(1)
    asked()  # the first answers fill caches of their own
    once = asked()
    for number in range(2, MANY + 1):
        fill(number)
    assert asked() == once


@every_model
def test_nothing_is_edited_in_a_list_or_saved_as_a_copy(model: Any) -> None:
    entity = admin.site._registry[model]
    assert not entity.list_editable
    assert not entity.save_as


@every_entity
def test_no_form_holds_a_state(model: Any, root: Client) -> None:
    fill()
    row = model.objects.order_by("pk").first()
    for page in (url(model, "add"), url(model, "add") + "?_popup=1", url(model, "change", row.pk)):
        sent = {name.rpartition("-")[2] for name in NAMES.findall(root.get(page).text)}
        assert sent, "the page has no form"
        assert not sent & NEVER_SENT


@every_entity
def test_every_field_of_a_form_says_what_it_is_for(model: Any) -> None:
    on_form = form_fields(model)
    untold = [
        field.name
        for field in (*model._meta.fields, *model._meta.local_many_to_many)
        if field.editable and field.name in on_form and not field.help_text
    ]
    assert not untold
