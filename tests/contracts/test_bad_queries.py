"""A query that cannot be answered gets a sentence and no rows, in every format of every listing."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
import time_machine
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.listing.core import Listing
from evidence.listing.filters import Bound
from evidence.listing.numbers import Numbers
from evidence.listing.search import known_keys
from tests.contracts import asking
from tests.web import examples
from tests.web.reading import words

pytestmark = pytest.mark.django_db

LISTINGS = pytest.mark.parametrize("listing", CATALOGUE.values(), ids=CATALOGUE.keys())


@pytest.fixture(autouse=True)
def _small_world(db: None) -> None:
    examples.world()


def refused(client: Client, listing: Listing, query: str, *, paged_only: bool = False) -> list[str]:
    """The words of the refusal in each format; no format shows a row."""
    said = []
    for path in (listing.path, *(() if paged_only else (listing.csv_path,))):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400, f"{path}?{query}"
        assert "Content-Disposition" not in response
        text = response.content.decode()
        assert "<table" not in text
        assert not re.search(rf'href="{listing.path}[^"]', text)
        if path == listing.csv_path:
            assert response["Content-Type"].startswith("text/plain")
        said.append(words(text).replace("&#x27;", "'"))
    return said


@LISTINGS
def test_a_misspelt_filter_is_named_and_the_known_ones_are_listed(
    client: Client, listing: Listing
) -> None:
    for query in ("conditoin=hiv-infection", "conditoin=", "=x", "Q=x", "id=T1", "pk__in=1"):
        key = query.partition("=")[0]
        for said in refused(client, listing, query):
            assert f"“{key}”" in said
            for known in listing.filterset.base_filters:
                assert known in said


@LISTINGS
def test_an_unknown_word_is_refused_with_the_key_and_the_known_words(
    client: Client, listing: Listing
) -> None:
    odd = cycle(("1", "9" * 20, "HIV%20infection", "%27", "['a']", "YES", "-"))
    words_alone = {
        name: one
        for name, one in asking.filters_of(listing).items()
        if not isinstance(one, Numbers)
    }
    for name in words_alone:
        for wrong in ("no-such-word", next(odd)):
            for said in refused(client, listing, f"{name}={wrong}"):
                assert name in said
                for known in asking.words_of(listing, name):
                    assert known in said
    known = asking.words_of(listing, name)[0]
    refused(client, listing, f"{name}={known}&{name}=no-such-word")


@LISTINGS
def test_a_bad_number_is_refused_with_its_key_and_its_bounds(
    client: Client, listing: Listing
) -> None:
    for name, one in asking.filters_of(listing).items():
        if not isinstance(one, Numbers):
            continue
        least, most = one.extra["least"], one.extra["most"]
        for wrong in ("abc", "-1", "1e3", "2.0", "02", "²", "9" * 20, str(most + 1), "%201"):
            for said in refused(client, listing, f"{name}={wrong}"):
                assert f"{name}: “" in said
                assert f"is not a whole number from {least} to {most}." in said
        nobody = asking.get(client, f"{listing.csv_path}?{name}={most}&{name}={most - 1}")
        assert asking.csv_rows(nobody) == []


def test_a_year_that_nothing_can_be_said_of_is_refused(client: Client) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z"):
        for wrong in (
            "1969",
            "2027",
            "20x5",
            "2005-06",
            "05",
            "-2005",
            "9" * 20,
            "²⁰⁰⁵",
            "%202005",
        ):
            for said in refused(client, CATALOGUE["evidence"], f"as_of={wrong}"):
                assert "as_of: “" in said
                assert "is not a year from 1970 to 2026." in said
        for right in ("1970", "2026"):
            assert asking.get(client, f"/evidence/?as_of={right}")
    for said in refused(client, CATALOGUE["evidence"], "as_of=2005&as_of=1995"):
        assert "as_of can be given once only" in said


def test_other_listings_know_no_year_to_be_shown_as_of(client: Client) -> None:
    for name, listing in CATALOGUE.items():
        if name != "evidence":
            for said in refused(client, listing, "as_of=2005"):
                assert "There is no filter called “as_of” here." in said


@LISTINGS
def test_a_bad_year_is_refused_with_its_key_and_its_bounds(
    client: Client, listing: Listing
) -> None:
    bounds = [n for n, one in listing.filterset.base_filters.items() if isinstance(one, Bound)]
    for name in bounds:
        for wrong in ("abc", "-1", "1e3", "2015.5", "9" * 20, "1899", "2101", "0x7d0"):
            for said in refused(client, listing, f"{name}={wrong}"):
                assert name in said
                assert "1900" in said
                assert "2100" in said
    if bounds:
        for said in refused(client, listing, "year_min=2010&year_max=2009"):
            assert "year_min (2010)" in said
            assert "year_max (2009)" in said


@LISTINGS
def test_a_key_that_takes_one_value_is_not_given_two(client: Client, listing: Listing) -> None:
    single = ["q", "sort", *(("year_min",) if "year_min" in listing.filterset.base_filters else ())]
    for key in single:
        for said in refused(client, listing, f"{key}=2001&{key}=2002"):
            assert f"{key} can be given once only" in said
    for key in ("page", "size"):
        refused(client, listing, f"{key}=1&{key}=2", paged_only=True)


@LISTINGS
def test_pages_and_sizes_are_whole_numbers_within_bounds(client: Client, listing: Listing) -> None:
    for key in ("page", "size"):
        for wrong in ("1e99", "-1", "abc", "0", "9" * 20, "1.0", "%2B1", "%20", "²", "01x"):
            (said,) = refused(client, listing, f"{key}={wrong}", paged_only=True)
            assert key in said
    refused(client, listing, "size=501", paged_only=True)


@LISTINGS
def test_a_page_beyond_the_last_is_not_found(client: Client, listing: Listing) -> None:
    for page in ("2", "99999"):
        said = words(asking.get(client, f"{listing.path}?page={page}", status=404))
        assert f"There is no page {page}: the last is 1." in said
    assert asking.get(client, f"{listing.path}?page=1")


@LISTINGS
def test_a_download_has_no_pages_and_a_page_has_no_raw_text(
    client: Client, listing: Listing
) -> None:
    for query in ("page=1", "size=50"):
        said = asking.get(client, f"{listing.csv_path}?{query}", status=400)
        assert query.partition("=")[0] in said
        assert "raw" in said
    assert "raw" in asking.get(client, f"{listing.path}?raw=1", status=400)
    assert "raw is 1" in asking.get(client, f"{listing.csv_path}?raw=yes", status=400)
    assert known_keys(listing, paged=True)[-2:] == ["page", "size"]


@LISTINGS
def test_an_order_that_there_is_not_is_refused_with_those_that_there_are(
    client: Client, listing: Listing
) -> None:
    for wrong in ("-", "--year", "url", "nothing", "year,id", "?", "-pmids", "pk"):
        for said in refused(client, listing, f"sort={wrong}"):
            for column in listing.sortable:
                assert column.key in said


@LISTINGS
def test_text_is_bounded(client: Client, listing: Listing) -> None:
    for wrong in ("a" * 201, "+".join("abcdefghijklmnopq")):
        for said in refused(client, listing, f"q={wrong}"):
            assert "q:" in said
    asking.get(client, f"{listing.path}?q={'a' * 200}")
    asking.get(client, f"{listing.path}?q={'+'.join('abcdefghijklmnop')}")


@LISTINGS
def test_every_fault_is_named_at_once(client: Client, listing: Listing) -> None:
    for said in refused(client, listing, "sort=nothing&q=" + "a" * 201):
        assert "“nothing”" in said
        assert "too long" in said


@LISTINGS
def test_what_other_sites_add_to_links_is_dropped(client: Client, listing: Listing) -> None:
    plain = asking.get(client, listing.path)
    added = "utm_source=a&utm_campaign=b&UTM_x=1&fbclid=c&gclid=d&mc_cid=e"
    assert asking.get(client, f"{listing.path}?{added}") == plain
    assert asking.get(client, f"{listing.csv_path}?{added}") == asking.get(client, listing.csv_path)


@LISTINGS
def test_an_empty_value_asks_nothing(client: Client, listing: Listing) -> None:
    keys = [*listing.filterset.base_filters, "sort", "page", "size"]
    empty = "&".join(f"{key}=" for key in keys)
    shown = asking.page_ids(asking.get(client, f"{listing.path}?{empty}"))
    assert shown == asking.page_ids(asking.get(client, listing.path))
    for query in ("q=zzyzx&q=", "q=&q=zzyzx"):
        assert asking.page_ids(asking.get(client, f"{listing.path}?{query}")) == []
    assert "Clear all" not in asking.get(client, f"{listing.path}?{empty}")


def test_things_that_readers_cannot_see_are_unknown(client: Client) -> None:
    draft = examples.topic(population="child")
    hidden = examples.trial("NCT00000009", accepted_at=None)
    unseen = examples.publication(pmid=2, accepted_at=None)
    names = {"topic": draft.code, "trial": hidden.slug, "publication": unseen.code}
    for name in ("findings", "harms"):
        for key, value in names.items():
            for said in refused(client, CATALOGUE[name], f"{key}={value}"):
                assert f"There is no {key} {value} here." in said
            for wrong in ("T", "T0", "t1", "T-1", f"T{'9' * 20}", "T\u0661", "P1e3", "x" * 100):
                refused(client, CATALOGUE[name], f"{key}={wrong}")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_only_reading_is_answered(client: Client, method: str) -> None:
    for path in ("/evidence/", "/evidence.csv"):
        assert getattr(client, method)(path).status_code == 405
    assert client.head("/evidence/").status_code == 200
