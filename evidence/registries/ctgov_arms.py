"""What a study of ClinicalTrials.gov gives, and to which arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evidence import vocab
from evidence.registries.parts import lines, parts, several
from evidence.registries.records import GivenThing, StudyArm
from evidence.registries.texts import line, unescaped

ARM_KINDS: Mapping[str, str] = {
    "EXPERIMENTAL": vocab.ArmKind.EXPERIMENTAL.value,
    "ACTIVE_COMPARATOR": vocab.ArmKind.ACTIVE_COMPARATOR.value,
    "PLACEBO_COMPARATOR": vocab.ArmKind.PLACEBO_COMPARATOR.value,
    "SHAM_COMPARATOR": vocab.ArmKind.SHAM_COMPARATOR.value,
    "NO_INTERVENTION": vocab.ArmKind.NO_INTERVENTION.value,
    "OTHER": vocab.ArmKind.OTHER.value,
}
INTERVENTION_KINDS = frozenset(
    {
        "BEHAVIORAL",
        "BIOLOGICAL",
        "COMBINATION_PRODUCT",
        "DEVICE",
        "DIAGNOSTIC_TEST",
        "DIETARY_SUPPLEMENT",
        "DRUG",
        "GENETIC",
        "PROCEDURE",
        "RADIATION",
        "OTHER",
    }
)


def interventions(module: Mapping[str, object]) -> Iterator[GivenThing]:
    """Read the interventions that have a name."""
    for given in parts(module, "interventions"):
        if name := line(given.get("name")):
            yield GivenThing(
                kind=line(given.get("type")),
                name=name,
                description=unescaped(given.get("description")),
                other_names=lines(given, "otherNames"),
            )


def arms(module: Mapping[str, object]) -> Iterator[StudyArm]:
    """Read the arms that have a label, each with what either side says is given in it."""
    by_label: dict[str, list[str]] = {}
    for given in parts(module, "interventions"):
        if name := line(given.get("name")):
            for where in lines(given, "armGroupLabels"):
                by_label.setdefault(where, []).append(name)
    for arm in parts(module, "armGroups"):
        if label := line(arm.get("label")):
            named = (_bare(line(each)) for each in several(arm, "interventionNames"))
            given_here = (*(each for each in named if each), *by_label.get(label, ()))
            yield StudyArm(
                label=label,
                kind=_kind(arm.get("type")),
                description=unescaped(arm.get("description")),
                given=tuple(dict.fromkeys(given_here)),
            )


def _kind(value: object) -> str:
    """Give our word for a kind of arm."""
    known = ARM_KINDS.get(value) if isinstance(value, str) else None
    return known or vocab.ArmKind.NOT_STATED.value


def _bare(name: str | None) -> str | None:
    """Give an intervention's name without its kind."""
    return with_kind(name)[1] if name else None


def with_kind(written: str) -> tuple[str | None, str | None]:
    """Part a kind from a name: "Drug: Proleukin" is DRUG and Proleukin; either may be missing."""
    kind, colon, name = written.partition(":")
    word = kind.upper().replace(" ", "_")
    if colon and word in INTERVENTION_KINDS:
        return word, name.strip() or None
    return None, written
