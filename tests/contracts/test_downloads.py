"""What every CSV promises, whatever the listing: RFC 4180, its header, its name, its own words."""

from __future__ import annotations

import csv
import io
import re

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.listing.core import Kind, Listing
from evidence.listing.csv import as_cell
from evidence.models import Finding, Trial
from tests.contracts import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("varied_world")]

LISTINGS = pytest.mark.parametrize("listing", CATALOGUE.values(), ids=CATALOGUE.keys())
BASE = "https://il2.example.org"


@LISTINGS
def test_a_download_is_a_stream_of_utf_8_with_a_name_that_every_system_takes(
    client: Client, listing: Listing
) -> None:
    word = asking.words_of(listing, listing.facets[0].filter)[0]
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        response = client.get(f"{listing.csv_path}?{listing.facets[0].filter}={word}&q=é/..%22%0d")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    named = re.fullmatch(
        r'attachment; filename="(il2tracker-[a-z0-9-]+-2026-11-21\.csv)"',
        response["Content-Disposition"],
    )
    assert named
    assert named[1].startswith(f"il2tracker-{listing.name}-")
    assert word.lower().replace("_", "-") in named[1]


@LISTINGS
def test_the_header_is_the_columns_keys_and_every_row_has_as_many_cells(
    client: Client, listing: Listing
) -> None:
    text = asking.get(client, f"{listing.csv_path}?raw=1")
    assert text.endswith("\r\n")
    assert not text.startswith("\ufeff")
    rows = asking.csv_rows(text)
    assert list(rows[0]) == [column.key for column in listing.columns]
    assert len(rows) == listing.rows().count()
    assert all(None not in row and None not in row.values() for row in rows)


@LISTINGS
@pytest.mark.parametrize("raw", [False, True])
def test_every_cell_is_what_its_column_makes_of_its_value(
    client: Client, listing: Listing, settings: pytest.FixtureRequest, raw: bool
) -> None:
    settings.IL2TRACKER_BASE_URL = ""
    rows = asking.csv_rows(asking.get(client, f"{listing.csv_path}?raw={int(raw)}"))
    search = asking.search(listing, {}, paged=False)
    for column in listing.columns:
        values = list(search.rows().values_list(column.expression, flat=True))
        if column.many is not None:
            found = column.many(values)
            values = [found.get(key) for key in values]
        written = [as_cell(column, value, raw=raw) for value in values]
        (read,) = csv.reader(io.StringIO(",".join([*written, "end"]), newline=""))
        assert [row[column.key] for row in rows] == read[:-1], column.key


@LISTINGS
def test_every_address_is_this_sites_and_leads_to_the_row(
    client: Client, listing: Listing, settings: pytest.FixtureRequest
) -> None:
    settings.IL2TRACKER_BASE_URL = BASE
    rows = asking.csv_rows(asking.get(client, listing.csv_path))
    for row in rows:
        assert row["url"] == f"{BASE}{listing.things_path}{row['id']}/"


@LISTINGS
def test_dates_are_iso_and_as_partial_as_they_are_known(client: Client, listing: Listing) -> None:
    rows = asking.csv_rows(asking.get(client, listing.csv_path))
    for column in (column for column in listing.columns if column.kind is Kind.DATE):
        for row in rows:
            assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", row[column.key]), column.key


@LISTINGS
def test_numbers_are_numbers_and_flags_are_words(client: Client, listing: Listing) -> None:
    rows = asking.csv_rows(asking.get(client, listing.csv_path))
    for column in listing.columns:
        for value in {row[column.key] for row in rows}:
            if column.kind is Kind.NUMBER and value:
                float(value)
            if column.kind is Kind.YESNO:
                assert value in {"yes", "no"}


def test_many_valued_cells_are_joined_by_semicolons_in_an_order_that_stands(
    client: Client,
) -> None:
    rows = {row["id"]: row for row in asking.csv_rows(asking.get(client, "/trials.csv"))}
    for trial in Trial.objects.public():
        names = sorted(trial.conditions.values_list("name", flat=True))
        slugs = trial.conditions.order_by("name").values_list("slug", flat=True)
        row = rows[trial.slug]
        assert row["conditions"] == "; ".join(names)
        assert sorted(row["condition_slugs"].split("; ")) == sorted(slugs or [""])
        assert row["phases"] == "; ".join(trial.phases)
        numbers = sorted(trial.identifiers.values_list("value", flat=True))
        assert row["identifiers"] == "; ".join(numbers)
    assert any(len(row["phases"].split("; ")) == 2 for row in rows.values())
    assert set("; ".join(row["phases"] for row in rows.values()).split("; ")) <= {
        *vocab.Phase.values,
        "",
    }


def test_text_is_guarded_for_people_and_exact_for_machines(client: Client) -> None:
    told = {f"F{f.record_id}": f.statement for f in Finding.objects.public()}
    exact = asking.csv_rows(asking.get(client, "/findings.csv?raw=1"))
    assert {row["id"]: row["statement"] for row in exact} == told
    guarded = {row["statement"] for row in asking.csv_rows(asking.get(client, "/findings.csv"))}
    assert "'@who" in guarded
    assert "'+1 is, “quoted”" in guarded
    assert "-0.17" in guarded
    assert 'He said "no"' in guarded
    assert {row["value_il2"] for row in exact} >= {"+359"}


def test_counts_of_the_evidence_are_counts_and_lists_are_lists(client: Client) -> None:
    findings = asking.csv_rows(asking.get(client, "/findings.csv"))
    for row in asking.csv_rows(asking.get(client, "/evidence.csv")):
        own = [f for f in findings if f["topic"] == row["id"]]
        assert int(row["findings"]) >= len(own)
        assert {f["pmid"] for f in own} - {""} <= set(row["pmids"].split("; "))
        assert int(row["publications"]) >= len({f["publication"] for f in own} - {""})
        assert row["pmids"].split("; ") == sorted(
            row["pmids"].split("; "), key=lambda n: int(n or 0)
        )


def test_a_table_that_cannot_be_read_is_a_fault_and_not_an_empty_table(client: Client) -> None:
    client.raise_request_exception = False

    def refuse(execute: object, sql: str, *rest: object) -> None:
        raise OperationalError("the database is gone")

    with connection.execute_wrapper(refuse):
        assert client.get("/conditions.csv").status_code == 500
