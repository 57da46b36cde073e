"""Whatever is typed into an address: no fault of the site's own, and a sentence for every refusal.

A sample by default; `--long` asks every address all two hundred questions.
"""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest
from django.test import Client

from evidence.catalogue import CATALOGUE
from tests.contracts import asking
from tests.web import examples
from tests.web.reading import words

pytestmark = pytest.mark.django_db

QUESTIONS = 200
SAMPLE = 12
EXPECTED = {200, 301, 400, 404, 405, 410, 413, 414}

KEYS = [
    "q",
    "sort",
    "page",
    "size",
    "raw",
    "condition",
    "status",
    "area",
    "intervention",
    "year_min",
    "year_max",
    "has_trial",
    "topic",
    "publication",
    "trial",
    "adverse_effect",
    "phase",
    "kind",
    "utm_source",
    "as_of",
    "pk",
    "id__in",
    "condition__name",
    "q__regex",
    "order_by",
    "csrfmiddlewaretoken",
    "_method",
    "format",
]
# Already quoted: bytes that are no UTF-8 cannot be written otherwise.
VALUES = (
    "%00",
    "a%00b",
    "%ff%fe",
    "%C0%AF",
    "%ED%A0%80",
    "%",
    "%zz",
    "%u0041",
    *(
        quote(text)
        for text in (
            "",
            " ",
            "'",
            '"',
            "';--",
            "' OR 1=1 --",
            "(",
            ")",
            "[",
            "[[",
            "{}",
            "*",
            "(?P<a>",
            "(a+)+$",
            "\\",
            "\\x",
            "%s",
            "%(a)s",
            "{{ 7*7 }}",
            "<script>alert(1)</script>",
            "javascript:alert(1)",
            "../../etc/passwd",
            "9" * 20,
            "-" + "9" * 20,
            "9" * 400,
            "1e99",
            "-1",
            "0",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "٣",
            "²",
            "½",
            "T0",
            "T" + "9" * 19,
            "P" + "9" * 30,
            "F-1",
            "null",
            "None",
            "true",
            "hiv-infection",
            "variable",
            "IL-2",
            "β-cell",
            "p<0.05",
            "CD4+",
            "İ",
            "ß",
            "\U0001f9ec" * 20,
            "\u202e\u200b\ufeff",
            "e\u0301",
            "\x01\x02\x7f",
            "\r\nSet-Cookie: a=b",
            "a " * 16,
            "a " * 17,
            "a" * 200,
            "a" * 201,
            "x" * 3_900,
            "y" * 4_100,
            "_",
            "%25",
            ";".join("abc"),
            ",".join("abc"),
        )
    ),
)


def addresses() -> list[str]:
    """Every address of the public site, things and what there is not among them."""
    things = {listing.name: listing for listing in CATALOGUE.values()}
    found = ["/", "/data/", "/about/", "/about/status/", "/healthz", "/readyz"]
    found += ["/nothing/", "/nothing.csv"]
    for listing in things.values():
        found += [listing.path, listing.csv_path]
    return found


def thing_addresses() -> list[str]:
    found = []
    for listing in CATALOGUE.values():
        column = listing.column("id")
        (value,) = listing.rows().values_list(column.expression).first()
        found.append(listing.link({"id": value}))
    return found


def questions(seed: str, number: int) -> list[str]:
    chance = asking.luck(seed)
    return [question(chance) for _ in range(number)]


def question(chance: random.Random) -> str:
    """One to four keys with values, some repeated, some with brackets, some with neither."""
    pairs = []
    for _ in range(chance.choice([1, 1, 1, 2, 3, 4])):
        key = chance.choice(KEYS) if chance.random() < 0.8 else chance.choice(VALUES)
        key += chance.choice(["", "", "", "", "", "[]", "[0]", "%5B%5D", "__gte", "%00"])
        pairs += [f"{key}={chance.choice(VALUES)}"] * chance.choice([1, 1, 1, 1, 2, 30])
    text = chance.choice(["&", "&", "&", "&&", ";"]).join(pairs)
    return text if chance.random() < 0.95 else chance.choice(["&", "=", "?", "&&&=", text[:7]])


def check(client: Client, path: str, asked: str) -> None:
    address = f"{path}?{asked}"
    # As a server gives it: a path of text, and the query as it was sent.
    response = client.generic("GET", path, QUERY_STRING=asked)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code in EXPECTED, address
    if response.status_code >= 400:
        said = words(body.decode())
        assert len(said.split()) > 3, address
        assert "." in said, address
        assert "Traceback" not in said, address
    if not response["Content-Type"].startswith("text/plain"):
        assert "<script>alert" not in body.decode(), address
    assert "Set-Cookie" not in response, address


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    return QUESTIONS if request.config.getoption("--long") else SAMPLE


@pytest.mark.parametrize("path", addresses())
def test_no_question_to_a_page_or_download_is_a_fault(
    client: Client, path: str, number: int
) -> None:
    examples.world()
    for asked in questions(path, number):
        check(client, path, asked)


def test_no_question_to_a_thing_is_a_fault(client: Client, number: int) -> None:
    examples.world()
    for path in thing_addresses():
        for asked in questions(path, number):
            check(client, path, asked)


def test_every_value_of_every_filter_of_every_listing_is_answered_or_refused(
    client: Client, number: int
) -> None:
    examples.world()
    for listing in CATALOGUE.values():
        keys = [*listing.filterset.base_filters, "sort", "raw"]
        chance = asking.luck(f"{listing.name} values")
        every = [f"{key}={value}" for key in keys for value in VALUES]
        for asked in every if number == QUESTIONS else chance.sample(every, 3 * SAMPLE):
            check(client, listing.csv_path, asked)


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_name_in_an_address_is_a_fault(client: Client, name: str, number: int) -> None:
    examples.world()
    names = ["T0", "F1e3", "x" * 500, "%00", "%ff", "..", "T%20", "9" * 30, "H" + "9" * 19, "é"]
    names += [value for value in VALUES if len(value) < 500]
    for each in names if number == QUESTIONS else names[: 2 * SAMPLE]:
        path = f"/{name}/{each}/"
        response = client.get(path)
        assert response.status_code in EXPECTED, path
        if response.status_code >= 400:
            assert len(words(response.content.decode()).split()) > 3, path
