"""Every status comes with its reasons: line, studies, what was left out, and what it rests on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from evidence import vocab
from evidence.admin import preview
from evidence.ledger import derivation
from evidence.models import (
    Approval,
    Assessment,
    Finding,
    Outcome,
    Publication,
    Topic,
    Trial,
)
from tests.web import examples
from tests.web.published_again import replace
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


def reasons(client: Client, topic: Topic) -> str:
    """The section "Why this status" of a topic's page."""
    html = body(client, f"/evidence/{topic.code}/")
    start = html.index('<h2 id="why">Why this status</h2>')
    return html[start : html.index("<h2", start + 5)]


def row(html: str, study: str) -> str:
    """The words of the table row of a study."""
    found = [one for one in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if f">{study}</a>" in one]
    assert len(found) == 1, (study, found)
    return words(found[0])


def verdict(client: Client, topic: Topic) -> str:
    html = body(client, f"/evidence/{topic.code}/")
    said = words(re.search(r'<section class="verdict.*?</section>', html, re.DOTALL)[0])
    return re.sub(r" ([.,;:)])", r"\1", said)


def test_the_section_says_definition_line_and_version(client: Client, question: Topic) -> None:
    html = reasons(client, question)
    text = words(html)
    assert vocab.STATUS_DEFINITIONS[vocab.Status.VARIABLE] in text
    assert '<a href="/about/status/#V2">V2</a>, markers and patients disagree.' in html
    assert vocab.RULE_WHEN[vocab.Rule.V2] in text.replace("IL-2 ,", "IL-2,")
    assert "We say variable · the rule says variable (V2), version 1 ·" in text
    assert 'href="/about/status/"' in html


def test_a_definition_that_stands_alone_refers_to_no_other(client: Client, question: Topic) -> None:
    stored = Assessment.objects.all()
    stored.update(status="investigated", ground="approved-use")
    alone = "either experimental nor variable. Always shown with its ground: "
    said = verdict(client, question)
    assert f"Investigated means: n{alone}" in said
    assert "either of these" not in said
    Approval.objects.update(substance_is_il2=True)
    Finding.objects.filter(outcome="CD4 count").update(direction="unclear")
    derivation.rederive()
    for page in (f"/evidence/{question.code}/", f"/evidence/{question.code}/?as_of=1995"):
        html = body(client, page)
        why = html[html.index('<h2 id="why">') :]
        assert f": N{alone}" in words(why).replace(" :", ":")
        assert "either of these" not in html
    shown = preview.render(Assessment.objects.get(), by=examples.person("rita"), back="/")
    assert f"Investigated means: n{alone}" in words(shown)
    for page in ("/", "/about/", "/about/status/"):
        definition = vocab.STATUS_DEFINITIONS[vocab.Status.INVESTIGATED]
        assert definition in words(body(client, page))


def test_every_line_that_holds_is_told(client: Client, question: Topic) -> None:
    html = reasons(client, question)
    told = [line["sentence"] for line in question.rule_trace["lines"]]
    assert len(told) == 2
    for sentence in told:
        assert words(sentence.replace("IL-2", "")) in words(html.replace("IL-2", ""))
    assert '<a href="/about/status/#I3">I3</a> holds too' in html


def test_an_investigated_topic_says_on_which_ground(client: Client, question: Topic) -> None:
    Approval.objects.update(substance_is_il2=True)
    Finding.objects.filter(outcome="CD4 count").update(direction="unclear")
    derivation.rederive()
    text = words(reasons(client, question))
    assert "Ground an approved use" in text
    assert "I2 , approved use" in text


def test_each_study_stands_on_its_side_with_what_it_showed(client: Client, question: Topic) -> None:
    html = reasons(client, question)
    favours, against = html.index("Favours"), html.index(">No difference or harm<")
    assert favours < html.index(">CD4 count ") < against < html.index(">Opportunistic disease")
    code = Finding.objects.get(outcome="CD4 count").code
    (cells,) = (one for one in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if "CD4 count" in one)
    assert f'href="/findings/{code}/">ESPRIT</a>' in cells
    text = words(cells)
    for said in ("2009", "surrogate", "favours IL-2", "with v without", "4,111"):
        assert said in text, said
    assert "1 study in favour of IL-2, 1 study of no difference or harm" in words(html)


