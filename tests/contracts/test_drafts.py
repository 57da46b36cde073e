"""Work never leaks: until a second person publishes it the public site is the same to the byte."""

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
from evidence.curation import duties, many, moves
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
    Step,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from evidence.registries import ctgov
from evidence.sync import trials
from tests.contracts import asking
from tests.curation.conftest import someone_who
from tests.registries.made_up import small_study
from tests.web import examples

pytestmark = pytest.mark.django_db

DRAFTS = 500
SECRET = "zzyzx"
OPEN = (vocab.State.DRAFT, vocab.State.IN_REVIEW)
# Of a question that nobody has studied.
WHAT_THE_RULE_SAYS = {
    "status": vocab.Status.INVESTIGATED,
    "ground": vocab.Ground.NO_TREATMENT,
    "direction": vocab.TopicDirection.NO_DATA,
    "certainty": vocab.Certainty.NOT_ASSESSED,
}
FATES = (
    "begun",
    "assigned",
    "returned",
    "discarded",
    "to be withdrawn",
    "to be replaced",
    "kept",
    "taken over",
)


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


def worked_on() -> dict[str, list[Any]]:
    """Publish a judgement of each kind for each fate; by what is to become of them."""
    question, paper = Topic.objects.public().earliest("pk"), Publication.objects.earliest("pk")
    found: dict[str, list[Any]] = {}
    for place, fate in enumerate((*FATES, "twice")):
        wider = examples.condition(f"Condition of {place}", f"condition-of-{place}")
        found[fate] = [
            examples.assessment(examples.topic(condition=wider), **WHAT_THE_RULE_SAYS),
            examples.finding(question, paper, outcome=f"Outcome {place}", locator="Table 2"),
            examples.harm(paper, topic=question, locator=f"Table {place}"),
            Consideration.objects.create(
                kind=vocab.ConsiderationKind.MECHANISM,
                statement=f"IL-2 does it by way {place}.",
                publication=paper,
                locator="p. 3",
                **examples.published(),
            ),
        ]
    return found


def public_addresses() -> list[str]:
    """Every address that readers are led to, with filters of each kind, and some that are not."""
    found = ["/", "/data/", "/about/", "/about/status/"]
    found += [f"/evidence/?q={SECRET}", "/evidence/?condition=nothing"]
    found += [
        f"/map{form}{asked}" for form in ("/", ".svg", ".csv") for asked in ("", "?as_of=2005")
    ]
    found += ["/compare/", "/compare/?condition=hiv-infection&condition=infection"]
    found += ["/compare/?intervention=intermittent-sc&intervention=another-il2"]
    for listing in CATALOGUE.values():
        found += [listing.path, listing.csv_path, f"{listing.csv_path}?raw=1"]
        for name in asking.filters_of(listing):
            words = asking.words_of(listing, name)
            found += [f"{listing.path}?{asking.query({name: words[:2]})}"]
        found += [listing.link(row) for row in _rows(listing)]
    return found + [address for page in _judgements() for address in around(page)]


def _judgements() -> list[str]:
    """The pages of judgements, which have editions and a history."""
    listings = [CATALOGUE[name] for name in ("evidence", "findings", "harms")]
    return [listing.link(row) for listing in listings for row in _rows(listing)]


def around(page: str) -> list[str]:
    """The addresses under that of a judgement: two of its editions, and its history."""
    return [f"{page}editions/1/", f"{page}editions/2/", f"{page}history/"]


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
    public = list(model.objects.public().filter(withdrawal_proposed_by=None).order_by("pk"))
    row = chance.choice(public)
    busy = model.objects.filter(record=row.record, state__in=OPEN).exists()
    record = Record.objects.create(kind=model.KIND) if busy else row.record
    row.pk, row._state.adding = None, True
    row.record, row.number, row.published_at = record, row.number + (not busy), None
    for name, value in (open_state(chance) | given).items():
        setattr(row, name, value)
    row.save()
    return row


def move_all(found: dict[str, list[Any]], ann: Any, ben: Any) -> None:
    """Do all that two people can do with what is published, short of publishing it."""
    moves_of: dict[str, Any] = {
        "begun": _begin,
        "assigned": lambda row, ann, ben: _assign(_hand_on(row, ann, ben), ann, ben),
        "returned": _send_back,
        "discarded": lambda row, ann, ben: moves.discard(_send_back(row, ann, ben), by=ann),
        "to be withdrawn": _propose,
        "to be replaced": lambda row, ann, ben: _propose(row, ann, ben, found["kept"]),
        "kept": _keep,
        "taken over": lambda row, ann, ben: many.take_over([row], by=ann, note=SECRET),
    }
    for fate in FATES:
        for row in found[fate]:
            moves_of[fate](row, ann, ben)


