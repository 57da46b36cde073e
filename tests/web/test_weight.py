"""No page of the starter evidence weighs more than 100 KB without its images.

An image is also a drawing that stands in the page: what is weighed is the HTML without its <svg>.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.models import Topic
from tests.web.reading import body

MOST = 100_000
PATHS = (
    *(f"/{name}/" for name in CATALOGUE),
    "/",
    "/about/",
    "/about/status/",
    "/data/",
    "/map/",
    "/map/?as_of=2005",
    "/search/",
    "/search/?q=il-2",
    "/search/?q=survival",
    "/compare/?intervention=aldesleukin&intervention=low-dose-il-2",
    "/evidence/?as_of=2005",
    "/evidence/?status=investigated&area=oncology",
    # Of all conditions that of which most is known.
    "/conditions/infectious-disease/",
    "/conditions/hiv-infection/",
    "/interventions/aldesleukin/",
    "/adverse-effects/capillary-leak-syndrome/",
    "/trials/NCT00004978/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_no_heavier_than_it_may_be(
    client: Client, path: str, starter_evidence: object
) -> None:
    weigh(client, path)


@pytest.mark.django_db
def test_no_topic_is_heavier_than_a_page_may_be(client: Client, starter_evidence: object) -> None:
    """Those of which most is known stand for all."""
    for topic in Topic.objects.public().order_by("-findings_count", "-harms_count")[:3]:
        weigh(client, f"/evidence/{topic.code}/")


def weigh(client: Client, path: str) -> None:
    """Fail where a page is too heavy."""
    without_images = re.sub(r"<svg\b.*?</svg>", "", body(client, path), flags=re.DOTALL)
    assert "<svg" not in without_images
    assert len(without_images.encode()) <= MOST