def test_all_findings_that_decided_a_result_are_linked(client: Client, question: Topic) -> None:
    first = Finding.objects.get(outcome="CD4 count")
    second = examples.finding(
        question,
        first.publication,
        trial=first.trial,
        outcome="CD4 count, again",
        outcome_kind=first.outcome_kind,
        outcome_group=first.outcome_group,
        direction=first.direction,
    )
    derivation.rederive()
    html = reasons(client, question)
    assert f'href="/findings/{first.code}/">ESPRIT</a>' in html
    assert f'href="/findings/{second.code}/">{second.code}</a>' in html


def test_a_study_of_a_narrower_condition_says_so(client: Client, question: Topic) -> None:
    narrow = examples.condition("Acute HIV infection", "acute-hiv", parent=question.condition)
    asked = examples.topic(condition=narrow)
    paper = examples.publication(7, authors="Narrow A", year=2012)
    examples.finding(asked, paper, n_total=40)
    derivation.rederive()
    html = reasons(client, question)
    assert "in acute HIV infection" in row(html, "Narrow 2012")
    table = re.search(r'<table class="stack sides".*?</table>', html, re.DOTALL)[0]
    assert "in HIV infection" not in words(table)


def test_what_the_status_rests_on_is_named(client: Client, question: Topic) -> None:
    assert "Robustness Rests on ESPRIT alone: without it, " in words(reasons(client, question))


def test_robustness_is_said_only_where_it_was_worked_out_and_there_is_a_study(
    client: Client, question: Topic
) -> None:
    stored = Topic.objects.filter(pk=question.pk)
    stored.update(rule_rests_on=[], robust=True)
    assert "Stays variable without any one study." in words(reasons(client, question))
    stored.update(robust=False)
    assert "Robustness" not in reasons(client, question)
    empty = examples.topic(population=vocab.Population.NEONATE)
    examples.assessment(empty)
    derivation.rederive()
    assert Topic.objects.get(pk=empty.pk).robust
    assert "Robustness" not in reasons(client, empty)


def test_a_role_that_is_no_treatment_is_not_asked_what_argues(client: Client) -> None:
    marker = examples.topic(role=vocab.Role.BIOMARKER)
    examples.assessment(marker)
    examples.finding(marker, examples.publication())
    derivation.rederive()
    text = words(reasons(client, marker))
    assert "In this topic IL-2 is not given to people" in text
    for said in ("Robustness", "argues", "Left out"):
        assert said not in text


@pytest.mark.parametrize("trial_begun", [False, True])
def test_treatment_of_other_ages_is_named_and_not_borrowed(
    client: Client, question: Topic, trial_begun: bool
) -> None:
    children = examples.topic(population=vocab.Population.CHILD)
    examples.assessment(children, status="experimental")
    if trial_begun:
        children.trials.add(examples.trial("NCT00000002"))
    examples.finding(
        examples.topic(population=vocab.Population.OLDER_ADULT),
        Publication.objects.get(),
        comparison=vocab.Comparison.GROUPS,  # no treatment: its age is not named
    )
    derivation.rederive()
    text = words(reasons(client, children))
    assert f"{'E1' if trial_begun else 'I1'} ," in text
    said = "All findings of treatment are of other ages: adults. We do not borrow those results."
    assert text.count(said) == 1
    assert said not in reasons(client, question)


def test_trials_and_approvals_that_do_not_count_are_named_with_the_reason(
    client: Client, question: Topic
) -> None:
    planned = examples.trial(
        "NCT00000003",
        acronym="LATER",
        recruitment_status=vocab.RecruitmentStatus.NOT_YET_RECRUITING,
        start="",
    )
    question.trials.add(planned)
    derivation.rederive()
    html = reasons(client, question)
    text = words(html)
    assert "It is not yet recruiting. LATER" in text
    assert 'href="/trials/NCT00000003/">LATER</a>' in html
    assert "What was approved is something around the IL-2 agent, not the agent." in text
    assert "FDA, HIV infection" in text


def test_the_source_pages_own_word_stands_beside_ours_with_its_date(
    client: Client, question: Topic
) -> None:
    page = examples.publication(8, title="A narrative page")
    stored = Assessment.objects.all()
    stored.update(narrative_word="experimental", narrative_source=page, narrative_date="2026-03")
    text = words(reasons(client, question))
    assert "says experimental , where we say variable ( A narrative page , Mar 2026 )" in text
    stored.update(narrative_word="variable", narrative_date="")
    text = words(reasons(client, question))
    assert "says variable , as we do ( A narrative page , undated)" in text


