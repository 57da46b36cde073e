"""Cells say what is there, what is not, and never trust a text."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from evidence.templatetags.cells import RENDERERS, render_cell, render_choice, render_row
from evidence.vocab import Certainty, Direction, Ground, Status, TopicDirection

HOSTILE = "<script>alert(1)</script>"


@pytest.mark.parametrize("show", [*RENDERERS, "word", "word:Population", "unknown"])
def test_no_cell_lets_markup_through(show: str) -> None:
    row = {"url": "T1/", "second": HOSTILE, "ground": HOSTILE, "rule_status": HOSTILE}
    assert "<script" not in render_cell(show, HOSTILE, row)


@pytest.mark.parametrize("show", ["text", "number", "date", "direction", "year", "many", "word"])
@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_not_reported(show: str, value: object) -> None:
    assert render_cell(show, value, {}) == '<span class="none">not reported</span>'


def test_a_counted_zero_stays_zero() -> None:
    assert render_cell("number", 0, {}) == "0"


def test_no_certainty_is_not_assessed_without_pips() -> None:
    for value in (None, "", Certainty.NOT_ASSESSED):
        cell = render_cell("certainty", value, {})
        assert "not assessed" in cell
        assert "svg" not in cell


@pytest.mark.parametrize(("certainty", "pips"), [("very-low", 1), ("high", 4)])
def test_certainty_has_as_many_pips_as_it_has_steps(certainty: str, pips: int) -> None:
    assert f"#c-{pips}" in render_cell("certainty", certainty, {})


@pytest.mark.parametrize("status", Status.values)
def test_a_status_is_a_mark_and_its_word(status: str) -> None:
    cell = render_cell("status", status, {})
    assert f"#m-{status}" in cell
    assert f"</svg>{status}</span>" in cell


def test_investigated_says_its_ground() -> None:
    cell = render_cell("status", "investigated", {"ground": Ground.NO_TREATMENT})
    assert "no treatment of people found" in cell
    assert "#m-investigated-open" in cell
    assert "#m-investigated-approved" in render_cell(
        "status", "investigated", {"ground": Ground.APPROVED}
    )


def test_a_rule_that_reads_otherwise_is_named() -> None:
    row = {"rule_status": "variable"}
    assert "rule says variable" in render_cell("status", "experimental", row)
    assert "rule says" not in render_cell("status", "variable", row)


@pytest.mark.parametrize("direction", Direction.values)
def test_every_direction_has_a_mark_and_words(direction: str) -> None:
    cell = render_cell("direction", direction, {})
    assert f"#d-{direction}" in cell
    assert str(Direction(direction).label) in cell


def test_no_data_is_words_alone() -> None:
    assert "svg" not in render_cell("direction", TopicDirection.NO_DATA, {})


def test_a_name_links_once_and_has_its_second_line() -> None:
    cell = render_cell("name", "HIV infection", {"url": "T1/", "second": "adults"})
    assert cell.count("<a ") == 1
    assert 'href="T1/"' in cell
    assert '<span class="second">adults</span>' in cell


def test_many_values_keep_their_commas_apart() -> None:
    assert render_cell("many", ["Enterocolitis, Necrotizing", "Sepsis"], {}) == (
        "Enterocolitis, Necrotizing; Sepsis"
    )


def test_the_findings_at_the_end_of_a_line_are_links_and_nothing_else_is() -> None:
    told = "A (F3) <b>: x [V1], 2009 (F12, F34) [V1, V2]; B: year not known (F5)"
    cell = render_cell("lines", told, {})
    twelve, other, five = (f'<a href="/findings/F{n}/">F{n}</a>' for n in (12, 34, 5))
    assert cell == (
        f'<span class="each">A (F3) &lt;b&gt;: x [V1], 2009 ({twelve}, {other}) '
        '<span class="nw">[V1, V2]</span></span>'
        f'<span class="each">B: year not known ({five})</span>'
    )
    hostile = 'A (F1") [<script>]; B (F2) [<script>]'
    assert "<script" not in render_cell("lines", hostile, {})


@pytest.mark.parametrize(
    ("show", "said"),
    [("many:none held", "none held"), ("identifier:none held", "none held"), ("many", "not rep")],
)
def test_nothing_has_words_of_its_own_where_not_reported_is_not_true(show: str, said: str) -> None:
    assert f'<span class="none">{said}' in render_cell(show, "", {})


def test_joined_words_are_read_in_their_vocabulary() -> None:
    cell = render_cell("words:DoseClass", "high; not-applicable; not-reported", {})
    assert cell == 'high, not applicable, <span class="none">not reported</span>'


@pytest.mark.parametrize(
    ("value", "said"),
    [("PHASE2", "2"), ("PHASE1; PHASE2", "1/2"), ("EARLY_PHASE1", "early 1"), ("NA", "not app")],
)
def test_phases_are_numbers(value: str, said: str) -> None:
    assert render_cell("phases", value, {}).startswith(said)


def test_a_word_that_says_there_is_nothing_is_muted() -> None:
    assert render_cell("word:Attribution", "not-stated", {}) == (
        '<span class="none">not stated</span>'
    )


def column(label: str, show: str, *, numeric: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=label, show=show, numeric=numeric)


def test_a_row_is_headed_by_its_first_cell() -> None:
    cells = [
        SimpleNamespace(column=column("Topic", "name"), html="<b>a</b>"),
        SimpleNamespace(column=column("Studies", "number", numeric=True), html="3"),
    ]
    row = render_row(cells)
    assert '<th scope="row"><b>a</b></th>' in row
    assert '<td class="num" data-l="Studies"><span>3</span></td>' in row


def test_a_facet_value_that_would_give_nothing_is_no_link() -> None:
    def choice(*, count: int, chosen: bool) -> SimpleNamespace:
        return SimpleNamespace(value="a", label="A", count=count, url="?a", chosen=chosen)

    assert "<a " not in render_choice(choice(count=0, chosen=False), "area")
    assert 'aria-current="true"' in render_choice(choice(count=0, chosen=True), "area")
    assert "<a " in render_choice(choice(count=3, chosen=False), "area")


def test_a_status_on_another_ground_than_the_rules_says_which_the_rule_gives() -> None:
    row = {"ground": "approved-use", "rule_status": "investigated", "rule_ground": "approved-use"}
    assert "rule says" not in render_cell("status", "investigated", row)
    other = row | {"rule_ground": "no-treatment-found"}
    said = render_cell("status", "investigated", other)
    assert "rule says no treatment of people found" in said
    assert "rule says experimental" in render_cell(
        "status", "investigated", row | {"rule_status": "experimental", "rule_ground": ""}
    )
