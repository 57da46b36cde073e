"""Studies come over the wire, known ones first, and a registry that misbehaves loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evidence.models import (
    RegistryRecord,
    SavedSearch,
    SyncFault,
    SyncRun,
    Trial,
    TrialIdentifier,
)
from evidence.registries.ctgov_client import ClinicalTrialsGov
from evidence.registries.http import Refused, Unreachable
from evidence.sync import census, searches, wire
from evidence.sync.runs import Stopped, running
from evidence.sync.searches import Search
from evidence.sync.tally import Counts
from evidence.vocab import Registry, RunKind, RunState, Verdict
from tests.journeys.killing import stand
from tests.registries import fake
from tests.registries.fake import Fault, FaultPlan, ctgov_of
from tests.sync.registry import (
    CHANGED,
    KNOWN,
    MENTIONING,
    NEW,
    PAGE,
    begin,
    few_at_a_time,
    held,
    look,
    now,
    serving,
    study,
)

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.date(2026, 11, 20)  # of the fake registry's data


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small registry fill several batches."""
    monkeypatch.setattr(wire, "AT_A_TIME", PAGE)
    monkeypatch.setattr(census, "AT_A_TIME", PAGE + 1)


@pytest.fixture
def registry() -> Iterator[fake.FakeRegistry]:
    """What the registry holds now, when the known studies are known."""
    begin()
    with serving() as one:
        yield one


@pytest.fixture
def client(registry: fake.FakeRegistry) -> ClinicalTrialsGov:
    """A client of it."""
    return ctgov_of(registry)


def written() -> dict[str, Any]:
    """What is held but for runs."""
    return {name: rows for name, rows in stand().items() if "_sync" not in name}


# --- What comes in --------------------------------------------------------------------------------


def test_known_studies_are_compared_and_new_ones_come_into_the_inbox(client) -> None:
    run = look(client)
    assert run.counts == Counts(
        created=len(NEW),
        changed=len(CHANGED),
        same=len(KNOWN) - len(CHANGED),
        not_il2=len(MENTIONING),
    )
    changed = Trial.objects.filter(recruitment_status="COMPLETED")
    assert {trial.slug for trial in changed} == {*CHANGED}
    assert {one.checked_on for one in Trial.objects.all()} == {DAY}
    assert {one.slug for one in Trial.objects.filter(accepted_at=None)} >= {*NEW}
    verdicts = dict(RegistryRecord.objects.values_list("value", "verdict"))
    assert {verdicts[one] for one in MENTIONING} == {Verdict.NOT_IL2}
    assert SavedSearch.objects.get().last_total == len(now())


def test_a_second_run_writes_nothing_but_itself(client) -> None:
    look(client)
    before = written()
    run = look(client)
    assert written() == before
    assert run.counts == Counts(same=len(now()))
    assert SyncRun.objects.filter(kind=RunKind.SYNC_TRIALS).count() == 2


def test_a_run_that_only_looks_counts_the_same_and_writes_nothing(client) -> None:
    before = stand()
    looked = look(client, dry_run=True)
    assert stand() == before
    assert looked.counts == look(client).counts


