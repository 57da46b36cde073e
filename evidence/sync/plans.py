"""What is to be written of records that say something new: decided first, all together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from evidence import vocab
from evidence.registries import il2
from evidence.registries.il2 import Judged
from evidence.registries.records import Fault
from evidence.sync import against, fields, finding, held, told
from evidence.sync.held import Held, Here, Number
from evidence.sync.steps import News, Plan, Step
from evidence.sync.tally import Counts

NOT_IL2 = vocab.Verdict.NOT_IL2.value
MOST_AHEAD = dt.timedelta(days=1)
"""So far ahead of us a registry's day may be, in its part of the world."""
COMPARED = {*fields.OWNED} - {"identifiers"}
ACCEPTED_HERE = "A person accepted it here, though its record speaks against it: {reason}"
WAITS_HERE = "It waits in the inbox, though its record speaks against it now: {reason}"
NAMES = (
    "It names {numbers} among its other numbers: it may be the same study (join) or a further one."
)
SEVERAL = (
    "Its numbers belong to several trials here ({slugs}): join them, or correct their numbers."
)


def plan(several: Sequence[News], *, today: dt.date) -> Plan:
    """Decide what is to be written, by what is held and stands here now; about ten queries.

    In the transaction that writes it: the trials are locked until it ends.
    """
    made = Plan()
    records = held.held({one.kept.key for one in several}, today)
    asked = {
        one.kept.key: finding.numbers_to_ask(one.values, records.get(one.kept.key))
        for one in several
    }
    numbers = {each for some in asked.values() for each in some}
    owners = held.owners(numbers) if numbers else {}
    known = {each.trial for each in records.values() if each.trial is not None}
    met = {
        key
        for one in several
        for key in finding.candidates(one.record, asked[one.kept.key], owners)
    }
    here = held.here(known | met, today)
    held.add_rows(here[key] for key in met if key in here)
    for one in several:
        there = records.get(one.kept.key)
        if there is not None and not one.fresher and _is_older(one, there, today):
            made.counts += Counts(same=1)
            made.left.append((one.about, told.OLDER))
        else:
            _begin(made, one, there, asked[one.kept.key], owners, here)
    first = [one.here for one in made.steps if one.here is not None and _asks_log(one)]
    held.add_rows(one.here for one in made.steps if one.here is not None and _asks_rows(one))
    if first:
        held.add_what_people_typed(first)
    for step in made.steps:
        if step.verdict != NOT_IL2:
            against.numbers(step, made, asked[step.news.kept.key], owners)
            against.unread(step, made)
            if step.here is not None:
                against.compare(step, step.here)
        made.counts += _counted(step)
    return made


def _begin(
    made: Plan,
    one: News,
    there: Held | None,
    numbers: Sequence[Number],
    owners: Mapping[Number, int],
    here: Mapping[int, Here],
) -> None:
    """Find a record's trial and settle its verdict; put a step into the plan unless it is out."""
    if there is not None and there.trial is None and there.verdict != NOT_IL2:
        made.counts += Counts(left_out=1)
        made.left.append((one.about, told.DELETED))
        return
    if there is not None and there.trial is not None:
        trials = [here[there.trial]]
    else:
        trials = finding.choose(one.record, owners, here)
    if len(trials) > 1:
        slugs = ", ".join(sorted(each.slug for each in trials))
        made.faults.append(Fault(about=one.about, sentence=SEVERAL.format(slugs=slugs)))
        made.counts += Counts(failed=1)
        return
    trial = trials[0] if trials else None
    verdict, reason = _verdict(one, there, trial)
    named = [] if trial is not None else finding.named(one.record, numbers, owners, here)
    if named and verdict != NOT_IL2:
        listed = ", ".join(value for _, value in named)
        verdict, reason = vocab.Verdict.GREY.value, NAMES.format(numbers=listed)
    if verdict == NOT_IL2:
        trial = None
    made.steps.append(
        Step(
            news=one,
            held=there,
            here=trial,
            verdict=verdict,
            reason=reason,
            begins=trial is None and verdict != NOT_IL2,
            named=named,
        )
    )


def _is_older(one: News, there: Held, today: dt.date) -> bool:
    """Say whether a payload is of an earlier day than the one that is held.

    Of two that were last updated on one day the days of their data decide, where both are known.
    """
    before = there.values.get("registry_updated", "")
    now = before if "registry_updated" in one.unread else one.values["registry_updated"]
    if now == before or before > str(today + MOST_AHEAD):
        return one.staler and not one.is_held
    return now < before


def _asks_log(step: Step) -> bool:
    """Say whether it must be known what people wrote or emptied.

    So it is where any field of a record was never compared with that of its trial, or where the
    trial has its fields from another one.
    """
    if against.only_fills(step):
        return True
    return step.is_first or (step.held is not None and not step.held.values.keys() >= COMPARED)


def _verdict(one: News, there: Held | None, trial: Here | None) -> tuple[str, str]:
    """Return verdict and reason; what a person decided stands before what the record says."""
    if there is not None and there.by_a_person:
        return there.verdict, there.reason
    judged = _judged(one, there)
    if judged.verdict != NOT_IL2 or trial is None:
        return judged.verdict, judged.reason
    if trial.accepted:
        return vocab.Verdict.GIVES.value, ACCEPTED_HERE.format(reason=judged.reason)
    return vocab.Verdict.GREY.value, WAITS_HERE.format(reason=judged.reason)


def _judged(one: News, there: Held | None) -> Judged:
    """Judge a record, unless what it gives is what it gave when it was judged, or is not said."""
    if there is not None and there.values and "arms" in one.unread:
        return Judged(verdict=there.verdict, reason=there.reason)
    given = there.values.get(fields.GIVEN) if there is not None and not one.is_held else None
    if there is not None and given == one.values[fields.GIVEN]:
        return Judged(verdict=there.verdict, reason=there.reason)
    return one.judged or il2.verdict(one.record)


def _asks_rows(step: Step) -> bool:
    """Say whether a trial's phases and arms are needed, and were not read yet."""
    there = step.held
    if step.here is None or "arms" in step.here.texts:
        return False
    return there is None or any(
        name in there.cards or there.values.get(name) != step.news.values[name]
        for name in ("phases", "arms")
    )


def _counted(step: Step) -> Counts:
    if step.says_nothing:
        return Counts(same=1)
    if step.verdict == NOT_IL2:
        return Counts(not_il2=1)
    if step.begins:
        return Counts(created=1)
    return Counts(changed=1)
