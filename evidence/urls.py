"""The addresses of the evidence app."""

from django.urls import URLPattern, URLResolver, path

from evidence.catalogue import CATALOGUE
from evidence.web import details, facts, listings, pages, terms

app_name = "evidence"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("data/", pages.data, name="data"),
    path("about/", pages.about, name="about"),
    path("evidence/<str:code>/", details.topic, name="topic"),
    path("findings/<str:code>/", details.finding, name="finding"),
    path("harms/<str:code>/", details.harm, name="harm"),
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
