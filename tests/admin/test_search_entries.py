"""Whatever a curator saves or deletes, the search holds what readers see by now."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence.ledger import engines, index
from evidence.models import (
    AdverseEffect,
    CombinationPartner,
    Condition,
    Intervention,
    Publication,
    Topic,
    Trial,
    TrialPublication,
)
from tests.admin.pages import send, url
from tests.admin.rows import fill, make_finding, make_publication, make_topic, make_trial
from tests.ledger.kept_search import assert_whole, holds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world() -> Topic:
    topic = fill()
    index.rebuild()
    return topic


def saved(client: Client, row: Any, **changes: Any) -> None:
    assert send(client, url(type(row), "change", row.pk), **changes).status_code == 302


@pytest.mark.parametrize("model", [Condition, Intervention, AdverseEffect])
def test_a_renamed_term_is_found_by_its_new_name_alone(model: type, curator: Client) -> None:
    row = model.objects.get()
    saved(curator, row, name="Xylophones")
    assert holds("xylophon")
    saved(curator, row, name="Bassoons", synonyms="Oboes")
    assert (holds("xylophon"), holds("bassoon"), holds("obo")) == (False, True, True)
    assert_whole()


def test_a_partners_name_is_a_word_of_what_is_combined_with_it(curator: Client) -> None:
    saved(curator, CombinationPartner.objects.get(), name="Xylophones")
    assert holds("xylophon")
    assert_whole()


def test_a_condition_under_another_changes_what_is_read_for_that(curator: Client) -> None:
    wide = make_topic(2)
    make_finding(wide, make_publication(2))
    index.rebuild()
    saved(curator, Topic.objects.first().condition, parent=wide.condition_id)
    assert_whole()


def test_a_merged_term_is_found_no_more(administrator: Client) -> None:
    one, two = make_topic(3).condition, make_topic(4).condition
    Topic.objects.filter(condition=one).delete()
    index.rebuild()
    saved(administrator, one, merged_into=two.pk)
    assert not any(row[0] == one.pk * 16 + 2 for row in engines.contents())
    assert_whole()


def test_an_edited_paper_is_found_with_all_that_was_read_from_it(curator: Client) -> None:
    before = len([row for row in engines.contents() if "xylophon" in str(row)])
    saved(curator, Publication.objects.first(), title="Xylophones", pmid="77777")
    after = [row for row in engines.contents() if "xylophon" in str(row)]
    # The paper, its finding, its harm report and their topic, where readers see them.
    assert (before, len(after) > 2) == (0, True)
    assert all("77777" in str(row) for row in after)
    assert_whole()


def test_an_edited_trial_is_found_with_all_that_was_read_from_it(curator: Client) -> None:
    saved(curator, Trial.objects.first(), title="Xylophones", acronym="BASSOON")
    assert (holds("xylophon"), holds("bassoon")) == (True, True)
    assert_whole()


def test_a_tie_between_a_paper_and_a_trial_can_be_made_and_taken_out(curator: Client) -> None:
    trial, paper = make_trial(5), make_publication(5)
    index.rebuild()
    page = url(Trial, "change", trial.pk)
    rows = {"publication_rows-TOTAL_FORMS": "1", "publication_rows-0-id": ""}
    rows |= {"publication_rows-0-trial": str(trial.pk), "publication_rows-0-relation": "reports"}
    send(curator, page, **rows, **{"publication_rows-0-publication": paper.pk})
    assert TrialPublication.objects.filter(trial=trial).exists()
    assert_whole()
    send(curator, page, **{"publication_rows-0-DELETE": "on"})
    assert_whole()


def test_a_trial_that_a_curator_adds_is_found(curator: Client) -> None:
    send(curator, url(Trial, "add"), title="Xylophones", slug="xylophones")
    trial = Trial.objects.filter(slug="xylophones").first()
    assert trial is not None
    assert holds("xylophon")
    assert_whole()
    curator.post(url(Trial, "delete", trial.pk), {"post": "yes"})
    assert not Trial.objects.filter(pk=trial.pk).exists()
    assert not holds("xylophon")
    assert_whole()


def test_a_deleted_term_is_found_no_more(administrator: Client) -> None:
    row = Condition.objects.create(name="Xylophones", slug="xylophones", area="other")
    index.rebuild()
    administrator.post(url(Condition, "delete", row.pk), {"post": "yes"})
    assert not Condition.objects.filter(pk=row.pk).exists()
    assert not holds("xylophon")
    assert_whole()
