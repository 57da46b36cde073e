"""The marks of the statuses: a shape for each, as large as its studies are many."""

from __future__ import annotations

import itertools

import pytest

from evidence.charts.marks import mark, radius
from evidence.charts.paint import COLOURS, painted
from tests.charts.drawn import SVG, boxes, parsed, parts
from tests.web.test_look import tokens

STATUSES = [
    ("experimental", ""),
    ("variable", ""),
    ("investigated", "confirmatory-evidence-agrees"),
    ("investigated", "approved-use"),
    ("investigated", "no-treatment-found"),
]


def drawn(status: str, ground: str = "", **given: bool | float) -> str:
    at: dict[str, float] = {"x": 20, "y": 20, "r": radius(4)}
    return f'<svg xmlns="{SVG[1:-1]}">{mark(status, ground, **{**at, **given})}</svg>'


def reach(svg: str) -> float:
    """How far from its middle a mark reaches, its dagger left out."""
    shapes = [box for part, box in boxes(svg) if part.tag != f"{SVG}text"]
    return max(max(20 - box[0], 20 - box[1], box[2] - 20, box[3] - 20) for box in shapes)


def test_each_word_has_a_mark_of_its_own() -> None:
    marks = {drawn(*word) for word in STATUSES}
    assert len(marks) == len(STATUSES)
    for one, other in itertools.combinations(("experimental", "variable", "investigated"), 2):
        assert drawn(one).replace(one, "") != drawn(other).replace(other, "")


def test_a_mark_grows_with_its_studies_up_to_a_limit() -> None:
    sizes = [radius(studies) for studies in (0, 1, 4, 9, 14, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 3.2
    assert sizes[1] == pytest.approx(4.65)
    assert sizes[-1] == 8.6


@pytest.mark.parametrize(("status", "ground"), STATUSES)
@pytest.mark.parametrize("studies", [1, 4, 1000])
def test_the_largest_mark_with_its_ring_stays_in_its_row(
    status: str, ground: str, studies: int
) -> None:
    svg = drawn(status, ground, r=radius(studies), discordant=True)
    assert reach(svg) <= 12
    (ring,) = parts(svg, "ring")
    alone = reach(drawn(status, ground, r=radius(studies)))
    assert float(ring.get("r", "0")) >= alone


def test_what_was_never_studied_is_a_thin_square_of_seven() -> None:
    (square,) = parts(drawn("investigated", "no-treatment-found", studied=False), "thin")
    assert float(square.get("width", "0")) + 1 == 7
    # However many studies it is drawn for.
    assert drawn("investigated", studied=False) == drawn("investigated", studied=False, r=8.6)


def test_an_approval_has_a_dagger_beside_its_mark_and_never_on_it() -> None:
    for svg in (
        drawn("investigated", "approved-use"),
        drawn("variable", approved=True, discordant=True, r=8.6),
    ):
        ((_, box),) = [pair for pair in boxes(svg) if pair[0].tag == f"{SVG}text"]
        assert box[0] > 20
        # The next cell's largest mark begins here, where columns stand closest.
        assert box[2] <= 20 + 27 - 8.6
    assert "†" not in drawn("investigated", "confirmatory-evidence-agrees")


def test_a_mark_that_stands_alone_has_the_colour_of_the_stylesheet() -> None:
    light = tokens("light")
    assert {status: light[status] for status in COLOURS} == COLOURS
    for status, colour in COLOURS.items():
        alone = painted(drawn(status), base_url="https://il2.example.org")
        assert colour in alone
        assert "class" not in alone
        assert "currentColor" not in alone
        assert parsed(alone) is not None
