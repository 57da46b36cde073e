"""A map of the evidence as plain values: which cells there are, and what each of them says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.charts.course import in_full, listed
from evidence.vocab import Area, Ground, InterventionKind, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A condition or an intervention: `group` is its area or its kind.

    `running` is its name as within a sentence, `url` the address of its page.
    """

    slug: str
    name: str
    group: str
    running: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """All topics of a condition and an intervention, with the studies of all of them united.

    `roles` are what IL-2 is in them, `url` leads to the list of them. A `status` that is empty was
    never worked out.
    """

    condition: Term
    intervention: Term
    status: str
    ground: str
    topics: int
    studies: int
    roles: tuple[str, ...]
    discordant: bool
    approved: bool
    url: str

    @property
    def word(self) -> str:
        """The status with its ground."""
        return in_full(self.status, self.ground) if self.status else "not worked out"

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be said: what IL-2 is in it, disagreement, approval."""
        said = []
        if self.topics > 1 or self.roles != (Role.TREATMENT,):
            said.append(listed([str(Role(role).label) for role in self.roles]))
        if self.discordant:
            said.append("results disagree")
        if self.approved and self.ground != Ground.APPROVED:
            said.append("an approved use")
        return tuple(said)

    @property
    def in_words(self) -> str:
        """The whole cell in a sentence."""
        topics = f", {self.topics} topics" if self.topics > 1 else ""
        notes = "".join(f"; {note}" for note in self.notes)
        names = f"{self.condition.name}, {self.intervention.running}"
        return f"{names}: {self.word}, {studies(self.studies)}{topics}{notes}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The terms of an area or of a kind, in order of name."""

    word: str
    label: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Cells in their order, with the rows and columns that hold any of them."""

    cells: tuple[Cell, ...]
    areas: tuple[Group, ...]
    kinds: tuple[Group, ...]

    @property
    def places(self) -> int:
        """How many cells there are, the empty ones too."""
        rows = sum(len(area.terms) for area in self.areas)
        return rows * sum(len(kind.terms) for kind in self.kinds)

    @property
    def unstudied(self) -> int:
        """How many of the cells rest on no study."""
        return sum(not cell.studies for cell in self.cells)


def arranged(cells: Iterable[Cell]) -> Grid:
    """Put cells in the order of areas, conditions, kinds and interventions."""
    held = list(cells)
    areas = _groups((cell.condition for cell in held), Area)
    kinds = _groups((cell.intervention for cell in held), InterventionKind)
    row, column = _order(areas), _order(kinds)
    held.sort(key=lambda cell: (row[cell.condition.slug], column[cell.intervention.slug]))
    return Grid(cells=tuple(held), areas=areas, kinds=kinds)


def studies(number: int) -> str:
    """Count studies in words."""
    if not number:
        return "no study"
    return "1 study" if number == 1 else f"{number:,} studies"


def _groups(terms: Iterable[Term], words: type[Area | InterventionKind]) -> tuple[Group, ...]:
    by_slug = {term.slug: term for term in terms}
    ordered = sorted(by_slug.values(), key=lambda term: (term.name.casefold(), term.slug))
    groups = (
        Group(
            word=str(word),
            label=str(word.label),
            terms=tuple(term for term in ordered if term.group == word),
        )
        for word in words
    )
    return tuple(group for group in groups if group.terms)


def _order(groups: Iterable[Group]) -> dict[str, int]:
    return {
        term.slug: place
        for place, term in enumerate(term for group in groups for term in group.terms)
    }
