"""The pages of one thing show it whole, say what is not there, and never show a draft."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import derivation, version
from evidence.models import Assessment, Finding, HarmReport, Publication, Topic
from evidence.web import terms
from evidence.web.evidence_rows import MOST_HARMS
from tests.web import examples
from tests.web.published_again import withdraw
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


def paths_of(question: Topic) -> list[str]:
    return [
        "/",
        "/about/",
        "/about/status/",
        "/data/",
        f"/evidence/{question.code}/",
        f"/evidence/{question.code}/?as_of=2005",
        f"/findings/{Finding.objects.first().code}/",
        f"/harms/{HarmReport.objects.first().code}/",
        "/trials/NCT00004978/",
        f"/publications/{Publication.objects.first().code}/",
        "/conditions/hiv-infection/",
        "/interventions/intermittent-sc/",
        "/adverse-effects/capillary-leak-syndrome/",
    ]


def test_every_page_has_one_heading_and_its_frame(client: Client, question: Topic) -> None:
    for path in paths_of(question):
        html = body(client, path)
        assert html.count("<h1") == 1, path
        assert html.count('<dl class="dates">') == 1, path
        assert f'rel="canonical" href="http://127.0.0.1:8000{path}"' in html
        assert "Not medical advice" in html
        assert "data version" in html
        assert re.search(r"<title>[^<]{5,} · il2tracker</title>", html), path
        assert 'name="description" content="' in html


def test_no_page_has_markup_that_its_policy_forbids(client: Client, question: Topic) -> None:
    for path in paths_of(question):
        html = body(client, path)
        assert not re.search(
            r"\sstyle=|<style|<script(?! src=| type=.application/ld)|\son[a-z]+=['\"]|csrf|nonce",
            html,
        ), path


def test_no_page_starts_a_session(client: Client, question: Topic) -> None:
    for path in paths_of(question):
        response = client.get(path)
        assert not response.cookies, path
        assert "Cookie" not in response.get("Vary", ""), path


def test_every_link_of_a_page_leads_somewhere(client: Client, question: Topic) -> None:
    listings = ("/evidence/", "/findings/", "/harms/", "/trials/", "/publications/")
    terms = ("/conditions/", "/interventions/", "/adverse-effects/", "/discordances/")
    for path in paths_of(question):
        for target in set(re.findall(r'href="(/[^"#]*)', body(client, path).replace("&amp;", "&"))):
            if target.startswith(("/static/", "/admin/")):
                continue
            if target.partition("?")[0] in {*listings, *terms} or target.endswith(".csv"):
                continue
            # What is searched by its number leads straight to it.
            assert client.get(target, follow=True).status_code == 200, (path, target)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_only_read(client: Client, question: Topic, method: str) -> None:
    for path in paths_of(question):
        assert getattr(client, method)(path).status_code == 405, path


def test_parameters_of_campaigns_change_nothing(client: Client, question: Topic) -> None:
    path = f"/evidence/{question.code}/"
    assert body(client, path) == body(client, f"{path}?utm_source=letter")


def test_a_topic_shows_its_status_with_definition_and_reasons(
    client: Client, question: Topic
) -> None:
    text = words(body(client, f"/evidence/{question.code}/"))
    assert "Variable means: results in people" in text
    assert "CD4 counts rise; deaths do not fall." in text
    assert "HR 0.94 (95 % CI 0.75 to 1.16)" in text
    assert "10 of 2,071 (0.48 %)" in text
    assert "Starter evidence, not yet read by a second person here" in text
    assert "no harm report here" in text  # the other dose classes


def test_a_topic_reads_as_a_sentence(client: Client) -> None:
    sick = examples.condition("Warm autoimmune haemolytic anaemia", "warm-aiha")
    asked = examples.topic(condition=sick)
    examples.assessment(asked)
    html = body(client, f"/evidence/{asked.code}/")
    heading = "Intermittent subcutaneous IL-2 for warm autoimmune haemolytic anaemia, in adults"
    assert f"<title>{heading} · il2tracker</title>" in html
    assert heading in words(html)


@pytest.mark.parametrize("page", ["topic", "trial", "publication", "condition", "intervention"])
def test_every_page_with_harms_shows_their_rows(client: Client, question: Topic, page: str) -> None:
    """A heading over an empty table once passed for a trial without harms."""
    paths = {
        "topic": f"/evidence/{question.code}/",
        "trial": "/trials/NCT00004978/",
        "publication": f"/publications/{Publication.objects.get().code}/",
        "condition": "/conditions/hiv-infection/",
        "intervention": "/interventions/intermittent-sc/",
    }
    html = body(client, paths[page])
    assert f"/harms/{HarmReport.objects.get().code}/" in html
    assert "10 of 2,071" in words(html)


def test_harms_that_were_collected_differently_stand_apart(client: Client, question: Topic) -> None:
    paper = Publication.objects.get()
    serious = vocab.Collected.SERIOUS_ONLY
    examples.harm(paper, topic=question, collected=serious, collected_note="For 30 days.")
    examples.harm(paper, topic=question, collected=serious, collected_note="For 60 days.")
    text = words(body(client, f"/evidence/{question.code}/"))
    dose = "Dose: intermediate (6 MIU/day and more, below high). Collected: "
    first = text.index(f"{dose}serious events only For 30 days.")
    second = text.index(f"{dose}serious events only For 60 days.")
    third = text.index(f"{dose}grade 4 only")
    assert first < second < third
    assert text.count(dose) == 3


def test_a_term_shows_some_of_many_harms_and_leads_to_all(client: Client, question: Topic) -> None:
    paper = Publication.objects.get()
    for number in range(MOST_HARMS + 2):
        examples.harm(paper, topic=question, arm=f"Group {number}")
    html = body(client, "/interventions/intermittent-sc/")
    assert "3 more, in the listing" in words(html)
    listing = "/harms/?intervention=intermittent-sc&amp;dose_class=intermediate&amp;collected="
    assert f'href="{listing}grade-4"' in html
    body(client, f"{listing}grade-4".replace("&amp;", "&"))
    assert "more, in the listing" not in body(client, f"/evidence/{question.code}/")


def test_a_condition_groups_its_findings_by_what_was_measured(
    client: Client, question: Topic
) -> None:
    text = words(body(client, "/conditions/hiv-infection/"))
    table = text[text.index("Findings by kind of outcome") :]
    assert table.index("Clinical") < table.index("Opportunistic disease") < table.index("Surrogate")


def test_considerations_stand_by_kind(client: Client, question: Topic) -> None:
    html = body(client, f"/evidence/{question.code}/")
    assert "<h3>Challenges</h3>" in html
    assert "<h3>Mechanisms</h3>" not in html


def test_what_nobody_has_entered_is_not_called_unreported(client: Client, question: Topic) -> None:
    said = "record yet: what says “not reported” may stand there."
    assert said not in words(body(client, "/trials/NCT00004978/"))
    examples.trial("NCT00000001", checked_on=None)
    assert said in words(body(client, "/trials/NCT00000001/"))
    paper = examples.publication(1, authors="")
    assert "Authors not entered here" in words(body(client, f"/publications/{paper.code}/"))
    agent = examples.intervention("An IL-2", "an-il-2")
    assert "Identifiers" not in words(body(client, "/interventions/an-il-2/"))
    agent.atc = "L03AC01"
    agent.save()
    assert "Identifiers ATC L03AC01" in words(body(client, "/interventions/an-il-2/"))


def test_a_trial_gives_its_own_three_dates(client: Client, question: Topic) -> None:
    version.bump()
    text = words(body(client, "/trials/NCT00004978/"))
    assert "Last reviewed by a person not yet" in text
    assert "Registry last checked 20 Nov 2026" in text
    assert "Data as of not yet" not in text


def test_a_trial_without_a_registry_number_is_named_in_words(client: Client) -> None:
    examples.trial("tan-2017", acronym="", title="IL-2 in eastern China")
    html = body(client, "/trials/tan-2017/")
    assert "<title>IL-2 in eastern China · il2tracker</title>" in html
    assert "Trials / Tan 2017" in words(html)


def test_the_reasons_for_leaving_findings_out_are_given_once(
    client: Client, question: Topic
) -> None:
    paper = Publication.objects.get()
    for outcome in ("Fever", "Chills"):
        examples.finding(question, paper, outcome=outcome, outcome_kind=vocab.OutcomeKind.SAFETY)
    derivation.rederive()
    text = words(body(client, f"/evidence/{question.code}/"))
    reason = "Outcomes of this kind are shown and do not argue: safety."
    assert text.count(reason) == 1
    assert re.search(f"{reason} .*Fever.*Chills", text)


def test_an_investigated_topic_shows_its_ground(client: Client) -> None:
    babies = examples.condition("Neonatal sepsis", "neonatal-sepsis", area=vocab.Area.NEONATAL)
    asked = examples.topic(
        role=vocab.Role.PROPOSED_TREATMENT, population=vocab.Population.NEONATE, condition=babies
    )
    examples.assessment(
        asked,
        status=vocab.Status.INVESTIGATED,
        ground=vocab.Ground.NO_TREATMENT,
        direction=vocab.TopicDirection.NO_DATA,
        certainty=vocab.Certainty.NOT_ASSESSED,
    )
    text = words(body(client, f"/evidence/{asked.code}/"))
    assert "no treatment of people found" in text
    assert "No treatment of people was found for this question" in text
    assert "not assessed" in text
    page = words(body(client, "/conditions/neonatal-sepsis/"))
    assert "No trial has given IL-2 to newborn babies with this condition" in page
    assert "it is not proof that none exists" in page
    assert "We do not borrow those results for babies" in page


def test_no_page_says_that_nothing_is_held_where_something_is(client: Client) -> None:
    """Whatever the word that two people once agreed on."""
    question = examples.topic()
    ground = {"status": "investigated", "ground": "no-treatment-found", "direction": "no-data"}
    examples.assessment(question, **ground)
    derivation.rederive()
    pages = (f"/evidence/{question.code}/", f"/conditions/{question.condition.slug}/")
    assert all("We hold no trial, no finding" in body(client, page) for page in pages)
    examples.finding(question, examples.publication())
    derivation.rederive()
    assert not any("We hold no trial, no finding" in body(client, page) for page in pages)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/evidence/T99/", "There is no topic T99."),
        ("/evidence/T0/", "There is no topic T0."),
        ("/evidence/t1/", "There is no topic t1."),
        ("/evidence/T٣/", "There is no topic T٣."),
        ("/findings/F" + "9" * 30 + "/", "There is no finding F" + "9" * 30 + "."),
        ("/findings/H1/", "There is no finding H1."),
        ("/harms/H7/", "There is no harm report H7."),
        ("/trials/NCT99999999/", "There is no trial NCT99999999."),
        ("/publications/P12/", "There is no publication P12."),
        ("/conditions/plague/", "There is no condition plague."),
        ("/interventions/aspirin/", "There is no intervention aspirin."),
        ("/adverse-effects/luck/", "There is no adverse effect luck."),
    ],
)
def test_what_is_not_there_is_named(client: Client, path: str, sentence: str) -> None:
    assert sentence in body(client, path, status=404)


def test_drafts_have_no_page_and_leave_no_trace(client: Client, question: Topic) -> None:
    before = {path: body(client, path) for path in paths_of(question)}
    paper = Publication.objects.get()
    secret = {"state": "draft", "published_at": None, "origin": "import"}
    drafts = [
        examples.finding(question, paper, outcome="Secret", **secret),
        examples.harm(paper, topic=question, term_as_printed="Secret", **secret),
    ]
    hidden = examples.topic(role=vocab.Role.PREVENTION)
    examples.assessment(hidden, summary="Secret", **secret)
    examples.trial("NCT11111111", accepted_at=None, title="Secret")
    examples.publication(11, accepted_at=None, title="Secret")
    assert {path: body(client, path) for path in paths_of(question)} == before
    for kind, draft in zip(("findings", "harms"), drafts, strict=True):
        body(client, f"/{kind}/{draft.code}/", status=404)
    body(client, f"/evidence/{hidden.code}/", status=404)
    body(client, "/trials/NCT11111111/", status=404)
    body(client, f"/publications/P{Publication.objects.get(pmid=11).pk}/", status=404)


def test_a_finding_on_a_topic_without_a_page_does_not_link_to_it(client: Client) -> None:
    asked = examples.topic()
    found = examples.finding(asked, examples.publication())
    html = body(client, f"/findings/{found.code}/")
    assert f"/evidence/{asked.code}/" not in html


def test_a_withdrawn_finding_says_when_why_and_what_follows(
    client: Client, question: Topic
) -> None:
    gone, other = Finding.objects.order_by("pk")
    withdraw(gone, successor=other.record)
    html = body(client, f"/findings/{gone.code}/", status=410)
    text = words(html)
    assert f"Finding {gone.code} has been withdrawn" in text
    assert "because: The figures were of another trial." in text
    assert f'<a href="/findings/{other.code}/">{other.code}</a>' in html


def test_a_withdrawn_topic_is_gone(client: Client, question: Topic) -> None:
    withdraw(Assessment.objects.get())
    assert f"Topic {question.code} has been withdrawn" in body(
        client, f"/evidence/{question.code}/", status=410
    )


def test_a_merged_term_leads_to_the_one_that_took_its_place(client: Client) -> None:
    kept = examples.condition()
    examples.condition("AIDS virus", "aids-virus", merged_into=kept)
    response = client.get("/conditions/aids-virus/")
    assert response.status_code == 301
    assert response["Location"] == "/conditions/hiv-infection/"


def test_another_number_of_a_trial_leads_to_its_page(client: Client) -> None:
    study = examples.trial()
    study.identifiers.create(registry=vocab.Registry.ISRCTN, value="ISRCTN12345678")
    response = client.get("/trials/ISRCTN12345678/")
    assert response.status_code == 301
    assert response["Location"] == "/trials/NCT00004978/"


def test_a_condition_shows_its_narrower_ones_topics(client: Client, question: Topic) -> None:
    wide = examples.condition("Viral infection", "viral-infection")
    question.condition.parent = wide
    question.condition.save()
    html = body(client, "/conditions/viral-infection/")
    assert f"/evidence/{question.code}/" in html
    assert 'href="/conditions/hiv-infection/"' in html


def test_a_retracted_source_is_marked(client: Client, question: Topic) -> None:
    Publication.objects.update(standing="retracted", standing_note="Figures were made up.")
    text = words(body(client, f"/publications/{Publication.objects.get().code}/"))
    assert "Retracted. Figures were made up." in text


def test_queries_do_not_grow_with_rows(client: Client, question: Topic) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                body(client, path)
            found[path] = len(queries)
        return found

    paths = paths_of(question)
    before = counts()
    paper = Publication.objects.get()
    for number in range(8):
        study = examples.trial(f"NCT0000000{number}")
        study.conditions.add(question.condition)
        study.interventions.add(question.intervention)
        study.arms.create(label="IL-2", intervention=question.intervention)
        question.trials.add(study)
        other = examples.publication(100 + number)
        found = examples.finding(question, other, trial=study)
        examples.finding(question, paper, trial=study, outcome=f"Outcome {number}")
        examples.harm(paper, topic=question, trial=study)
        assert found.code
        near = examples.condition(f"Condition {number}", f"condition-{number}")
        examples.assessment(examples.topic(condition=near))
    assert counts() == before


def test_an_effect_leads_to_reports_that_name_it_under_another(
    client: Client, question: Topic
) -> None:
    paper, death = Publication.objects.get(), examples.effect("Death", "death")
    printed = "Death from capillary leak after IL-2 overdose"
    named = examples.harm(paper, adverse_effect=death, term_as_printed=printed)
    examples.harm(paper, adverse_effect=death, term_as_printed="Death from infection")
    html = body(client, "/adverse-effects/capillary-leak-syndrome/")
    part = html.partition('id="elsewhere"')[2].partition("<h2")[0]
    assert f'href="/harms/{named.code}/"' in part
    assert f"{printed} , under death" in words(part)
    assert "infection" not in part
    assert 'id="elsewhere"' not in body(client, "/adverse-effects/death/")


def test_topics_beyond_the_most_studied_stand_by_role_and_say_of_whom_they_are(
    client: Client, question: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MOST_TOPICS", 1)
    variant = examples.intervention("Inhaled IL-2", "inhaled", parent=question.intervention)
    child = examples.topic(population=vocab.Population.CHILD)
    other = examples.topic(intervention=variant, role=vocab.Role.BIOMARKER)
    for one in (child, other):
        examples.assessment(one)
    said = words(body(client, "/interventions/intermittent-sc/"))
    assert "Treatment: 1 more topic HIV infection , children variable" in said
    assert "Biomarker: 1 more topic HIV infection , adults, inhaled IL-2 variable" in said


def test_a_fusion_protein_is_not_called_a_mutein(client: Client, question: Topic) -> None:
    unit = {"dose_class": vocab.DoseClass.NOT_APPLICABLE}
    fusion = examples.intervention("Denileukin diftitox", "denileukin", **unit)
    examples.harm(Publication.objects.get(), intervention=fusion, **unit)
    for path in ("/interventions/denileukin/", "/interventions/", "/harms/", "/data/"):
        text = words(body(client, path))
        assert "fusion proteins" in text, path
        assert "(muteins" not in text, path
