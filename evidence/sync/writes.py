"""A plan into its tables: snapshots, new trials, what changes of others, records, cards."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from evidence import vocab
from evidence.ledger import derivation, version
from evidence.models import Arm, Drift, RegistryRecord, Trial, TrialIdentifier, TrialPhase
from evidence.models.fields import lines
from evidence.registries.records import TrialRecord
from evidence.registries.trials import READER
from evidence.sync import fields, snapshots, tables
from evidence.sync.steps import Plan, Step

OF_A_TRIAL = (*fields.PLAIN, "checked_on")
OF_A_RECORD = (
    *("trial", "verdict", "reason", "title", "snapshot", "values", "reader", "checked_on"),
    "vanished_on",
)
BY_HASH = {"snapshot": "sha256"}
LONGEST_SLUG: int = Trial._meta.get_field("slug").max_length or 0
_NO_ADDRESS = re.compile(r"[^A-Za-z0-9_-]+")


def write(plan: Plan) -> None:
    """Write a plan down, in the transaction in which it was made and which holds the version."""
    steps = plan.steps
    if not steps:
        return
    snapshots.put([step.news.kept for step in steps])
    made = _begin_trials([step for step in steps if step.begins])
    trials = {step.news.kept.key: step.here.pk for step in steps if step.here is not None} | made
    _write_trials(steps)
    _write_rows(steps, trials)
    records = _write_records(steps, trials)
    _write_cards(steps, records)
    if seen := [step.here.pk for step in steps if step.here is not None and step.is_seen]:
        derivation.after_sync(trials=seen)
    elif any(step.here is not None and step.here.accepted and _moves(step) for step in steps):
        version.touch()


def later(day: dt.date | None, other: dt.date | None) -> dt.date | None:
    """Return the later of two days, as far as they are known."""
    known = [one for one in (day, other) if one is not None]
    return max(known, default=None)


def _moves(step: Step) -> bool:
    """Say whether the day on which a trial was last looked at moves."""
    here = step.here
    return here is not None and later(step.news.day, here.checked_on) != here.checked_on


def _begin_trials(steps: Sequence[Step]) -> dict[tuple[str, str], int]:
    """Make the trials that wait in the inbox from now on; return their keys by their records."""
    if not steps:
        return {}
    origin = vocab.Origin.IMPORT.value
    slugs = [slug_of(step.news.record.id.value) for step in steps]
    columns = _columns_of_new()
    defaults = _defaults(Trial, columns)
    rows = []
    for step, slug in zip(steps, slugs, strict=True):
        told = defaults | {
            name: fields.typed(name, step.news.values[name]) for name in fields.PLAIN
        }
        told |= {"slug": slug, "origin": origin, "checked_on": step.news.day}
        rows.append([told[name] for name in columns])
    tables.insert(Trial, columns, rows)
    keys = dict(Trial.objects.filter(slug__in=slugs).order_by().values_list("slug", "pk"))
    for step in steps:
        step.put = {name: step.news.values[name] for name in ("phases", "arms")}
    return {step.news.kept.key: keys[slug] for step, slug in zip(steps, slugs, strict=True)}


def slug_of(number: str) -> str:
    """Return a number as addresses have it: its case kept, hyphens for what they do not take.

    One of which nothing is left has a made-up name.
    """
    slug = _NO_ADDRESS.sub("-", number).strip("-")[:LONGEST_SLUG]
    return slug or f"ictrp-{hashlib.sha256(number.encode()).hexdigest()[:12]}"


def _free_slug(number: str) -> str:
    """Return a number as addresses have it, with another one behind where a trial has that."""
    slug = slug_of(number)
    beginning = slug[: LONGEST_SLUG - 6]
    rows = Trial.objects.filter(slug__startswith=beginning)
    taken = {*rows.values_list("slug", flat=True)}
    several = (f"{beginning}-{count}" for count in itertools.count(2))
    return next(one for one in itertools.chain([slug], several) if one not in taken)


def begin_trial(record: TrialRecord, *, checked_on: dt.date | None) -> Trial:
    """Make one trial for the inbox by ordinary saves."""
    values = fields.values_of(record)
    trial = Trial(
        slug=_free_slug(record.id.value), origin=vocab.Origin.IMPORT, checked_on=checked_on
    )
    for name in fields.PLAIN:
        fields.put(trial, name, values[name])
    trial.save()
    for name in fields.OF_ROWS:
        fields.put(trial, name, values[name])
    return trial


def _columns_of_new() -> tuple[str, ...]:
    """Return the columns of a trial that a new row must give: all but its key."""
    return tuple(one.name for one in Trial._meta.concrete_fields if not one.primary_key)


def _defaults(model: Any, columns: Sequence[str]) -> dict[str, Any]:
    return {name: model._meta.get_field(name).get_default() for name in columns}


def _write_trials(steps: Sequence[Step]) -> None:
    rows = []
    for step in steps:
        here = step.here
        if here is None or not (_moves(step) or any(one in step.put for one in fields.PLAIN)):
            continue
        now = here.texts | step.put
        values = [fields.typed(name, now[name]) for name in fields.PLAIN]
        rows.append((*values, later(step.news.day, here.checked_on), here.pk))
    tables.update(Trial, OF_A_TRIAL, rows)


def _write_rows(steps: Sequence[Step], trials: dict[tuple[str, str], int]) -> None:
    """Write phases, arms and numbers of new trials and of those that changed."""
    phases, arms, numbers, out = [], [], [], []
    arms_out: list[int] = []
    for step in steps:
        key = trials.get(step.news.kept.key)
        if key is None:
            continue
        numbers += [(key, *number) for number in step.numbers]
        if "phases" in step.put:
            if step.here is not None:
                out.append(key)
            phases += [(key, phase) for phase in lines(step.put["phases"])]
        if "arms" in step.put:
            arms_out += step.arms_out
            known = step.here.texts["arms"] if step.here is not None and not step.arms_out else ""
            there = fields.arms_in(known)
            labels = {label for label, *_ in there}
            told = fields.arms_in(step.put["arms"])
            arms += [(key, *one) for one in told if one[0] not in labels]
    tables.delete(TrialPhase, "trial", out)
    tables.insert(TrialPhase, ("trial", "phase"), phases)
    tables.insert(TrialIdentifier, ("trial", "registry", "value"), numbers)
    tables.delete(Arm, "id", arms_out)
    rest = [
        one.name
        for one in Arm._meta.concrete_fields
        if one.name not in {"id", "trial", "label", "kind", "given"}
    ]
    defaults = _defaults(Arm, rest).values()
    columns = ("trial", "label", "kind", "given", *rest)
    tables.insert(Arm, columns, [(*one, *defaults) for one in arms])


def _write_records(
    steps: Sequence[Step], trials: dict[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """Write what is held of the records; return their keys."""
    new, old = [], []
    for step in steps:
        key = step.news.kept.key
        day = later(step.news.day, step.held.checked_on if step.held else None)
        row = (
            *(trials.get(key), step.verdict, step.reason, step.news.values["title"]),
            *(step.news.kept.sha256, json.dumps(step.texts_to_keep), READER, day, None),
        )
        if step.held is None:
            new.append((*row, *key))
        else:
            old.append((*row, step.held.pk))
    tables.insert(RegistryRecord, (*OF_A_RECORD, "source", "value"), new, by=BY_HASH)
    tables.update(RegistryRecord, OF_A_RECORD, old, by=BY_HASH)
    return {step.news.kept.key: step.held.pk for step in steps if step.held is not None}


def _write_cards(steps: Sequence[Step], records: dict[tuple[str, str], int]) -> None:
    """Open, change and take away the cards that wait for a person."""
    now = timezone.now()
    changed = [step for step in steps if step.cards and step.here is not None]
    missing = [step.news.kept.key for step in changed if step.news.kept.key not in records]
    if missing:
        rows = RegistryRecord.objects.filter(value__in=[value for _, value in missing])
        records |= {
            (each[0], each[1]): each[2] for each in rows.values_list("source", "value", "pk")
        }
    opened, gone = [], []
    for step in changed:
        held = step.held.cards if step.held is not None else {}
        for name, card in step.cards.items():
            there = held.get(name)
            if there is not None and card == there[1]:
                continue
            if there is not None and card is not None:
                told = {"ours": card.ours, "after": card.after, "applied": card.applied}
                Drift.objects.filter(pk=there[0]).update(**told)
            elif there is not None:
                gone.append(there[0])
            elif card is not None and step.here is not None:
                opened.append(
                    Drift(
                        trial_id=step.here.pk,
                        record_id=records[step.news.kept.key],
                        field=name,
                        ours=card.ours,
                        before=card.before,
                        after=card.after,
                        applied=card.applied,
                        opened_at=now,
                    )
                )
    if gone:
        Drift.objects.filter(pk__in=gone).delete()
    Drift.objects.bulk_create(opened)
