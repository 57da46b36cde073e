"""From a draft's own form it is submitted, copied from, discarded and talked about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from evidence.curation import duties, moves
from evidence.models import Consideration, Finding, HarmReport, Step
from tests.admin.pages import form_of, send, url
from tests.admin.rows import fill
from tests.admin.working import hers, move, published, said, submitted, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(signed_in: Callable[..., Client]) -> dict[str, Client]:
    """One of everything, and the browsers of a team."""
    fill()
    return {
        "anna": signed_in("anna", duties.CURATOR),
        "berta": signed_in("berta", duties.CURATOR),
        "rita": signed_in("rita", duties.REVIEWER),
        "victor": signed_in("victor", duties.VIEWER),
    }


# --- From the form --------------------------------------------------------------------------------


def test_submitting_from_the_form_saves_and_submits_in_one_go(people: dict[str, Client]) -> None:
    edition = hers()
    page = url(Finding, "change", edition.pk)
    answer = send(people["anna"], page, outcome="Death from any cause", _submit="1")
    assert "is saved and with a second reader now" in said(people["anna"], answer)
    edition.refresh_from_db()
    assert (edition.state, edition.outcome) == ("in-review", "Death from any cause")


def test_a_draft_that_lacks_something_is_saved_and_the_field_says_so(
    people: dict[str, Client],
) -> None:
    edition = hers()
    page = url(Finding, "change", edition.pk)
    sent = {"outcome": "Death", "figures_unchecked": "on", "_submit": "1"}
    answer = send(people["anna"], page, **sent)
    shown = people["anna"].get(answer.url)
    assert "is saved as a draft" in " ".join(str(one) for one in shown.context["messages"])
    assert "figures_unchecked" in shown.context["adminform"].form.errors
    assert 'href="#id_figures_unchecked"' in shown.text
    edition.refresh_from_db()
    assert (edition.state, edition.outcome) == ("draft", "Death")
    answer = people["anna"].post(answer.url, form_of(people["anna"], answer.url) | {"_submit": "1"})
    edition.refresh_from_db()
    assert edition.state == "draft"


@pytest.mark.parametrize("missing", ["publication", "topic", "outcome", "statement", "direction"])
def test_a_form_that_comes_back_keeps_what_was_typed_and_what_stands_beside_it(
    missing: str, people: dict[str, Client]
) -> None:
    page = url(Finding, "change", hers().pk)
    answer = send(people["anna"], page, **{missing: ""}, p_value="0.009", _submit="1")
    assert missing in answer.context["adminform"].form.errors
    assert 'value="0.009"' in answer.text
    assert "If this is published" in answer.text


def test_the_enter_key_saves_a_draft_and_hands_it_to_nobody(people: dict[str, Client]) -> None:
    # A browser presses the first button that submits the form.
    page = people["anna"].get(url(Finding, "change", hers().pk)).text
    _, _, form = page.partition('id="finding_form"')
    assert form.index('name="_save"') < form.index('name="_submit"')


def test_a_new_finding_is_submitted_from_its_first_form(people: dict[str, Client]) -> None:
    like = form_of(people["anna"], url(Finding, "change", hers().pk))
    like |= {"opened": "", "outcome": "Another outcome", "_submit": "1"}
    answer = people["anna"].post(url(Finding, "add"), like)
    assert answer.status_code == 302
    assert Finding.objects.latest("pk").state == "in-review"


def test_another_one_like_this_keeps_what_they_share(people: dict[str, Client]) -> None:
    edition = hers(locator="Table 2, row 3", value_il2="12 of 176", p_value="0.009")
    page = url(Finding, "change", edition.pk)
    answer = send(people["anna"], page, outcome="CD4 count", _addlike="1")
    begun = form_of(people["anna"], answer.url)
    assert begun["topic"] == [str(edition.topic_id)]
    assert begun["publication"] == [str(edition.publication_id)]
    assert (begun["locator"], begun["outcome"]) == ("Table 2, ", "CD4 count")
    assert begun["outcome_kind"] == ["surrogate"]
    assert (begun["value_il2"], begun["p_value"], begun["statement"]) == ("", "", "")
    whole = begun | {"locator": "Table 2, row 4", "direction": "unclear", "statement": "Not said."}
    assert people["anna"].post(url(Finding, "add"), whole | {"_addlike": "1"}).status_code == 302
    assert Finding.objects.latest("pk").locator == "Table 2, row 4"


def test_another_harm_report_like_this_keeps_its_group(people: dict[str, Client]) -> None:
    report = moves.revise(HarmReport.objects.get(), by=user("anna"))
    answer = send(people["anna"], url(HarmReport, "change", report.pk), arm="IL-2", _addlike="1")
    begun = form_of(people["anna"], answer.url)
    assert (begun["arm"], begun["at_risk"], begun["affected"]) == ("IL-2", "10", "")
    assert begun["intervention"] == [str(report.intervention_id)]
    assert "adverse_effect" not in begun


def test_another_consideration_like_this_keeps_what_it_bears_on(people: dict[str, Client]) -> None:
    one = Consideration.objects.get()
    answer = send(people["anna"], url(Consideration, "change", one.pk), _addlike="1")
    begun = form_of(people["anna"], answer.url)
    assert begun["conditions"] == [str(row.pk) for row in one.conditions.all()]
    assert begun["publication"] == [str(one.publication_id)]
    assert begun["statement"] == ""


# --- Discarding -----------------------------------------------------------------------------------


def test_ones_own_draft_is_discarded_without_a_word(people: dict[str, Client]) -> None:
    edition = hers()
    answer = people["anna"].get(url(Finding, "delete", edition.pk))
    assert answer.url == url(Finding, "discard", edition.pk)
    assert move(people["anna"], edition, "discard").status_code == 302
    assert not Finding.objects.filter(pk=edition.pk).exists()
    assert Step.objects.get(record=edition.record).verb == "discarded"


def test_somebody_elses_draft_is_discarded_with_a_reason(people: dict[str, Client]) -> None:
    edition = hers()
    assert move(people["berta"], edition, "discard").status_code == 200
    assert Finding.objects.filter(pk=edition.pk).exists()
    answer = people["berta"].post(url(Finding, "delete", edition.pk), {"post": "yes"})
    assert Finding.objects.filter(pk=edition.pk).exists()
    assert answer.url == url(Finding, "discard", edition.pk)
    rows = {"action": "delete_selected", "post": "yes", "_selected_action": [edition.pk]}
    answer = people["berta"].post(url(Finding, "changelist"), rows)
    assert "Nothing was discarded" in said(people["berta"], answer)
    assert Finding.objects.filter(pk=edition.pk).exists()
    assert move(people["berta"], edition, "discard", note="Entered twice.").status_code == 302
    assert Step.objects.get(record=edition.record).note == "Entered twice."


@pytest.mark.parametrize(
    ("editions", "told"),
    [
        (1, "The draft {code} was discarded."),
        (2, "The draft of edition 2 of {code} was discarded. Readers still see edition 1."),
    ],
)
def test_what_was_discarded_and_what_readers_still_see_is_said(
    editions: int, told: str, people: dict[str, Client]
) -> None:
    edition = hers() if editions == 1 else moves.revise(published(), by=user("anna"))
    answer = move(people["anna"], edition, "discard")
    assert told.format(code=edition.code) in said(people["anna"], answer)


# --- Comments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition_of", [hers, submitted, published])
def test_colleagues_talk_beside_an_edition_both_ways(
    edition_of: Callable[[], Finding], people: dict[str, Client]
) -> None:
    edition = edition_of()
    for name, words in (("rita", "Is n the number analysed?"), ("anna", "It is: Figure 1.")):
        answer = people[name].post(url(Finding, "comment", edition.pk), {"said": words})
        assert answer.status_code == 302
    page = people["victor"].get(url(Finding, "change", edition.pk)).text
    assert page.index("Is n the number analysed?") < page.index("It is: Figure 1.")
    assert 'name="said"' not in page


@pytest.mark.parametrize("button", ["_save", "_continue", "_submit", "_addlike"])
def test_a_comment_typed_beside_a_draft_is_kept_with_every_save(
    button: str, people: dict[str, Client]
) -> None:
    edition = hers()
    page = url(Finding, "change", edition.pk)
    sent = {"outcome": "Death", "said": " See Table 3. ", button: "1"}
    answer = send(people["anna"], page, **sent)
    assert "Your comment is there." in said(people["anna"], answer)
    edition.refresh_from_db()
    assert edition.outcome == "Death"
    step = Step.objects.get(record=edition.record, verb="commented")
    assert (step.note, step.by) == ("See Table 3.", user("anna"))


def test_a_drafts_comment_stands_in_the_drafts_own_form(people: dict[str, Client]) -> None:
    edition = hers()
    page = people["anna"].get(url(Finding, "change", edition.pk)).text
    assert '<textarea id="id_said" name="said" form="finding_form"' in page
    assert 'name="_continue" form="finding_form" value="Save with this comment"' in page
    assert "Add this comment" not in page
    assert "Add this comment" in people["rita"].get(url(Finding, "change", edition.pk)).text


@pytest.mark.parametrize("fault", [{"outcome": ""}, {"opened": "99"}])
def test_a_form_that_comes_back_keeps_the_comment(
    fault: dict[str, str], people: dict[str, Client]
) -> None:
    page = url(Finding, "change", hers().pk)
    answer = send(people["anna"], page, said="Long thought about.", **fault)
    assert answer.status_code == 200
    assert ">Long thought about.</textarea>" in answer.text
    assert not Step.objects.filter(verb="commented").exists()


def test_a_comment_that_cannot_be_kept_saves_nothing_and_loses_nothing(
    people: dict[str, Client],
) -> None:
    edition = hers()
    page = url(Finding, "change", edition.pk)
    answer = send(people["anna"], page, outcome="Death", said="x" * 4001)
    assert answer.status_code == 200
    assert "Comment:" in answer.text
    assert f">{'x' * 4001}</textarea>" in answer.text
    assert 'value="Death"' in answer.text
    edition.refresh_from_db()
    assert edition.outcome != "Death"
    assert not Step.objects.filter(verb="commented").exists()


def test_a_comment_has_words_and_is_made_once(people: dict[str, Client]) -> None:
    edition = hers()
    page = url(Finding, "comment", edition.pk)
    assert people["anna"].post(page, {"said": "  "}).status_code == 200
    assert people["anna"].post(page, {"said": "x" * 4001}).status_code == 200
    assert people["victor"].post(page, {"said": "I think so."}).status_code == 403
    for _ in range(2):
        assert people["anna"].post(page, {"said": "See Table 3."}).status_code == 302
    assert Step.objects.filter(record=edition.record, verb="commented").count() == 1


def test_what_is_said_beside_an_edition_is_never_public(
    people: dict[str, Client], stranger: Client
) -> None:
    edition = published()
    people["anna"].post(url(Finding, "comment", edition.pk), {"said": "A word among us."})
    for page in (f"/findings/{edition.code}/", "/findings.csv", "/findings/"):
        assert "A word among us." not in stranger.get(page).getvalue().decode()


def test_a_reason_with_markup_is_shown_as_it_was_typed(people: dict[str, Client]) -> None:
    edition = hers()
    words = "<script>alert(1)</script>"
    people["anna"].post(url(Finding, "comment", edition.pk), {"said": words})
    page = people["berta"].get(url(Finding, "change", edition.pk)).text
    assert words not in page
    assert "&lt;script&gt;" in page
