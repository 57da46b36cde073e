"""Why the rule says what it says: the lines that hold, both sides, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self


class Reason(StrEnum):
    """Why a finding, an approval or a trial has no voice in the rule."""

    RETRACTED = "retracted"
    SUPERSEDED = "superseded"
    NO_YEAR = "no-year"
    LATER = "later"
    OTHER_POPULATION = "other-population"
    NOT_PATIENTS = "not-patients"
    KIND = "kind"
    NO_COMPARISON = "no-comparison"
    SUBGROUP = "subgroup"
    POST_HOC = "post-hoc"
    UNDECIDED = "undecided"
    ANOTHER_ANALYSIS = "another-analysis"
    IN_REVIEW = "in-review"
    REVIEW_YIELDS = "review-yields"
    # Of approvals and trials.
    NOT_THE_SUBSTANCE = "not-the-substance"
    WITHDRAWN = "withdrawn"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the rule that holds, in words, and the ids of all that it rests on."""

    rule: str
    sentence: str
    findings: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read one line of a stored trace."""
        return cls(**_with_tuples(data))


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyResult:
    """What one study showed on one outcome, and the findings that decided it."""

    study: str
    label: str
    is_review: bool
    outcome: str
    outcome_group: str
    outcome_kind: str
    comparison: str
    direction: str
    condition: str
    year: int | None
    people: int | None
    findings: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read one result of a stored trace."""
        return cls(**_with_tuples(data))


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """What has no voice in the rule, with the reason as a word and as a sentence."""

    id: str
    reason: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """The reasons of one derivation; the same for the same facts in any order.

    `lines` are all that hold, in the order of the rule. `left_out` names every finding that is
    on neither side, once; `set_aside` the approvals and trials that do not count. Where the role
    is no treatment nothing argues, so there what counts stands in the one line alone.
    """

    lines: tuple[Line, ...]
    studies_for: tuple[StudyResult, ...]
    studies_against: tuple[StudyResult, ...]
    left_out: tuple[LeftOut, ...]
    set_aside: tuple[LeftOut, ...]
    # The findings that count in this population, whether they argue or are only shown.
    counted: tuple[str, ...]
    # All treatment that was found is of other populations.
    borrowed: bool

    def to_json(self) -> dict[str, Any]:
        """Give plain dictionaries and lists, in a fixed order."""
        return {
            "lines": [_plain(line) for line in self.lines],
            "studies_for": [_plain(result) for result in self.studies_for],
            "studies_against": [_plain(result) for result in self.studies_against],
            "left_out": [_plain(one) for one in self.left_out],
            "set_aside": [_plain(one) for one in self.set_aside],
            "counted": list(self.counted),
            "borrowed": self.borrowed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        missing = sorted({field.name for field in fields(cls)} - data.keys())
        if missing:
            raise ValueError(f"This is not a whole trace: {', '.join(missing)} missing.")
        return cls(
            lines=tuple(Line.from_json(line) for line in data["lines"]),
            studies_for=tuple(StudyResult.from_json(r) for r in data["studies_for"]),
            studies_against=tuple(StudyResult.from_json(r) for r in data["studies_against"]),
            left_out=tuple(LeftOut(**one) for one in data["left_out"]),
            set_aside=tuple(LeftOut(**one) for one in data["set_aside"]),
            counted=tuple(data["counted"]),
            borrowed=bool(data["borrowed"]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Pivot:
    """A study without which the rule would say something else, and what that is."""

    study: str
    label: str
    is_review: bool
    rule: str
    status: str
    ground: str

    def to_json(self) -> dict[str, Any]:
        """Give a plain dictionary."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**data)


def _plain(one: Line | StudyResult | LeftOut) -> dict[str, Any]:
    """Give the fields of one part, its ids in a list; `asdict` would copy every text."""
    values = ((field.name, getattr(one, field.name)) for field in fields(one))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def _with_tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    """Turn lists of ids back into tuples."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
