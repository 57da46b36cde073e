"""Which findings share an axis, and the drawing that stands alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.forest import Plot, Row, plots
from evidence.charts.forest_sheet import Sheet, drawn
from evidence.charts.sides import FAMILIES, Result, Side
from evidence.charts.strips import Reading
from evidence.vocab import Comparison, Direction, EffectMeasure, OutcomeKind
from tests.charts.drawn import parsed, parts, texts

MEAN = EffectMeasure.MEAN_DIFFERENCE


def row(study: str = "ESPRIT", *, year: int | None = 2009, **given_: Any) -> Row:
    """A hazard ratio of death, drawn, unless told otherwise."""
    of_result = {
        "measure": EffectMeasure.HAZARD_RATIO,
        "comparison": Comparison.ADDS_IL2,
        "direction": Direction.NO_DIFFERENCE,
        "outcome": "Death from any cause",
        "group": "all-cause-death",
        "estimate": 0.9,
        "low": 0.69,
        "high": 1.17,
    }
    of_row: dict[str, Any] = {
        "kind": OutcomeKind.CLINICAL,
        "group_name": "Death from any cause",
        "doubt": "",
    }
    asked = of_result | {key: given_[key] for key in of_result if key in given_}
    said = of_row | {key: given_[key] for key in of_row if key in given_}
    has_interval = asked["low"] is not None
    return Row(
        result=Result(**asked),
        reading=Reading(value=asked["estimate"], low=asked["low"], high=asked["high"])
        if has_interval
        else None,
        kind=said["kind"],
        group=said["group_name"],
        study=study,
        code="F1",
        year=year,
        measure="HR",
        estimate="0.9 (0.69 to 1.17)",
        doubt=said["doubt"],
        p="0.009",
    )


def response(study: str = "REACT", **given_: Any) -> Row:
    of_it = {
        "measure": EffectMeasure.RISK_RATIO,
        "outcome": "Objective response",
        "group": "response",
        "group_name": "Response",
    }
    return row(study, **of_it | given_)


def cd4(outcome: str, **given_: Any) -> Row:
    of_it = {
        "measure": MEAN,
        "outcome": outcome,
        "group": "cd4-count",
        "group_name": "CD4 count",
        "kind": OutcomeKind.SURROGATE,
        "direction": Direction.FAVOURS,
        "estimate": 159,
        "low": 145,
        "high": 174,
    }
    return row(**of_it | given_)


def said(shown: tuple[Plot, ...]) -> list[tuple[str, str, tuple[str, str]]]:
    return [(plot.measures, plot.heading, plot.ends) for plot in shown]


def test_each_direction_of_benefit_has_a_table_that_says_it_on_its_axis() -> None:
    unclaimed = response("TURNED", outcome="No response", group_name="Response")
    shown = plots([response(), row(), unclaimed])
    assert said(shown) == [
        ("Ratios, log scale", "Less than 1 favours IL-2", ("favours IL-2", "favours control")),
        ("Ratios, log scale", "More than 1 favours IL-2", ("favours control", "favours IL-2")),
        ("Ratios, log scale", "Less or more than 1", ("less than 1", "more than 1")),
    ]


def test_differences_never_share_an_axis_with_ratios_nor_with_another_unit() -> None:
    shown = plots(
        [
            row(),
            cd4("CD4 count at week 24, cells/mm³"),
            cd4("CD4 count averaged over follow-up, cells/mm³"),
            cd4("CD4 count, change in per cent"),
        ]
    )
    assert [(plot.measures, len(plot.rows)) for plot in shown] == [
        ("Ratios, log scale", 1),
        ("Differences, unit not named", 1),
        ("Differences in cells/mm³", 2),
    ]


def test_standardised_differences_share_an_axis_whatever_was_measured() -> None:
    smd = {"measure": EffectMeasure.STANDARDISED_MEAN_DIFFERENCE, "estimate": 0.5}
    ends = {"low": 0.1, "high": 0.9}
    shown = plots([cd4("CD4 count", **smd, **ends), cd4("NK cells", **smd, **ends)])
    assert [len(plot.rows) for plot in shown] == [2]


def test_outcomes_of_patients_come_first_and_years_in_order() -> None:
    level = row("LEVEL", kind=OutcomeKind.LEVEL, group_name="A level")
    shown = plots([level, row("LATE", year=2017), row("UNDATED", year=None), row("EARLY")])
    groups = [(group.label, [one.study for one in group.rows]) for group in shown[0].groups]
    assert groups == [
        ("Death from any cause", ["EARLY", "LATE", "UNDATED"]),
        ("A level", ["LEVEL"]),
    ]


def test_an_estimate_without_an_interval_keeps_its_row_and_is_not_drawn() -> None:
    alone = row("STALWART", low=None, high=None)
    (plot,) = plots([row(), alone])
    assert plot.strip(alone) == ""
    assert plot.instead(alone) == "interval not reported"
    assert plots([alone]) == ()


def test_an_estimate_that_shares_its_axis_with_none_has_a_row_without_a_strip_or_an_axis() -> None:
    alone = response("STALWART", low=None, high=None)
    _, lonely = plots([row(), alone])
    assert lonely.rows == (alone,)
    assert lonely.strip(alone) == lonely.axis == ""
    svg = drawn(sheet((lonely,)))
    assert {"STALWART", "interval not reported"} <= set(texts(svg))
    assert parts(svg, "axis") == []


def test_a_difference_names_its_unit_where_outcome_or_groups_print_one() -> None:
    risk = {"measure": EffectMeasure.RISK_DIFFERENCE, "group": "fever", "outcome": "Fever"}
    shown = plots(
        [
            row("A", **risk, estimate=-44.2, low=-64.2, high=-11.2),
            row("B", **risk, estimate=-0.1, low=-0.2, high=0.1),
            replace(cd4("Change in CD4 count"), values="129 cells/mm³ 13 cells/mm³"),
        ]
    )
    assert {plot.measures for plot in shown} == {
        "Differences in percentage points",
        "Differences, unit not named",
        "Differences in cells/mm³",
    }


def test_the_head_claims_a_level_only_where_all_intervals_have_it() -> None:
    usual, wide, none = (replace(row(), level=level) for level in (95.0, 99.0, None))
    heads = [
        plots(held)[0].estimate_head for held in ([usual, none], [wide], [usual, wide], [none])
    ]
    assert heads == ["Estimate (95 % CI)", "Estimate (99 % CI)", "Estimate (CI)", "Estimate"]
    assert "Estimate (99 % CI)" in texts(drawn(sheet(plots([wide]))))


def test_a_value_that_a_log_scale_cannot_hold_is_said_to_be_outside() -> None:
    zero = row("ZERO", estimate=0.0, low=0.0, high=0.4)
    (plot,) = plots([row(), zero])
    assert plot.strip(zero) == ""
    assert plot.instead(zero) == "outside the scale"


def test_figures_in_doubt_have_a_footnote_in_the_drawing() -> None:
    doubt = "The interval holds 1, no effect, and p says that there is one."
    svg = drawn(sheet(plots([row("STALWART", doubt=doubt)])))
    assert f"† STALWART: {doubt} p is printed as 0.009." in " ".join(texts(svg))


def sheet(shown: tuple[Plot, ...]) -> Sheet:
    return Sheet(
        title="Forest plot: IL-2 for HIV infection, in adults",
        plots=shown,
        sources=("INSIGHT-ESPRIT Study Group and others, 2009 (PubMed 19828532)",),
        foot=("https://il2tracker.example/evidence/T1/ · data version 7",),
    )


def test_the_drawing_says_what_it_shows_and_where_it_comes_from() -> None:
    svg = drawn(sheet(plots([row(), response(), cd4("CD4, cells/mm³")])))
    words = " ".join(texts(svg))
    for part in (
        "Forest plot: IL-2 for HIV infection, in adults",
        "Less than 1 favours IL-2",
        "Differences in cells/mm³. More than 0 favours IL-2.",
        "ESPRIT",
        "0.9 (0.69 to 1.17)",
        "Nothing is pooled",
        "PubMed 19828532",
        "data version 7",
    ):
        assert part in words
    assert parsed(svg).get("role") == "img"
    assert "style" not in svg
    assert len(parts(svg, "axis")) == 3


ANY_ROWS = st.lists(
    st.builds(
        row,
        st.text(min_size=1, max_size=90),
        year=st.none() | st.integers(1980, 2026),
        measure=st.sampled_from([*FAMILIES]),
        direction=st.sampled_from(Direction),
        outcome=st.text(max_size=200),
        group_name=st.text(min_size=1, max_size=60),
        kind=st.sampled_from(OutcomeKind),
        estimate=st.none() | st.floats(-1e6, 1e6),
        low=st.floats(-1e7, -1e6),
        high=st.floats(1e6, 1e7),
        doubt=st.sampled_from(["", "It cannot be."]),
    ),
    max_size=6,
)


@given(ANY_ROWS)
def test_any_findings_are_drawn_as_sound_markup_each_on_one_axis(rows: list[Row]) -> None:
    shown = plots(rows)
    assert sum(len(plot.rows) for plot in shown) == len(rows)
    assert sum(len(group.rows) for plot in shown for group in plot.groups) == len(rows)
    assert all(plot.side in Side for plot in shown)
    parsed(drawn(sheet(shown)))
