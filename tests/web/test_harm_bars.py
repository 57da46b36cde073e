"""Harms by dose class: only like collections share an axis, and each row says what it is."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import version
from evidence.models import HarmReport, Publication, Topic
from evidence.web.evidence_rows import MOST_HARMS
from evidence.web.harm_bars import harm_bars
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

NO_COUNTS = {
    "comparator": vocab.Comparator.NONE,
    "comparator_affected": None,
    "comparator_at_risk": None,
}
EFFECT = "/adverse-effects/capillary-leak-syndrome/"


@pytest.fixture
def paper() -> Publication:
    return examples.publication()


def groups(**asked: bool) -> dict[str, list[tuple[str, ...]]]:
    """The reports of each dose class, one tuple of arms for each axis."""
    return {
        group.word: [tuple(bar.report.arm for bar in same.bars) for same in group.collections]
        for group in harm_bars(HarmReport.objects.public(), **asked)
    }


def queries(client: Client, path: str) -> int:
    version.bump()
    with CaptureQueriesContext(connection) as captured:
        body(client, path)
    return len(captured)


def ticks(strip: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", strip)


def test_what_was_collected_alike_shares_one_axis_in_every_dose_class(paper: Publication) -> None:
    examples.harm(paper, affected=1, at_risk=100)
    examples.harm(paper, affected=60, at_risk=100, dose_class=vocab.DoseClass.HIGH)
    examples.harm(paper, affected=1, at_risk=100, collected=vocab.Collected.ALL_GRADES)
    found = [same for one in harm_bars(HarmReport.objects.public()) for same in one.collections]
    axes = {(same.word, ticks(str(same.axis))[-2]) for same in found}
    assert len(found) == 3
    assert axes == {("grade-4", "80"), ("all-grades", "6")}


def test_one_way_of_collecting_has_one_scale_on_a_page_which_its_heads_name(
    client: Client, paper: Publication
) -> None:
    for number, affected in ((2, 1), (3, 70)):
        source = examples.publication(number, authors=f"Author{number} A\nSecond B")
        asked = {"affected": affected, "at_risk": 100, "collected": vocab.Collected.NOT_STATED}
        examples.harm(source, **asked, **NO_COUNTS)
    examples.harm(paper, affected=1, at_risk=100, **NO_COUNTS)
    text = words(body(client, EFFECT))
    assert len(re.findall(r"Scale: 0 to 80 %", text)) == 2
    assert len(re.findall(r"Scale: 0 to 6 %", text)) == 1


def test_doses_that_are_not_reported_are_said_to_be_unlike(
    client: Client, paper: Publication
) -> None:
    said = "Doses that are not reported may be unlike"
    examples.harm(paper)
    assert said not in words(body(client, EFFECT))
    examples.harm(paper, dose_class=vocab.DoseClass.NOT_REPORTED)
    assert said in words(body(client, EFFECT))


def test_the_arms_of_one_study_are_told_apart(client: Client, paper: Publication) -> None:
    both = {"comparator": vocab.Comparator.IL2_BOTH}
    nothing = {"comparator_affected": None, "comparator_at_risk": None}
    for arm in ("Peptides on dendritic cells", "Peptides in adjuvant"):
        examples.harm(paper, arm=arm, **both, **nothing)
    html = body(client, EFFECT)
    for arm in ("Peptides on dendritic cells", "Peptides in adjuvant"):
        assert f'<span class="second">{arm}</span>' in html
    assert words(html).count("not reported other group, IL-2 too") == 2


def test_another_group_that_had_il2_too_is_not_called_control(
    client: Client, paper: Publication
) -> None:
    examples.harm(paper)
    assert 'data-l="Other group"' not in body(client, EFFECT)
    examples.harm(paper, comparator=vocab.Comparator.IL2_BOTH)
    html = body(client, EFFECT)
    assert html.count('data-l="Other group"') == html.count('data-l="Control"') == 1
    assert html.count('class="quiet too"') == 1


def test_where_nobody_says_what_was_collected_only_a_study_is_like_itself(
    paper: Publication,
) -> None:
    other = examples.publication(2, authors="Other A\nSecond B")
    for source, arm in ((paper, "A"), (paper, "B"), (other, "C")):
        examples.harm(source, arm=arm, collected=vocab.Collected.NOT_STATED)
        examples.harm(source, arm=arm, collected=vocab.Collected.ABOVE_THRESHOLD)
        examples.harm(source, arm=arm, collected=vocab.Collected.GRADE_3_UP)
    assert groups()["intermediate"] == [
        ("A", "B", "C"),
        ("A", "B"),
        ("C",),
        ("A", "B"),
        ("C",),
    ]


def test_two_studies_of_one_name_are_two(paper: Publication) -> None:
    study = examples.trial(acronym="")
    for source, arm, trial in (
        (paper, "A", None),
        (examples.publication(2), "B", None),
        (examples.publication(3), "C", study),
        (examples.publication(4), "D", study),
    ):
        examples.harm(source, arm=arm, trial=trial, collected=vocab.Collected.NOT_STATED)
    assert sorted(groups()["intermediate"]) == [("A",), ("B",), ("C", "D")]


def test_a_named_threshold_is_one_collection_whoever_applied_it(paper: Publication) -> None:
    above = {"collected": vocab.Collected.ABOVE_THRESHOLD, "collected_note": "More than 5 %."}
    examples.harm(paper, arm="A", **above)
    examples.harm(examples.publication(2, authors="Other A"), arm="B", **above)
    examples.harm(paper, arm="C", **above | {"collected_note": "More than 10 %."})
    assert sorted(groups()["intermediate"]) == [("A", "B"), ("C",)]


def test_the_most_frequent_stand_first_and_what_is_not_reported_last(paper: Publication) -> None:
    examples.harm(paper, arm="not reported", affected=None, at_risk=None)
    examples.harm(paper, arm="3 %", affected=3, at_risk=100)
    examples.harm(paper, arm="20 %", affected=None, at_risk=None, percent=20)
    examples.harm(paper, arm="nought", affected=0, at_risk=100)
    assert groups()["intermediate"] == [("20 %", "3 %", "nought", "not reported")]


def test_sources_of_an_effect_stand_by_year(paper: Publication) -> None:
    examples.harm(examples.publication(2, year=None), arm="undated", affected=90, at_risk=100)
    examples.harm(paper, arm="2009", affected=50, at_risk=100)
    examples.harm(examples.publication(3, year=1994), arm="1994")
    assert groups(by_source=True)["intermediate"] == [("1994", "2009", "undated")]


def test_every_class_of_dose_is_named_even_where_nothing_is_reported(
    client: Client, paper: Publication
) -> None:
    examples.harm(paper, dose_class=vocab.DoseClass.NOT_REPORTED)
    text = words(body(client, EFFECT))
    for dose in ("ultra-low", "low", "intermediate", "high"):
        assert re.search(rf"Dose: {dose} \([^)]*\) ?: no harm report here", text), dose
    assert "Dose: not reported. Collected: grade 4 only" in text
    assert "Dose: not applicable" not in text


def test_not_reported_is_blank_and_a_printed_nought_is_a_dot(
    client: Client, paper: Publication
) -> None:
    examples.harm(paper, affected=None, at_risk=None, **NO_COUNTS)
    html = body(client, EFFECT)
    assert "not reported" in words(html)
    assert 'class="strip' not in html
    examples.harm(paper, affected=0, at_risk=29, **NO_COUNTS)
    html = body(client, EFFECT)
    assert "0 of 29 (0 %)" in words(html)
    assert html.count('<circle class="filled" cx="8" cy="13"') == 1


def test_a_row_says_attribution_package_and_what_the_control_had(
    client: Client, paper: Publication
) -> None:
    given = examples.intervention("IL-2 with a vaccine", "il-2-with-a-vaccine")
    examples.harm(
        paper,
        intervention=given,
        given=vocab.Given.PACKAGE,
        attribution=vocab.Attribution.ALL_CAUSE,
        comparator=vocab.Comparator.IL2_BOTH,
    )
    examples.harm(
        paper,
        attribution=vocab.Attribution.TREATMENT_RELATED,
        comparator=vocab.Comparator.OTHER_DOSE,
    )
    text = words(body(client, EFFECT))
    assert "IL-2 with a vaccine, in a package" in text
    assert "all causes" in text
    assert "judged treatment-related by the source" in text
    assert "other group, IL-2 too" in text
    assert "other group, another dose" in text
    assert "whatever brought it about" in text


def test_of_many_studies_that_say_not_what_they_collected_some_stand_and_all_are_counted(
    client: Client, paper: Publication
) -> None:
    for number in range(MOST_HARMS + 4):
        source = examples.publication(100 + number, authors=f"Author{number} A\nSecond B")
        examples.harm(source, collected=vocab.Collected.NOT_STATED, affected=number)
    html = body(client, "/interventions/intermittent-sc/")
    assert html.count('<svg class="strip bars"') == MOST_HARMS
    assert "4 more, in the listing" in words(html)
    everything = [
        same for one in harm_bars(HarmReport.objects.public()) for same in one.collections
    ]
    assert len(everything) == MOST_HARMS + 4
    assert not any(same.more for same in everything)


def test_a_page_takes_as_many_queries_for_one_report_as_for_many(
    client: Client, paper: Publication
) -> None:
    examples.effect("Hypotension", "hypotension").leads_to.add(examples.effect())
    one = examples.trial()
    one.interventions.add(examples.intervention())
    examples.assessment(examples.topic())
    examples.harm(paper, trial=one)
    pages = (EFFECT, "/interventions/intermittent-sc/")
    few = [queries(client, path) for path in pages]
    for number in range(8):
        source = examples.publication(100 + number, authors=f"Author{number} A\nSecond B")
        study = examples.trial(f"NCT0000000{number}")
        study.interventions.add(examples.intervention())
        role = vocab.Role.values[number % 7]
        asked = examples.condition(f"Condition {number}", f"c-{number}")
        question = examples.topic(role=role, condition=asked)
        examples.assessment(question)
        effect = examples.effect(f"Effect {number}", f"effect-{number}")
        examples.effect().leads_to.add(effect)
        examples.harm(source, trial=study, topic=question)
        examples.harm(source, trial=study, adverse_effect=effect)
    assert [queries(client, path) for path in pages] == few


def test_what_all_rows_of_a_collection_share_is_said_once(
    client: Client, paper: Publication
) -> None:
    for number in range(3):
        examples.harm(paper, affected=number, attribution=vocab.Attribution.ALL_CAUSE)
    html = body(client, "/interventions/intermittent-sc/")
    assert html.count("https://pubmed.ncbi.nlm.nih.gov/19828532/") == 1
    assert html.count("All causes.") == 1
    other = examples.publication(77)
    examples.harm(other, attribution=vocab.Attribution.NOT_STATED)
    html = body(client, "/interventions/intermittent-sc/")
    assert html.count("https://pubmed.ncbi.nlm.nih.gov/19828532/") == 3
    assert words(html).count("attribution not stated") == 1


def test_a_retracted_source_is_named_as_such(client: Client) -> None:
    examples.harm(examples.publication(standing=vocab.Standing.RETRACTED))
    assert "PubMed 19828532 retracted" in words(body(client, EFFECT))


def test_results_that_a_registry_posted_lead_to_the_trial(client: Client) -> None:
    study = examples.trial()
    examples.harm(None, publication=None, trial=study, results_posted="2011-04-25")
    html = body(client, EFFECT)
    assert '<a href="/trials/NCT00004978/">NCT00004978</a>, results posted' in html
    assert "ESPRIT, 2011" in words(html)


def test_a_word_of_a_source_is_never_markup(client: Client, paper: Publication) -> None:
    said = "<script>x</script>"
    examples.harm(paper, term_as_printed=said, grades_as_printed="<b>3</b>", collected_note=said)
    html = body(client, EFFECT)
    assert said not in html
    assert "<b>3</b>" not in html


def test_an_effect_without_a_report_says_so(client: Client) -> None:
    examples.effect()
    text = words(body(client, EFFECT))
    assert "No harm report of it is published here. Not reported is not zero." in text
    assert "It leads to" not in text


def test_the_chain_of_effects_is_drawn_both_ways(client: Client, paper: Publication) -> None:
    leak = examples.effect()
    storm = examples.effect("Cytokine release syndrome", "cytokine-release-syndrome")
    hypotension = examples.effect("Hypotension", "hypotension")
    injury = examples.effect("Acute kidney injury", "acute-kidney-injury")
    for cause in (leak, storm):
        cause.leads_to.add(hypotension)
    hypotension.leads_to.add(injury)
    # Round again, which no page may follow for ever.
    injury.leads_to.add(leak)
    examples.harm(paper, adverse_effect=injury)
    html = body(client, "/adverse-effects/hypotension/")
    assert '<ul aria-label="Hypotension leads to"><li><span class="step"><a href=' in html
    text = words(html)
    assert "It leads to Hypotension Acute kidney injury 1 harm report Capillary leak syndrome" in (
        text
    )
    follows = text[text.index("It follows from") :]
    assert "Capillary leak syndrome no harm report here" in follows
    assert "Cytokine release syndrome" in follows


def test_a_merged_effect_has_no_step_in_a_chain(client: Client) -> None:
    leak, oedema = examples.effect(), examples.effect("Oedema", "oedema")
    leak.leads_to.add(oedema)
    oedema.merged_into = examples.effect("Generalised oedema", "generalised-oedema")
    oedema.save()
    assert "It leads to" not in words(body(client, EFFECT))


def test_a_page_of_an_intervention_shows_some_topics_and_names_all(client: Client) -> None:
    for number in range(18):
        examples.assessment(
            examples.topic(condition=examples.condition(f"Condition {number}", f"c-{number}"))
        )
    html = body(client, "/interventions/intermittent-sc/")
    assert "The 15 most studied topics" in words(html)
    assert "variable : 18 topics" in words(html)
    assert all(f"/evidence/{one.code}/" in html for one in Topic.objects.all())
    assert 'href="/compare/?intervention=intermittent-sc"' in html
