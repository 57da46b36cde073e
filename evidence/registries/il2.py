"""Whether a registered study gives IL-2: decided on its interventions and arms, never on text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.registries.il2_senses import MAY_BE, Found, Sense
from evidence.registries.il2_words import AGAINST_RECEPTOR, may_speak_of_it, plain, words_in
from evidence.registries.records import TrialRecord
from evidence.vocab import Verdict

LONGEST_QUOTE = 120
PROSE = 160
"""A name longer than this is a text that tells what is given, as some registries have it."""

_PRODUCTS = {"DRUG", "BIOLOGICAL", "GENETIC", "COMBINATION_PRODUCT"}
_INFUSED = re.compile(r"(?i)infus(?!iltr)|therap|transfer|autologous|administ|inject")
_MEASURES = {"DIAGNOSTIC_TEST"}
_OTHER_CYTOKINES = re.compile(
    r"(?i)\b(?:IL[\s-]?(?:1|4|5|6|7|8|9|10|12|13|15|17|21)[\u03b1\u03b2ab]?\b|TNF|IFN)"
)
_GIVING = re.compile(
    r"(?i)receiv|admin|inject|infus|given|giving|subcutan|intraven|\bdos|\bM?IU\b|MIU|\bdai?ly|treat"
)
_PLACEBO = re.compile(r"(?i)\W*(?:match\w*\W)?(?:placebo|sham|dummy)\b")
_KIND = re.compile(r"^([A-Z][A-Za-z ]+): ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A value of `vocab.Verdict`, and in one sentence for a curator what it rests on."""

    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A text of a record: a name of what is given, or else words about it; `where` quotes it."""

    text: str
    where: str
    named: bool
    kind: str | None = None


def verdict(record: TrialRecord) -> Judged:
    """Judge a study by what its interventions and arms are called and said to be.

    It gives IL-2 where an intervention is named so; a word of IL-2 that only a label or a
    description holds, or a name that may stand for it, is for a person to look at.
    """
    names = "\n".join(_names(record))
    if not may_speak_of_it("\n".join(_descriptions(record)), names):
        return _none_named(names)
    seen = [(place, found) for place in _places(record) for found in words_in(place.text)]
    for place, found in seen:
        if place.named and _is_il2(place, found):
            return Judged(verdict=Verdict.GIVES, reason=_gives(place, found))
    maybe = [(place, found) for place, found in seen if _may_be_il2(place, found)]
    if maybe:
        told = next((one for one in maybe if one[1].sense is Sense.GIVEN), maybe[0])
        return Judged(verdict=Verdict.GREY, reason=_grey(*told))
    for place, found in seen:
        if found.sense not in {Sense.CARRIER, Sense.COMPANION}:
            reason = (
                f"“{found.word}” in {place.where} is {found.sense.value}, not IL-2 that is given."
            )
            return Judged(verdict=Verdict.NOT_IL2, reason=reason)
    return _none_named(names)


def _none_named(names: str) -> Judged:
    against = AGAINST_RECEPTOR.search(names)
    if against:
        reason = f"“{against.group()}” is against the receptor of IL-2; nothing it gives is IL-2."
    else:
        reason = "None of its interventions and arms names IL-2."
    return Judged(verdict=Verdict.NOT_IL2, reason=reason)


def _is_il2(place: _Place, found: Found) -> bool:
    if found.sense is Sense.GROWN:
        return len(place.text) <= PROSE and _is_product(place)
    return found.sense is Sense.GIVEN and not _is_panel(place.text)


def _may_be_il2(place: _Place, found: Found) -> bool:
    if found.sense in {Sense.CARRIER, Sense.COMPANION}:
        return place.named and (_is_product(place) or bool(_INFUSED.search(place.text)))
    if found.sense is Sense.GIVEN:
        return place.named or not _is_biology(place.text, found.start)
    return found.sense in MAY_BE


def _is_product(place: _Place) -> bool:
    return place.kind is None or place.kind in _PRODUCTS


def _is_panel(text: str) -> bool:
    """Say whether IL-2 is named in a row with cytokines that nobody gives together."""
    return len({found.lower() for found in _OTHER_CYTOKINES.findall(text)}) > 2


def _is_biology(text: str, start: int) -> bool:
    """Say whether IL-2 stands in a sentence of several cytokines of which none is given."""
    begin = text.rfind(". ", 0, start) + 1
    end = text.find(". ", start)
    sentence = text[begin : end if end > 0 else len(text)]
    several = {found.lower() for found in _OTHER_CYTOKINES.findall(sentence)}
    return len(several) > 1 and not _GIVING.search(sentence)


def _gives(place: _Place, found: Found) -> str:
    if found.sense is Sense.GROWN:
        return f"“{found.word}” is in the name of {place.where}: {found.sense.value}."
    return f"{place.where[0].upper()}{place.where[1:]} is IL-2{_by(place, found)}."


def _by(place: _Place, found: Found) -> str:
    return "" if found.word.lower() in place.where.lower() else f" by its name “{found.word}”"


def _grey(place: _Place, found: Found) -> str:
    if found.sense is Sense.GIVEN:
        return f"“{found.word}” stands in {place.where}, but no intervention is named so."
    return f"“{found.word}” in {place.where} is {found.sense.value}; no intervention is named IL-2."


def _names(record: TrialRecord) -> Iterator[str]:
    for thing in record.interventions:
        yield thing.name
        yield from thing.other_names
    for arm in record.arms:
        yield arm.label
        yield from arm.given


def _descriptions(record: TrialRecord) -> Iterator[str]:
    yield from (thing.description for thing in record.interventions if thing.description)
    yield from (arm.description for arm in record.arms if arm.description)


def _places(record: TrialRecord) -> Iterator[_Place]:
    measured = {plain(thing.name) for thing in record.interventions if thing.kind in _MEASURES}
    known = {plain(thing.name) for thing in record.interventions}
    for thing in record.interventions:
        if thing.kind in _MEASURES:
            continue
        name = plain(thing.name)
        where = f"its intervention {_quoted(name)}{_kind(thing.kind)}"
        yield _Place(name, where, named=True, kind=thing.kind)
        for other in thing.other_names:
            yield _Place(plain(other), where, not _PLACEBO.match(name), thing.kind)
        if thing.description:
            yield _Place(plain(thing.description), f"the description of {where}", named=False)
    for arm in record.arms:
        label = plain(arm.label)
        where = f"the arm {_quoted(label)}"
        for given in arm.given:
            name = plain(given)
            bare = _KIND.sub("", name)
            if name not in known and bare not in known and not name.startswith("Diagnostic Test:"):
                yield _Place(bare, f"what {where} is given, {_quoted(bare)},", named=True)
        if label not in measured:
            yield _Place(label, f"the label of {where}", named=False)
        if arm.description:
            yield _Place(plain(arm.description), f"the description of {where}", named=False)


def _kind(kind: str | None) -> str:
    return f" ({kind.replace('_', ' ').capitalize()})" if kind else ""


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rstrip() + '…'}”"