def test_nothing_is_asked_while_a_transaction_is_open(
    client, registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    del registry.studies[KNOWN[2]]
    asked = []
    read = client.wire.read

    def watched(*given: Any, **how: Any) -> Any:
        asked.append(connection.in_atomic_block)
        return read(*given, **how)

    monkeypatch.setattr(client.wire, "read", watched)
    look(client)
    assert len(asked) > len(now()) / PAGE
    assert not any(asked)


def test_on_a_bare_database_the_searches_that_are_ours_are_asked_and_can_be_seen() -> None:
    with serving() as registry:
        run = look(ctgov_of(registry))
    assert run.counts.created == len(KNOWN) + len(NEW)
    saved = {row.name: row.intervention for row in SavedSearch.objects.all()}
    assert saved == {one.name: one.intervention for one in searches.DEFAULT}


def test_a_bare_database_that_is_only_looked_at_stays_bare() -> None:
    before = stand()
    with serving() as registry:
        assert look(ctgov_of(registry), dry_run=True).counts.created == len(KNOWN) + len(NEW)
    assert stand() == before


def test_a_search_that_is_not_active_is_not_asked(client) -> None:
    SavedSearch.objects.update(active=False)
    assert look(client).counts.created == 0


def test_a_search_whose_words_are_refused_is_a_fault_and_the_others_are_asked(
    client, monkeypatch: pytest.MonkeyPatch
) -> None:
    SavedSearch.objects.create(name="broken", intervention="(aldesleukin")
    ask = client.search

    def refuse(*, intervention: str, **how: Any) -> Any:
        if "(" in intervention:
            raise Refused("The question is refused.")
        return ask(intervention=intervention, **how)

    monkeypatch.setattr(client, "search", refuse)
    run = look(client)
    assert (run.counts.created, run.counts.failed) == (len(NEW), 1)
    assert str(SyncFault.objects.get()) == "broken: The question is refused."
    SavedSearch.objects.filter(name="IL-2").update(active=False)
    with pytest.raises(Refused):
        look(client)


def test_our_own_searches_can_be_saved_as_they_are() -> None:
    for one in searches.DEFAULT:
        SavedSearch(name=one.name, intervention=one.intervention).full_clean()


def test_studies_that_are_asked_for_by_number_come_in_and_unknown_ones_are_faults(client) -> None:
    with running(RunKind.IMPORT_TRIALS) as run:
        wire.by_ids(run, client, [NEW[1], "NCT09999999", NEW[0], NEW[1]])
    assert run.counts == Counts(created=2, failed=1)
    assert str(SyncFault.objects.get()) == f"NCT09999999: {wire.UNKNOWN}"


def test_a_study_that_cannot_be_read_is_a_fault_and_the_others_come_in(client, registry) -> None:
    identified = registry.studies[NEW[0]]["protocolSection"]["identificationModule"]
    del identified["briefTitle"]
    run = look(client)
    assert (run.counts.created, run.counts.failed) == (len(NEW) - 1, 1)
    assert SyncFault.objects.get().about == NEW[0]


# --- What vanishes --------------------------------------------------------------------------------


def test_a_study_that_vanished_is_flagged_once_and_nothing_is_deleted(client, registry) -> None:
    del registry.studies[KNOWN[2]]
    assert look(client).counts.vanished == 1
    record = RegistryRecord.objects.get(value=KNOWN[2])
    assert (record.vanished_on, record.trial is not None) == (DAY, True)
    registry.data_timestamp = "2026-11-21T09:00:05"
    again = look(client).counts
    assert (again.vanished, again.failed) == (0, 0)
    record.refresh_from_db()
    assert record.vanished_on == DAY


def test_a_study_that_is_back_is_not_flagged_any_more(client, registry) -> None:
    kept = registry.studies.pop(KNOWN[2])
    look(client)
    registry.studies[KNOWN[2]] = kept
    assert look(client).counts.vanished == 0
    assert RegistryRecord.objects.get(value=KNOWN[2]).vanished_on is None


def test_a_number_that_only_a_curator_typed_is_flagged_where_the_registry_does_not_know_it(
    client,
) -> None:
    trial = Trial.objects.create(slug="typed", title="A trial of our own")
    TrialIdentifier.objects.create(trial=trial, registry=Registry.NCT, value="NCT09999999")
    assert look(client).counts.vanished == 1
    record = RegistryRecord.objects.get(value="NCT09999999")
    assert (record.trial, record.title, record.vanished_on) == (trial, trial.title, DAY)


def test_a_study_under_a_new_number_is_read_as_the_same_trial(client, registry) -> None:
    old, new = KNOWN[1], "NCT00000555"
    trial = Trial.objects.get(slug=old)
    del registry.studies[old]
    registry.studies[new] = study(new, title="The same under a new number", aliases=[old])
    registry.aliases[old] = new
    for _ in range(2):
        run = look(client)
        assert run.counts.vanished == run.counts.failed == 0
        trial.refresh_from_db()
        assert trial.title == "The same under a new number"
        assert {one.value for one in trial.identifiers.all()} == {old, new}
    assert run.counts.changed == run.counts.created == 0
    # The study's own list of its old numbers is believed, whatever becomes of the redirect.
    registry.aliases.clear()
    assert look(client).counts.vanished == 0
    assert not RegistryRecord.objects.exclude(vanished_on=None).exists()


def test_a_study_that_is_deleted_while_pages_are_read_is_no_fault(registry) -> None:
    plan = FaultPlan(faults={(f"{fake.API}/studies", n): Fault.DELETED for n in (4, 9)})
    with serving(plan=plan) as shrinking:
        run = look(ctgov_of(shrinking))
    assert run.counts.failed == 0
    assert SyncRun.objects.latest("pk").state == RunState.FINISHED


def test_a_study_is_not_flagged_on_a_day_that_is_yet_to_come(client, registry) -> None:
    del registry.studies[KNOWN[2]]
    registry.data_timestamp = "2099-01-01T09:00:05"
    look(client)
    assert RegistryRecord.objects.get(value=KNOWN[2]).vanished_on == timezone.now().date()


# --- One bad study --------------------------------------------------------------------------------


def test_a_study_that_is_too_big_is_one_fault_and_the_others_go_on(registry) -> None:
    registry.studies[KNOWN[3]] = study(KNOWN[3], title="i" * 30_000)
    client = ctgov_of(registry, most_bytes=20_000)
    for _ in range(2):
        run = look(client)
        assert run.counts.failed == 1
        fault = SyncFault.objects.get(run=run.row)
        assert (fault.about, "it is not read" in fault.sentence) == (KNOWN[3], True)
    assert {one.recruitment_status for one in Trial.objects.filter(slug__in=CHANGED)} == {
        "COMPLETED"
    }
    assert not RegistryRecord.objects.exclude(vanished_on=None).exists()


def test_numbers_that_lead_to_each_other_are_one_fault_each(client, registry) -> None:
    for number, other in (KNOWN[2:4], KNOWN[3:1:-1]):
        del registry.studies[number]
        registry.aliases[number] = other
    run = look(client)
    assert (run.counts.failed, run.counts.vanished) == (2, 0)
    faults = SyncFault.objects.order_by("about")
    assert [one.about for one in faults] == [*KNOWN[2:4]]
    assert all("has moved" in one.sentence for one in faults)


def test_a_study_that_is_no_json_is_one_fault(client, registry) -> None:
    registry.studies[KNOWN[3]] = study(KNOWN[3], enrolment=float("nan"))
    run = look(client)
    assert (run.counts.failed, run.counts.created) == (1, len(NEW))
    fault = SyncFault.objects.get()
    assert (fault.about, "is not JSON" in fault.sentence) == (KNOWN[3], True)


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.WRONG_TYPES, Fault.BAD_REQUEST])
def test_a_study_for_which_no_good_answer_comes_is_one_fault(client, registry, fault) -> None:
    kept = registry.studies.pop(KNOWN[3])
    page = registry.page
    registry.page = lambda asked: (registry.studies.pop(KNOWN[3], None), page(asked))[1]
    alone = {(f"{fake.API}/studies/{KNOWN[3]}", n): fault for n in range(1, 9)}
    registry.plan = FaultPlan(faults=alone)
    registry.on_request = lambda asked: registry.studies.setdefault(KNOWN[3], kept)
    run = look(client)
    assert (run.counts.failed, run.counts.created) == (1, len(NEW))
    assert SyncFault.objects.get().about == KNOWN[3]


