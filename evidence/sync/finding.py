"""Which trial here a record is of, by its own number and aliases; and which others it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evidence import vocab
from evidence.registries.records import TrialRecord
from evidence.sync import fields
from evidence.sync.held import Held, Here, Number


def own_numbers(record: TrialRecord) -> list[Number]:
    """Return the numbers under which a record's own registry knows the study."""
    own = record.id.registry
    return [(own, value) for value in (record.id.value, *record.aliases)]


def numbers_to_ask(values: Mapping[str, str], there: Held | None) -> list[Number]:
    """Return the numbers of a record whose owners must be known; none where nothing is new."""
    text = values["identifiers"]
    if there is not None and there.trial is not None and there.values.get("identifiers") == text:
        return []
    return fields.identifiers_in(text)


def candidates(
    record: TrialRecord, numbers: Sequence[Number], owners: Mapping[Number, int]
) -> set[int]:
    """Return the trials that have any of a record's numbers: those that name a study.

    Its own do; of the others those of sponsors and funders do not.
    """
    return _having(own_numbers(record), owners) | _having(_of_registries(numbers), owners)


def _of_registries(numbers: Sequence[Number]) -> list[Number]:
    return [one for one in numbers if one[0] != vocab.Registry.OTHER]


def _having(numbers: Sequence[Number], owners: Mapping[Number, int]) -> set[int]:
    return {owners[one] for one in numbers if one in owners}


def choose(
    record: TrialRecord, owners: Mapping[Number, int], here: Mapping[int, Here]
) -> list[Here]:
    """Return the trials that have a record's own number: one, none, or several that contradict.

    That a record names another's number joins them not: anybody may write any number there.
    """
    return [here[key] for key in sorted(_having(own_numbers(record), owners)) if key in here]


def named(
    record: TrialRecord,
    numbers: Sequence[Number],
    owners: Mapping[Number, int],
    here: Mapping[int, Here],
) -> list[Number]:
    """Return the numbers that a record names of trials here that may be the same study.

    Two records of one registry are two studies, whatever number they share.
    """
    return [
        one
        for one in _of_registries(numbers)
        if (trial := here.get(owners.get(one, -1))) is not None
        and all(registry != record.id.registry for registry, _ in trial.numbers)
    ]
