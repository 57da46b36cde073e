"""A page is rendered once for each version of the data; who has it already gets a 304."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from evidence.curation import duties, moves
from evidence.ledger import derivation, version
from evidence.models import Finding
from evidence.urls import urlpatterns
from evidence.web import rendered
from evidence.web.pages_kept import OVERHEAD, Kept, PagesKept
from evidence.web.release import digest
from evidence.web.rendered import PAGES, reads_gzip
from tests.curation.conftest import someone_who
from tests.models.together import at_once
from tests.web import examples

pytestmark = pytest.mark.django_db

LISTING = "evidence/listing.html"
HOME = "evidence/home.html"


@pytest.fixture(autouse=True)
def kept(settings: Any) -> Iterator[None]:
    """Keep pages, as the running site does."""
    settings.IL2TRACKER_PAGES_KEPT_MB = 1
    PAGES.clear()
    yield
    PAGES.clear()


@pytest.fixture
def renders() -> Iterator[list[str]]:
    """The names of the templates that are rendered, each time that one is."""
    names: list[str] = []

    def heard(template: Any, **_: Any) -> None:
        names.append(template.name)

    template_rendered.connect(heard)
    yield names
    template_rendered.disconnect(heard)


@pytest.fixture
def world() -> None:
    examples.world()
    derivation.rederive()
    version.bump()


def head_of(response: Any) -> dict[str, str]:
    return {k: v for k, v in response.headers.items() if k != "X-Request-ID"}


def test_a_page_is_rendered_once_for_each_version_of_the_data(
    client: Client, world: None, renders: list[str]
) -> None:
    first = client.get("/evidence/")
    again = client.get("/evidence/?utm_source=a-letter")
    assert renders.count(LISTING) == 1
    assert (again.content, head_of(again)) == (first.content, head_of(first))
    version.bump()
    later = client.get("/evidence/")
    assert renders.count(LISTING) == 2
    assert later["ETag"] != first["ETag"]


def test_a_page_that_is_kept_costs_one_query(client: Client, world: None) -> None:
    tag = client.get("/evidence/")["ETag"]
    for headers in ({}, {"If-None-Match": tag}):
        with CaptureQueriesContext(connection) as captured:
            client.get("/evidence/", headers=headers)
        assert len(captured) == 1


def test_who_has_the_page_is_told_so_without_a_body(
    client: Client, world: None, renders: list[str]
) -> None:
    whole = client.get("/evidence/?status=variable")
    PAGES.clear()
    renders.clear()
    for known in (whole["ETag"], f'"other", {whole["ETag"].removeprefix("W/")}'):
        answer = client.get("/evidence/?status=variable", headers={"If-None-Match": known})
        assert answer.status_code == 304
        assert not answer.content
        same = {k: v for k, v in head_of(whole).items() if k not in ("Content-Type",)}
        assert head_of(answer) == same | {"Content-Length": "0"}
        assert answer["Cache-Control"] == "no-cache"
        assert answer["Vary"] == "Accept-Encoding"
        assert answer["X-Request-ID"]
    assert not renders
    other = client.get("/evidence/?status=experimental", headers={"If-None-Match": whole["ETag"]})
    assert other.status_code == 200


def test_any_tag_stands_for_a_page_that_is_there_and_for_no_other(
    client: Client, world: None
) -> None:
    assert client.get("/about/", headers={"If-None-Match": "*"}).status_code == 304
    assert client.get("/evidence/T999/", headers={"If-None-Match": "*"}).status_code == 404


def test_publishing_gives_every_page_another_tag_and_drafts_give_none(
    client: Client, world: None
) -> None:
    ann, ben = someone_who("ann", duties.CURATOR), someone_who("ben", duties.REVIEWER)
    finding = Finding.objects.public().earliest("pk")
    page = f"/findings/{finding.code}/"
    first = client.get(page)
    draft = moves.revise(finding, by=ann, note="To say it better.")
    draft.statement, draft.locator = "Said better.", "Table 2"
    draft.save()
    moves.submit(draft, by=ann)
    again = client.get(page)
    assert (again["ETag"], again.content) == (first["ETag"], first.content)
    moves.publish(draft, by=ben)
    later = client.get(page, headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert "Said better." in later.content.decode()


def test_what_is_withdrawn_is_gone_at_once(client: Client, world: None) -> None:
    ann, ben = someone_who("ann", duties.CURATOR), someone_who("ben", duties.REVIEWER)
    finding = Finding.objects.public().earliest("pk")
    page = f"/findings/{finding.code}/"
    tag = client.get(page)["ETag"]
    moves.withdraw(moves.propose_withdrawal(finding, by=ann, note="Counted twice."), by=ben)
    for _ in range(2):
        answer = client.get(page, headers={"If-None-Match": tag})
        assert answer.status_code == 410
        assert answer["Cache-Control"] == "no-store"
        assert "ETag" not in answer


def test_a_packed_page_is_the_same_page(client: Client, world: None) -> None:
    plain = client.get("/evidence/")
    packed = client.get("/evidence/", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert packed["ETag"] == plain["ETag"]


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("GZIP, deflate, br", True),
        ("*", True),
        ("gzip ; q = 1.0", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("gzip;q=much", False),
    ],
)
def test_a_page_is_packed_for_whoever_reads_that(accepted: str, packed: bool) -> None:
    assert reads_gzip(accepted) is packed


def test_the_head_of_a_page_is_that_of_the_page(client: Client, world: None) -> None:
    alone = client.head("/evidence/")
    whole = client.get("/evidence/")
    assert not alone.content
    assert head_of(alone) == head_of(whole)
    assert head_of(client.head("/evidence/")) == head_of(whole)


def test_another_day_is_another_page(client: Client, world: None) -> None:
    with time_machine.travel("2026-11-21T23:59:00Z", tick=False):
        first = client.get("/about/")
    with time_machine.travel("2026-11-22T00:01:00Z", tick=False):
        later = client.get("/about/", headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert later["ETag"] != first["ETag"]


@pytest.mark.parametrize("name", ["IL2TRACKER_BASE_URL", "IL2TRACKER_CONTACT"])
def test_a_setting_that_shows_gives_another_tag(
    client: Client, world: None, settings: Any, name: str
) -> None:
    first = client.get("/about/")
    setattr(settings, name, "https://elsewhere.example")
    assert client.get("/about/")["ETag"] != first["ETag"]


def test_another_release_has_another_name(tmp_path: Any) -> None:
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text("One")
    first = digest(tmp_path)
    assert digest(tmp_path) == first
    page.write_text("Two")
    assert digest(tmp_path) != first


def test_a_download_is_known_again_and_not_kept(client: Client, world: None) -> None:
    first = client.get("/findings.csv")
    assert b"".join(first.streaming_content)  # type: ignore[attr-defined]
    assert len(PAGES) == 0
    again = client.get("/findings.csv", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_what_says_no_is_not_kept(client: Client, world: None) -> None:
    for address in ("/evidence/?status=nonsense", "/evidence/?page=99", "/evidence/T999/"):
        assert client.get(address).status_code in (400, 404)
        assert "ETag" not in client.get(address)
    assert len(PAGES) == 0


def test_nothing_is_kept_with_debug_on_or_before_there_is_a_version(
    client: Client, settings: Any
) -> None:
    assert "ETag" not in client.get("/about/")
    version.bump()
    settings.DEBUG = True
    assert "ETag" not in client.get("/about/")
    assert len(PAGES) == 0


def test_with_no_room_every_page_is_rendered_again_and_packed_all_the_same(
    client: Client, world: None, settings: Any, renders: list[str]
) -> None:
    settings.IL2TRACKER_PAGES_KEPT_MB = 0
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert renders.count(HOME) == 2
    assert gzip.decompress(packed.content) == plain.content
    assert len(PAGES) == 0


def test_the_admin_is_neither_packed_nor_kept(client: Client, world: None) -> None:
    answer = client.get("/admin/login/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer
    assert "ETag" not in answer
    assert len(PAGES) == 0


def test_every_public_address_is_answered_this_way() -> None:
    for route in urlpatterns:
        assert isinstance(route, URLPattern)
        assert route.callback.__code__.co_filename == rendered.__file__, route


# --- At the same moment ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_at_once_have_it_rendered_once(world: None, renders: list[str]) -> None:
    bodies = []

    def ask() -> None:
        bodies.append(Client().get("/evidence/").content)

    assert at_once(*[ask] * 8) == [None] * 8
    assert renders.count(LISTING) == 1
    assert len(bodies) == 8
    assert len(set(bodies)) == 1


def through(view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    return rendered.rendered(view)(RequestFactory().get("/made-up/"))  # type: ignore[return-value]


def test_what_changes_while_a_page_is_rendered_is_not_kept_under_the_old_version(
    world: None,
) -> None:
    asked = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        if len(asked) == 1:
            version.bump()
        return HttpResponse(f"Rendered {len(asked)} times")

    first = through(view)
    assert len(PAGES) == 0
    second = through(view)
    assert (first.content, second.content) == (b"Rendered 1 times", b"Rendered 2 times")
    assert first["ETag"] != second["ETag"]
    assert through(view).content == second.content


def test_the_head_of_a_page_carries_no_body(world: None) -> None:
    # Asked of the wrapper: the test client takes the body away itself.
    head = RequestFactory().head("/made-up/")
    for _ in range(2):
        answer = rendered.rendered(lambda request: HttpResponse("Some bytes."))(head)
        assert answer.content == b""  # type: ignore[attr-defined]
        assert answer["Content-Length"] == "11"


def test_a_page_that_fails_is_asked_for_again(world: None) -> None:
    asked = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        if len(asked) == 1:
            raise ValueError
        return HttpResponse("There it is")

    with pytest.raises(ValueError):  # noqa: PT011 - our own, two lines above
        through(view)
    assert through(view).content == b"There it is"


def test_where_a_thing_has_gone_is_asked_for_each_time(world: None) -> None:
    answer = through(lambda request: HttpResponsePermanentRedirect("/elsewhere/"))
    assert answer["Cache-Control"] == "no-cache"
    assert "ETag" not in answer
    assert len(PAGES) == 0


@pytest.mark.django_db(transaction=True)
def test_those_who_wait_for_a_page_that_fails_ask_for_themselves(world: None) -> None:
    store, failed = PagesKept(), []

    def fail() -> Kept | None:
        failed.append(True)
        raise ValueError

    outcomes = at_once(*[lambda: store.once(("t",), "/", fail)] * 4)
    assert {type(one) for one in outcomes} <= {ValueError, type(None)}
    page = Kept.of(HttpResponse("x"))
    assert store.once(("t",), "/", lambda: page) is page


# --- The room -------------------------------------------------------------------------------------


def keep(store: PagesKept, basis: str, address: str, *, size: int) -> None:
    """Keep a page that takes so many bytes with its address, in a room of 100,000."""
    body = b"x" * (size - OVERHEAD - len(address))
    page = Kept(headers={}, body=body, packed=False)
    store.keep((basis,), address, page, room=100_000)


def test_the_room_is_never_exceeded_and_the_page_asked_for_last_stays() -> None:
    store = PagesKept()
    for number in range(100):
        keep(store, "t", f"/{number}", size=5_000)
        assert store.get(("t",), "/0") is not None
    assert store.size == 100_000
    assert len(store) == 20
    assert store.get(("t",), "/1") is None
    assert store.get(("t",), "/99") is not None


def test_queries_without_end_do_not_push_out_the_pages_that_everybody_reads() -> None:
    store = PagesKept()
    keep(store, "t", "/", size=5_000)
    for number in range(100):
        keep(store, "t", f"/evidence/?page={number}", size=5_000)
    assert store.get(("t",), "/") is not None
    assert store.size == 100_000


def test_a_page_that_would_take_the_room_of_many_is_not_kept() -> None:
    store = PagesKept()
    keep(store, "t", "/small", size=5_000)
    keep(store, "t", "/large", size=7_000)
    assert store.get(("t",), "/large") is None
    assert store.size == 5_000


def test_pages_of_an_older_version_are_dropped() -> None:
    store = PagesKept()
    keep(store, "older", "/", size=5_000)
    keep(store, "newer", "/about/", size=5_000)
    assert store.size == 5_000
    assert store.get(("older",), "/") is None
    assert store.get(("newer",), "/") is None


def test_long_addresses_take_room_too() -> None:
    store = PagesKept()
    page = Kept(headers={}, body=b"", packed=False)
    for number in range(100):
        store.keep(("t",), f"/evidence/?q={number}{'x' * 4_000}", page, room=100_000)
    assert 0 < len(store) <= 20
