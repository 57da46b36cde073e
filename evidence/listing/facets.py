"""Facet counts, exact under any combination of filters, from sets of rows.

Each value of each facet is a set of rows, kept as one whole number with a bit per row. A count is
then an intersection, so that twenty facets cost what one query costs. The sets are built from the
database once for each data version and kept in the process; as of a year, those of the years that
were asked for last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db.models import ExpressionWrapper, F, Q, TextField

from evidence.listing.core import Listing
from evidence.listing.filters import Flag, PanelFilter, Through, YesOrNo
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
    """Read the sets of a listing: one query for its own columns, one for all that hang on alike."""
    filterset = listing.filterset(data={}, queryset=listing.rows())
    panels: dict[str, PanelFilter] = {f.filter: filterset.filters[f.filter] for f in listing.facets}
    throughs = [p.through for p in panels.values() if p.through is not None]
    keys = ["pk", *sorted({through.outer for through in throughs} - {"pk"})]
    own = {name: panel for name, panel in panels.items() if panel.through is None}
    asked = (_asked(panel) for panel in own.values())
    read = list(listing.rows().order_by("pk").values_list(*keys, *asked))
    across = list(zip(*read, strict=True)) or [()] * (len(keys) + len(own))
    places = {key: {value: i for i, value in enumerate(across[at])} for at, key in enumerate(keys)}
    everything = (1 << len(read)) - 1
    sets: dict[str, Mapping[str, Rows]] = {
        name: _by_option(panel, _of_each(across[at]), everything)
        for at, (name, panel) in enumerate(own.items(), start=len(keys))
    }
    for through in dict.fromkeys(throughs):
        alike = {name: panel for name, panel in panels.items() if panel.through == through}
        sets |= _all_hanging(through, alike, places)
    return Index(everything=everything, places=places, sets=sets)


def _asked(panel: PanelFilter) -> Any:
    """Return what is read of each row: a field, or the answer to a question as it is stored."""
    if not isinstance(panel, YesOrNo | Flag):
        return panel.field_name
    question = panel.condition(["yes"]) if isinstance(panel, YesOrNo) else F(panel.field_name)
    # Called a text, it comes as 0 and 1 or as a bool, and is not converted row by row.
    return ExpressionWrapper(question, output_field=TextField())


def _by_option(panel: PanelFilter, own: Mapping[Any, Rows], everything: Rows) -> Mapping[str, Rows]:
    if isinstance(panel, YesOrNo):
        yes = own.get(True, 0)
        return {"yes": yes, "no": everything & ~yes}
    return panel.by_option(own)


def _all_hanging(
    through: Through, panels: Mapping[str, PanelFilter], places: Mapping[str, Mapping[Any, int]]
) -> dict[str, Mapping[str, Rows]]:
    """Return the rows of each value of all filters through the same hanging rows; one query."""
    at = places[through.outer]
    fields = dict.fromkeys(panel.field_name for panel in panels.values())
    read = through.rows().order_by().values_list(through.link, *fields)
    owners, *columns = list(zip(*read, strict=True)) or [()] * (1 + len(fields))
    owned = [at.get(owner) for owner in owners]
    sets = {
        field: _sets(zip(column, owned, strict=True))
        for field, column in zip(fields, columns, strict=True)
    }
    return {name: panel.by_option(sets[panel.field_name]) for name, panel in panels.items()}


def _hanging(
    panel: PanelFilter, places: Mapping[str, Mapping[Any, int]], also: Q
) -> dict[str, Rows]:
    """Return the rows of each value of a filter through hanging rows that meet a condition."""
    at = places[panel.through.outer] if panel.through is not None else {}
    return panel.by_option(_sets((value, at.get(owner)) for value, owner in panel.held(also)))


FEW = 100
"""Of so many values a column is read once for each, which is quicker than place by place."""


def _of_each(column: Sequence[Any]) -> dict[Any, Rows]:
    """Return the places of each value of a column."""
    values = dict.fromkeys(column)
    if len(values) > FEW:
        return _sets((value, place) for place, value in enumerate(column))
    codes = {value: code for code, value in enumerate(values)}
    # A digit for each place, the last one first: a whole number in binary, as Python reads it.
    coded = bytes(map(codes.__getitem__, column))[::-1]
    nowhere = b"0" * 256
    return {
        value: int(coded.translate(nowhere[:code] + b"1" + nowhere[code + 1 :]), 2)
        for value, code in codes.items()
    }


def _sets(pairs: Iterable[tuple[Any, int | None]]) -> dict[Any, Rows]:
    """Return the places of each value; what hangs on no row has none."""
    found: defaultdict[Any, list[int | None]] = defaultdict(list)
    for value, place in pairs:
        found[value].append(place)
    return {value: _together(places) for value, places in found.items()}


def _together(places: Iterable[int | None]) -> Rows:
    """Return the set of some places, by way of bytes: shifting a long number again is slow."""
    known = {place for place in places if place is not None}
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
