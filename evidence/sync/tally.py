"""What a run did, in figures and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from evidence.vocab import RunKind

WORDS = {
    "created": "{:,} created",
    "changed": "{:,} changed",
    "same": "{:,} the same",
    "not_il2": "{:,} not IL-2",
    "left_out": "{:,} left out",
    "vanished": "{:,} vanished",
    "failed": "{:,} failed",
}
RARE = frozenset({"left_out", "vanished"})
"""What is said only where there is any."""

NOT_ASKED: Mapping[str, frozenset[str]] = {
    RunKind.IMPORT_PUBLICATIONS: frozenset({"not_il2"}),
    RunKind.CHECK_STANDING: frozenset({"not_il2"}),
}
"""What a kind of run never asks, and so does not say: of papers nobody judges what they give."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many things a batch or a run created, changed, left as they were, and so on.

    Each record counts once: what does not give IL-2 in `not_il2` when it is first met or has
    changed, and in `same` from then on; what a person deleted or turned down in `left_out`; what
    its source does not know any more in `vanished` once, and in `same` from then on.
    """

    created: int = 0
    changed: int = 0
    same: int = 0
    not_il2: int = 0
    left_out: int = 0
    vanished: int = 0
    failed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add up two of them."""
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in NAMES})

    @property
    def sentence(self) -> str:
        """The tally, as "3 created, 0 changed, 60 the same, 24 not IL-2, 0 failed."."""
        return self.sentence_of("")

    def sentence_of(self, kind: str) -> str:
        """Return the tally of a run of a `vocab.RunKind`, without what that never asks."""
        unasked = NOT_ASKED.get(kind, frozenset())
        counted = {name: getattr(self, name) for name in NAMES if name not in unasked}
        said = [WORDS[name].format(n) for name, n in counted.items() if n or name not in RARE]
        return ", ".join(said) + "."


NAMES = tuple(field.name for field in fields(Counts))
