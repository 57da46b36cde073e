"""What a load has done, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from evidence.starter.schema import KINDS, Kind


@dataclass(frozen=True)
class Tally:
    """How many entries of each kind were created, there already, or left out."""

    created: dict[str, int] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    # Of those created, the ones that readers do not see yet.
    drafts: dict[str, int] = field(default_factory=dict)
    # What people have deleted, and what only stood on it.
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The whole in words, one sentence for each sort."""
        if not self.created:
            sentences = ["Nothing new: the starter evidence was loaded before."]
        else:
            sentences = [f"Created {_listed(self.created)}."]
        if self.drafts:
            sentences.append(f"Drafts among them: {_listed(self.drafts)}.")
        if self.created and self.present:
            sentences.append(f"There already and left as they are: {_listed(self.present)}.")
        if self.left_out:
            sentences.append(f"Deleted by people and left out: {_listed(self.left_out)}.")
        return " ".join(sentences)


@dataclass
class Counts:
    """The tally while it grows."""

    created: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    drafts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def tally(self) -> Tally:
        """Return the counts, kinds in the order in which they are loaded."""
        return Tally(
            created=_ordered(self.created),
            present=_ordered(self.present),
            drafts=_ordered(self.drafts),
            left_out=_ordered(self.left_out),
        )


def _kinds() -> list[Kind]:
    kinds = []
    for kind in KINDS:
        kinds += [kind, *(child for child in kind.inside.values() if child.is_judgement)]
    return kinds


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    order = list(dict.fromkeys(kind.plural for kind in _kinds()))
    return {plural: counts[plural] for plural in order if counts.get(plural)}


def _listed(counts: Mapping[str, int]) -> str:
    singular = {kind.plural: kind.name for kind in _kinds()}
    parts = [f"{n:,} {name if n != 1 else singular[name]}" for name, n in counts.items()]
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
