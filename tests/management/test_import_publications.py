"""The operator brings publications in by files, a search or numbers, and reads what came of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command

from evidence.models import Publication, SyncRun
from evidence.sync import literature
from evidence.sync.runs import running
from evidence.vocab import RunKind
from tests.registries.fake import FakeRegistry
from tests.registries.papers import article, article_set, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(settings: Any) -> Iterator[FakeRegistry]:
    """PubMed and Crossref on this machine, as the settings name them."""
    papers = {1: article(1), 2: article(2, title="Aldesleukin in fever.")}
    works = {"10.5555/made": work("10.5555/made")}
    with FakeRegistry(papers=papers, works=works) as served:
        settings.IL2TRACKER_PUBMED_URL = served.pubmed
        settings.IL2TRACKER_CROSSREF_URL = served.crossref
        settings.IL2TRACKER_CONTACT = "mailto:me@site.example"
        yield served


def said(*arguments: Any, **options: Any) -> tuple[str, str]:
    """Run it; give what it printed, and its faults with how it ended."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_publications", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(f"{error} [{error.returncode}]")
    return out.getvalue(), err.getvalue()


def test_files_of_every_format_come_in_and_bad_ones_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(article_set(article(1), article(2, title="")))
    (tmp_path / "b.txt").write_text("PMID- 3\nTI  - Three\n")
    (tmp_path / "c.ris").write_text("TY  - JOUR\nTI  - Four\nDO  - 10.5555/4\nER  - \n")
    (tmp_path / "d.json").write_text(json.dumps({"status": "ok", "message": work()}))
    (tmp_path / "e.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    out, err = said(tmp_path)
    assert out == "4 created, 0 changed, 0 the same, 2 failed.\n"
    assert err.splitlines()[0] == "a.xml, PMID 2: It has no title."
    assert err.splitlines()[1].startswith("e.doc: ")
    assert err.endswith("2 records failed. [1]")
    assert Publication.objects.count() == 4
    assert said(tmp_path / "c.ris") == (
        "0 created, 0 changed, 1 the same, 0 failed.\n",
        "",
    )


def test_a_search_brings_in_what_pubmed_finds_in_this_sites_name(registry: FakeRegistry) -> None:
    out, err = said(search="aldesleukin")
    assert (out, err) == ("1 created, 0 changed, 0 the same, 0 failed.\n", "")
    assert Publication.objects.get().pmid == 2
    assert {asked.query["email"] for asked in registry.asked} == {"me@site.example"}
    assert {asked.query["tool"] for asked in registry.asked} == {"il2tracker"}


def test_numbers_of_both_sources_come_in_and_unknown_ones_are_told_of(
    registry: FakeRegistry,
) -> None:
    out, err = said(ids=["1", "https://doi.org/10.5555/made", "9", "10.5555/none"])
    assert out == "2 created, 0 changed, 0 the same, 2 failed.\n"
    assert err.splitlines() == [
        "PMID 9: PubMed does not know this PMID.",
        "10.5555/none: Crossref does not know this DOI.",
        "2 records failed. [1]",
    ]


@pytest.mark.parametrize("number", ["0", "1 OR 1=1", "10.5555/../x", "NCT00000101", "\u0661"])
def test_what_is_no_number_is_refused_before_anything_is_asked(
    registry: FakeRegistry, number: str
) -> None:
    assert said(ids=["1", number]) == ("", f"“{number}” is neither a PMID nor a DOI. [2]")
    assert registry.asked == []
    assert not SyncRun.objects.exists()


def test_how_far_it_is_is_told_by_files_also_of_a_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"PMID- 3{ord(name)}\nTI  - Three\n")
    told: list[tuple[str, int, int]] = []
    with running(RunKind.IMPORT_PUBLICATIONS, dry_run=True) as run:
        literature.from_files(run, [tmp_path], told=lambda *one: told.append(one))
    assert [one for one in told if one[0] == "Files read"] == [
        ("Files read", done, 2) for done in range(3)
    ]
    assert [one for one in told if one[0] == "Records read"][-1] == ("Records read", 2, 0)


@pytest.mark.parametrize(
    ("search", "told"),
    [
        (" ", "The search names nothing: say what PubMed is to be asked."),
        ("\u200b *", "The search names nothing: say what PubMed is to be asked."),
        (
            "x" * 2001,
            "The search has 2,001 characters, and PubMed takes 2,000: shorten it.",
        ),
    ],
)
def test_a_search_that_asks_nothing_or_too_much_is_refused_before_anything_is_asked(
    registry: FakeRegistry, search: str, told: str
) -> None:
    assert said(search=search) == ("", f"{told} [2]")
    assert registry.asked == []
    assert not SyncRun.objects.exists()


def test_one_of_the_three_ways_must_be_chosen(tmp_path: Path) -> None:
    sentence = "Give files, --search or --ids: one of the three. [2]"
    assert said() == ("", sentence)
    assert said(tmp_path, search="fever") == ("", sentence)


def test_a_dry_run_keeps_nothing(registry: FakeRegistry) -> None:
    out, _ = said(ids=["1"], dry_run=True)
    assert out.startswith("Nothing was written. It would be: 1 created")
    assert not Publication.objects.exists()
    assert not SyncRun.objects.exists()


def test_what_became_of_each_is_said_if_that_is_asked(registry: FakeRegistry) -> None:
    told = "PMID 1: waits in the inbox\n"
    assert said(ids=["1"], verbosity=2)[0].startswith(told)
    Publication.objects.all().delete()
    told = "PMID 1: a person deleted it or turned it down here, left out\n"
    assert said(ids=["1"], verbosity=2)[0].startswith(told)
    assert said(ids=["1"])[0].startswith("0 created")


def test_a_registry_that_does_not_answer_ends_it_in_words(settings: Any) -> None:
    settings.IL2TRACKER_PUBMED_URL = "http://127.0.0.1:9"
    out, err = said(search="fever")
    assert out.startswith("So far: 0 created")
    assert "127.0.0.1:9/esearch.fcgi" in err
    assert SyncRun.objects.get().state == "broken-off"


def test_the_log_tells_by_what_way_a_publication_came_in(registry: FakeRegistry) -> None:
    said(ids=["1"])
    entry = LogEntry.objects.get_for_object(Publication.objects.get()).get()
    assert (entry.actor, entry.additional_data) == (
        None,
        {"reason": "As PubMed says.", "via": "import_publications"},
    )
