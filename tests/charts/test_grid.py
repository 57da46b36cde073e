"""A map of any evidence is whole, readable and within its sheet, and all of it can be reached."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.charts.cells import Cell, Grid, Term, arranged
from evidence.charts.grid import draw
from evidence.charts.grid_file import legend, whole
from evidence.charts.grid_plan import COLUMN, NARROWEST, planned
from evidence.charts.lettering import MORE, fitted, width
from evidence.vocab import Area, Ground, InterventionKind, Role, Status
from tests.charts.drawn import SVG, parsed

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200
) | st.sampled_from(["HIV infection", "W" * 200, "x", "<b>&\"'", "Low-dose IL-2"])


def term(name: str, group: str, slug: str = "") -> Term:
    word = slug or re.sub(r"[^a-z0-9]+", "-", name.lower())
    return Term(slug=word, name=name, group=group, running=name, url=f"/things/{word}/")


def cell(condition: Term, intervention: Term, **given: object) -> Cell:
    settled: dict[str, object] = {
        "status": "experimental",
        "ground": "",
        "topics": 1,
        "studies": 7,
        "roles": ("treatment",),
        "discordant": False,
        "approved": False,
        "url": f"/evidence/?condition={condition.slug}&intervention={intervention.slug}",
    }
    return Cell(condition=condition, intervention=intervention, **settled | given)  # type: ignore[arg-type]


@st.composite
def grids(draw_: st.DrawFn) -> Grid:
    """Any conditions and interventions, with any cells of them."""
    rows = [
        term(name, draw_(st.sampled_from(Area.values)), f"c{place}")
        for place, name in enumerate(draw_(st.lists(NAMES, min_size=1, max_size=9)))
    ]
    columns = [
        term(name, draw_(st.sampled_from(InterventionKind.values)), f"i{place}")
        for place, name in enumerate(draw_(st.lists(NAMES, min_size=1, max_size=45)))
    ]
    held = []
    for row in rows:
        for column in draw_(st.lists(st.sampled_from(columns), max_size=4, unique=True)):
            status = draw_(st.sampled_from(Status.values))
            ground = draw_(st.sampled_from(Ground.values)) if status == "investigated" else ""
            held.append(
                cell(
                    row,
                    column,
                    status=status,
                    ground=ground,
                    studies=draw_(st.integers(0, 400)),
                    topics=draw_(st.integers(1, 9)),
                    roles=tuple(draw_(st.sets(st.sampled_from(Role.values), min_size=1))),
                    discordant=draw_(st.booleans()),
                    approved=draw_(st.booleans()),
                )
            )
    return arranged(held)


def links(svg: str) -> list[ElementTree.Element]:
    return list(parsed(svg).iter(f"{SVG}a"))


def cells_of(svg: str) -> list[ElementTree.Element]:
    return [link for link in links(svg) if link.get("class") is None]


def name_of(link: ElementTree.Element) -> str:
    title = link.find(f"{SVG}title")
    text = link.find(f"{SVG}text")
    found = title if title is not None else text
    return (found.text if found is not None else "") or ""


def at(part: ElementTree.Element) -> tuple[float, float]:
    found = re.search(r"translate\((-?[\d.]+) (-?[\d.]+)\)", part.get("transform", ""))
    assert found
    return float(found[1]), float(found[2])


@settings(max_examples=25)
@given(grid=grids())
def test_every_cell_stands_on_its_row_and_column_and_says_all(grid: Grid) -> None:
    svg = draw(grid)
    plan = planned(grid)
    drawn = cells_of(svg)
    assert len(drawn) == len(grid.cells)
    for link, one in zip(drawn, grid.cells, strict=True):
        assert at(link) == pytest.approx(
            (plan.columns[one.intervention.slug], plan.rows[one.condition.slug]), abs=0.06
        )
        assert link.get("href") == one.url
        for said in (one.word, "stud", "disagree" if one.discordant else ""):
            assert said in name_of(link)


@settings(max_examples=25)
@given(grid=grids())
def test_no_cell_row_or_column_of_any_map_covers_another(grid: Grid) -> None:
    plan = planned(grid)
    across, down = sorted(plan.columns.values()), sorted(plan.rows.values())
    assert all(b - a >= NARROWEST - 0.01 for a, b in itertools.pairwise(across))
    assert all(b - a >= 23.99 for a, b in itertools.pairwise(down))
    if across:
        assert across[-1] + NARROWEST / 2 <= plan.width
        assert down[-1] + 12 <= plan.height


@settings(max_examples=25)
@given(grid=grids())
def test_names_of_any_length_stay_in_the_room_that_they_have(grid: Grid) -> None:
    svg, plan = draw(grid), planned(grid)
    first = min(plan.columns.values(), default=0) - plan.pitch / 2
    for link in links(svg):
        if link.get("class") != "term":
            continue
        text = link.find(f"{SVG}text")
        assert text is not None
        said = text.text or ""
        long = width(said, size=12)
        if link.get("transform") is None:
            assert float(text.get("x", "0")) + long <= first
        else:
            x, y = at(link)
            # Turned by 48 degrees, to the left of where it ends and above it.
            assert x - long * 0.669 >= 0
            assert y - long * 0.743 >= 0
        if said.endswith(MORE):
            assert link.find(f"{SVG}title") is not None


@settings(max_examples=25)
@given(grid=grids())
def test_names_of_kinds_do_not_meet(grid: Grid) -> None:
    svg = parsed(draw(grid))
    kinds = [t for t in svg.iter(f"{SVG}text") if t.get("class") == "quiet"]
    ends = [
        (float(t.get("x", "0")), float(t.get("x", "0")) + width(t.text or "", size=11))
        for t in kinds
    ]
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(ends))


@settings(max_examples=25)
@given(grid=grids())
def test_a_map_holds_no_look_of_its_own_and_nothing_unescaped(grid: Grid) -> None:
    svg = draw(grid)
    assert " style=" not in svg
    assert "<script" not in svg
    assert parsed(svg).get("role") == "group"


@settings(max_examples=25)
@given(grid=grids())
def test_a_file_stands_alone(grid: Grid) -> None:
    file = whole(grid, told=["As of the end of 2005.", "<&>"], base_url="https://il2.example.org")
    root = parsed(file)
    assert "class=" not in file
    assert "currentColor" not in file
    assert len(cells_of(file)) >= len(grid.cells)
    assert all((link.get("href") or "").startswith("https://il2.") for link in links(file))
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert {meaning for _, meaning in legend()} <= set(said)
    left, top, right, low = (float(part) for part in (root.get("viewBox") or "").split())
    assert (left, top) == (0, 0)
    assert right == float(root.get("width", "0"))
    assert low == float(root.get("height", "0"))


def test_rows_and_columns_follow_the_vocabularies_then_their_names() -> None:
    rows = [term(name, area) for name, area in (("B", "oncology"), ("b2", "infectious"))]
    rows.append(term("A", "infectious"))
    drugs = [term("Z", "mutein"), term("Y", "regimen"), term("X", "regimen")]
    grid = arranged(cell(row, drug) for row in rows for drug in drugs)
    assert [area.label for area in grid.areas] == ["infectious diseases", "oncology"]
    assert [one.name for area in grid.areas for one in area.terms] == ["A", "b2", "B"]
    assert [one.name for kind in grid.kinds for one in kind.terms] == ["Z", "X", "Y"]
    assert grid.places == 9


def test_columns_stand_closer_where_there_are_many() -> None:
    def pitch(number: int) -> float:
        row = term("HIV infection", "infectious")
        drugs = [term(f"Drug {i}", "mutein") for i in range(number)]
        return planned(arranged(cell(row, drug) for drug in drugs)).pitch

    assert pitch(5) == COLUMN
    assert NARROWEST < pitch(36) < COLUMN
    assert pitch(60) == NARROWEST


def test_a_cell_says_in_one_sentence_what_it_holds() -> None:
    hiv = term("HIV infection", "infectious")
    drug = Term(
        slug="i",
        name="Intermittent subcutaneous IL-2",
        group="regimen",
        running="intermittent subcutaneous IL-2",
        url="/",
    )
    one = cell(hiv, drug)
    start = "HIV infection, intermittent subcutaneous IL-2: "
    assert one.in_words == start + "experimental, 7 studies"
    mixed = cell(
        hiv,
        drug,
        status="variable",
        studies=8,
        topics=2,
        roles=("treatment", "biomarker"),
        discordant=True,
        approved=True,
    )
    assert mixed.in_words == (
        start + "variable, 8 studies, 2 topics; treatment and biomarker; results disagree; "
        "an approved use"
    )
    looked_for = cell(
        hiv,
        drug,
        status="investigated",
        ground="no-treatment-found",
        studies=0,
        roles=("biomarker",),
    )
    assert looked_for.in_words == (
        start + "investigated (no treatment of people found), no study; biomarker"
    )


def test_a_name_is_cut_where_it_has_no_room_and_only_there() -> None:
    assert fitted("Aldesleukin", 200, size=12) == "Aldesleukin"
    cut = fitted("Autoimmune diseases, several studied together", 120, size=12)
    assert cut.endswith(MORE)
    assert width(cut, size=12) <= 120
    assert fitted("W", 1, size=12) == MORE
