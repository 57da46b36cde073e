"""A query is understood whole, or refused with every fault in a sentence."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from evidence.listing.formats import as_html
from evidence.listing.search import BadQueryError, BeyondTheLastError, Search, ask, known_keys
from tests.listing import made_up

pytestmark = pytest.mark.django_db


def search(query: str, *, paged: bool = True) -> Search:
    return ask(made_up.listing(), QueryDict(query), paged=paged)


def faults(query: str, *, paged: bool = True) -> dict[str, str]:
    with pytest.raises(BadQueryError) as refusal:
        search(query, paged=paged)
    assert str(refusal.value) == " ".join(fault.message for fault in refusal.value.faults)
    return {fault.key: fault.message for fault in refusal.value.faults}


def names(query: str) -> list[str]:
    return [row.name for row in search(query).rows()]


def test_a_near_miss_is_asked_back() -> None:
    (said,) = faults("aera=other").values()
    assert said.startswith("There is no filter called “aera” here. Did you mean area? Known: ")
    known = "condition, area, coded, year_min, year_max, q, sort, columns, page, size."
    assert said.endswith(known)
    assert "Did you mean" not in faults("xyzzy=1")["xyzzy"]
    assert "Did you mean oncology?" in faults("area=onclogy")["area"]
    assert "Did you mean oncology?" in faults("area=ONCOLOGY")["area"]
    assert "Did you mean area?" in faults("AREA=oncology")["AREA"]


def test_a_long_key_is_not_repeated_whole() -> None:
    (said,) = faults("k" * 3000 + "=1").values()
    assert len(said) < 300


def test_what_a_page_and_a_download_understand() -> None:
    listing = made_up.listing()
    filters = ["condition", "area", "coded", "year_min", "year_max", "q"]
    assert known_keys(listing, paged=True) == [*filters, "sort", "columns", "page", "size"]
    assert known_keys(listing, paged=False) == [*filters, "sort", "columns", "raw"]
    assert known_keys(listing, paged=False, tabular=False) == filters
    assert search("raw=1", paged=False).raw
    assert not search("raw=0", paged=False).raw
    assert "raw" in faults("raw=true", paged=False)


def test_every_fault_of_values_is_named_at_once() -> None:
    found = faults("area=x&year_min=abc&page=0&size=0&sort=x&q=" + "a" * 201)
    assert found.keys() == {"area", "year_min", "page", "size", "sort", "q"}
    assert "1900" in found["year_min"]
    assert "from 1 to 500" in found["size"]
    assert "Known, with a - before it for descending: id, name, area, mesh_id." in found["sort"]


def test_a_reversed_range_is_a_fault_and_a_year_alone_is_none() -> None:
    assert faults("year_min=2010&year_max=2009") == {
        "year_min": "year_min (2010) is after year_max (2009): no year lies between."
    }
    assert search("year_min=2010&year_max=2010")


def test_one_value_twice_is_one_value() -> None:
    assert search("area=other&area=other").asked == {"area": ("other",)}
    assert search("q=a&q=a").asked == {"q": ("a",)}
    assert "can be given once only; it stands here 2 times" in faults("q=a&q=b")["q"]


def test_a_nul_is_a_fault_wherever_the_query_comes_from() -> None:
    assert faults("q=a%00") == {"q": "q contains a NUL character."}


def test_an_empty_value_beside_another_hides_nothing() -> None:
    made_up.condition("One")
    made_up.condition("Two")
    assert names("q=one&q=") == names("q=&q=one") == ["One"]
    assert names("q=") == ["One", "Two"]
    assert faults("nothing=")


def test_rows_come_in_order_with_blanks_last_and_ties_by_key() -> None:
    for name, mesh in (("b", ""), ("A", "D000002"), ("c", "D000001"), ("D", ""), ("e", "D000001")):
        made_up.condition(name, mesh_id=mesh)
    assert names("") == ["A", "b", "c", "D", "e"]
    assert names("sort=-name") == ["e", "D", "c", "b", "A"]
    assert names("sort=mesh_id") == ["c", "e", "A", "b", "D"]
    assert names("sort=-mesh_id") == ["A", "c", "e", "b", "D"]


def test_a_vocabulary_is_ordered_as_its_words_are() -> None:
    for name, area in (("a", "other"), ("b", "oncology"), ("c", "infectious"), ("d", "oncology")):
        made_up.condition(name, area=area)
    assert names("sort=area") == ["c", "b", "d", "a"]
    assert names("sort=-area") == ["a", "b", "d", "c"]


def page(query: str):
    return as_html(search(query), render=lambda show, value, row: str(value), base_url="")


def test_a_page_is_cut_from_the_rows_and_none_lies_beyond_the_last() -> None:
    for i in range(7):
        made_up.condition(f"N{i}")
    assert [row.cells[0].html for row in page("size=3&page=2").rows] == ["N3", "N4", "N5"]
    assert [row.cells[0].html for row in page("size=3&page=3").rows] == ["N6"]
    with pytest.raises(BeyondTheLastError, match="There is no page 4: the last is 3"):
        page("size=3&page=4")
    assert page("q=nothing").rows == ()


def test_an_empty_table_has_one_page() -> None:
    assert page("").matched == 0
    assert page("").pager.pages == 1
    with pytest.raises(BeyondTheLastError):
        page("page=2")
