"""Fields as people decide on them: a number of people and how it was counted are one thing.

Each is one text, as on a card: `50 estimated` of the two columns together, any other as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from evidence import vocab
from evidence.models import Trial
from evidence.sync import fields

PARTS: Mapping[str, tuple[str, ...]] = {"enrolment": ("enrolment", "enrolment_type")}
ASKED = tuple(one for one in fields.OWNED if one not in {"enrolment_type", "identifiers"})
"""What is compared and asked of, in order."""
AGES = ("min_age_days", "max_age_days")
"""Columns that stand in this order or not at all."""


def parts(name: str) -> tuple[str, ...]:
    """Return the fields that are decided on as one."""
    return PARTS.get(name, (name,))


def joined(name: str, texts: Mapping[str, str]) -> str:
    """Return the one text of the fields that are decided on together."""
    return " ".join(text for each in parts(name) if (text := texts[each]))


def parted(name: str, text: str) -> dict[str, str]:
    """Return the text of each field that is decided on as one."""
    if name not in PARTS:
        return {name: text}
    number, _, kind = text.partition(" ")
    return dict(zip(PARTS[name], (number, kind), strict=True))


def text_of(trial: Trial, name: str) -> str:
    """Return what stands here, as one text."""
    return joined(name, {each: fields.text_of(trial, each) for each in parts(name)})


def put(trial: Trial, name: str, text: str) -> None:
    """Put a text where it belongs, as `fields.put` does."""
    for each, said in parted(name, text).items():
        fields.put(trial, each, said)


def words(name: str, text: str) -> str:
    """Return a text for people."""
    if name not in PARTS:
        return fields.words(name, text)
    told = parted(name, text)
    kind = str(dict(vocab.EnrolmentType.choices).get(told["enrolment_type"], ""))
    return f"{told['enrolment']} ({kind.lower()})" if kind else told["enrolment"]
