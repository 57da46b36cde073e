"""The evidence map: topics by condition and intervention, with the studies of each cell united."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db.models import Model
from django.http import QueryDict

from evidence import vocab
from evidence.catalogue import common
from evidence.catalogue.evidence import EVIDENCE
from evidence.catalogue.rule import NOW, THEN
from evidence.catalogue.united import united
from evidence.charts.cells import Cell, Grid, Term, arranged
from evidence.ledger.trees import Tree
from evidence.listing import words
from evidence.listing.core import Listing
from evidence.listing.search import Search, ask
from evidence.models import Condition, Intervention
from evidence.templatetags.words import running

Keys = tuple[int, int]
"""The keys of a condition and of an intervention."""
Place = tuple[str, str]
"""Their words."""

PANEL = (
    "rule_status",
    "status",
    "area",
    "role",
    "population",
    "kind",
    "selectivity",
    "dose_class",
    "direction",
    "certainty",
    "rule_ground",
    "ground",
)
"""The facets of the map: those that the database answers at once. The table has all of them."""
EXACTLY = ("exact_condition", "exact_intervention")
OF_A_CELL = ("condition", "intervention", *EXACTLY)
"""The keys that the link of a cell answers itself."""

# The status of a cell is the first of these that one of its topics has. What nobody has treated is
# said last: of a cell with treated people it would be untrue.
STRONGEST = (
    (vocab.Status.VARIABLE, ""),
    (vocab.Status.INVESTIGATED, vocab.Ground.APPROVED),
    (vocab.Status.INVESTIGATED, vocab.Ground.CONFIRMED),
    (vocab.Status.EXPERIMENTAL, ""),
    (vocab.Status.INVESTIGATED, vocab.Ground.NO_TREATMENT),
    ("", ""),
)
_STRENGTH = {(str(status), str(ground)): place for place, (status, ground) in enumerate(STRONGEST)}
_ROLES = {role: place for place, role in enumerate(vocab.Role.values)}


def _of_the_map(listing: Listing, at: Callable[[int], Listing] | None) -> Listing:
    keys = [key for key in PANEL if listing.year is not None or not key.startswith("rule_")]
    facets = {facet.filter: facet for facet in listing.facets}
    return replace(
        listing,
        name="map",
        of="evidence",
        title=listing.title.replace("Evidence", "Evidence map", 1),
        facets=tuple(facets[key] for key in keys),
        also=(),
        at=at,
        today=None if listing.today is None else MAP,
    )


def _at(year: int) -> Listing:
    """Return the map with the rule's word at the end of a year in place of ours."""
    if EVIDENCE.at is None:
        raise TypeError("The evidence is not known by years.")
    return _of_the_map(EVIDENCE.at(year), _at)


MAP = _of_the_map(EVIDENCE, _at)
"""The evidence listing under the address of the map."""


def ask_map(params: QueryDict) -> Search:
    """Read a query string: the filters of the evidence and no other key, else BadQueryError."""
    return ask(MAP, params, paged=False, tabular=False)


def grid(search: Search) -> Grid:
    """Give the cells of all matching topics; as many queries for one as for thousands."""
    return arranged(cells(search))


def drawn(held: Grid, *, year: int | None) -> Grid:
    """Give what is drawn of a map: as of a year no cell without a study by its end.

    Most of them stand for what nobody had made yet; today a cell without a study is a finding.
    """
    return held if year is None else arranged(cell for cell in held.cells if cell.studies)


def row_of(condition: str) -> Grid:
    """Give the part of the map that holds a condition, by its word, and all narrower ones."""
    asked = QueryDict(mutable=True)
    asked["condition"] = condition
    return grid(ask_map(asked))


def cells(search: Search) -> list[Cell]:
    """Give a cell for each condition and intervention that share a matching topic."""
    held = _held(search)
    several = {topic: key for key, one in held.items() for topic in one.keys if len(one.keys) > 1}
    if several:
        for key, studies in united(several, year=search.listing.year).items():
            held[key].studies = studies
    links = _Links(search, {one.place: len(one.keys) for one in held.values()})
    return [one.cell(links.of(one)) for one in held.values()]


