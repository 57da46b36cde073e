"""Whole numbers and flags of the rows themselves: exact, counted, and a bad one named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import BooleanField, Case, Value, When
from django.db.models.functions import Length, NullIf
from django.http import QueryDict

from evidence.listing import facets
from evidence.listing.core import Facet, Listing
from evidence.listing.filters import Flag
from evidence.listing.formats import as_html
from evidence.listing.numbers import Numbers
from evidence.listing.search import BadQueryError, Search, ask
from evidence.listing.views import FacetView
from evidence.models import Condition
from tests.listing import made_up

pytestmark = pytest.mark.django_db

COUNTED = made_up.listing(
    rows=lambda: Condition.objects.public().annotate(
        letters=NullIf(Length("name"), Value(1)),
        pages=Length("definition"),
        is_long=Case(
            When(letters__gt=3, then=True),
            When(letters__lte=3, then=False),
            output_field=BooleanField(null=True),
        ),
    ),
    # `for` is a keyword of Python's, and a word that readers know.
    filterset=made_up.MadeUpFilters.having(
        {
            "for": Numbers(field="letters", most=99, label="Letters", about="Its letters."),
            "pages": Numbers(field="pages", label="Pages", about="Its pages."),
            "long": Flag(field="is_long", label="Long", about="Whether its name is long."),
        }
    ),
    facets=(Facet(filter="for"), Facet(filter="pages", section="More"), Facet(filter="long")),
)


@pytest.fixture(autouse=True)
def _rows() -> Iterator[None]:
    for name in ("HIV", "TB", "Sepsis", "Asthma", "Acute kidney", "X"):
        made_up.condition(name)
    facets._kept.clear()
    yield
    facets._kept.clear()


def search(query: str, listing: Listing = COUNTED) -> Search:
    return ask(listing, QueryDict(query), paged=True)


def names(query: str) -> list[str]:
    return [row.name for row in search(query).rows()]


def facet(name: str, query: str = "") -> FacetView:
    page = as_html(search(query), render=lambda *_: "", base_url="")
    return next(one for one in page.facets if one.key == name)


def test_a_number_finds_exactly_its_rows_and_another_widens() -> None:
    assert names("for=3") == ["HIV"]
    assert names("for=3&for=6") == ["Asthma", "HIV", "Sepsis"]
    assert names("for=5") == []
    assert len(names("pages=0")) == 6


@pytest.mark.parametrize("wrong", ["x", "-1", "03", "3.0", "1e1", "²", "100", "9" * 30, " 3"])
def test_what_is_no_number_within_the_limits_is_named(wrong: str) -> None:
    with pytest.raises(BadQueryError, match=r"for: .* is not a whole number from 0 to 99\."):
        search(f"for=3&for={wrong}")


def test_the_panel_offers_the_numbers_that_occur_from_low_to_high() -> None:
    found = [(one.value, one.count) for one in facet("for").values]
    assert found == [("2", 1), ("3", 1), ("6", 2), ("12", 1)]
    assert [(one.value, one.count) for one in facet("pages").values] == [("0", 6)]


def test_a_chosen_number_stays_in_the_panel_though_nobody_has_it() -> None:
    found = {one.value: one for one in facet("for", "for=5&for=6").values}
    assert (found["5"].chosen, found["5"].count) == (True, 0)
    assert (found["6"].chosen, found["6"].count) == (True, 2)


def test_a_flag_answers_yes_and_no_and_is_counted_so() -> None:
    assert names("long=yes") == ["Acute kidney", "Asthma", "Sepsis"]
    assert names("long=no") == ["HIV", "TB"]
    assert len(names("long=yes&long=no")) == 5
    assert [(one.value, one.count) for one in facet("long").values] == [("yes", 3), ("no", 2)]


def test_a_facet_says_under_which_heading_it_stands() -> None:
    assert [facet(name).section for name in ("for", "pages", "long")] == ["", "More", ""]