def test_a_registry_that_answers_for_no_study_alone_is_no_fault_of_a_study(
    client, registry
) -> None:
    del registry.studies[KNOWN[2]]
    asked_alone = f"{fake.API}/studies/{KNOWN[2]}"
    down = {(asked_alone, n): Fault.ERROR for n in range(1, 9)}
    down |= {(f"{fake.API}/version", n): Fault.ERROR for n in range(2, 9)}
    registry.plan = FaultPlan(faults=down)
    with pytest.raises(Unreachable, match="version"):
        look(client)
    assert not SyncFault.objects.exists()


def test_a_registry_that_wants_to_be_left_alone_for_long_breaks_the_run_off(
    client, registry
) -> None:
    del registry.studies[KNOWN[2]]
    asked_alone = f"{fake.API}/studies/{KNOWN[2]}"
    registry.plan = FaultPlan(faults={(asked_alone, 1): Fault.BUSY_SECONDS}, wait=7_200)
    with pytest.raises(Refused, match="wants to be asked again"):
        look(client)
    assert not SyncFault.objects.exists()


def test_a_study_that_answers_with_another_is_refused_and_changes_nothing(client, registry) -> None:
    look(client)
    before = written()
    registry.studies[KNOWN[2]] = study("NCT00000999", title="Another altogether")
    run = look(client)
    fault = SyncFault.objects.get(run=run.row)
    assert str(fault) == (
        f"{KNOWN[2]}: ClinicalTrials.gov answers with NCT00000999 instead, which does not say that "
        "it is the same study."
    )
    after = written()
    for table in ("evidence_trial", "evidence_registryrecord", "evidence_trialidentifier"):
        assert after[table] == before[table]


