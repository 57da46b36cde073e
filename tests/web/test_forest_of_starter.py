"""The starter evidence as forest plots: what is claimed there is certain, and nothing is lost."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.test import Client

from evidence.charts.forest import Plot, plots
from evidence.charts.sides import SURVIVAL, UNWANTED, WANTED, Side
from evidence.models import Finding, Outcome, Topic
from evidence.web import evidence_rows as rows
from evidence.web.forest import forest, rows_of
from tests.web.reading import body, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_evidence")]


def by_topic() -> dict[Topic, list[Finding]]:
    found = defaultdict(list)
    for one in rows.findings():
        found[one.topic].append(one)
    return found


def shown() -> list[Plot]:
    return [plot for topic, held in by_topic().items() for plot in plots(rows_of(topic, held))]


def test_the_outcomes_that_tell_a_side_are_outcome_groups() -> None:
    known = set(Outcome.objects.public().values_list("slug", flat=True))
    assert (UNWANTED | WANTED | SURVIVAL) - known == set()


def test_a_finding_that_favours_il2_or_shows_harm_stands_on_the_side_that_is_said() -> None:
    claimed = [
        (plot.side, row.result)
        for plot in shown()
        if plot.side != Side.UNKNOWN
        for row in plot.rows
        if row.result.direction in {"favours", "harm"} and row.result.estimate is not None
    ]
    assert len(claimed) > 10
    for towards, result in claimed:
        is_below = result.estimate < (1 if "ratio" in result.measure else 0)
        favours_low = is_below == (result.direction == "favours")
        assert (towards == Side.LOW) == favours_low, result


def test_every_finding_is_plotted_or_counted_as_left_out() -> None:
    for topic, held in by_topic().items():
        drawn = forest(topic, held)
        assert drawn.shown + drawn.left_out == len(held)


def test_the_hiv_topic_plots_esprit_and_the_review_and_pools_nothing(client: Client) -> None:
    esprit = Finding.objects.public().get(outcome="Death from any cause", estimate=0.9)
    page = body(client, f"/evidence/{esprit.topic.code}/")
    part = words(page.partition('<h2 id="forest">')[2].partition("<h2 ")[0])
    for said in (
        "Less than 1 favours IL-2",
        "ESPRIT median 7.6 years 2009 2,071 v 2,040 HR 0.90 (0.69 to 1.17)",
        "RR 0.97 (0.80 to 1.17)",
        "Differences in cells/mm³",
        "HIV RNA",
        "More than 1 favours IL-2",
        "RR 0.57 interval not reported",
        "Nothing is pooled",
    ):
        assert said in part
    assert "ICARUS" not in part


def test_the_harm_that_the_second_hiv_topic_rests_on_has_a_row(client: Client) -> None:
    stalwart = Finding.objects.public().get(estimate=5.84)
    page = body(client, f"/evidence/{stalwart.topic.code}/")
    part = words(page.partition('<h2 id="forest">')[2].partition("<h2 ")[0])
    assert "176 v 91 HR 5.84 interval not reported" in part
    assert "Differences in cells/mm³" in part
    svg = client.get(f"/evidence/{stalwart.topic.code}/forest.svg").content.decode()
    assert "5.84" in svg
