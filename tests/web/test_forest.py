"""A topic's forest plot: what is drawn, what only stands there, and what is not claimed."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.models import Finding, Outcome, Topic
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

NO_PLOT = "No finding here has an interval that could be drawn."
STALWART = {"estimate": 5.84, "ci_low": 0.59, "ci_high": 43.57, "p_value": "0.009"}


@pytest.fixture
def question() -> Topic:
    asked = examples.topic()
    examples.assessment(asked)
    return asked


def death() -> Outcome:
    defaults = {"name": "Death from any cause", "kind": vocab.OutcomeKind.CLINICAL}
    return Outcome.objects.get_or_create(slug="all-cause-death", defaults=defaults)[0]


def found(question: Topic, number: int = 1, **given: Any) -> Finding:
    paper = given.pop("publication", None) or examples.publication(
        number, authors=f"Author{number}"
    )
    return examples.finding(question, paper, outcome_group=death(), **given)


def section(client: Client, question: Topic) -> str:
    """The markup of the plot's part of the page."""
    page = body(client, f"/evidence/{question.code}/")
    return page.partition('<h2 id="forest">')[2].partition("<h2 ")[0]


def row_of(part: str, code: str) -> str:
    return next(row for row in re.findall(r"<tr.*?</tr>", part, re.DOTALL) if f"/{code}/" in row)


def test_a_hazard_ratio_of_death_stands_on_an_axis_that_says_which_side_is_better(
    client: Client, question: Topic
) -> None:
    one = found(question)
    part = section(client, question)
    assert "Ratios, log scale. Less than 1 favours IL-2" in words(part)
    assert "favours IL-2 to the left, favours control to the right" in words(part)
    row = words(row_of(part, one.code))
    assert "Author1 2009" in row
    assert "4,111 HR 0.94 (0.75 to 1.16)" in row
    assert 'class="filled"' in row_of(part, one.code)


def test_figures_that_contradict_each_other_are_an_open_square_with_a_footnote(
    client: Client, question: Topic
) -> None:
    one = found(question, direction=vocab.Direction.HARM, **STALWART)
    part = section(client, question)
    row = row_of(part, one.code)
    assert re.search(r'<rect class="hollow"', row)
    assert "HR†" in words(row)
    assert "The interval holds 1, no effect, and p says that there is one." in words(part)
    assert "p is printed as 0.009" in words(part)


def test_an_estimate_without_an_interval_keeps_its_row_and_has_no_strip(
    client: Client, question: Topic
) -> None:
    found(question)
    alone = found(question, 2, estimate=5.84, ci_low=None, ci_high=None, ci_level=None)
    row = row_of(section(client, question), alone.code)
    assert "interval not reported" in words(row)
    assert "<svg" not in row


def test_an_interval_without_an_estimate_is_a_line_alone(client: Client, question: Topic) -> None:
    one = found(
        question,
        outcome="CD4 count",
        effect_measure=vocab.EffectMeasure.MEAN_DIFFERENCE,
        direction=vocab.Direction.FAVOURS,
        estimate=None,
        ci_low=51.3,
        ci_high=181.2,
    )
    row = row_of(section(client, question), one.code)
    assert "not reported (51.3 to 181.2)" in words(row)
    assert 'class="line"' in row
    assert "<rect" not in row


def test_another_level_than_95_percent_is_said_beside_its_interval(
    client: Client, question: Topic
) -> None:
    one = found(question, ci_level=99, estimate=0.82, ci_low=0.56, ci_high=1.21)
    assert "0.82 (99 % CI 0.56 to 1.21)" in words(row_of(section(client, question), one.code))


def test_the_head_does_not_say_95_percent_over_another_level(
    client: Client, question: Topic
) -> None:
    found(question, ci_level=99)
    part = section(client, question)
    assert "Estimate (99 % CI)" in part
    assert "Estimate (95 % CI)" not in part
    found(question, 2)
    assert 'data-l="Estimate (CI)"' in section(client, question)


def test_an_estimate_alone_on_its_side_keeps_its_row_beside_a_plot_of_the_other(
    client: Client, question: Topic
) -> None:
    found(question)
    alone = found(
        question,
        2,
        outcome="CD4 count",
        direction=vocab.Direction.FAVOURS,
        estimate=5.84,
        effect_measure=vocab.EffectMeasure.MEAN_DIFFERENCE,
        ci_low=None,
        ci_high=None,
        ci_level=None,
    )
    part = section(client, question)
    assert "interval not reported" in words(row_of(part, alone.code))
    assert part.count("<tfoot>") == 1
    svg = client.get(f"/evidence/{question.code}/forest.svg").content.decode()
    assert "5.84" in svg


def test_a_row_names_the_ends_of_its_strip_where_it_stands_as_a_card(
    client: Client, question: Topic
) -> None:
    one = found(question)
    row = row_of(section(client, question), one.code)
    assert "0.5 ← favours IL-2 favours control → 2" in words(row)


