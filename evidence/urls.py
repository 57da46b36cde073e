"""The addresses of the evidence app."""

from django.urls import URLPattern, URLResolver, path

from evidence.catalogue import CATALOGUE
from evidence.web import details, editions, facts, history, listings, pages, terms

app_name = "evidence"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("data/", pages.data, name="data"),
    path("about/", pages.about, name="about"),
    path("evidence/<str:code>/", details.topic, name="topic"),
    path("evidence/<str:code>/editions/<str:edition>/", editions.topic, name="topic-edition"),
    path("evidence/<str:code>/history/", history.topic, name="topic-history"),
    path("findings/<str:code>/", details.finding, name="finding"),
    path("findings/<str:code>/editions/<str:edition>/", editions.finding, name="finding-edition"),
    path("findings/<str:code>/history/", history.finding, name="finding-history"),
    path("harms/<str:code>/", details.harm, name="harm"),
    path("harms/<str:code>/editions/<str:edition>/", editions.harm, name="harm-edition"),
    path("harms/<str:code>/history/", history.harm, name="harm-history"),
    path("trials/<str:slug>/", facts.trial, name="trial"),
    path("publications/<str:code>/", facts.publication, name="publication"),
    path("conditions/<str:slug>/", terms.condition, name="condition"),
    path("interventions/<str:slug>/", terms.intervention, name="intervention"),
    path("adverse-effects/<str:slug>/", terms.adverse_effect, name="adverse-effect"),
]

for name in CATALOGUE:
    urlpatterns += [
        path(f"{name}/", listings.listing_page, {"name": name}, name=name),
        path(f"{name}.csv", listings.listing_csv, {"name": name}, name=f"{name}-csv"),
    ]
