"""The admin warns of what looks alike: once before a new row is saved, ever after beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence.models import (
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Publication,
    Trial,
    TrialPublication,
)
from tests.admin.pages import faults, form_of, send, url
from tests.admin.rows import fill, make_assessment, make_finding, make_publication, make_trial

pytestmark = pytest.mark.django_db
PANEL = "Looks alike</h2>"


def new_condition(**fields: str) -> dict[str, str]:
    """Give what a form sends for a whole condition."""
    return {"area": "infectious", "name": "Hepatitis B", "slug": "hepatitis-b"} | fields


def sent_again(answer: Any) -> dict[str, Any]:
    """Give what a page that came back would send."""
    from tests.admin.pages import _Form

    form = _Form()
    form.feed(answer.text)
    return {name: text for name, text in form.values.items() if name != "q"}


def test_a_new_term_like_another_is_asked_about_once_and_then_saved(curator: Client) -> None:
    there = Condition.objects.create(name="Chronic hepatitis B", slug="chb", area="infectious")
    typed = new_condition(name="Hepatitis B, chronic", definition="Kept.")
    answer = send(curator, url(Condition, "add"), **typed)
    assert "This may be there already" in faults(answer)["__all__"][0]
    assert (
        f'“Chronic hepatitis B” is there already. <a href="{url(Condition, "change", there.pk)}"'
        in (answer.text)
    )
    assert "Kept." in answer.text
    assert Condition.objects.count() == 1
    assert curator.post(url(Condition, "add"), sent_again(answer)).status_code == 302
    assert Condition.objects.count() == 2


def test_a_second_and_different_likeness_asks_again(curator: Client) -> None:
    Condition.objects.create(name="Chronic hepatitis B", slug="chb", area="infectious")
    Condition.objects.create(name="Lupus", slug="lupus", area="immune-mediated")
    answer = send(curator, url(Condition, "add"), **new_condition(name="Hepatitis B, chronic"))
    changed = sent_again(answer) | {"synonyms": "lupus"}
    again = curator.post(url(Condition, "add"), changed)
    assert "This may be there already" in faults(again)["__all__"][0]
    assert curator.post(url(Condition, "add"), sent_again(again)).status_code == 302


def test_a_new_trial_under_a_known_number_is_asked_about_with_its_rows_kept(
    curator: Client,
) -> None:
    make_trial(1)
    typed = {"title": "Another", "identifiers-0-registry": "other"}
    typed["identifiers-0-value"] = "NCT-00000001"
    answer = send(curator, url(Trial, "add"), **typed)
    assert "trial-1 has the same number: NCT00000001." in answer.text
    assert 'value="NCT-00000001"' in answer.text
    assert Trial.objects.count() == 1
    assert curator.post(url(Trial, "add"), sent_again(answer)).status_code == 302
    assert Trial.objects.count() == 2


def test_a_new_assessment_of_an_assessed_topic_is_asked_about(curator: Client) -> None:
    topic = fill()
    typed = {
        "topic": topic.pk,
        "status": "experimental",
        "direction": "unclear",
        "certainty": "not-assessed",
        "summary": "Too early.",
    }
    answer = send(curator, url(Assessment, "add"), **typed)
    assert "is an assessment of the same topic: published." in answer.text
    assert Assessment.objects.count() == 1
    assert curator.post(url(Assessment, "add"), sent_again(answer)).status_code == 302


def test_a_finding_like_another_is_saved_and_warned_about(curator: Client) -> None:
    topic = fill()
    draft = Finding.objects.get(state="draft")
    public = Finding.objects.public().get()
    page = url(Finding, "change", draft.pk)
    answer = curator.post(page, form_of(curator, page) | {"_continue": "1"}, follow=True)
    assert f"{public.code} has the same topic, source and outcome" in answer.text
    assert PANEL in answer.text
    other = make_finding(topic, make_publication(2))
    assert PANEL not in curator.get(url(Finding, "change", other.pk)).text


def test_a_result_that_another_source_of_its_trial_gave_is_saved_and_warned_about(
    curator: Client,
) -> None:
    topic = fill()
    draft = Finding.objects.get(state="draft")
    posted = make_finding(topic, None, trial=make_trial(2), results_posted="2011-04-25")
    topic.trials.add(posted.trial)
    page = url(Finding, "change", draft.pk)
    typed = form_of(curator, page) | {"trial": posted.trial.pk, "_continue": "1"}
    answer = curator.post(page, typed, follow=True)
    said = (
        f"{posted.code} holds this outcome of the same trial (TRIAL2), read from the registry&#x27;"
        "s posted results."
    )
    assert f"Looks alike: {said}" in answer.text, "above the form, once it is saved"
    assert PANEL in answer.text
    assert said in curator.get(page).text, "in the panel, as long as it is so"


def test_a_warning_goes_with_its_cause(curator: Client) -> None:
    one = make_publication(1, title="One title")
    two = make_publication(2, title="One Title.")
    page = url(Publication, "change", two.pk)
    assert f"{one.code} has the same title" in curator.get(page).text
    send(curator, url(Publication, "change", one.pk), title="Another title")
    assert PANEL not in curator.get(page).text


def test_a_form_that_comes_back_shows_what_its_typed_values_look_like(curator: Client) -> None:
    one = make_publication(1, title="One title")
    answer = send(curator, url(Publication, "add"), title="one title", doi="nonsense")
    assert faults(answer)["doi"]
    assert f"{one.code} has the same title" in answer.text


def test_what_somebody_typed_is_shown_as_text(curator: Client) -> None:
    make_publication(1, title="<script>alert(1)</script> trial")
    two = make_publication(2, title="<script>alert(1)</script> TRIAL")
    page = curator.get(url(Publication, "change", two.pk)).text
    assert PANEL in page
    assert "<script>alert(1)" not in page


# --- Figures --------------------------------------------------------------------------------------


def draft_page() -> str:
    """Give the address of the draft's form."""
    return url(Finding, "change", Finding.objects.get(state="draft").pk)


