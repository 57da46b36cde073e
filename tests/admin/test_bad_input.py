"""Whatever stands in an address or a form, the admin answers with a sentence and never breaks."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from evidence.models import Condition, Finding, Topic, Trial
from tests.admin.pages import faults, form_of, send, url
from tests.admin.rows import fill

pytestmark = pytest.mark.django_db

MODELS = [*admin.site._registry]
HUGE = "9" * 20
JUNK = ("(", "abc", HUGE, "-1", "1e99", "²", "1,2,a", "")

EVERY, OF_THESE = 1, 3  # in full, and what the default run takes of it

every_model = pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label_lower)


def tried(model: Any) -> list[tuple[str, str]]:
    """Give each field with a value that it cannot have; a relation with several."""
    fields = (*model._meta.fields, *model._meta.many_to_many)
    return [(f.name, junk) for f in fields for junk in (JUNK[:4] if f.is_relation else (HUGE,))]


@pytest.fixture
def step(request: pytest.FixtureRequest) -> int:
    """Of how many fields one is tried: of every third, or with `--long` of all."""
    return EVERY if request.config.getoption("--long") else OF_THESE


@every_model
def test_no_lookup_in_the_address_of_a_list_breaks_it(model: Any, root: Client, step: int) -> None:
    fill()
    page = url(model, "changelist")
    for field, junk in tried(model)[::step]:
        for lookup, value in (("regex", "("), ("id__exact", junk), ("exact", junk)):
            answer = root.get(f"{page}?{field}__{lookup}={value}")
            assert answer.status_code in {200, 400}, (field, lookup, value)


@every_model
def test_no_word_in_the_address_of_a_list_breaks_it(model: Any, root: Client) -> None:
    fill()
    page = url(model, "changelist")
    for value in JUNK:
        answer = root.get(f"{page}?q={value}")
        assert answer.status_code == 200, value
    for name in ("p", "o", "all", "_facets", "_popup", "_to_field", "x"):
        for value in ("abc", HUGE):
            answer = root.get(f"{page}?{name}={value}")
            assert answer.status_code in {200, 302, 400}, (name, value)


def test_an_undeclared_filter_is_refused_with_its_name(curator: Client) -> None:
    answer = curator.get(url(Finding, "changelist") + "?statement__regex=(")
    assert answer.status_code == 400
    assert "statement__regex" in answer.text


def test_a_search_that_is_too_long_is_refused_and_not_cut(curator: Client) -> None:
    words = "+".join(["il"] * 17)
    answer = curator.get(url(Finding, "changelist") + f"?q={words}")
    assert answer.status_code == 400
    assert "at most 16 words" in answer.text


@every_model
def test_no_value_that_a_form_could_start_with_breaks_it(
    model: Any, root: Client, step: int
) -> None:
    fill()
    for field, value in tried(model)[::step]:
        answer = root.get(f"{url(model, 'add')}?{field}={value}")
        assert answer.status_code in {200, 400, 403}, (field, value)


@pytest.mark.parametrize("value", ["abc", HUGE, "999", "1,2"])
def test_a_form_cannot_start_with_a_condition_that_there_is_not(
    value: str, curator: Client
) -> None:
    answer = curator.get(url(Topic, "add") + f"?condition={value}")
    assert answer.status_code == 400
    assert "condition" in answer.text


def test_a_form_starts_with_what_a_link_gives_it(curator: Client) -> None:
    topic = fill()
    page = url(Finding, "add") + f"?topic={topic.pk}&population=child"
    values = form_of(curator, page)
    assert (values["topic"], values["population"]) == ([str(topic.pk)], ["child"])


def test_several_values_can_start_a_form(curator: Client) -> None:
    fill(1)
    fill(2)
    pks = [str(pk) for pk in Condition.objects.order_by("pk").values_list("pk", flat=True)]
    values = form_of(curator, url(Trial, "add") + f"?conditions={','.join(pks)}")
    assert sorted(values["conditions"]) == pks


@every_model
def test_no_key_in_an_address_breaks_a_page(model: Any, root: Client) -> None:
    for page in ("change", "delete", "history"):
        for key in ("abc", HUGE, "-1", "0", "1_5F2", "²"):
            address = url(model, page, key)
            assert root.get(address).status_code in {302, 403, 404}, address
            assert root.post(address).status_code in {302, 403, 404, 405}, address


@every_model
def test_no_key_sent_with_a_bulk_action_breaks_the_list(model: Any, root: Client) -> None:
    for key in ("abc", HUGE, "-1", ""):
        sent = {"action": "delete_selected", "_selected_action": key, "post": "yes"}
        assert root.post(url(model, "changelist"), sent).status_code in {200, 302, 400, 403}


@every_model
def test_no_value_in_any_field_of_a_form_breaks_it(model: Any, root: Client, step: int) -> None:
    fill()
    row = model.objects.order_by("pk").first()
    for page in (url(model, "add"), url(model, "change", row.pk)):
        if "adminform" not in (root.get(page).context or {}):
            continue
        values = form_of(root, page)
        rows = [name for name in values if name.endswith("_FORMS")]
        for junk in ("abc", "(", "-1", HUGE):
            everywhere = dict.fromkeys(values, junk)
            kept = {name: values[name] for name in rows}
            assert root.post(page, everywhere).status_code in {200, 302, 400, 403}, junk
            assert root.post(page, everywhere | kept).status_code in {200, 302, 400, 403}, junk
    for name in sorted(values.keys() - rows)[::step]:
        answer = root.post(page, values | {name: HUGE})
        assert answer.status_code in {200, 302, 400, 403}, name


@pytest.mark.parametrize(
    "query",
    [
        "",
        "term=x",
        "app_label=evidence",
        "app_label=evidence&model_name=finding&field_name=state",
        "app_label=evidence&model_name=finding&field_name=nothing",
        "app_label=evidence&model_name=nothing&field_name=topic",
        "app_label=evidence&model_name=finding&field_name=topic&page=abc",
        "app_label=evidence&model_name=finding&field_name=topic&page=" + HUGE,
        "app_label=evidence&model_name=finding&field_name=topic&term=" + "x+" * 50,
        "app_label=evidence&model_name=finding&field_name=topic&term=%00",
        "app_label=evidence&model_name=finding&field_name=record&term=F1",
        "app_label=evidence&model_name=finding&field_name=author&term=a",
        "app_label=evidence&model_name=celltarget&field_name=considerations",
        "app_label=evidence&model_name=trial&field_name=topics",
        "app_label=evidence&model_name=intervention&field_name=merged_from",
    ],
)
def test_no_question_breaks_the_choice_by_typing(query: str, curator: Client) -> None:
    fill()
    answer = curator.get(f"/admin/autocomplete/?{query}")
    assert answer.status_code in {400, 403, 404}


def test_the_choice_by_typing_answers_nobody_from_outside(stranger: Client) -> None:
    fill()
    query = "app_label=evidence&model_name=finding&field_name=topic&term="
    assert stranger.get(f"/admin/autocomplete/?{query}").status_code in {302, 403}


@pytest.mark.parametrize("path", ["r/1/1/", "r/999/1/", "r/" + HUGE + "/1/", "r/1/abc/"])
def test_the_shortcut_to_the_site_breaks_on_nothing(path: str, curator: Client) -> None:
    assert curator.get(f"/admin/{path}").status_code in {302, 404}


@pytest.mark.parametrize("byte", ["%00", "%FF"])
def test_what_no_database_can_hold_is_refused_before_any_view(byte: str, root: Client) -> None:
    for page in ("finding/?q=", "finding/add/?topic=", "finding/?state__exact="):
        assert root.get(f"/admin/evidence/{page}{byte}").status_code == 400


@pytest.mark.parametrize("character", ["\x0b", "\x85", "\ufdd0", "\uffff", "\U0010fffe"])
def test_what_no_page_can_show_is_refused_beside_what_was_typed(
    character: str, curator: Client
) -> None:
    fill()
    page = url(Condition, "change", Condition.objects.earliest("pk").pk)
    typed = f"Grows\tin the skin.\r\nMostly{character} of adults."
    answer = send(curator, page, definition=typed)
    said = "There is a character after “in the skin.\r\nMostly” that no page can show"
    (fault,) = faults(answer)["definition"]
    assert fault.startswith(f"{said} (U+{ord(character):04X})")
    assert answer.context["adminform"].form["definition"].value() == typed
    assert send(curator, page, definition=typed.replace(character, "")).status_code == 302
