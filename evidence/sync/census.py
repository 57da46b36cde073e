"""Which studies ClinicalTrials.gov has, by number alone: asked before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.models import RegistryRecord, TrialIdentifier
from evidence.registries import ids
from evidence.registries.course import number_of as number_of
from evidence.registries.course import numbers_of as numbers_of
from evidence.registries.ctgov_client import ClinicalTrialsGov
from evidence.sync.searches import Search
from evidence.vocab import Registry, Source, Verdict

AT_A_TIME = 100
"""So many numbers the registry is asked for in one address."""
TRIES = 3
MOST_LOST = 0.1
FEW = 3
"""Fewer than this may be lost however few there are, unless nothing at all is left."""
WHAT_HELPS = (
    "nothing was changed. Look again later; if the registry is right, give --accept-fewer once."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A study that is known here: its trial, if it has one, and whether it had vanished."""

    trial: int | None
    vanished: bool = False


def known() -> dict[str, Known]:
    """Return the studies of the registry that are known here, by number and in order."""
    found = {
        value: Known(trial=trial)
        for value, trial in TrialIdentifier.objects.filter(registry=Registry.NCT)
        .order_by()
        .values_list("value", "trial")
    }
    records = RegistryRecord.objects.filter(source=Source.CTGOV).order_by()
    for value, trial, verdict, gone in records.values_list(
        "value", "trial", "verdict", "vanished_on"
    ):
        if value in found or verdict in (Verdict.GIVES, Verdict.GREY):
            of = trial if value not in found else found[value].trial
            found[value] = Known(trial=of, vanished=gone is not None)
    return {value: found[value] for value in sorted(found) if ids.nct(value) == value}


def there(client: ClinicalTrialsGov, numbers: Sequence[str]) -> dict[str, str]:
    """Return which of some studies the registry has now, each with the number that it has now.

    What is lacking in an answer is asked for again: answers, too, get lost. Of two studies that
    name each other as the same one, the first stands for both.
    """
    asked = {*numbers}
    found: dict[str, str] = {}
    named: dict[str, set[str]] = {}
    for batch in batches(numbers, AT_A_TIME):
        lacking = batch
        for _ in range(TRIES):
            for study in client.by_ids(lacking, only_ids=True).studies:
                now = number_of(study)
                named[now] = numbers_of(study) & asked
                found |= dict.fromkeys(named[now] - {*found}, now)
                if now in asked:
                    found[now] = now
            lacking = [one for one in lacking if one not in found]
            if not lacking:
                break
    for now, others in sorted(named.items(), reverse=True):
        found |= {one: now for one in others if now < one and now in named.get(one, ())}
    return found


def merged(held: Mapping[str, Known], moved: Mapping[str, str]) -> dict[str, str]:
    """Return which of the moved studies are known here as one trial, and as another there."""
    return {
        old: new
        for old, new in moved.items()
        if old in held and new in held and held[old].trial not in (None, held[new].trial)
    }


def loss(held: Mapping[str, Known], found: Collection[str]) -> str:
    """Return why the registry's answer cannot be right, or nothing where it may be.

    What had vanished before, and a trial that is there under another of its numbers, are no loss.
    """
    trials = {held[one].trial for one in found}
    expected = [name for name, one in held.items() if not one.vanished]
    lost = sum(
        name not in found and (held[name].trial is None or held[name].trial not in trials)
        for name in expected
    )
    if not is_too_few(len(expected) - lost, of=len(expected)):
        return ""
    return (
        f"ClinicalTrials.gov returned {len(expected) - lost:,} of {len(expected):,} known studies; "
        f"{WHAT_HELPS}"
    )


def is_too_few(now: int, *, of: int) -> bool:
    """Say whether more than a tenth is gone, or all of more than one."""
    lost = of - now
    return lost > of * MOST_LOST and (lost >= FEW or (now == 0 and of > 1))


def found_by(client: ClinicalTrialsGov, search: Search) -> tuple[set[str], int]:
    """Return the numbers of the studies that a search finds, and how many it says there are.

    Where fewer come than were said, the search is begun again: a page was lost, or the registry
    has changed between two pages.
    """
    found: set[str] = set()
    total = 0
    for _ in range(TRIES):
        found, total = set(), 0
        pages = client.walk(
            intervention=search.intervention, condition=search.condition, only_ids=True
        )
        for page in pages:
            total = total if page.total is None else page.total
            found.update(number for study in page.studies if (number := number_of(study)))
        if len(found) >= total:
            break
    return found, total


def batches(several: Sequence[str], size: int) -> Iterator[list[str]]:
    """Yield a sequence in parts."""
    for start in range(0, len(several), size):
        yield [*several[start : start + size]]
