"""Drafts never leak: with five hundred of them the public site is the same to the byte."""

from __future__ import annotations

import random
from typing import Any

import pytest
import time_machine
from auditlog.context import disable_auditlog
from django.test import Client
from django.utils import timezone

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.ledger import derivation, version
from evidence.listing import facets
from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Record,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from tests.contracts import asking
from tests.web import examples

pytestmark = pytest.mark.django_db

DRAFTS = 500
SECRET = "zzyzx"
OPEN = (vocab.State.DRAFT, vocab.State.IN_REVIEW)


def public_world() -> None:
    """A few public things of every kind, so that drafts have what to hang on."""
    question = examples.world()
    wider = examples.condition("Infection", "infection", area=vocab.Area.INFECTIOUS)
    Condition.objects.filter(pk=question.condition_id).update(parent=wider)
    paper = examples.publication(pmid=7)
    for population in ("adult", "any"):
        above = examples.topic(condition=wider, population=population)
        examples.assessment(above)
        examples.finding(above, paper)
    Intervention.objects.create(name="Another IL-2", slug="another-il2", kind="mutein")
    AdverseEffect.objects.create(name="Fever", slug="fever", organ_system="General")
    examples.harm(paper)
    derivation.rederive()
    version.bump()


def public_addresses() -> list[str]:
    """Every address that readers are led to, with filters of each kind, and some that are not."""
    found = ["/", "/data/", "/about/", f"/evidence/?q={SECRET}", "/evidence/?condition=nothing"]
    for listing in CATALOGUE.values():
        found += [listing.path, listing.csv_path, f"{listing.csv_path}?raw=1"]
        for name in asking.filters_of(listing):
            words = asking.words_of(listing, name)
            found += [f"{listing.path}?{asking.query({name: words[:2]})}"]
        found += [listing.link(row) for row in _rows(listing)]
    return found


def _rows(listing: Any) -> list[dict[str, Any]]:
    column = listing.column("id")
    return [{"id": value} for (value,) in listing.rows().values_list(column.expression)]


def site(client: Client, addresses: list[str]) -> dict[str, tuple[Any, ...]]:
    """Status, headers and body of each address; only the request's own name may differ."""
    answers = {}
    for address in addresses:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = {k: v for k, v in response.headers.items() if k != "X-Request-ID"}
        answers[address] = (response.status_code, headers, body)
    return answers


def open_state(chance: random.Random) -> dict[str, Any]:
    """A draft or what is in review, by a curator, the starter data or an import."""
    state = chance.choice(OPEN)
    given: dict[str, Any] = {"state": state, "origin": chance.choice(vocab.Origin.values)}
    if state == vocab.State.IN_REVIEW:
        given |= {"submitted_by": examples.person("author"), "submitted_at": timezone.now()}
    return given


def again(model: type[Any], chance: random.Random, **given: Any) -> Any:
    """The next edition of something published, with other words; a new one where there is one."""
    public = list(model.objects.public().order_by("pk"))
    row = chance.choice(public)
    busy = model.objects.filter(record=row.record, state__in=OPEN).exists()
    record = Record.objects.create(kind=model.KIND) if busy else row.record
    row.pk, row._state.adding = None, True
    row.record, row.number, row.published_at = record, row.number + (not busy), None
    for name, value in (open_state(chance) | given).items():
        setattr(row, name, value)
    row.save()
    return row


def draft_topic(chance: random.Random) -> Topic | None:
    """A question that nobody has answered in public, in a condition that others are read from."""
    return Topic.objects.get_or_create(
        condition=chance.choice(list(Condition.objects.all())),
        intervention=chance.choice(list(Intervention.objects.all())),
        role=chance.choice(vocab.Role.values),
        population=chance.choice(vocab.Population.values),
    )[0]


def add_drafts(number: int) -> None:
    chance = asking.luck("drafts")
    makers = (_finding, _harm, _assessment, _consideration, _trial, _publication, _approval)
    with disable_auditlog():  # half the time, and nothing that readers see
        for i in range(number):
            makers[i % len(makers)](chance, i)


