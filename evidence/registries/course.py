"""A walk from page to page of what a registry found, and how it knows that it goes astray."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from evidence.registries import ids
from evidence.registries.http import Unreachable

# How many pages may bring nothing new, beside three for each that did: a page may be empty, and a
# token may lead back to where we were.
PATIENCE = 5
MOST_BEGINNINGS = 3
# Of what the registry counted, how much must have come for a walk to be whole.
ENOUGH = 0.9
A_FEW = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Studies as the API gives them; `next_token` asks for the next page, `total` counts all."""

    studies: tuple[dict[str, Any], ...]
    next_token: str | None = None
    total: int | None = None


class Course:
    """Where a walk has been: what it has seen, and whether it still gets on."""

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole
        self.total: int | None = None
        self.seen: set[str] = set()
        self.pages_with_news = self.pages_without = self.begun_again = 0

    def new(self, page: Page, *, asked_with: str | None) -> Page:
        """Return what is new in a page; raise Unreachable where the walk goes in circles."""
        if asked_with is None:
            self.total = page.total
        studies = tuple(study for study in page.studies if self._first_time(study))
        self.pages_without = 0 if studies else self.pages_without + 1
        self.pages_with_news += bool(studies)
        if page.next_token and self.pages_without > PATIENCE + 3 * self.pages_with_news:
            raise Unreachable(
                f"The registry sends us in circles: {self.pages_without} pages one after the other "
                "brought nothing new, and it names yet another."
            )
        return replace(page, studies=studies)

    def _first_time(self, study: Mapping[str, Any]) -> bool:
        """Return whether a study was not met before; one without a number never was."""
        number = _number_in(study)
        if number in self.seen:
            return False
        if number:
            self.seen.add(number)
        return True

    def begin_again(self) -> None:
        """Begin at the first page, as the registry's data have changed under the walk."""
        self.begun_again += 1
        if self.begun_again > MOST_BEGINNINGS:
            raise Unreachable("The registry forgets its pages faster than they can be read.")
        self.whole = True

    def end(self) -> None:
        """Raise Unreachable where far fewer studies came than the registry had counted."""
        if self.whole and self.total and len(self.seen) + A_FEW < ENOUGH * self.total:
            raise Unreachable(
                f"The registry counted {self.total:,} studies and gave {len(self.seen):,}: its "
                "pages ended too soon."
            )


def number_of(study: Mapping[str, Any]) -> str:
    """Return the number of a study as it came in, or nothing."""
    return ids.nct(_module(study).get("nctId")) or ""


def numbers_of(study: Mapping[str, Any]) -> set[str]:
    """Return all numbers that a study says it has or had."""
    aliases = _module(study).get("nctIdAliases")
    found = map(ids.nct, aliases if isinstance(aliases, list) else [])
    return {one for one in (number_of(study), *found) if one}


def _number_in(study: Mapping[str, Any]) -> str:
    """Return the number that a study gives itself, well-formed or not, or nothing."""
    number = _module(study).get("nctId")
    return number if isinstance(number, str) else ""


def _module(study: Mapping[str, Any]) -> Mapping[str, Any]:
    place: object = study
    for key in ("protocolSection", "identificationModule"):
        place = place.get(key) if isinstance(place, dict) else None
    return place if isinstance(place, dict) else {}
