"""A search says in words what was asked, and writes addresses that ask it again."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from evidence.listing import words
from evidence.listing.core import Column, Kind, Listing
from evidence.listing.search import Search, ask
from tests.listing import made_up

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 21)


def search(query: str, listing: Listing | None = None) -> Search:
    return ask(listing or made_up.listing(), QueryDict(query), paged=True)


def test_a_chip_has_the_filters_words_and_the_address_without_it() -> None:
    made_up.condition("HIV infection")
    chips = words.chips(search("condition=hiv-infection&area=oncology&area=other&q=a+b&size=25"))
    assert [(chip.label, chip.word) for chip in chips] == [
        ("Condition", "HIV infection"),
        ("Area", "oncology"),
        ("Area", "other"),
        ("Text", "a b"),
    ]
    assert chips[1].url == "/made-up/?condition=hiv-infection&area=other&q=a+b&size=25"
    assert chips[0].url == "/made-up/?area=oncology&area=other&q=a+b&size=25"


def test_a_question_in_one_line() -> None:
    asked = search("area=oncology&area=other&coded=yes&sort=-mesh_id")
    assert words.in_words(asked) == (
        "Area: oncology or other; Coded: yes; sorted by MeSH id, Z to A"
    )
    assert words.in_words(search("")) == "sorted by name, A to Z"


@pytest.mark.parametrize(
    ("kind", "up", "down"),
    [
        (Kind.DATE, "oldest first", "newest first"),
        (Kind.NUMBER, "lowest first", "highest first"),
        (Kind.TEXT, "A to Z", "Z to A"),
        (Kind.YESNO, "no first", "yes first"),
    ],
)
def test_an_order_is_said_as_its_kind_of_column_is_spoken_of(
    kind: Kind, up: str, down: str
) -> None:
    column = Column(key="when", label="When", about="When.", kind=kind, source="name")
    listing = made_up.listing(columns=(*made_up.listing().columns, column))
    assert words.order_in_words(search("sort=when", listing)) == f"sorted by when, {up}"
    assert words.order_in_words(search("sort=-when", listing)) == f"sorted by when, {down}"


def test_a_vocabularys_order_is_said_by_the_word_that_comes_first() -> None:
    first, last = made_up.listing().column("area").words[0][1], "other"
    assert words.order_in_words(search("sort=area")) == f"sorted by area, {first} first"
    assert words.order_in_words(search("sort=-area")) == f"sorted by area, {last} first"


def test_an_address_keeps_what_is_asked_and_leads_to_the_first_page() -> None:
    asked = search("area=other&sort=-name&size=25&page=3")
    assert words.address(asked) == "/made-up/?area=other&sort=-name&size=25"
    assert words.address(asked, page=2) == "/made-up/?area=other&sort=-name&size=25&page=2"
    assert words.address(asked, sort="name") == "/made-up/?area=other&size=25"
    assert words.address(asked, size=50) == "/made-up/?area=other&sort=-name"
    assert words.address(asked, filters={}) == "/made-up/?sort=-name&size=25"
    assert words.address(search("")) == "/made-up/"


def test_a_downloads_address_has_filters_and_order_and_no_pages() -> None:
    asked = search("area=other&sort=-name&size=25&page=3")
    assert words.csv_address(asked) == "/made-up.csv?area=other&sort=-name"
    assert words.csv_address(asked, raw=True) == "/made-up.csv?area=other&sort=-name&raw=1"
    assert words.csv_address(search("")) == "/made-up.csv"


def test_a_value_more_and_a_value_less() -> None:
    asked = search("area=other&area=oncology&q=a")
    assert words.without(asked, "area", "other") == {"area": ("oncology",), "q": ("a",)}
    assert words.without(asked, "q", "a") == {"area": ("other", "oncology")}
    assert words.with_value(asked, "area", "neonatal")["area"] == ("other", "oncology", "neonatal")
    assert words.with_value(asked, "coded", "yes")["coded"] == ("yes",)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_every_text_survives_its_own_address(text: str) -> None:
    asked = ask(made_up.listing(), QueryDict(mutable=True), paged=True)
    again = words.query(asked, filters={"q": (text,)}).removeprefix("?")
    assert QueryDict(again).get("q") == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_a_file_name_is_plain_whatever_was_asked(text: str) -> None:
    query = QueryDict(mutable=True)
    query["q"] = " ".join(text.split()[:16])
    name = words.file_name(ask(made_up.listing(), query, paged=False), on=DAY)
    assert re.fullmatch(r"il2tracker-made-up(-[a-z0-9]+)*-2026-11-21\.csv", name)
    assert len(name) <= 130


def test_a_file_name_says_listing_filters_and_day() -> None:
    asked = search("area=immune-mediated&coded=yes")
    assert words.file_name(asked, on=DAY) == "il2tracker-made-up-immune-mediated-yes-2026-11-21.csv"
    assert words.file_name(search(""), on=DAY) == "il2tracker-made-up-2026-11-21.csv"


@pytest.mark.parametrize("asked", ["", "area=other&q=%2500+a%26b&size=25", "q=a&sort=-name"])
@pytest.mark.parametrize("value", ["oncology", "a b&c=d", "%00", "é+"])
def test_the_address_with_one_more_value_is_that_of_the_question_with_it(
    asked: str, value: str
) -> None:
    now = search(asked)
    longer = words.with_value(now, "area", value)
    assert words.adding(now, "area")(value) == words.address(now, filters=longer)