def _finding(chance: random.Random, i: int) -> None:
    group = Outcome.objects.order_by("pk").first()
    topic = {"topic": draft_topic(chance)} if i % 2 else {}
    again(Finding, chance, statement=f"{SECRET} {i}", outcome_group=group, **topic)


def _harm(chance: random.Random, i: int) -> None:
    effect = chance.choice(list(AdverseEffect.objects.all()))
    again(HarmReport, chance, statement=f"{SECRET} {i}", adverse_effect=effect, affected=None)


def _assessment(chance: random.Random, i: int) -> None:
    topic = {"topic": draft_topic(chance)} if i % 2 else {}
    again(Assessment, chance, summary=f"{SECRET} {i}", status="investigated", ground="approved-use")
    if topic:
        given = open_state(chance)
        Assessment.objects.create(
            **topic, **given, status="variable", direction="mixed", summary=f"{SECRET} {i}"
        )


def _consideration(chance: random.Random, i: int) -> None:
    row = again(Consideration, chance, statement=f"{SECRET} {i}", kind="mechanism")
    row.conditions.set(Condition.objects.all())
    row.interventions.set(Intervention.objects.all())


def _trial(chance: random.Random, i: int) -> None:
    trial = Trial.objects.create(slug=f"NCT9{i:07}", title=f"{SECRET} {i}", start="2001")
    TrialIdentifier.objects.create(trial=trial, registry="NCT", value=trial.slug)
    TrialPhase.objects.create(trial=trial, phase="PHASE4")
    trial.conditions.set(Condition.objects.all())
    trial.interventions.set(Intervention.objects.all())
    chance.choice(list(Topic.objects.all())).trials.add(trial)
    for publication in Publication.objects.all()[:2]:
        TrialPublication.objects.create(trial=trial, publication=publication, relation="includes")


def _publication(chance: random.Random, i: int) -> None:
    paper = Publication.objects.create(title=f"{SECRET} {i}", pmid=50_000_000 + i)
    for trial in Trial.objects.order_by("pk")[:2]:
        TrialPublication.objects.create(trial=trial, publication=paper)


def _approval(chance: random.Random, i: int) -> None:
    Approval.objects.get_or_create(
        intervention=chance.choice(list(Intervention.objects.all())),
        condition=chance.choice(list(Condition.objects.all())),
        population=chance.choice(vocab.Population.values),
        agency=chance.choice(vocab.Agency.values),
    )


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        yield


def test_the_public_site_is_the_same_to_the_byte_with_five_hundred_drafts(
    client: Client, frozen: None
) -> None:
    public_world()
    addresses = public_addresses()
    assert len(addresses) > 120
    before = site(client, addresses)
    add_drafts(DRAFTS)
    derivation.rederive()
    facets._kept.clear()
    after = site(client, addresses)
    for address in addresses:
        assert SECRET not in after[address][2].decode().replace(f"q={SECRET}", "") or (
            SECRET in address
        )
        assert after[address] == before[address], address


def test_what_is_not_public_has_no_address(client: Client) -> None:
    public_world()
    add_drafts(28)
    derivation.rederive()
    public = {listing.link(row) for listing in CATALOGUE.values() for row in _rows(listing)}
    hidden = {f"/findings/{one.code}/" for one in Finding.objects.all()}
    hidden |= {f"/harms/{one.code}/" for one in HarmReport.objects.all()}
    hidden |= {f"/evidence/{one.code}/" for one in Topic.objects.all()}
    hidden |= {f"/trials/{one.value}/" for one in TrialIdentifier.objects.all()}
    hidden |= {f"/publications/{one.code}/" for one in Publication.objects.all()}
    hidden -= public
    assert len(hidden) > 15
    for address in sorted(hidden):
        assert SECRET not in asking.get(client, address, status=404)


def test_no_public_page_keeps_anything_in_the_browser(client: Client) -> None:
    public_world()
    for address in public_addresses()[::4]:
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