def _begin(row: Any, ann: Any, ben: Any) -> Any:
    draft = moves.revise(row, by=ann, note=SECRET)
    words = "summary" if isinstance(draft, Assessment) else "statement"
    setattr(draft, words, SECRET)
    draft.save()
    moves.comment(row, by=ben, note=SECRET)
    return moves.comment(draft, by=ben, note=SECRET)


def _hand_on(row: Any, ann: Any, ben: Any) -> Any:
    return moves.submit(_begin(row, ann, ben), by=ann, note=SECRET)


def _assign(row: Any, ann: Any, ben: Any) -> Any:
    return moves.assign(row, by=ann, to=ben, note=SECRET)


def _send_back(row: Any, ann: Any, ben: Any) -> Any:
    return moves.return_to_author(_hand_on(row, ann, ben), by=ben, note=SECRET)


def _propose(row: Any, ann: Any, ben: Any, successors: Any = ()) -> Any:
    successor = next((one.record for one in successors if type(one) is type(row)), None)
    return moves.propose_withdrawal(row, by=ann, note=SECRET, successor=successor)


def _keep(row: Any, ann: Any, ben: Any) -> Any:
    return moves.keep(_propose(row, ann, ben), by=ben, note=SECRET)


def publish_again(rows: list[Any], ann: Any, ben: Any) -> None:
    """Publish the next edition of each, so that there are old ones to look at."""
    for row in rows:
        draft = moves.submit(moves.revise(row, by=ann), by=ann, note=SECRET)
        moves.publish(draft, by=ben, note=SECRET)


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


def test_the_public_site_is_the_same_to_the_byte_whatever_is_being_worked_on(
    client: Client, frozen: None
) -> None:
    public_world()
    ann, ben = someone_who("ann", duties.CURATOR), someone_who("ben", duties.REVIEWER)
    found = worked_on()
    publish_again(found["twice"], ann, ben)
    derivation.rederive()
    addresses = public_addresses()
    assert len(addresses) > 200
    before = site(client, addresses)
    # Among the headers is the tag by which a browser asks whether its page still stands.
    assert all("ETag" in headers for status, headers, _ in before.values() if status == 200)
    move_all(found, ann, ben)
    add_drafts(DRAFTS)
    derivation.rederive()
    facets._kept.clear()
    after = site(client, addresses)
    for address in addresses:
        assert SECRET not in after[address][2].decode().replace(f"q={SECRET}", "") or (
            SECRET in address
        )
        assert after[address] == before[address], address
    assert {*Step.objects.values_list("verb", flat=True)} == {*vocab.Verb} - {vocab.Verb.WITHDRAWN}


def test_the_public_site_is_the_same_to_the_byte_whatever_waits_in_the_inbox(
    client: Client, frozen: None
) -> None:
    public_world()
    addresses = public_addresses()
    before, number = site(client, addresses), Trial.objects.count()
    studies = [
        small_study(f"NCT8{i:07}", briefTitle=f"{SECRET} {i}", overallStatus=status)
        for status in ("RECRUITING", "COMPLETED")
        for i in range(DRAFTS)
    ]
    for some in (studies[:DRAFTS], studies[DRAFTS:]):
        trials.bring_in([ctgov.payload(one) for one in some])
    assert Trial.objects.count() == number + DRAFTS
    facets._kept.clear()
    after = site(client, addresses)
    for address in addresses:
        assert after[address] == before[address], address


def test_what_is_not_public_has_no_address(client: Client) -> None:
    public_world()
    found = worked_on()
    move_all(found, someone_who("ann", duties.CURATOR), someone_who("ben", duties.REVIEWER))
    add_drafts(28)
    derivation.rederive()
    public = {listing.link(row) for listing in CATALOGUE.values() for row in _rows(listing)}
    hidden = {f"/findings/{one.code}/" for one in Finding.objects.all()}
    hidden |= {f"/harms/{one.code}/" for one in HarmReport.objects.all()}
    hidden |= {f"/evidence/{one.code}/" for one in Topic.objects.all()}
    hidden |= {f"/trials/{one.value}/" for one in TrialIdentifier.objects.all()}
    hidden |= {f"/publications/{one.code}/" for one in Publication.objects.all()}
    hidden -= public
    under = [page for page in hidden if page.startswith(("/findings/", "/harms/", "/evidence/"))]
    hidden |= {address for page in under for address in around(page)}
    hidden |= {f"{page}editions/2/" for page in _judgements()}
    assert len(hidden) > 40
    for address in sorted(hidden):
        assert SECRET not in asking.get(client, address, status=404)


def test_no_public_page_keeps_anything_in_the_browser(client: Client) -> None:
    public_world()
    for address in public_addresses()[::4]:
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
