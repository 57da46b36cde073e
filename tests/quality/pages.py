"""A page of each kind: for each route of the site the addresses that stand for it."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.catalogue import CATALOGUE
from evidence.urls import urlpatterns
from tests.quality.conftest import Site

# Addresses that answer with something else than a page.
FILES = (".csv", ".svg", ".ris", ".bib", ".atom", ".xml", ".txt")
# Of each route that is neither a listing nor a thing: what it is asked with.
ADDRESSES = {
    "home": ("/",),
    "data": ("/data/",),
    "about": ("/about/",),
    "about-status": ("/about/status/",),
    "map": ("/map/", "/map/?status=variable&area=oncology", "/map/?as_of=1995"),
    "search": ("/search/", "/search/?q=hiv", "/search/?q=qwertyuiop"),
    "compare": (
        "/compare/",
        "/compare/?intervention=aldesleukin&intervention=low-dose-il-2",
        "/compare/?condition=hiv-infection&condition=melanoma",
    ),
}
ASKED = {
    "evidence": (
        "/evidence/?status=variable&area=oncology",
        "/evidence/?status=experimental&population=neonate",  # nothing
        "/evidence/?as_of=2005",
        "/evidence/?q=survival",
        "/evidence/?sort=-findings&page=2",
        "/evidence/?status=nonsense",  # 400
    )
}
THINGS = {
    "topic": "evidence",
    "finding": "findings",
    "harm": "harms",
    "trial": "trials",
    "publication": "publications",
    "condition": "conditions",
    "intervention": "interventions",
    "adverse-effect": "adverse-effects",
}
# Things of which much is known, beside the first of each listing.
RICH = (
    "/conditions/hiv-infection/",
    "/interventions/aldesleukin/",
    "/adverse-effects/capillary-leak-syndrome/",
    "/trials/NCT00004978/",
)


def routes() -> Iterator[str]:
    """The names of all routes that answer with a page."""
    for route in urlpatterns:
        if not str(route.pattern).endswith(FILES):
            yield str(route.name)


def addresses_of(route: str, site: Site) -> tuple[str, ...]:
    """Addresses that stand for a route; KeyError where a new one has none yet."""
    if route in ADDRESSES:
        return ADDRESSES[route]
    if route in CATALOGUE:
        return (f"/{route}/", *ASKED.get(route, ()))
    thing, _, page = route.partition("-")
    if route in THINGS:
        thing, page = route, ""
    under = {"": "", "edition": "editions/1/", "history": "history/"}[page]
    listing = THINGS[thing]
    return tuple(f"/{listing}/{word}/{under}" for word in _some(site.ids(listing)))


def every_page(site: Site) -> list[str]:
    """One address or more of each kind of page, those that say no with them."""
    found = [address for route in routes() for address in addresses_of(route, site)]
    found += [f"/findings/{site.withdrawn}/", "/evidence/T99999/", "/nowhere/", *RICH]
    return list(dict.fromkeys(found))


def _some(words: list[str]) -> list[str]:
    """The first, the middle and the last."""
    return [words[0], words[len(words) // 2], words[-1]]
