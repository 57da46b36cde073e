"""The fields of a trial that its registry owns, each as one text: read, written, and told apart.

"" is "not given". Phases and countries stand one per line, numbers as `NCT NCT00000664`, arms as
label, kind and what is given with tabs between.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import capfirst

from evidence import vocab
from evidence.models import Arm, Trial, TrialIdentifier, TrialPhase
from evidence.models.fields import lines
from evidence.models.trials import CHINESE_PREFIX, IDENTIFIER_SHAPES
from evidence.registries.parts import part
from evidence.registries.records import Identifier, Payload, StudyArm, TrialRecord

PLAIN = (
    *("title", "acronym", "design", "recruitment_status", "why_stopped", "enrolment"),
    *("enrolment_type", "start", "primary_completion", "completion", "min_age_days"),
    *("max_age_days", "sponsor", "countries", "primary_outcome", "results_posted"),
    "registry_updated",
)
"""Columns of the trial itself."""
OWNED = (*PLAIN, "phases", "identifiers", "arms")
WATCHED = frozenset(
    {
        *("recruitment_status", "enrolment", "primary_outcome", "completion"),
        *("primary_completion", "why_stopped", "results_posted"),
    }
)
"""What somebody should look at whenever it changes."""

GIVEN = "given"
"""Beside the fields: the mark of what a record gives, on which its verdict rests."""
PLAIN_MARSHAL = 2
"""The last version that writes the same for the same, whatever else holds the texts."""
NUMBERS = frozenset({"enrolment", "min_age_days", "max_age_days"})
NOT_STATED = vocab.TrialDesign.NOT_STATED.value
LONGEST: dict[str, int] = {
    name: size
    for name in PLAIN
    if (size := getattr(Trial._meta.get_field(name), "max_length", None)) is not None
}
LONGEST_LABEL: int = Arm._meta.get_field("label").max_length or 0
LONGEST_NUMBER: int = TrialIdentifier._meta.get_field("value").max_length or 0
COLUMNS: dict[str, Any] = {name: Trial._meta.get_field(name) for name in PLAIN}
OF_ROWS = {"phases": "Phases", "identifiers": "Registry numbers", "arms": "Arms"}
TAB = "\t"


def label(field: str) -> str:
    """Return what a field is called."""
    return OF_ROWS.get(field) or str(capfirst(COLUMNS[field].verbose_name))


# --- What a record says ---------------------------------------------------------------------------


def values_of(record: TrialRecord) -> dict[str, str]:
    """Return what a record says, by field; what is too long for its column ends with "…"."""
    return {
        "title": fitting(record.title, LONGEST["title"]),
        "acronym": fitting(record.acronym or "", LONGEST["acronym"]),
        "design": "" if record.design == NOT_STATED else record.design,
        "recruitment_status": record.status or "",
        "why_stopped": record.why_stopped or "",
        "enrolment": _figure(record.enrolment),
        "enrolment_type": "" if record.enrolment is None else record.enrolment_type or "",
        "start": record.start or "",
        "primary_completion": record.primary_completion or "",
        "completion": record.completion or "",
        "min_age_days": _figure(record.min_age_days),
        "max_age_days": _figure(record.max_age_days),
        "sponsor": fitting(record.sponsor or "", LONGEST["sponsor"]),
        "countries": "\n".join(sorted(record.countries)),
        "primary_outcome": "; ".join(" ".join(o.measure.split()) for o in record.primary_outcomes),
        "results_posted": record.results_posted or "",
        "registry_updated": record.updated or "",
        "phases": "\n".join(record.phases or ()),
        "identifiers": "\n".join(f"{one.registry} {one.value}" for one in numbers_of(record)),
        "arms": "\n".join(_arms(record.arms)),
    }


def given(payload: Payload) -> str:
    """Return a word that is another when what a study gives, by all its words, is."""
    told: Any = payload.data
    if payload.source == vocab.Source.CTGOV:
        told = part(told, "protocolSection", "armsInterventionsModule")
    return hashlib.sha256(marshal.dumps(told or None, PLAIN_MARSHAL)).hexdigest()[:16]


def numbers_of(record: TrialRecord) -> list[Identifier]:
    """Return all numbers of a study, its own first; what no registry writes so is left out."""
    aliases = (Identifier(registry=record.id.registry, value=one) for one in record.aliases)
    every = (record.id, *aliases, *record.other_ids)
    return [*dict.fromkeys(one for one in every if _is_number(one))]


def _is_number(one: Identifier) -> bool:
    if not 0 < len(one.value) <= LONGEST_NUMBER:
        return False
    if one.registry == vocab.Registry.CHICTR:
        return one.value.startswith(CHINESE_PREFIX) and one.value != CHINESE_PREFIX
    if one.registry not in IDENTIFIER_SHAPES:
        return one.registry == vocab.Registry.OTHER
    template, _ = IDENTIFIER_SHAPES[one.registry]
    return len(one.value) == len(template) and all(
        (found in "0123456789") if wanted == "#" else found == wanted
        for found, wanted in zip(one.value, template, strict=True)
    )


def _arms(arms: Iterable[StudyArm]) -> Iterator[str]:
    told = set()
    for one in arms:
        name = fitting(" ".join(one.label.split()), LONGEST_LABEL)
        if name and name not in told:
            told.add(name)
            given = "; ".join(" ".join(each.split()) for each in one.given)
            yield TAB.join((name, one.kind, given))


def fitting(text: str, most: int) -> str:
    """Return a text as it is, or cut at a word and ended with "…" where it is too long."""
    if len(text) <= most:
        return text
    cut = text[: most - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


def _figure(number: int | None) -> str:
    return "" if number is None else str(number)


# --- What stands here -----------------------------------------------------------------------------


def text_of(trial: Trial, field: str) -> str:
    """Return what stands here, as one text."""
    if field == "phases":
        return "\n".join(trial.phases)
    if field == "identifiers":
        return "\n".join(f"{one.registry} {one.value}" for one in trial.identifiers.all())
    if field == "arms":
        return "\n".join(TAB.join((one.label, one.kind, one.given)) for one in trial.arms.all())
    return as_text(field, getattr(trial, field))


def as_text(field: str, value: Any) -> str:
    """Return a column's value as one text."""
    if value is None or (field == "design" and value == NOT_STATED):
        return ""
    return "\n".join(lines(value)) if field == "countries" else str(value)