@dataclass
class _Held:
    """A cell while its topics are read."""

    condition: Term
    intervention: Term
    keys: list[int] = field(default_factory=list)
    studies: int = 0
    words: set[tuple[str, str]] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    discordant: bool = False
    approved: bool = False

    @property
    def place(self) -> Place:
        return self.condition.slug, self.intervention.slug

    def cell(self, url: str) -> Cell:
        status, ground = min(self.words, key=_STRENGTH.__getitem__)
        return Cell(
            condition=self.condition,
            intervention=self.intervention,
            status=status,
            ground=ground,
            topics=len(self.keys),
            studies=self.studies,
            roles=tuple(sorted(self.roles, key=_ROLES.__getitem__)),
            discordant=self.discordant,
            approved=self.approved,
            url=url,
        )


def _held(search: Search) -> dict[Keys, _Held]:
    """Read the matching topics into cells by the keys of their terms; three queries."""
    year = search.listing.year
    before = NOW if year is None else THEN
    word = ("status", "ground") if year is None else (f"{THEN}rule_status", f"{THEN}rule_ground")
    rows = search.filterset.qs.order_by("topic_id").values_list(
        *("topic_id", "topic__condition_id", "topic__intervention_id", "topic__role", *word),
        *(f"{before}{name}" for name in ("studies_count", "discordant", "approved")),
    )
    found = list(rows)
    conditions = _terms(Condition, "area", "/conditions/", {row[1] for row in found})
    interventions = _terms(Intervention, "kind", "/interventions/", {row[2] for row in found})
    held: dict[Keys, _Held] = {}
    for topic, condition, drug, role, status, ground, studies, discordant, approved in found:
        one = held.get((condition, drug))
        if one is None:
            one = _Held(condition=conditions[condition], intervention=interventions[drug])
            held[condition, drug] = one
        one.keys.append(topic)
        one.studies += studies or 0
        one.words.add((status or "", ground or ""))
        one.roles.add(role)
        one.discordant |= bool(discordant)
        one.approved |= bool(approved)
    return held


def _terms(model: type[Model], group: str, path: str, keys: Collection[int]) -> dict[int, Term]:
    """Read terms by their keys, those too that another took the place of; one query."""
    terms: Any = model
    rows = terms.objects.values_list("pk", "slug", "name", group)
    return {
        pk: Term(slug=slug, name=name, group=word, running=running(name), url=f"{path}{slug}/")
        for pk, slug, name, word in rows
        if pk in keys
    }


class _Links:
    """Where the cells of a search lead: to the list of just their topics.

    The filters by terms take in narrower ones and variants; where topics of these stand in other
    cells, the link asks for exactly its own terms.
    """

    def __init__(self, search: Search, topics: Mapping[Place, int]) -> None:
        self.topics = topics
        self.rest = words.filtered(search, "", but=OF_A_CELL).replace("?", "&", 1)
        self.exactly = any(key in search.asked for key in EXACTLY)
        self.trees = common.conditions(), common.interventions()
        self.reached = self._reached()

    def of(self, one: _Held) -> str:
        known = (slug in tree.by_slug for slug, tree in zip(one.place, self.trees, strict=True))
        if not all(known):
            # A term that another took the place of is no filter; its topics have their pages.
            return f"/evidence/T{one.keys[0]}/"
        alone = not self.exactly and self.reached[one.place] == len(one.keys)
        keys = OF_A_CELL[:2] if alone else EXACTLY
        # The words of terms are slugs: nothing in them is written otherwise in an address.
        condition, intervention = one.place
        asked = f"{keys[0]}={condition}&{keys[1]}={intervention}"
        return f"/evidence/?{asked}{self.rest}"

    def _reached(self) -> Counter[Place]:
        """Count for each pair of terms the topics of all that stands under them."""
        above = [partial(_above, tree, {}) for tree in self.trees]
        found: Counter[Place] = Counter()
        for (condition, intervention), number in self.topics.items():
            for wider in above[0](condition):
                for origin in above[1](intervention):
                    found[wider, origin] += number
        return found


def _above(tree: Tree, known: dict[str, tuple[str, ...]], slug: str) -> Iterable[str]:
    """Return the words of a term and of all that it stands under, looked up once."""
    if slug not in known:
        known[slug] = tuple(_climb(tree, slug))
    return known[slug]


def _climb(tree: Tree, slug: str) -> Iterator[str]:
    yield slug
    node = tree.by_slug.get(slug)
    slugs: dict[Any, str] = {one.pk: one.slug for one in tree.nodes}
    passed = {node.pk} if node else set()
    step = tree.parents[node.pk] if node else None
    while step is not None and step not in passed:
        passed.add(step)
        yield slugs[step]
        step = tree.parents[step]