# --- Studies that became one ----------------------------------------------------------------------


def merge(registry: fake.FakeRegistry, into: str, other: str) -> None:
    """Let the registry make one study of two."""
    registry.studies[into] = study(into, aliases=[other])
    registry.studies.pop(other)
    registry.aliases[other] = into


def of_two(number: str) -> str:
    return f"It is {number} at ClinicalTrials.gov now, which is another trial here: join them."


def lines_of(run: Any, number: str) -> list[str]:
    faults = SyncFault.objects.filter(run=run.row, about=number)
    return [one.sentence for one in faults]


def test_two_trials_that_became_one_study_are_flagged_until_they_are_joined(
    client, registry
) -> None:
    kept, other = KNOWN[2], KNOWN[5]
    merge(registry, kept, other)
    for vanished in (1, 0):
        run = look(client)
        assert lines_of(run, other) == [of_two(kept)]
        assert (run.counts.vanished, run.counts.failed) == (vanished, 0)
        assert RegistryRecord.objects.get(value=other).vanished_on == DAY
        assert RegistryRecord.objects.get(value=kept).vanished_on is None
    number = TrialIdentifier.objects.get(value=other)
    number.trial = Trial.objects.get(slug=kept)
    number.save()
    RegistryRecord.objects.filter(value=other).update(trial=number.trial)
    run = look(client)
    assert lines_of(run, other) == []
    assert RegistryRecord.objects.get(value=other).vanished_on is None


def test_a_dry_run_names_trials_that_became_one_study_and_flags_nothing(client, registry) -> None:
    merge(registry, KNOWN[2], KNOWN[5])
    before = stand()
    run = look(client, dry_run=True)
    assert [one.sentence for one in run.faults if one.about == KNOWN[5]] == [of_two(KNOWN[2])]
    assert stand() == before


def test_the_record_of_a_merged_study_stays_that_of_its_own_trial(client, registry) -> None:
    """Where only a person typed the number that is left, no record takes the other one's place."""
    typed = Trial.objects.create(slug="typed", title="A trial of our own")
    TrialIdentifier.objects.create(trial=typed, registry=Registry.NCT, value="NCT00000001")
    registry.studies["NCT00000001"] = study("NCT00000001", aliases=[KNOWN[5]])
    del registry.studies[KNOWN[5]]
    run = look(client)
    assert lines_of(run, KNOWN[5]) == [of_two("NCT00000001")]
    assert RegistryRecord.objects.get(value=KNOWN[5]).trial == Trial.objects.get(slug=KNOWN[5])
    found = RegistryRecord.objects.filter(value="NCT00000001").exclude(trial=None)
    assert not found.exclude(trial=typed).exists()


@pytest.mark.parametrize("pair", [KNOWN[1:3], (KNOWN[0], KNOWN[6])], ids=["near", "far apart"])
def test_two_studies_that_name_each_other_are_flagged(client, registry, pair) -> None:
    for number, other in (pair, pair[::-1]):
        registry.studies[number] = study(number, aliases=[other], status="TERMINATED")
    for _ in range(2):
        run = look(client)
        assert run.counts.failed == 0
        assert lines_of(run, pair[1]) == [of_two(pair[0])]
    flagged = RegistryRecord.objects.exclude(vanished_on=None)
    assert [one.value for one in flagged] == [pair[1]]
    assert Trial.objects.get(slug=pair[0]).recruitment_status == "TERMINATED"


@pytest.mark.parametrize("pair", [KNOWN[1:3], (KNOWN[0], KNOWN[6])], ids=["near", "far apart"])
def test_a_study_that_is_there_itself_is_read_whoever_names_its_number(
    client, registry, pair
) -> None:
    registry.studies[pair[0]] = study(pair[0], aliases=[pair[1]])
    registry.studies[pair[1]] = study(pair[1], status="TERMINATED")
    run = look(client)
    assert run.counts.failed == 0
    assert Trial.objects.get(slug=pair[1]).recruitment_status == "TERMINATED"
    assert not RegistryRecord.objects.exclude(vanished_on=None).exists()


def test_whoever_asks_for_a_merged_study_by_its_number_is_told(client, registry) -> None:
    merge(registry, KNOWN[2], KNOWN[5])
    with running(RunKind.IMPORT_TRIALS) as run:
        wire.by_ids(run, client, [KNOWN[5]])
    assert lines_of(run, KNOWN[5]) == [of_two(KNOWN[2])]
    assert RegistryRecord.objects.get(value=KNOWN[5]).vanished_on == DAY


