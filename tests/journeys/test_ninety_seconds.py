"""A finding is entered within ninety seconds: in fields, clicks, keys and pages, not by a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from evidence.models import Finding, Topic
from tests.journeys.desk import SUBMIT, Desk
from tests.journeys.hand import Hand
from tests.web import examples

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)

PMID = 19828532
BUDGET = 90.0  # seconds


@pytest.fixture
def hiv(public_topic: Callable[..., Topic]) -> Topic:
    """A question that readers see."""
    condition, intervention = examples.condition(), examples.intervention()
    return public_topic(condition=condition, intervention=intervention)


@pytest.fixture
def desk(chromium: Browser, live_server: Any, ann: User, hiv: Topic) -> Iterator[Desk]:
    """A curator's browser, with the paper in the records already."""
    examples.publication(PMID, title="Interleukin-2 therapy in patients with HIV infection")
    desk = Desk(chromium, live_server.url)
    desk.page.set_viewport_size({"width": 1280, "height": 900})
    desk.sign_in(ann)
    yield desk
    desk.close()


def from_the_topic(hand: Hand, topic: Topic) -> None:
    """Begin on the topic's page, and find the paper by its number."""
    hand.page.goto(f"/admin/evidence/topic/{topic.pk}/change/")
    hand.go(hand.page.get_by_role("link", name="Add finding"))
    hand.find(str(PMID), of="publication")


def from_the_queue(hand: Hand, topic: Topic) -> None:
    """Begin on the front page with the paper's number, and find the topic."""
    hand.page.goto("/admin/")
    hand.think_of("identifier")
    hand.click(hand.page.get_by_label("Add from an identifier"))
    hand.keys_of(str(PMID))
    hand.enter()
    hand.go(hand.page.get_by_role("link", name="Add finding"))
    hand.find("HIV", of="topic")
    hand.pick("adult", of="population")


def what_it_shows(hand: Hand) -> None:
    """Enter what a paper's main table says, once the form knows the topic and the paper."""
    hand.type("Opportunistic disease or death", into="outcome")
    hand.tab_and_pick("clinical", of="outcome_kind")
    hand.pick("no-difference", of="direction")
    hand.pick("adds-il2", of="comparison")
    hand.tab_and_pick("primary", of="analysis")
    hand.pick("hazard-ratio", of="effect_measure")
    hand.tab_and_type("0.94", into="estimate")
    hand.tab_and_type("0.75", into="ci_low")
    hand.tab_and_type("1.16", into="ci_high")
    hand.tab_and_type("95", into="ci_level")
    hand.type("Table 2, row 1", into="locator")
    hand.tab_and_type("As many fell ill or died with IL-2 as without.", into="statement")


@pytest.mark.parametrize(
    ("begin", "fields", "clicks", "loads"),
    [(from_the_topic, 13, 11, 2), (from_the_queue, 15, 14, 3)],
)
def test_a_finding_is_entered_and_submitted_within_ninety_seconds(
    begin: Callable[[Hand, Topic], None],
    fields: int,
    clicks: int,
    loads: int,
    desk: Desk,
    hiv: Topic,
) -> None:
    hand = Hand(desk.page)
    begin(hand, hiv)
    what_it_shows(hand)
    hand.go(desk.page.get_by_role("button", name=SUBMIT))
    desk.told("is saved and with a second reader now.")
    print(hand)
    assert len(hand.fields) <= fields, hand
    assert hand.clicks <= clicks, hand
    assert hand.loads <= loads, hand
    assert hand.seconds <= BUDGET, str(hand)
    entered = Finding.objects.get()
    assert (entered.state, entered.topic, entered.estimate) == ("in-review", hiv, 0.94)


def test_the_next_one_like_it_takes_less_of_everything(desk: Desk, hiv: Topic) -> None:
    first = Hand(desk.page)
    from_the_topic(first, hiv)
    what_it_shows(first)
    first.go(desk.page.get_by_role("button", name="Save and add another like this"))
    desk.told("This is another one like it, not saved yet.")

    second = Hand(desk.page)
    second.pick("no-difference", of="direction")
    second.pick("hazard-ratio", of="effect_measure")
    second.tab_and_type("1.06", into="estimate")
    second.tab_and_type("0.90", into="ci_low")
    second.tab_and_type("1.25", into="ci_high")
    second.tab_and_type("95", into="ci_level")
    second.end("row 2", of="locator")
    second.tab_and_type("As many died with IL-2 as without.", into="statement")
    second.go(desk.page.get_by_role("button", name=SUBMIT))
    desk.told("is saved and with a second reader now.")
    print(second)
    for what in ("keys", "clicks", "thoughts", "loads", "seconds"):
        assert getattr(second, what) < getattr(first, what), (what, str(first), str(second))
    assert len(second.fields) < len(first.fields)
    assert second.seconds <= BUDGET / 2, str(second)
    assert Finding.objects.get(state="in-review").locator == "Table 2, row 2"
