"""Whatever is typed into the search: an answer, and never a fault of the site's own.

Two thousand strings by default; `--long` makes it two hundred thousand. Each is read, looked up as
an identifier and asked of the index for one kind of thing in its turn, all kinds being asked alike;
some go through the whole search and its page.
"""
# ruff: noqa: RUF001 - letters that look like others are what people type

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client

from evidence.catalogue.jumps import jump
from evidence.catalogue.results import SEARCHED
from evidence.catalogue.search import find, ranked, readable
from evidence.ledger import index, version
from evidence.listing.highlight import snippet
from evidence.listing.tokens import parse
from tests.web import examples

pytestmark = pytest.mark.django_db

STRINGS, MANY = 2_000, 200_000
# Of so many one goes through the whole search and its page.
PAGES = 50
PLAUSIBLE = (
    *("IL-2", "IL2", "il 2", "interleukin-2", "rIL-2", "anti-IL-2", "PEG-IL-2", "sIL-2Rα"),
    *("CD4+", "CD4+ T cells", "CD25high", "CD4/CD8", "β-cell", "TNF-α", "IFN-γ", "α/β"),
    *("p<0.05", "p < .001", "95% CI", "0.94 (0.75-1.16)", "n=4111", "10^6 IU", "600,000 IU/kg"),
    *("µg/m²", "1 MIU/day", "≥ 3", "50 %", "±", "37°C", "§ 4", "№ 5"),
    *('"low-dose IL-2"', '"unclosed', '""', "'", "o'brien", "l’IL-2", "“curly”", "«x»"),
    *("HIV AND TB", "HIV OR TB", "NOT HIV", "HIV NEAR TB", "NEAR(HIV TB, 2)", "OR", "AND", "NOT"),
    *("melano*", "*noma", "*", "^HIV", "title:HIV", "HIV:*", "a:b:c", "{HIV TB}", "HIV + TB"),
    *("(HIV", "HIV)", "((", "()", "[HIV]", "-", "--", "-HIV", "- HIV", "HIV -", "-(HIV TB)"),
    *("HIV & TB", "HIV | TB", "!HIV", "HIV <-> TB", "HIV:A", "\\", "\\'", "%", "_", "a%b", "a_b"),
    *("'; DROP TABLE evidence_topic; --", "<script>alert(1)</script>", "{{ 7 }}", "${x}", "../.."),
    *(
        "<b>HIV</b>",
        "&amp;",
        "\t",
        "HIV\nTB",
        "HIV\u2028TB",
        "ＨＩＶ",
        "ΗIV",
        "חיסון",
        "免疫",
        "🧬",
    ),
    *(
        "e\u0301",
        "\u202eVIH",
        "a\u0300" * 40,
        "Ⅳ",
        "ﬁbrosis",
        "ß",
        "İ",
        "ŉ",
        "\x01",
        "\x7f",
        "\ufffd",
    ),
    *("NCT", "NCT1", "NCT0000497", "PMID", "PMID x", "10.", "10.1/", "doi:", "https://", "T0", "T"),
    *("x" * 200, "a " * 16, "\ud800", "HIV\0TB", "9" * 30, "T" + "9" * 18, "F" + "9" * 19),
)
PIECES = (
    *("IL-2", "HIV", "tb", "lupus", "NCT00004978", "19828532", "CD4+", "β", "é", "µ", "🧬", "ﬁ"),
    *('"', "'", "-", "(", ")", "*", "^", ":", "+", "~", "|", "&", "!", "<", ">", "=", "%", "_"),
    *("\\", "/", "{", "}", "[", "]", ",", ".", ";", "?", "#", "@", "$", "`", "\t", "\n", "\0"),
    *(" ", "  ", "AND", "OR", "NOT", "NEAR", "NEAR/2", "\u200b", "\u00a0", "\u0301", "\ud800"),
    *("T1", "10.1/", "doi:", "https://", "pmid", "0", "1e9", "-1", "ß", "İ", "免", "\u202e"),
)


@pytest.fixture
def held() -> None:
    examples.world()
    index.rebuild()
    version.bump()


def strings(number: int) -> Iterator[str]:
    """Give strings of pieces that trouble parsers, and of any characters at all."""
    chance = random.Random(5)  # noqa: S311 - repeatable, not secret
    for _ in range(number):
        if chance.random() < 0.7:
            yield "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 14)))
        else:
            yield "".join(chr(chance.randint(0, 0x2FFF)) for _ in range(chance.randint(1, 30)))


@pytest.mark.usefixtures("held")
def test_what_is_plausibly_typed_has_an_answer(client: Client) -> None:
    assert len(PLAUSIBLE) > 70
    for text in PLAUSIBLE:
        assert asked(client, text) in {200, 302, 400}, ascii(text)


@pytest.mark.usefixtures("held")
def test_whatever_is_typed_has_an_answer(client: Client, request: pytest.FixtureRequest) -> None:
    number = MANY if request.config.getoption("--long") else STRINGS
    kinds = tuple(SEARCHED)
    for turn, text in enumerate(strings(number)):
        if turn % PAGES == 0:
            find(text)
            assert asked(client, text) in {200, 302, 400}, ascii(text)
        clean = readable(text)
        jump(clean)
        query = parse(clean)
        list(ranked(kinds[turn % len(kinds)], query).values_list("pk")[:1])
        snippet([text, "IL-2 in HIV infection"], query)


def asked(client: Client, text: str) -> int:
    return client.get(f"/search/?q={quote(text, errors='surrogatepass')}").status_code
