"""ClinicalTrials.gov over the wire: pages, single studies, and every fault of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_socket import disable_socket, enable_socket

from evidence.registries.ctgov_client import ClinicalTrialsGov, Expired, Version
from evidence.registries.http import Moved, NotFound, Refused, TooBig, Unreachable
from tests.registries.fake import (
    NOBODY,
    PASSING,
    FakeRegistry,
    Fault,
    FaultPlan,
    ctgov_of,
    nobody,
    wire_here,
)
from tests.registries.hostile import NUMBERS
from tests.registries.made_up import (
    many_studies,
    mentioning_study,
    number_of,
    numbers_of,
    small_study,
)

ALL = numbers_of(many_studies(25))
LATER = 2  # the second page is the second request


def registry(fault: Fault | None = None, *, at: int = LATER, **changes: Any) -> FakeRegistry:
    """A registry of 25 studies, one request of which meets a fault."""
    plan = FaultPlan(faults={at: fault} if fault else {}, wait=3)
    return FakeRegistry(changes.pop("studies", many_studies(25)), plan=plan, **changes)


def always(fault: Fault) -> FakeRegistry:
    """A registry of 25 studies, every request to which meets a fault."""
    return FakeRegistry(many_studies(25), plan=FaultPlan(always=fault, wait=3))


def walked(client: ClinicalTrialsGov, **changes: Any) -> list[str]:
    """The numbers of all studies that a walk by tens comes across."""
    how = {"intervention": "aldesleukin", "size": 10} | changes
    return [number_of(study) for page in client.walk(**how) for study in page.studies]


# --- What is asked, and read ---------------------------------------------------------------------


def test_the_registry_says_its_version_and_the_day_of_its_data():
    with registry() as fake:
        assert ctgov_of(fake).version() == Version(api="2.0.5", data_date="2026-11-20")


@pytest.mark.parametrize("stamp", ["", "soon", "2026-13-45T09:00:05", None, 7])
def test_a_day_that_is_none_is_left_out(stamp: Any):
    with registry(data_timestamp=stamp) as fake:
        assert ctgov_of(fake).version().data_date is None


def test_a_walk_goes_from_page_to_page_and_meets_every_study_once():
    slept: list[float] = []
    with registry() as fake:
        pages = [*ctgov_of(fake, slept).walk(intervention="aldesleukin", size=10)]
    assert [len(page.studies) for page in pages] == [10, 10, 5]
    assert [page.total for page in pages] == [25, None, None]
    assert numbers_of([study for page in pages for study in page.studies]) == ALL
    assert slept == pytest.approx([1, 1], abs=0.5)


def test_all_pages_of_a_walk_ask_the_same_question():
    with registry() as fake:
        walked(ctgov_of(fake), condition="lupus", term="made-up")
        changing = {"pageToken", "pageSize", "countTotal"}  # all that may, says the API
        questions = [
            {name: text for name, text in asked.query.items() if name not in changing}
            for asked in fake.asked
        ]
    assert len(questions) == 3
    assert questions[0] == questions[1] == questions[2]
    assert questions[0] == {
        "query.intr": "aldesleukin",
        "query.cond": "lupus",
        "query.term": "made-up",
        "format": "json",
    }


def test_a_walk_goes_on_from_a_page_that_an_earlier_one_had_reached():
    with registry() as fake:
        client = ctgov_of(fake)
        first = client.search(intervention="aldesleukin", size=10)
        assert walked(client, token=first.next_token) == ALL[10:]


def test_a_search_finds_by_intervention_and_not_by_what_is_only_measured():
    with registry(studies=[small_study(), mentioning_study()]) as fake:
        assert walked(ctgov_of(fake), intervention="Proleukin") == ["NCT00000101"]


def test_numbers_alone_come_by_the_thousand_and_whole_records_by_the_hundred():
    with registry(studies=many_studies(250)) as fake:
        client = ctgov_of(fake)
        numbers = client.search(intervention="aldesleukin", only_ids=True)
        assert len(numbers.studies) == 250
        assert numbers.studies[0] == {
            "protocolSection": {"identificationModule": {"nctId": "NCT00000101"}}
        }
        assert len(client.search(intervention="aldesleukin").studies) == 100


def test_a_page_that_is_too_big_is_asked_for_in_halves():
    with registry() as fake:
        client = ctgov_of(fake, most_bytes=12_000)
        assert walked(client, size=20) == ALL
        assert [asked.query["pageSize"] for asked in fake.asked][:3] == ["20", "10", "5"]
        fake.asked.clear()
        assert walked(client, size=20) == ALL
        assert {asked.query["pageSize"] for asked in fake.asked} == {"5"}
        assert walked(client, size=20, only_ids=True) == ALL
        assert fake.asked[-1].query["pageSize"] == "20"


def test_a_study_that_is_too_big_by_itself_is_said():
    with registry() as fake, pytest.raises(TooBig):
        walked(ctgov_of(fake, most_bytes=1_000))


def test_studies_by_number_are_those_that_the_registry_has():
    with registry() as fake:
        page = ctgov_of(fake).by_ids(["NCT00000102", "nct00000101", "NCT99999999"])
        assert numbers_of(page.studies) == ["NCT00000101", "NCT00000102"]
        assert page.next_token is None
        assert len(fake.asked) == 1


def test_a_hundred_studies_by_number_come_whole_though_no_page_holds_them():
    studies = many_studies(100)
    with registry(studies=studies) as fake:
        page = ctgov_of(fake, most_bytes=50_000).by_ids(numbers_of(studies))
        assert page.studies == tuple(studies)


def test_no_number_is_no_question():
    with registry() as fake:
        assert ctgov_of(fake).by_ids([]).studies == ()
        assert fake.connections == 0


def test_more_than_a_hundred_numbers_are_not_asked_for_at_once():
    with registry() as fake, pytest.raises(ValueError, match="100"):
        ctgov_of(fake).by_ids(["NCT00000101"] * 101)


def test_a_study_comes_by_its_number_and_by_the_one_that_it_had_before():
    with registry(aliases={"NCT00000009": "NCT00000101"}) as fake:
        client = ctgov_of(fake)
        assert client.study("NCT00000101") == small_study()
        assert client.study("NCT00000009") == small_study()


@pytest.mark.parametrize(
    "alias",
    [
        "../../../secret",
        "NCT00000101/../../secret",
        "NCT00000101/more",
        "NCT0000010",
        "",
    ],
)
def test_an_alias_that_leads_anywhere_else_is_not_followed(alias: str):
    with registry(aliases={"NCT00000009": alias}) as fake:
        with pytest.raises((Moved, NotFound)):
            ctgov_of(fake).study("NCT00000009")
        assert len(fake.asked) == 1


def test_an_alias_of_an_alias_is_not_followed_for_ever():
    with registry(aliases={"NCT00000009": "NCT00000008", "NCT00000008": "NCT00000009"}) as fake:
        with pytest.raises(Moved):
            ctgov_of(fake).study("NCT00000009")
        assert len(fake.asked) == 2


def test_nobody_is_followed_to_another_host():
    with registry(Fault.ELSEWHERE, at=1) as fake:
        with pytest.raises(Moved, match="has moved"):
            ctgov_of(fake).study("NCT00000101")
        assert len(fake.asked) == 1


def test_a_study_that_is_not_there_is_not_found():
    with registry() as fake, pytest.raises(NotFound):
        ctgov_of(fake).study("NCT99999999")


# --- Hostile numbers and words -------------------------------------------------------------------


@pytest.mark.parametrize("text", NUMBERS)
def test_a_hostile_number_opens_no_line(text: str):
    with registry() as fake:
        client = ctgov_of(fake)
        disable_socket()  # from here on, a line that is opened raises
        try:
            with pytest.raises(Refused, match="is no NCT number"):
                client.study(text)
            with pytest.raises(Refused, match="is no NCT number"):
                client.by_ids(["NCT00000101", text])
        finally:
            enable_socket()
        assert fake.connections == 0


@pytest.mark.parametrize("text", ["", "a\nb", "a\x00", "\ud800", "x" * 2_001])
def test_hostile_words_of_a_search_open_no_line(text: str):
    with registry() as fake:
        with pytest.raises(Refused):
            ctgov_of(fake).search(intervention=text)
        assert fake.connections == 0


@pytest.mark.parametrize(
    "text", ["a&filter.ids=NCT00000101", "a#b", "a?b=c", "%0d%0aHost: evil.example", "a b;c", "ä"]
)
def test_words_stay_words(text: str):
    with registry() as fake:
        ctgov_of(fake).search(intervention=text)
        (asked,) = fake.asked
        assert asked.query["query.intr"] == text
        assert "filter.ids" not in asked.query
        assert asked.headers["host"] == fake.root.removeprefix("http://")


# --- Faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_walk_in_which_a_fault_passes_ends_as_one_without(fault: Fault, at: int):
    with registry(fault, at=at) as fake:
        assert walked(ctgov_of(fake)) == ALL


def test_a_walk_goes_on_after_an_answer_that_hangs():
    with registry(Fault.HANG) as fake:
        assert walked(ctgov_of(fake, timeouts=(0.2, 0.2))) == ALL


@pytest.mark.parametrize("seed", range(10))
def test_a_walk_through_many_faults_ends_as_one_without(seed: int):
    with FakeRegistry(many_studies(120), plan=FaultPlan.random(seed)) as fake:
        assert walked(ctgov_of(fake)) == numbers_of(many_studies(120))


STAYING = {
    Fault.RESET: "the connection broke off",
    Fault.ERROR: "it answered 500",
    Fault.BUSY_SECONDS: "it answered 429",
    Fault.BUSY_DATE: "it answered 429",
    Fault.NOT_FOUND: "is not there (404). Has the API moved?",
    Fault.HTML: "the answer was a web page and not JSON",
    Fault.CUT_BODY: "the answer was cut short",
    Fault.CUT_JSON: "the answer was cut short or is not JSON",
    Fault.MALFORMED: "the answer was cut short or is not JSON",
    Fault.WRONG_TYPES: "the answer held no list of studies: the API may have changed",
    Fault.CHANGED_SCHEMA: "the answer held no list of studies: the API may have changed",
    Fault.DUPLICATE_PAGE: "sends us in circles",
    Fault.EMPTY_PAGE: "sends us in circles",
    Fault.TOKEN_LOOP: "sends us in circles",
}


@pytest.mark.parametrize("fault", STAYING)
def test_a_fault_that_stays_ends_the_walk_with_a_sentence(fault: Fault):
    with always(fault) as fake, pytest.raises(Unreachable) as told:
        walked(ctgov_of(fake))
    assert STAYING[fault] in told.value.sentence
    assert len(fake.asked) <= 10


def test_a_registry_that_is_down_is_said():
    with pytest.raises(Unreachable, match="nobody answers there"):
        walked(ClinicalTrialsGov(wire_here(), base=nobody()))


def test_a_registry_whose_name_is_lost_is_said():
    client = ClinicalTrialsGov(wire_here(hosts=["registry.invalid"], tries=1), base=NOBODY)
    with pytest.raises(Unreachable, match="its name could not be looked up"):
        client.version()


def test_a_study_that_is_deleted_between_two_pages_costs_no_other():
    with registry(Fault.DELETED) as fake:
        assert walked(ctgov_of(fake)) == [number for number in ALL if number != ALL[10]]


def test_a_token_that_has_expired_is_told_from_another_refusal():
    with registry() as fake:
        client = ctgov_of(fake)
        with pytest.raises(Expired, match="Invalid value of pageToken"):
            client.search(intervention="aldesleukin", token="old")
        with pytest.raises(Refused) as told:
            client.search(intervention="aldesleukin", token="old", size=-1)
        assert isinstance(told.value, Expired)


def test_a_walk_whose_token_has_expired_begins_again():
    with registry() as fake:
        assert walked(ctgov_of(fake), token="of another day") == ALL


def test_a_walk_that_expires_half_way_meets_every_study_once():
    with registry(Fault.BAD_REQUEST, at=3) as fake:
        assert walked(ctgov_of(fake)) == ALL


def test_a_registry_that_forgets_every_page_is_given_up():
    forgetting = dict.fromkeys(range(2, 100, 2), Fault.BAD_REQUEST)
    with FakeRegistry(many_studies(25), plan=FaultPlan(faults=forgetting)) as fake:
        with pytest.raises(Unreachable, match="forgets its pages"):
            walked(ctgov_of(fake))
        assert len(fake.asked) == 8


def test_a_wait_for_hours_within_a_walk_is_no_expired_token():
    plan = FaultPlan(faults={LATER: Fault.BUSY_SECONDS}, wait=7_200)
    with FakeRegistry(many_studies(25), plan=plan) as fake:
        with pytest.raises(Refused, match="wants to be asked again"):
            walked(ctgov_of(fake))
        assert len(fake.asked) == LATER


def test_a_walk_that_ends_long_before_what_was_counted_is_not_believed():
    with registry() as fake:
        page = fake.page

        def shorn(asked: Any) -> dict[str, Any]:
            """The token of the next page has another name, overnight."""
            told = page(asked)
            return {"next_page_token" if key == "nextPageToken" else key: told[key] for key in told}

        fake.page = shorn
        with pytest.raises(Unreachable, match="counted 25 studies and gave 10"):
            walked(ctgov_of(fake))


def test_new_tokens_for_ever_without_a_new_study_come_to_an_end():
    with registry() as fake:
        page = fake.page

        def anew(asked: Any) -> dict[str, Any]:
            """The first page, with a token that was never given before."""
            asked.query.pop("pageToken", None)
            return page(asked) | {"nextPageToken": f"token {len(fake.asked)}"}

        fake.page = anew
        with pytest.raises(Unreachable, match="in circles: 9 pages"):
            walked(ctgov_of(fake))
        assert len(fake.asked) < 20


def test_empty_pages_among_others_are_passed():
    """The API says of itself: "A page may have empty studies array"."""
    plan = FaultPlan(faults=dict.fromkeys((1, 3, 5), Fault.EMPTY_PAGE))
    with FakeRegistry(many_studies(25), plan=plan) as fake:
        assert walked(ctgov_of(fake)) == ALL


def _told(**changes: Any) -> dict[str, Any]:
    return {"studies": [small_study()], "totalCount": 1} | changes


@pytest.mark.parametrize(
    "told",
    [
        _told(studies=None),
        _told(studies={"NCT00000101": {}}),
        _told(studies=[None]),
        _told(studies=["NCT00000101"]),
        _told(studies=[[]]),
        _told(totalCount="1"),
        _told(totalCount=-1),
        _told(totalCount=True),
        _told(nextPageToken=7),
        _told(nextPageToken=""),
        _told(nextPageToken="x" * 5_000),
        _told(nextPageToken={"token": "x"}),
        [],
        "studies",
        None,
    ],
)
def test_a_page_of_another_shape_is_asked_for_again(told: Any):
    with registry() as fake:
        page, answers = fake.page, [told]
        fake.page = lambda asked: answers.pop() if answers else page(asked)
        assert walked(ctgov_of(fake)) == ALL
        assert len(fake.asked) == 4


def test_one_malformed_study_is_handed_on_beside_the_others():
    studies: Sequence[dict[str, Any]] = [{}, {"protocolSection": 7}, small_study()]
    with registry() as fake:
        fake.page = lambda asked: {"studies": studies}
        page = ctgov_of(fake).search(intervention="aldesleukin")
        assert page.studies == tuple(studies)


def test_a_study_of_another_shape_is_told():
    with registry(studies=[small_study()]) as fake:
        fake.studies["NCT00000101"] = {"error": "none"}
        with pytest.raises(Unreachable, match="held no study as this API gives them"):
            ctgov_of(fake).study("NCT00000101")


def test_the_real_pages_are_read(registry_folder: Path):
    folder = registry_folder / "ctgov_v2_api_pages"
    first, second = (
        json.loads((folder / name).read_bytes())
        for name in ("search_phelan_limit5_20260811.json", "search_phelan_next_20260811.json")
    )
    with registry() as fake:
        fake.page = lambda asked: second if "pageToken" in asked.query else first
        client = ctgov_of(fake)
        page = client.search(condition="Phelan-McDermid")
        assert (len(page.studies), page.total) == (5, 21)
        after = client.search(condition="Phelan-McDermid", token=page.next_token)
        assert (len(after.studies), after.total) == (5, None)
        assert fake.asked[1].query["pageToken"] == first["nextPageToken"]


def test_what_is_asked_and_read_is_named_so_in_the_registrys_own_description(registry_folder: Path):
    api = yaml.safe_load((registry_folder / "schema" / "ctg-oas-v2_2.0.3.yaml").read_text())
    listing = api["paths"]["/studies"]["get"]["parameters"]
    with registry(at=9) as fake:
        client = ctgov_of(fake)
        walked(client, condition="lupus", term="made-up", only_ids=True)
        client.by_ids(["NCT00000101"])
        asked = {name for one in fake.asked for name in one.query}
    assert asked <= {parameter["name"] for parameter in listing}
    shapes = api["components"]["schemas"]
    assert {"studies", "nextPageToken", "totalCount"} == {*shapes["PagedStudies"]["properties"]}
    assert {"apiVersion", "dataTimestamp"} == {*shapes["Version"]["properties"]}
