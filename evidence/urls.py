"""The addresses of the evidence app."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from evidence.catalogue import CATALOGUE
from evidence.web import (
    about,
    cited,
    compare,
    conditions,
    details,
    editions,
    facts,
    feeds,
    forest,
    history,
    listings,
    pages,
    search,
    sitemaps,
    terms,
    trials_svg,
)
from evidence.web import map as maps
from evidence.web.rendered import rendered
from evidence.web.without_years import without_years

app_name = "evidence"


class Name(StringConverter):
    """The name of a thing: without a dot, so that no file is looked for as if it were one."""

    regex = "[^/.]+"


register_converter(Name, "name")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", without_years(pages.home), name="home"),
    path("feed.atom", without_years(feeds.site), name="feed"),
    path("sitemap.xml", without_years(sitemaps.sitemap), name="sitemap"),
    path("sitemap-<int:number>.xml", without_years(sitemaps.part), name="sitemap-part"),
    path("robots.txt", without_years(sitemaps.robots), name="robots"),
    path("compare/", without_years(compare.compare), name="compare"),
    path("map/", maps.map_page, name="map"),
    path("map.svg", maps.map_svg, name="map-svg"),
    path("map.csv", maps.map_csv, name="map-csv"),
    path("data/", without_years(pages.data), name="data"),
    path("search/", without_years(search.search), name="search"),
    path("about/", without_years(about.about), name="about"),
    path("about/status/", without_years(about.status), name="about-status"),
    path("evidence/<name:code>/", details.topic, name="topic"),
    path("evidence/<name:code>/forest.svg", without_years(forest.svg), name="topic-forest"),
    path(
        "evidence/<name:code>/editions/<str:edition>/",
        without_years(editions.topic, says="An edition is what we said"),
        name="topic-edition",
    ),
    path(
        "evidence/<name:code>/history/",
        without_years(history.topic, says="A history is what we said"),
        name="topic-history",
    ),
    path("findings/<name:code>/", without_years(details.finding), name="finding"),
    path(
        "findings/<name:code>/editions/<str:edition>/",
        without_years(editions.finding),
        name="finding-edition",
    ),
    path("findings/<name:code>/history/", without_years(history.finding), name="finding-history"),
    path("harms/<name:code>/", without_years(details.harm), name="harm"),
    path(
        "harms/<name:code>/editions/<str:edition>/",
        without_years(editions.harm),
        name="harm-edition",
    ),
    path("harms/<name:code>/history/", without_years(history.harm), name="harm-history"),
    path("trials/<name:slug>/", without_years(facts.trial), name="trial"),
    path("publications/<name:code>/", without_years(facts.publication), name="publication"),
    path("conditions/<name:slug>/", without_years(conditions.condition), name="condition"),
    path(
        "conditions/<name:slug>/trials.svg",
        without_years(trials_svg.condition),
        name="condition-trials",
    ),
    path("interventions/<name:slug>/", without_years(terms.intervention), name="intervention"),
    path(
        "interventions/<name:slug>/trials.svg",
        without_years(trials_svg.intervention),
        name="intervention-trials",
    ),
    path(
        "adverse-effects/<name:slug>/", without_years(terms.adverse_effect), name="adverse-effect"
    ),
]

for name in CATALOGUE:
    urlpatterns += [
        path(f"{name}/", listings.listing_page, {"name": name}, name=name),
        path(f"{name}.csv", listings.listing_csv, {"name": name}, name=f"{name}-csv"),
    ]

for name in feeds.LISTED:
    urlpatterns += [path(f"{name}.atom", feeds.listing, {"name": name}, name=f"{name}-feed")]

# How each thing, and each list as it was asked, is cited, and the papers behind it.
for what, form in ((what, form) for what in ("cite", "sources") for form in cited.FORMS):
    for prefix, route, view in (
        ("evidence/<name:code>", "topic", cited.judgement),
        ("findings/<name:code>", "finding", cited.judgement),
        ("harms/<name:code>", "harm", cited.judgement),
        ("publications/<name:code>", "publication", cited.publication),
        ("trials/<name:slug>", "trial", cited.trial),
        ("conditions/<name:slug>", "condition", cited.term),
        ("interventions/<name:slug>", "intervention", cited.term),
        ("adverse-effects/<name:slug>", "adverse-effect", cited.term),
    ):
        urlpatterns += [
            path(
                f"{prefix}/{what}.{form}",
                without_years(view),
                {"of": route, "what": what, "form": form},
                name=f"{route}-{what}-{form}",
            )
        ]
    for name in CATALOGUE:
        urlpatterns += [
            path(
                f"{name}.{form}" if what == "cite" else f"{name}/{what}.{form}",
                cited.listing,
                {"name": name, "what": what, "form": form},
                name=f"{name}-{what}-{form}",
            )
        ]

# Last, so that it is around all that stands above: each page is rendered once for each version of
# the data, and whoever has it gets a 304.
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = rendered(pattern.callback)
