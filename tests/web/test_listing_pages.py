"""A listing's page says all in words: no codes, no unknown order, no row without its link."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.listing.core import Column, Kind
from evidence.templatetags.words import VOCABULARIES
from tests.web import examples
from tests.web.reading import body, words

OF_THEIR_OWN = {"status", "direction", "certainty"}


def shown() -> list[tuple[str, Column]]:
    return [
        (listing.name, listing.column(key))
        for listing in CATALOGUE.values()
        for key in listing.shown
    ]


@pytest.mark.parametrize(("name", "column"), shown())
def test_a_shown_word_names_a_vocabulary_that_holds_it(name: str, column: Column) -> None:
    if column.kind is not Kind.WORD or column.show in OF_THEIR_OWN:
        return
    kind, _, vocabulary = column.show.partition(":")
    assert kind == "word", (name, column.key)
    assert {value for value, _ in column.words} <= set(VOCABULARIES[vocabulary])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("/evidence/", "Sorted by condition, A to Z."),
        ("/evidence/?sort=-condition", "Sorted by condition, Z to A."),
        ("/evidence/?sort=certainty", "Sorted by certainty, high first."),
        ("/evidence/?sort=-findings", "Sorted by findings, highest first."),
        ("/findings/", "Sorted by id, lowest first."),
        ("/publications/?sort=-pmid", "Sorted by PMID, highest first."),
        ("/publications/?sort=year", "Sorted by year, oldest first."),
        ("/adverse-effects/?sort=-serious", "Sorted by serious, yes first."),
    ],
)
def test_the_order_is_said_in_words(client: Client, path: str, order: str) -> None:
    examples.world()
    assert order in words(body(client, path))


@pytest.mark.django_db
def test_a_number_stands_under_its_heading(client: Client) -> None:
    examples.world()
    for name in CATALOGUE:
        html = body(client, f"/{name}/")
        table = html[html.index("<table") : html.index("</table>")]
        heads = ['class="num"' in cell for cell in re.findall(r"<th scope=\"col\"[^>]*>", table)]
        row = table[table.index("<tbody") :].partition("</tr>")[0]
        cells = ['class="num"' in cell for cell in re.findall(r"<t[hd]\b[^>]*>", row)]
        cells = cells[-len(heads) :]
        assert heads == cells, name


@pytest.mark.django_db
def test_no_trial_shows_a_code_of_its_registry(client: Client) -> None:
    examples.world()
    html = body(client, "/trials/")
    table = words(html[html.index("<tbody") : html.index("</table>")])
    assert not re.search(r"\b[A-Z]+(?:_[A-Z]+)+\b|PHASE", table)
    assert "NCT00004978" in table


@pytest.mark.django_db
@pytest.mark.parametrize("name", CATALOGUE)
def test_the_first_stop_of_a_listing_skips_its_filters(client: Client, name: str) -> None:
    html = body(client, f"/{name}/")
    main = html.partition("<main")[2].partition("</main>")[0]
    (first, *_) = re.findall(r"<(?:a|button|input|summary)\b[^>]*>[^<]*", main)
    assert first == '<a class="skip" href="#rows">Skip to the rows'
    rows = main.partition('<div id="rows"')[2]
    assert 'tabindex="-1"' in rows.partition(">")[0]
    assert "<table" in rows
    # The choice of columns is one stop while it is folded.
    folded = re.sub(r'<details class="chooser" id="columns">.*?</details>', "", rows, flags=re.S)
    assert "<form" not in folded.partition("<table")[0]


@pytest.mark.django_db
def test_what_is_no_file_is_not_looked_for_as_a_thing(client: Client) -> None:
    for path in ("/findings/F1.csv", "/evidence/T1.csv", "/trials/NCT00004978.csv"):
        assert client.get(path).status_code == 404
