"""The drawing of trials that stands alone says all that its strips show, and where it is from."""

from __future__ import annotations

import datetime as dt

from evidence.charts.runs import Look, Run, known
from evidence.charts.stacked import WIDTH
from evidence.charts.timeline import sheet_of, sheet_of_years
from evidence.charts.timeline_sheet import Drawing, Line, drawn
from tests.charts.drawn import SVG, parsed, texts

TODAY = dt.date(2026, 11, 21)
LONG = "A randomised trial of a very long name that no column of any drawing would ever hold"


def drawing(*lines: Line, older: dict[int, int] | None = None) -> Drawing:
    return Drawing(
        title="Trials through time: Aldesleukin",
        sheet=sheet_of([line.run for line in lines], today=TODAY),
        today=TODAY,
        groups=[("Phase 2", lines)] if lines else [],
        older=older or {},
        older_sheet=sheet_of_years(older) if older else None,
        foot=["https://example.org/interventions/aldesleukin/ · data version 7"],
    )


def line(name: str) -> Line:
    start = known("2015-03")
    assert start is not None
    return Line(
        name=name,
        number="NCT00000001",
        status="Completed",
        dates="Mar 2015 to 2017",
        notes=["primary completion"],
        run=Run(start=start, end=known("2017"), look=Look.DONE),
    )


def test_it_has_a_title_its_source_and_every_trial_in_words() -> None:
    svg = drawn(drawing(line("ESPRIT"), line(LONG)))
    said = texts(svg)
    assert said[0] == "Trials through time: Aldesleukin"
    assert {"Phase 2", "ESPRIT", "NCT00000001", "Completed", "Mar 2015 to 2017"} <= set(said)
    assert any(words.endswith("data version 7") for words in said)
    assert LONG not in said
    (told,) = [part.text or "" for part in parsed(svg).iter(f"{SVG}desc")]
    assert f"{LONG}, Phase 2, Completed: Mar 2015 to 2017, primary completion" in told


def test_every_line_stands_below_the_one_before_and_within_the_sheet() -> None:
    svg = parsed(drawn(drawing(*(line(f"Trial {number}") for number in range(30)))))
    places = [
        float(part.get("transform", "").split()[-1].rstrip(")")) for part in svg.findall(f"{SVG}g")
    ]
    assert places == sorted(set(places))
    assert places[-1] < float(svg.get("height", ""))
    assert svg.get("width") == str(WIDTH)


def test_earlier_trials_are_counted_on_years_of_their_own() -> None:
    said = texts(drawn(drawing(line("ESPRIT"), older={1992: 3, 1994: 1})))
    assert "4 earlier, started 1992 to 1994: how many in each year" in said
    assert "1990" in said
    assert any(
        words == "1 earlier, started 1999: how many in each year"
        for words in texts(drawn(drawing(line("ESPRIT"), older={1999: 1})))
    )


def test_nothing_dated_is_drawn_as_nothing() -> None:
    svg = drawn(drawing())
    (told,) = [part.text for part in parsed(svg).iter(f"{SVG}desc")]
    assert told == "No trial has a start date."
