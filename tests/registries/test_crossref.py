"""Works of Crossref give publications, with what later notices make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.registries import crossref
from evidence.registries.records import (
    Fault,
    Payload,
    PublicationRecord,
    StandingNotice,
    Unreadable,
)
from tests.registries.papers import work

NAMES = (
    "DOI type title subtitle container-title short-container-title published-print issued volume "
    "page article-number update-to updated-by relation author"
).split()


def read(**changes: Any) -> PublicationRecord:
    return crossref.read(crossref.payload(work(**changes)).data)


def update(kind: str, doi: str = "10.5555/notice") -> dict[str, object]:
    return {"DOI": doi, "type": kind, "updated": {"date-parts": [[2014, 5, 1]]}}


def test_a_work_is_read_as_the_site_prints_one() -> None:
    assert read() == PublicationRecord(
        source="crossref",
        title="Interleukin 2 in made-up fever",
        doi="10.5555/made.up.1",
        authors=("Vireo AB", "Finch Study Group"),
        container="J Made Up Med",
        year=2012,
        volume="12",
        first_page="107",
    )


def test_its_wrapper_makes_no_difference() -> None:
    wrapped = crossref.payload({"status": "ok", "message-type": "work", "message": work()})
    assert wrapped == crossref.payload(work())


def test_what_moves_daily_and_what_leads_to_a_person_is_not_kept() -> None:
    one = crossref.payload(work())
    moved: dict[str, Any] = {"is-referenced-by-count": 8, "indexed": {"timestamp": 1}}
    later = crossref.payload(work(**moved))
    assert one.data == later.data
    kept = json.dumps(one.data)
    assert "@" not in kept
    assert "orcid" not in kept
    assert "Hospital" not in kept


def test_a_subtitle_and_the_publishers_tags_are_read_into_the_title() -> None:
    found = read(title=["CD4<sup>+</sup> &amp; IL-2 at p<0.05"], subtitle=["a <i>trial</i>."])
    assert found.title == "CD4+ & IL-2 at p<0.05: a trial"


@pytest.mark.parametrize(
    ("kind", "standing"),
    [
        ("retraction", "retracted"),
        ("withdrawal", "retracted"),
        ("expression_of_concern", "concern"),
        ("corrigendum", "corrected"),
    ],
)
def test_an_update_of_it_is_a_notice(kind: str, standing: str) -> None:
    # The publisher and Retraction Watch both tell of the same notice.
    found = read(**{"updated-by": [update(kind), update(kind)]})
    notice = StandingNotice(standing=standing, date="2014-05-01", doi="10.5555/notice")
    assert found.notices == (notice,)


def test_additions_and_new_versions_change_nothing() -> None:
    assert read(**{"updated-by": [update("addendum"), update("new_version")]}).notices == ()


def test_a_retraction_of_another_work_is_known_as_such() -> None:
    found = read(**{"update-to": [update("retraction", "10.5555/other")]})
    assert found.retracts
    assert found.notices == ()
    assert not read(**{"update-to": [update("erratum", "10.5555/other")]}).retracts


def test_a_relation_and_a_title_may_tell_of_a_retraction() -> None:
    held = {"is-retracted-by": [{"id-type": "doi", "id": "10.5555/notice"}]}
    assert read(relation=held).notices == (
        StandingNotice(standing="retracted", doi="10.5555/notice"),
    )
    assert [one.standing for one in read(title=["RETRACTED: IL-2"]).notices] == ["retracted"]


@pytest.mark.parametrize("wrong", [None, 7, "text", [], [None, 3, {}], [[]], {"a": []}, 1e400])
@pytest.mark.parametrize("name", NAMES)
def test_a_work_of_wrong_types_is_read_or_refused(name: str, wrong: object) -> None:
    try:
        assert read(**{name: wrong}).title
    except Unreadable:
        assert name in {"DOI", "title"}


@pytest.mark.parametrize(
    "parts", [[], [[]], [[None]], ["2012"], [[20120]], [[2012, 13]], [{"a": 1}]]
)
def test_any_date_is_read_as_far_as_it_is_one(parts: list[object]) -> None:
    assert read(issued={"date-parts": parts}).year in {None, 2012}


@pytest.mark.parametrize("number", ["", "10.1/x", "https://evil.example/10.5555/x", "x" * 500, 5])
def test_a_work_without_a_doi_is_refused(number: object) -> None:
    with pytest.raises(Unreadable, match="It has no DOI"):
        read(DOI=number)


@pytest.mark.parametrize("thing", [None, 5, "text", [], [work()]])
def test_what_is_no_work_is_refused(thing: object) -> None:
    with pytest.raises(Unreadable):
        crossref.payload(thing)


def test_a_file_may_hold_one_work_a_list_or_a_page_of_them() -> None:
    several = [work("10.5555/a"), {"title": ["No number"]}, 7, work("10.5555/b")]
    page = {"message-type": "work-list", "message": {"items": several}}
    for document in (several, page):
        found = [*crossref.payloads(json.dumps(document).encode())]
        assert [one.value for one in found if isinstance(one, Payload)] == [
            "10.5555/a",
            "10.5555/b",
        ]
        assert [one for one in found if isinstance(one, Fault)] == [
            Fault(about="work 2", sentence="It has no DOI."),
            Fault(about="work 3", sentence="It is not a work of Crossref."),
        ]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b'{"message": 3}'])
def test_anything_else_is_one_fault_in_one_line(data: bytes) -> None:
    (fault,) = crossref.payloads(data)
    assert isinstance(fault, Fault)
    assert "\n" not in fault.sentence
    assert "recursion" not in fault.sentence


def test_real_answers_are_read_whole(registry_folder: Path) -> None:
    yaml = pytest.importorskip("yaml")
    cassette = registry_folder / "literature" / "crossref_cr_cn_citeproc_json.yml"
    calls = yaml.safe_load(cassette.read_text(encoding="utf-8"))["http_interactions"]
    bodies = [call["response"]["body"]["string"].encode() for call in calls]
    agency, water = (next(iter(crossref.payloads(body))) for body in bodies)
    assert isinstance(agency, Fault)
    assert isinstance(water, Payload)
    found = crossref.read(water.data)
    assert found.title.startswith("The Structure of Ordinary Water: New data")
    assert (found.authors, found.year, found.first_page) == (("Frank HS",), 1970, "635")
    assert (found.doi, found.container, found.volume) == (
        "10.1126/science.169.3946.635",
        "Science",
        "169",
    )
