"""What pages say in schema.org's words: valid, about what they show, and nothing invented."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.models import Finding, HarmReport, Publication, Topic
from tests.web import examples
from tests.web.reading import body

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


def said(client: Client, path: str) -> dict[str, dict[str, Any]]:
    """Give what a page says by type, after checking that no thing on it says nothing."""
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', body(client, path), re.DOTALL
    )
    assert len(blocks) == 1, path
    whole = json.loads(blocks[0])
    assert whole["@context"] == "https://schema.org"
    assert_nothing_empty(whole)
    return {one["@type"]: one for one in whole["@graph"]}


def assert_nothing_empty(value: Any) -> None:
    assert value not in (None, "", [], {})
    for one in value.values() if isinstance(value, dict) else value if type(value) is list else ():
        assert_nothing_empty(one)


def test_a_list_is_a_set_of_data_under_its_licence(client: Client, question: Topic) -> None:
    version.bump()
    for name, listing in CATALOGUE.items():
        data = said(client, f"/{name}/")["Dataset"]
        assert data["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
        assert data["distribution"][0]["contentUrl"].endswith(f"/{name}.csv")
        assert data["variableMeasured"] == [column.key for column in listing.columns]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["dateModified"])
    asked = said(client, "/evidence/?status=variable")["Dataset"]
    assert asked["url"].endswith("/evidence/?status=variable")
    assert asked["distribution"][0]["contentUrl"].endswith("/evidence.csv?status=variable")


def test_the_dictionary_is_a_catalogue_of_all_of_them(client: Client, question: Topic) -> None:
    whole = said(client, "/data/")["DataCatalog"]
    assert len(whole["dataset"]) == len(CATALOGUE)


def test_a_topic_is_a_page_about_a_condition_and_a_form_of_il2(
    client: Client, question: Topic
) -> None:
    page = said(client, f"/evidence/{question.code}/")["MedicalWebPage"]
    assert [one["@type"] for one in page["about"]] == ["MedicalCondition", "MedicalTherapy"]
    assert page["abstract"] == "CD4 counts rise; deaths do not fall."
    # Nobody here has read it again, so no day is given.
    assert "lastReviewed" not in page


def test_a_finding_is_a_claim_of_its_source(client: Client, question: Topic) -> None:
    found = Finding.objects.earliest("pk")
    claim = said(client, f"/findings/{found.code}/")["MedicalWebPage"]["mainEntity"]
    assert (claim["@type"], claim["text"]) == ("Claim", found.statement)
    assert claim["appearance"]["@type"] == "ScholarlyArticle"


def test_a_harm_report_is_a_page_about_an_effect(client: Client, question: Topic) -> None:
    page = said(client, f"/harms/{HarmReport.objects.get().code}/")["MedicalWebPage"]
    assert page["about"][0]["name"] == "Capillary leak syndrome"


@pytest.mark.parametrize(
    ("design", "kind"),
    [
        (vocab.TrialDesign.RANDOMISED, "MedicalTrial"),
        (vocab.TrialDesign.SINGLE_GROUP, "MedicalTrial"),
        (vocab.TrialDesign.OBSERVATIONAL, "MedicalObservationalStudy"),
        (vocab.TrialDesign.NOT_STATED, "MedicalStudy"),
    ],
)
def test_only_a_trial_is_called_one(client: Client, design: str, kind: str) -> None:
    examples.trial(design=design)
    study = said(client, "/trials/NCT00004978/")[kind]
    assert study["status"] == "https://schema.org/Completed"
    assert study["identifier"][0]["value"] == "NCT00004978"
    assert study["disambiguatingDescription"] == "Phase 3"
    assert ("trialDesign" in study) is (design == vocab.TrialDesign.RANDOMISED)
    assert "sponsor" not in study


def test_a_retracted_paper_says_so(client: Client) -> None:
    paper = examples.publication(standing=vocab.Standing.RETRACTED)
    article = said(client, f"/publications/{paper.code}/")["ScholarlyArticle"]
    assert article["creativeWorkStatus"] == "retracted"
    assert "https://pubmed.ncbi.nlm.nih.gov/19828532/" in article["sameAs"]


def test_terms_are_what_they_are(client: Client, question: Topic) -> None:
    examples.intervention("Endogenous IL-2", "endogenous", kind=vocab.InterventionKind.ENDOGENOUS)
    examples.intervention("Aldesleukin", "aldesleukin", kind=vocab.InterventionKind.RECOMBINANT)
    examples.condition("Sepsis", "sepsis", mesh_id="D018805")
    assert "Substance" in said(client, "/interventions/endogenous/")
    assert "Drug" in said(client, "/interventions/aldesleukin/")
    (code,) = said(client, "/conditions/sepsis/")["MedicalCondition"]["code"]
    assert (code["codingSystem"], code["codeValue"]) == ("MeSH", "D018805")


def test_every_thing_says_where_it_stands(client: Client, question: Topic) -> None:
    for path in (
        f"/evidence/{question.code}/",
        f"/publications/{Publication.objects.get().code}/",
        "/trials/NCT00004978/",
        "/conditions/hiv-infection/",
        "/interventions/intermittent-sc/",
        "/adverse-effects/capillary-leak-syndrome/",
    ):
        steps = said(client, path)["BreadcrumbList"]["itemListElement"]
        assert [one["position"] for one in steps] == [1, 2, 3]
        assert steps[2]["item"].endswith(path)


def test_a_name_cannot_end_the_block(client: Client) -> None:
    name = "</script><script>alert(1)</script><!-- & \u2028"
    paper = examples.publication(title=name)
    html = body(client, f"/publications/{paper.code}/")
    assert "<script>alert" not in html
    assert said(client, f"/publications/{paper.code}/")["ScholarlyArticle"]["name"] == name


def test_home_says_whose_pages_these_are(client: Client) -> None:
    site = said(client, "/")["WebSite"]
    assert site["potentialAction"]["target"]["urlTemplate"].endswith(
        "/search/?q={search_term_string}"
    )


def test_a_link_that_is_shared_shows_title_and_picture(client: Client, question: Topic) -> None:
    head = body(client, f"/evidence/{question.code}/").partition("</head>")[0]
    told = dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', head))
    assert told["og:title"].startswith("Intermittent subcutaneous IL-2")
    assert told["og:image"].startswith("http")
    assert told["og:image"].endswith("card.png")
    assert told["og:url"].endswith(f"/evidence/{question.code}/")
    assert set(told) == {
        "og:type", "og:title", "og:description", "og:url", "og:image", "og:site_name",
    }  # fmt: skip
