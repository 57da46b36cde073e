"""The words of the WHO's ICTRP and of the registers behind it, as values of our vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evidence import vocab
from evidence.registries.ctgov_arms import with_kind
from evidence.registries.records import GivenThing, StudyArm
from evidence.registries.texts import line, number, text

STATUSES: Mapping[str, str] = {
    "recruiting": vocab.RecruitmentStatus.RECRUITING.value,
    "suspended": vocab.RecruitmentStatus.SUSPENDED.value,
    "temporary halt": vocab.RecruitmentStatus.SUSPENDED.value,
    "terminated": vocab.RecruitmentStatus.TERMINATED.value,
    "withdrawn": vocab.RecruitmentStatus.WITHDRAWN.value,
    "pending": vocab.RecruitmentStatus.NOT_YET_RECRUITING.value,
    "completed": vocab.RecruitmentStatus.COMPLETED.value,
}
NO_STATUS = frozenset({"not recruiting", "authorised", "other", "unknown"})
"""Words of the portal that are none of our statuses, and take one away."""
NO_PHASE = frozenset({"retrospective study", "other", "others", "not selected"})
_MARK = re.compile(r"<br ?/?>|</?p>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\xa0]{2,}")
_PHASE = re.compile(r"(?:phase )?(0|1|2|3|4|i{1,3}|iv)(?:[ -/&]+(?:phase )?(2|3|4|ii|iii|iv))?")
_PHASES: Mapping[str, str] = {
    "0": vocab.Phase.EARLY_PHASE1.value,
    "1": vocab.Phase.PHASE1.value,
    "i": vocab.Phase.PHASE1.value,
    "2": vocab.Phase.PHASE2.value,
    "ii": vocab.Phase.PHASE2.value,
    "3": vocab.Phase.PHASE3.value,
    "iii": vocab.Phase.PHASE3.value,
    "4": vocab.Phase.PHASE4.value,
    "iv": vocab.Phase.PHASE4.value,
}
_GROUP_SIZE = re.compile(r"[^;:]*:([0-9]{1,7})")


def plain(value: object) -> str | None:
    """Give a text with line feeds where the portal has written `<br>`, and single blanks."""
    if not isinstance(value, str):
        return None
    found = text(_MARK.sub("\n", value))
    return text(_BLANKS.sub(" ", found)) if found else None


def listed(value: object) -> tuple[str, ...]:
    """Give the parts between semicolons and line breaks, each once, in order."""
    found = (line(part) for part in re.split(r"[;\n]", plain(value) or ""))
    return tuple(dict.fromkeys(part for part in found if part))


def age(value: object) -> str | None:
    """Give an age with its unit; the Chinese register writes years without, and 0 for no limit."""
    given = line(value)
    return f"{given} Years" if given and number(given) else given


def size(value: object) -> int | None:
    """Give the number of people: one number, or the sum over named groups."""
    given = (line(value) or "").rstrip("; ")
    if (single := number(given)) is not None:
        return single or None
    sizes = [_GROUP_SIZE.fullmatch(group.strip()) for group in given.split(";")]
    known = [int(each[1]) for each in sizes if each]
    return number(sum(known)) or None if len(known) == len(sizes) else None


def phases(value: object) -> tuple[str, ...] | None:
    """Read the phases in order; a 0 is the Chinese register's early phase 1."""
    given = (line(value) or "").lower()
    if given in {"n/a", "not applicable"}:
        return (vocab.Phase.NA.value,)
    found = _PHASE.fullmatch(given)
    if not found:
        return None
    return tuple(dict.fromkeys(_PHASES[part] for part in found.groups() if part))


def design(kind: object, how: object) -> str:
    """Give our word for how people are allotted; "parallel" alone does not say."""
    kind, how = (line(kind) or "").lower(), (line(how) or "").lower()
    if kind.startswith("observational"):
        return vocab.TrialDesign.OBSERVATIONAL.value
    if kind == "expanded access":
        return vocab.TrialDesign.EXPANDED_ACCESS.value
    if re.search(r"\bnon-? ?randomi[sz]ed", how):
        return vocab.TrialDesign.NON_RANDOMISED.value
    if re.search(r"\brandomi[sz]ed", how):
        return vocab.TrialDesign.RANDOMISED.value
    if re.search(r"\bsingle (arm|group)", how):
        return vocab.TrialDesign.SINGLE_GROUP.value
    return vocab.TrialDesign.NOT_STATED.value


def things(value: object) -> Iterator[GivenThing]:
    """Read what is given where each part is a kind and a name, as in ClinicalTrials.gov's."""
    for part in listed(value):
        kind, name = with_kind(part)
        if name:
            yield GivenThing(kind=kind, name=name)


def groups(value: object) -> tuple[StudyArm, ...]:
    """Read the arms where each part is a group and what it is given, as in the Chinese register.

    A part without a colon goes on with the one before it.
    """
    found: list[tuple[str, str]] = []
    for part in listed(value):
        label, colon, given = part.partition(":")
        if colon and label.strip():
            found.append((label.strip(), given.strip()))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}; {part}")
    kind = vocab.ArmKind.NOT_STATED.value
    return tuple(
        StudyArm(label=label, kind=kind, given=(given,) if given else ()) for label, given in found
    )