def test_discordance_is_said_in_words_and_leads_to_its_listing(
    client: Client, question: Topic
) -> None:
    html = body(client, f"/evidence/{question.code}/")
    target = "/discordances/?condition=hiv-infection"
    assert f'<a href="{target}">markers and patients disagree</a>' in html
    assert question.code in body(client, target)
    Finding.objects.filter(outcome="CD4 count").update(direction="unclear")
    derivation.rederive()
    assert f"{target}" not in body(client, f"/evidence/{question.code}/")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("It is early.", "our reason: it is early; to be"),
        ("It is early", "our reason: it is early; to be"),
        ("It is early. One more is due.", "our reason: it is early. One more is due; to be"),
        ("Is it early?", "our reason: is it early?; to be"),
        ("HIV comes first.", "our reason: HIV comes first; to be"),
        ("IL-2 came late.", "our reason: IL-2 came late; to be"),
    ],
)
def test_where_curators_and_rule_differ_both_words_and_both_reasons_stand(
    client: Client, question: Topic, reason: str, said: str
) -> None:
    stored = {"status": "experimental", "reason": reason, "review_by": "2027-05-21"}
    Assessment.objects.update(**stored)
    text = verdict(client, question)
    assert "Curated: experimental. The rule says variable (V2), because markers and" in text
    assert f"; {said} looked at again by 21 May 2027." in text
    assert ".;" not in text
    assert ".." not in text
    assert "The rule says variable" in words(reasons(client, question))


def test_a_difference_is_told_in_three_pieces(client: Client, question: Topic) -> None:
    stored = {"status": "experimental", "reason": "It is early.", "review_by": "2027-05-21"}
    Assessment.objects.update(**stored)
    html = body(client, f"/evidence/{question.code}/")
    pieces = re.findall(r"<p>(.*?)</p>", html.partition("Curated:")[2], re.DOTALL)
    assert pieces[0] == "our reason: it is early;"
    assert words(pieces[1]) == "to be looked at again by 21 May 2027 ."


def test_a_difference_without_a_reason_yet_says_so(client: Client, question: Topic) -> None:
    Assessment.objects.update(status="experimental")
    assert verdict(client, question).count("; our reason is not written yet.") == 1


def test_where_curators_and_rule_agree_nothing_is_said_of_a_difference(
    client: Client, question: Topic
) -> None:
    assert "Curated:" not in verdict(client, question)


@pytest.mark.parametrize("stored", [{"rule_trace": {}}, {"rule_trace": {"lines": []}}])
def test_a_topic_with_half_a_trace_has_a_page(
    client: Client, question: Topic, stored: dict[str, Any]
) -> None:
    Topic.objects.filter(pk=question.pk).update(**stored)
    assert "V2 , markers and patients disagree" in words(reasons(client, question))


def test_a_topic_that_the_rule_has_not_read_says_so(client: Client) -> None:
    asked = examples.topic()
    examples.assessment(asked)
    assert "The rule has not read this topic yet." in reasons(client, asked)


def test_an_edition_and_the_history_say_the_ground(client: Client, question: Topic) -> None:
    first = Assessment.objects.get()
    replace(first, status="investigated", ground="approved-use")
    page = f"/evidence/{question.code}/"
    html = body(client, f"{page}editions/2/")
    assert 'content="investigated (an approved use): ' in html
    assert "Ground an approved use" in words(html)
    assert "investigated , an approved use changed from variable" in words(
        body(client, f"{page}history/")
    )


def test_the_reasons_show_no_draft(client: Client, question: Topic) -> None:
    before = body(client, f"/evidence/{question.code}/")
    secret = {"state": "draft", "published_at": None, "origin": "import"}
    examples.finding(question, Publication.objects.get(), direction="favours", **secret)
    question.trials.add(examples.trial("NCT00000009", accepted_at=None, acronym="SECRET"))
    derivation.rederive()
    assert body(client, f"/evidence/{question.code}/") == before
    assert Trial.objects.filter(acronym="SECRET").exists()
    assert Outcome.objects.exists()