def typed(field: str, text: str) -> Any:
    """Return a text as its column holds it."""
    if field in NUMBERS:
        return int(text) if text else None
    return text or NOT_STATED if field == "design" else text


def put(trial: Trial, field: str, text: str) -> None:
    """Put a text in its field: of a column for whoever saves the trial, of rows at once.

    Phases become those of the text. Numbers and arms are only added: a number that another trial
    has stays there, and an arm that is here under its label stays as it is.
    """
    if field == "phases":
        _put_phases(trial, text)
    elif field == "identifiers":
        for registry, value in identifiers_in(text):
            rows = TrialIdentifier.objects.filter(registry=registry, value=value)
            if not rows.exists():
                TrialIdentifier.objects.create(trial=trial, registry=registry, value=value)
    elif field == "arms":
        here = {one.label for one in trial.arms.all()}
        for name, kind, given in arms_in(text):
            if name not in here:
                Arm.objects.create(trial=trial, label=name, kind=kind, given=given)
    else:
        setattr(trial, field, typed(field, text))


def _put_phases(trial: Trial, text: str) -> None:
    wanted = lines(text)
    for row in trial.phase_rows.exclude(phase__in=wanted):
        row.delete()
    here = set(trial.phase_rows.values_list("phase", flat=True))
    for phase in wanted:
        if phase not in here:
            TrialPhase.objects.create(trial=trial, phase=phase)


def identifiers_in(text: str) -> list[tuple[str, str]]:
    """Return the registry and the number of each line."""
    return [(first, value) for first, _, value in (one.partition(" ") for one in lines(text))]


def arms_in(text: str) -> list[tuple[str, str, str]]:
    """Return label, kind and what is given of each line."""
    parted = ((*one.split(TAB), "", "") for one in text.split("\n") if one)
    return [(each[0], each[1] or vocab.ArmKind.NOT_STATED.value, each[2]) for each in parted]


def words(field: str, text: str) -> str:
    """Return a field's text for people: words of a vocabulary by their labels, arms as lines."""
    if field == "arms":
        kinds = dict(vocab.ArmKind.choices)
        return "\n".join(
            f"{name} ({kinds.get(kind, kind)})" + (f": {given}" if given else "")
            for name, kind, given in arms_in(text)
        )
    if field == "phases":
        names = dict(vocab.Phase.choices)
        return "\n".join(str(names.get(one, one)) for one in lines(text))
    if field == "identifiers":
        return "\n".join(value for _, value in identifiers_in(text))
    choices = dict(COLUMNS[field].choices or ())
    return str(choices.get(text, text))