# --- Guards ---------------------------------------------------------------------------------------


def test_a_registry_that_returns_far_fewer_known_studies_stops_the_run_before_it_writes(
    client, registry
) -> None:
    for number in KNOWN[:3]:
        del registry.studies[number]
    before = written()
    with pytest.raises(Stopped) as stopped:
        look(client)
    assert stopped.value.sentence == (
        "ClinicalTrials.gov returned 4 of 7 known studies; nothing was changed. Look again later; "
        "if the registry is right, give --accept-fewer once."
    )
    assert written() == before
    row = SyncRun.objects.latest("pk")
    assert (row.state, row.sentence) == (RunState.STOPPED, stopped.value.sentence)


def test_whoever_looks_after_the_site_may_accept_that_there_are_fewer(client, registry) -> None:
    for number in KNOWN[:3]:
        del registry.studies[number]
    assert look(client, accept_fewer=True).counts.vanished == 3
    # From then on they are expected no more, and have vanished already.
    assert look(client).counts == Counts(same=len(now()))


def test_a_search_that_finds_far_fewer_than_before_stops_the_run(client) -> None:
    SavedSearch.objects.update(last_total=len(now()) + 3)
    with pytest.raises(Stopped, match=f"“IL-2” finds {len(now())} studies, where it found 20; "):
        look(client)
    assert not Trial.objects.filter(slug__in=NEW).exists()
    assert SavedSearch.objects.get().last_total == 20
    look(client, accept_fewer=True)
    assert SavedSearch.objects.get().last_total == len(now())


@pytest.mark.parametrize(
    ("there", "of", "is_too_few"),
    [
        (0, 0, False),
        (0, 1, False),
        (0, 2, True),
        (1, 2, False),
        (3, 5, False),
        (2, 5, True),
        (27, 30, False),
        (90, 100, False),
        (89, 100, True),
        (110, 100, False),
    ],
)
def test_a_tenth_may_go_and_of_a_few_two(there: int, of: int, is_too_few: bool) -> None:
    assert census.is_too_few(there, of=of) is is_too_few


def test_a_registry_that_is_down_leaves_all_as_it_was_and_the_next_run_goes_on(
    client, registry
) -> None:
    before = written()
    registry.plan = FaultPlan(always=Fault.ERROR)
    with pytest.raises(Unreachable):
        look(client)
    assert written() == before
    row = SyncRun.objects.latest("pk")
    assert row.state == RunState.BROKEN_OFF
    assert "500" in row.sentence
    registry.plan = FaultPlan()
    assert look(client).counts.created == len(NEW)
    row.refresh_from_db()
    assert row.state == RunState.FINISHED


def test_a_registry_that_goes_down_half_way_is_taken_up_at_the_batch_where_it_stood(
    client, registry
) -> None:
    undisturbed = look(client, dry_run=True).counts
    requests = len(registry.asked)
    registry.plan = FaultPlan(
        faults=dict.fromkeys(range(2 * requests - 2, 2 * requests + 20), Fault.ERROR)
    )
    with pytest.raises(Unreachable):
        look(client)
    place = SyncRun.objects.latest("pk").cursor
    assert place.startswith(f"{wire.FOUND} ")
    registry.plan = FaultPlan()
    registry.asked.clear()
    assert look(client).counts == undisturbed
    asked = " ".join(one.query.get("filter.ids", "") for one in registry.asked)
    assert place.removeprefix(f"{wire.FOUND} ") not in asked


def test_a_search_of_which_a_study_is_lost_between_pages_is_begun_again(client, registry) -> None:
    away: list[Any] = []

    def lose(asked: fake.Asked) -> None:
        if asked.number == 2:
            away.append(registry.studies.pop(NEW[3]))
        elif away:
            registry.studies[NEW[3]] = away.pop()

    registry.on_request = lose
    one = Search(name="IL-2", intervention="interleukin-2")
    numbers, total = census.found_by(few_at_a_time(client), one)
    assert (numbers, total) == ({*KNOWN, *NEW, *MENTIONING}, len(now()))


def test_what_is_held_is_compared_whole() -> None:
    """The comparison that the tests of faults and kills rest on sees a change of one figure."""
    begin()
    one = held()
    Trial.objects.filter(slug=KNOWN[0]).update(enrolment=1)
    assert held() != one
