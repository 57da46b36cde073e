"""Facet counts, exact under any combination of filters, from sets of rows.

Each value of each facet is a set of rows, kept as one whole number with a bit per row. A count is
then an intersection, so that twenty facets cost what one query costs. The sets are built from the
database once for each data version and kept in the process; as of a year, those of the years that
were asked for last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db.models import Q

from evidence.listing.core import Listing
from evidence.listing.filters import PanelFilter, YesOrNo
from evidence.listing.search import Search

Rows = int
"""A set of rows: bit 5 is set where the row at place 5 belongs to it."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """All rows of a listing, and for each facet the rows of each of its values.

    `places` gives the place of a row by each key that filters hang on (`pk`, `topic_id`).
    """

    everything: Rows
    places: Mapping[str, Mapping[Any, int]]
    sets: Mapping[str, Mapping[str, Rows]]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many rows match, how many there are, and what each value of each facet would leave."""

    matched: int
    total: int
    facets: Mapping[str, Mapping[str, int]]
    used: Mapping[str, frozenset[str]]


MOST_YEARS = 8
"""As of so many years are sets kept at the most: anybody may ask for all of them."""

_Key = tuple[str, int | None]
_kept: dict[_Key, tuple[str, Index]] = {}
_turn = Lock()


def index_of(listing: Listing, token: str) -> Index:
    """Return the sets of a listing; kept as long as the token stays, never for an empty token."""
    key = (listing.name, listing.year)
    with _turn:
        kept = _kept.pop(key, None)
        if token and kept is not None and kept[0] == token:
            _kept[key] = kept  # the last one asked for stands last
            return kept[1]
    index = build(listing)
    if token:
        with _turn:
            _kept[key] = (token, index)
            years = [other for other in _kept if other[1] is not None]
            for other in years[:-MOST_YEARS]:
                del _kept[other]
    return index


def build(listing: Listing) -> Index:
    """Read the sets of a listing: one query for all its own columns, one for each that hangs on."""
    filterset = listing.filterset(data={}, queryset=listing.rows())
    panels: dict[str, PanelFilter] = {f.filter: filterset.filters[f.filter] for f in listing.facets}
    outers = {p.through.outer for p in panels.values() if p.through is not None} - {"pk"}
    direct = [n for n, p in panels.items() if p.through is None and not isinstance(p, YesOrNo)]
    keys = ["pk", *sorted(outers)]
    rows = listing.rows().order_by("pk")
    read = list(rows.values_list(*keys, *(panels[name].field_name for name in direct)))
    across = list(zip(*read, strict=True)) or [()] * (len(keys) + len(direct))
    places = {key: {value: i for i, value in enumerate(across[at])} for at, key in enumerate(keys)}
    everything = (1 << len(read)) - 1
    sets = {}
    for at, name in enumerate(direct, start=len(keys)):
        sets[name] = panels[name].by_option(_sets((v, i) for i, v in enumerate(across[at])))
    for name, panel in panels.items():
        if isinstance(panel, YesOrNo):
            found = rows.filter(panel.condition(["yes"])).values_list("pk", flat=True)
            yes = _together(places["pk"][pk] for pk in found if pk in places["pk"])
            sets[name] = {"yes": yes, "no": everything & ~yes}
        elif panel.through is not None:
            sets[name] = _hanging(panel, places, Q())
    return Index(everything=everything, places=places, sets=sets)


def _hanging(
    panel: PanelFilter, places: Mapping[str, Mapping[Any, int]], also: Q
) -> dict[str, Rows]:
    """Return the rows of each value of a filter through hanging rows that meet a condition."""
    at = places[panel.through.outer] if panel.through is not None else {}
    held = panel.held(also)
    return panel.by_option(_sets((value, at[owner]) for value, owner in held if owner in at))


def _sets(pairs: Iterable[tuple[Any, int]]) -> dict[Any, Rows]:
    found: dict[Any, list[int]] = {}
    for value, place in pairs:
        found.setdefault(value, []).append(place)
    return {value: _together(places) for value, places in found.items()}


def _together(places: Iterable[int]) -> Rows:
    """Return the set of some places, by way of bytes: shifting a long number again is slow."""
    known = list(places)
    bits = bytearray(max(known, default=0) // 8 + 1)
    for place in known:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def count(search: Search, index: Index) -> Counts:
    """Count what a search matches and what each value of each facet would leave."""
    counting = _Counting(search, index)
    facets = {facet.filter: counting.of(facet.filter) for facet in search.listing.facets}
    used = {name: frozenset(v for v in sets if sets[v]) for name, sets in index.sets.items()}
    return Counts(
        matched=counting.rows(frozenset()).bit_count(),
        total=index.everything.bit_count(),
        facets=facets,
        used=used,
    )


class _Counting:
    """One search's counts: which filters are sets, and which only the database can answer."""

    def __init__(self, search: Search, index: Index) -> None:
        self.filterset = search.filterset
        self.index = index
        self.asked = self.filterset.asked()
        self.chosen = {
            name: self._union(name, values)
            for name, values in self.asked.items()
            if name in index.sets and len(self._company(name)) == 1
        }
        self.read: dict[frozenset[str], Rows] = {frozenset(): index.everything}

    def of(self, name: str) -> dict[str, int]:
        """Return what each value of a facet would leave, the facet's own choice left out."""
        company = self._company(name) - {name}
        sets = self.index.sets[name]
        if company:
            panel = self.filterset.filters[name]
            also = self.filterset.joint(panel.through, but=name)
            sets = _hanging(panel, self.index.places, also)
        rows = self.rows(frozenset({name}) | company)
        return {value: (rows & those).bit_count() for value, those in sets.items()}

    def rows(self, but: frozenset[str]) -> Rows:
        """Return the rows that meet every filter but some."""
        rows = self._read(frozenset(self.asked) - set(self.chosen) - but)
        for name, those in self.chosen.items():
            if name not in but:
                rows &= those
        return rows

    def _read(self, names: frozenset[str]) -> Rows:
        """Return the rows that meet filters which are no sets, asked of the database once."""
        if names not in self.read:
            matching = self.filterset.narrowed_by(self.filterset.queryset, sorted(names))
            at = self.index.places["pk"]
            found = matching.order_by().values_list("pk", flat=True)
            self.read[names] = _together(at[pk] for pk in found if pk in at)
        return self.read[names]

    def _company(self, name: str) -> frozenset[str]:
        """Return the asked filters through the same hanging rows, the filter itself with them."""
        through = self.filterset.through(name)
        if through is None:
            return frozenset({name})
        same = {other for other in self.asked if self.filterset.through(other) == through}
        return frozenset(same | {name})

    def _union(self, name: str, values: Iterable[str]) -> Rows:
        rows = 0
        for value in values:
            rows |= self.index.sets[name].get(value, 0)
        return rows