def test_a_ratio_and_its_interval_have_as_many_decimals(client: Client, question: Topic) -> None:
    one = found(question, estimate=0.9, ci_low=0.74, ci_high=1.2)
    assert "0.90 (0.74 to 1.20)" in words(row_of(section(client, question), one.code))


def test_a_review_is_an_open_diamond(client: Client, question: Topic) -> None:
    one = found(question, design=vocab.Design.REVIEW_RANDOMISED)
    row = row_of(section(client, question), one.code)
    assert re.search(r'<path class="hollow"', row)
    assert "review of randomised trials" in words(row)


def test_nothing_is_claimed_of_people_who_all_had_il2(client: Client, question: Topic) -> None:
    found(question, comparison=vocab.Comparison.DOSE)
    part = words(section(client, question))
    assert "Less or more than 1: which of the two is better is not claimed." in part
    assert "favours IL-2" not in part


@pytest.mark.parametrize(
    "given",
    [
        {"effect_measure": vocab.EffectMeasure.PROPORTION},
        {"effect_measure": vocab.EffectMeasure.MEDIAN},
        {"subjects": vocab.Subjects.ANIMAL},
        {"comparison": vocab.Comparison.NONE},
        {"estimate": None, "ci_low": None, "ci_high": None, "ci_level": None},
    ],
    ids=["proportion", "median", "animals", "all had IL-2", "no figure"],
)
def test_what_compares_nothing_is_left_to_the_table(
    client: Client, question: Topic, given: dict[str, Any]
) -> None:
    left_out = found(question, 2, **given)
    assert NO_PLOT in section(client, question)
    found(question, 3)
    part = section(client, question)
    assert left_out.code not in part
    assert "In the table above alone: 1 finding without a comparison" in words(part)


def test_what_was_retracted_is_left_out_by_that_name(client: Client, question: Topic) -> None:
    retracted = examples.publication(9, standing=vocab.Standing.RETRACTED)
    left_out = found(question, 2, publication=retracted)
    found(question, 3)
    part = section(client, question)
    assert left_out.code not in part
    assert "Left out: 1 finding from a source that was retracted." in words(part)
    assert "In the table above alone" not in words(part)


def test_without_a_finding_there_is_no_plot_to_speak_of(client: Client, question: Topic) -> None:
    assert "Forest plot" not in body(client, f"/evidence/{question.code}/")


def test_the_page_as_of_a_year_has_no_plot(client: Client, question: Topic) -> None:
    found(question)
    assert 'id="forest"' not in body(client, f"/evidence/{question.code}/?as_of=2010")


def test_the_drawing_stands_alone_and_says_where_it_comes_from(
    client: Client, question: Topic
) -> None:
    found(question, **STALWART)
    found(question, 2, estimate=5.84, ci_low=None, ci_high=None, ci_level=None)
    found(question, 3, effect_measure=vocab.EffectMeasure.MEDIAN)
    response = client.get(f"/evidence/{question.code}/forest.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert f"il2tracker-{question.code}-forest.svg" in response["Content-Disposition"]
    svg = response.content.decode()
    ElementTree.fromstring(svg)  # noqa: S314 - our own text
    text = words(svg)
    assert "Forest plot: Intermittent subcutaneous IL-2 for HIV infection, in adults" in text
    assert f"/evidence/{question.code}/ · data version" in text
    assert "† Author1 2009: The interval holds 1" in text
    assert "Author1, 2009 (PubMed 1)" in text
    assert "PubMed 3" not in text
    assert "style" not in svg


def test_there_is_no_drawing_where_there_is_nothing_to_draw(
    client: Client, question: Topic
) -> None:
    path = f"/evidence/{question.code}/forest.svg"
    assert "has an interval to be drawn" in words(body(client, path, status=404))
    assert "no topic T987" in words(body(client, "/evidence/T987/forest.svg", status=404))
    asked = words(body(client, f"{path}?as_of=2005", status=400))
    assert "as things stand today" in asked


def test_a_draft_is_not_drawn(client: Client, question: Topic) -> None:
    one = found(question)
    Finding.objects.filter(pk=one.pk).update(
        state=vocab.State.DRAFT, origin=vocab.Origin.CURATOR, published_at=None
    )
    assert 'id="forest"' not in body(client, f"/evidence/{question.code}/")
    body(client, f"/evidence/{question.code}/forest.svg", status=404)


def test_names_are_text_on_the_page_and_in_the_drawing(client: Client, question: Topic) -> None:
    found(question, outcome="<script>alert(1)</script>", time_point="a & b")
    for path in ("", "forest.svg"):
        page = body(client, f"/evidence/{question.code}/{path}")
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_queries_do_not_grow_with_findings(client: Client, question: Topic) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            body(client, path)
        return len(asked)

    found(question)
    paths = [f"/evidence/{question.code}/", f"/evidence/{question.code}/forest.svg"]
    before = [queries(path) for path in paths]
    for number in range(2, 12):
        found(question, number)
    assert [queries(path) for path in paths] == before
