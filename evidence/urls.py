"""The addresses of the evidence app."""

from django.urls import URLPattern, URLResolver, path

from evidence.catalogue import CATALOGUE
from evidence.web import about, details, editions, facts, history, listings, pages, terms
from evidence.web.without_years import without_years

app_name = "evidence"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", without_years(pages.home), name="home"),
    path("data/", without_years(pages.data), name="data"),
    path("about/", without_years(about.about), name="about"),
    path("about/status/", without_years(about.status), name="about-status"),
    path("evidence/<str:code>/", details.topic, name="topic"),
    path(
        "evidence/<str:code>/editions/<str:edition>/",
        without_years(editions.topic, says="An edition is what we said"),
        name="topic-edition",
    ),
    path(
        "evidence/<str:code>/history/",
        without_years(history.topic, says="A history is what we said"),
        name="topic-history",
    ),
    path("findings/<str:code>/", without_years(details.finding), name="finding"),
    path(
        "findings/<str:code>/editions/<str:edition>/",
        without_years(editions.finding),
        name="finding-edition",
    ),
    path("findings/<str:code>/history/", without_years(history.finding), name="finding-history"),
    path("harms/<str:code>/", without_years(details.harm), name="harm"),
    path(
        "harms/<str:code>/editions/<str:edition>/",
        without_years(editions.harm),
        name="harm-edition",
    ),
    path("harms/<str:code>/history/", without_years(history.harm), name="harm-history"),
    path("trials/<str:slug>/", without_years(facts.trial), name="trial"),
    path("publications/<str:code>/", without_years(facts.publication), name="publication"),
    path("conditions/<str:slug>/", without_years(terms.condition), name="condition"),
    path("interventions/<str:slug>/", without_years(terms.intervention), name="intervention"),
    path("adverse-effects/<str:slug>/", without_years(terms.adverse_effect), name="adverse-effect"),
]

for name in CATALOGUE:
    urlpatterns += [
        path(f"{name}/", listings.listing_page, {"name": name}, name=name),
        path(f"{name}.csv", listings.listing_csv, {"name": name}, name=f"{name}-csv"),
    ]