def test_figures_that_cannot_be_are_refused_however_often(curator: Client) -> None:
    fill()
    typed = {"effect_measure": "hazard-ratio", "estimate": "-0.5"}
    answer = send(curator, draft_page(), **typed)
    assert "is never negative" in faults(answer)["estimate"][0]
    assert (
        "is never negative" in faults(curator.post(draft_page(), sent_again(answer)))["estimate"][0]
    )


def test_odd_figures_pass_when_saved_a_second_time(curator: Client) -> None:
    fill()
    typed = {"n_il2": "12", "n_comparator": "12", "n_total": "12"}
    answer = send(curator, draft_page(), **typed)
    assert "If it is printed so, save once more." in faults(answer)["n_total"][0]
    other = curator.post(draft_page(), sent_again(answer) | {"n_comparator": "11"})
    assert "The groups together are 23" in faults(other)["n_total"][0], "other figures ask again"
    assert curator.post(draft_page(), sent_again(answer)).status_code == 302
    assert Finding.objects.get(state="draft").n_total == 12


def test_swapped_ends_are_called_swapped_at_the_low_end(curator: Client) -> None:
    fill()
    typed = {"effect_measure": "hazard-ratio", "estimate": "0.9"}
    typed |= {"ci_low": "1.17", "ci_high": "0.69", "ci_level": "95"}
    answer = send(curator, draft_page(), **typed)
    said = {"ci_low": ["The low end (1.17) is above the high end (0.69)."]}
    assert faults(answer) == said
    assert faults(curator.post(draft_page(), sent_again(answer))) == said, "however often"
    mended = sent_again(answer) | {"ci_low": "0.69", "ci_high": "1.17", "direction": "unclear"}
    assert curator.post(draft_page(), mended).status_code == 302


def test_what_a_person_judges_passes_when_saved_a_second_time(curator: Client) -> None:
    fill()
    other = make_trial(2)
    typed = {"effect_measure": "hazard-ratio", "estimate": "0.9", "direction": "favours"}
    typed |= {"ci_low": "0.69", "ci_high": "1.17", "ci_level": "95", "population": "child"}
    typed |= {"statement": "Hazard ratio 0.94.", "p_value": "42", "trial": str(other.pk)}
    answer = send(curator, draft_page(), **typed)
    said = faults(answer)
    assert set(said) == {"direction", "estimate", "p_value", "population", "trial"}
    for field in set(said) - {"p_value"}:
        assert said[field][0].endswith("If it is meant so, save once more."), field
    assert said["p_value"][0].endswith("If it is printed so, save once more.")
    assert curator.post(draft_page(), sent_again(answer)).status_code == 302
    draft = Finding.objects.get(state="draft")
    assert (draft.p_value, draft.trial, draft.population) == ("42", other, "child")


def test_the_second_reader_sees_what_was_asked_of_the_author(curator: Client) -> None:
    fill()
    draft = Finding.objects.get(state="draft")
    Finding.objects.filter(pk=draft.pk).update(trial=make_trial(2), population="child")
    page = curator.get(url(Finding, "review", draft.pk)).text
    assert "TRIAL2 is not among the trials of" in page
    assert "this result is from children" in page


def test_a_paper_without_its_trial_is_asked_about_once_and_told_the_second_reader(
    curator: Client,
) -> None:
    fill()
    draft = Finding.objects.get(state="draft")
    trial = make_trial(3)
    TrialPublication.objects.filter(publication=draft.publication).delete()
    TrialPublication.objects.create(trial=trial, publication=draft.publication)
    answer = send(curator, draft_page(), trial="")
    (said,) = faults(answer)["trial"]
    assert "it counts as a study of its own" in said
    assert said.endswith("If it is meant so, save once more.")
    assert curator.post(draft_page(), sent_again(answer)).status_code == 302
    assert "it counts as a study of its own" in curator.get(url(Finding, "review", draft.pk)).text


def test_a_percent_beside_counts_that_say_another_is_asked_about(curator: Client) -> None:
    fill()
    from tests.admin.rows import make_harm

    public = HarmReport.objects.get()
    report = make_harm(public.topic, public.adverse_effect, publication=public.publication)
    page = url(HarmReport, "change", report.pk)
    said = faults(send(curator, page, percent="90"))
    assert "3 of 10 is 30.0 %, not 90 %." in said["percent"][0]


def test_not_applicable_beside_a_phase_is_refused(curator: Client) -> None:
    rows = {"phase_rows-TOTAL_FORMS": "2", "phase_rows-1-phase": "NA", "phase_rows-1-id": ""}
    answer = send(curator, url(Trial, "change", make_trial().pk), **rows)
    assert "“Not applicable” stands alone" in answer.text


def test_a_trial_that_ends_before_it_starts_is_asked_about(curator: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    answer = send(curator, page, start="2015", completion="2014")
    assert "Here it is 2015 and 2014." in faults(answer)["completion"][0]
    assert curator.post(page, sent_again(answer)).status_code == 302


def test_an_unchanged_assessment_of_its_own_topic_is_not_asked_about(curator: Client) -> None:
    draft = make_assessment(fill(), state="draft")
    assert send(curator, url(Assessment, "change", draft.pk)).status_code == 302
