"""The map as readers get it: a page, a drawing to take away, a table, and paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from evidence.models import Topic
from evidence.starter import load_starter
from tests.charts.drawn import parsed, texts
from tests.contracts import asking
from tests.web import examples

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.mark.django_db
class TestMap:
    """Of a small world."""

    @pytest.fixture(autouse=True)
    def world(self) -> None:
        self.topic: Topic = examples.world()

    def test_a_cell_stands_in_the_drawing_and_in_the_table_behind_it(self, client: Client) -> None:
        html = asking.get(client, "/map/")
        link = "/evidence/?condition=hiv-infection&amp;intervention=intermittent-sc"
        assert html.count(f'href="{link}"') == 2
        assert "<strong>1 of 1 cell</strong>" in html
        said = "HIV infection, intermittent subcutaneous IL-2: variable, 1 study"
        assert said in html
        assert re.search(r'<th scope="rowgroup" colspan="2"><a href="/conditions/hiv-inf', html)
        # Drawn once.
        assert html.count('class="map-grid marks"') == 1

    def test_all_filters_and_years_stay_on_the_map(self, client: Client) -> None:
        html = asking.get(client, "/map/?area=infectious&as_of=2005")
        assert "<h1>Evidence map as of 2005</h1>" in html
        assert 'href="/map/?area=infectious&amp;as_of=2010"' in html
        assert 'href="/map/?area=infectious"' in html  # today
        assert 'href="/map/?as_of=2005"' in html  # without its area
        assert 'href="/evidence/?area=infectious&amp;as_of=2005">As a table' in html
        assert 'href="/map.csv?area=infectious&amp;as_of=2005"' in html
        _, _, rest = html.partition('id="panel"')
        panel, _, _ = rest.partition("</section>")
        led_to = re.findall(r'(?:href|action)="([^"#]+)', panel)
        assert len(led_to) > 5
        assert all(path.startswith(("?", "/map/")) for path in led_to)

    def test_as_of_a_year_no_cell_is_drawn_that_nobody_had_studied(self, client: Client) -> None:
        for address in ("/map/", "/map.svg"):
            assert "hiv-infection" not in asking.get(client, f"{address}?as_of=1985&q=")
        html = asking.get(client, "/map/?as_of=1985&area=infectious")
        assert "<strong>No cell</strong>" in html
        said = "1 topic without a study by the end of 1985"
        link = "/evidence/?as_of=1985&amp;area=infectious&amp;sort=studies"
        assert f'<a href="{link}">{said}</a>' in html
        assert "None of the" not in html
        assert 'href="/map.svg' not in html
        told = " ".join(texts(asking.get(client, "/map.svg?as_of=1985")))
        assert "Not drawn: 1 topic without a study by then." in told
        (row,) = asking.csv_rows(asking.get(client, "/map.csv?as_of=1985"))
        assert row["studies"] == "0"
        assert "Not drawn" not in asking.get(client, "/map/")

    def test_the_curators_word_stands_apart_from_the_years_of_the_rule(
        self, client: Client
    ) -> None:
        for path in ("/map/", "/evidence/"):
            _, _, years = asking.get(client, f"{path}?as_of=2005").partition('id="years"')
            said = re.sub(r"<[^>]+>", "", years.partition("</p>")[0]).partition(">")[2]
            said = said.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
            assert said.startswith("The curators' word today The rule's word")
            assert said.endswith("2020 ")

    def test_our_word_and_the_rules_are_columns_of_their_own(self, client: Client) -> None:
        (ours,) = asking.csv_rows(asking.get(client, "/map.csv"))
        assert (ours["status"], ours["rule_status"], ours["rule_ground"]) == ("variable", "", "")
        (then,) = asking.csv_rows(asking.get(client, "/map.csv?as_of=1985"))
        assert (then["status"], then["ground"]) == ("", "")
        assert (then["rule_status"], then["rule_ground"]) == ("investigated", "no-treatment-found")

    def test_filters_that_leave_nothing_say_which_one_to_take_away(self, client: Client) -> None:
        html = asking.get(client, "/map/?area=oncology")
        assert "<strong>No cell</strong>" in html
        assert "None of the 1 topic" in html
        assert 'href="/map/"' in html
        assert 'class="map-grid' not in html
        assert asking.csv_rows(asking.get(client, "/map.csv?area=oncology")) == []
        assert parsed(asking.get(client, "/map.svg?area=oncology")) is not None

    def test_the_drawing_says_what_it_is_of_which_data_and_whose(self, client: Client) -> None:
        response = client.get("/map.svg?as_of=2005&area=infectious")
        svg = response.content.decode()
        said = " ".join(texts(svg))
        for part in (
            "Evidence map of interleukin-2",
            "the end of 2005",
            "Area: infectious diseases",
            "data version",
            "CC0",
            "/map/?",
            "no treatment of people found",
        ):
            assert part in said
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert re.fullmatch(
            r'attachment; filename="il2tracker-map-as-of-2005-infectious-\d{4}-\d\d-\d\d\.svg"',
            response["Content-Disposition"],
        )

    def test_the_csv_guards_names_that_a_spreadsheet_would_run(self, client: Client) -> None:
        type(self.topic.condition).objects.filter(pk=self.topic.condition_id).update(
            name='=HYPERLINK("x"), he said'
        )
        response = client.get("/map.csv")
        (row,) = asking.csv_rows(response.content.decode())
        assert row["condition"] == '\'=HYPERLINK("x"), he said'
        assert row["url"].startswith("http")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert re.search(r'"il2tracker-map-\d{4}-\d\d-\d\d\.csv"', response["Content-Disposition"])

    def test_every_column_of_the_csv_has_its_meaning_on_the_page(self, client: Client) -> None:
        header = asking.get(client, "/map.csv").partition("\r\n")[0]
        html = asking.get(client, "/map/")
        for key in header.split(","):
            assert f"<dt><code>{key}</code></dt>" in html

    def test_names_are_escaped_everywhere(self, client: Client) -> None:
        type(self.topic.condition).objects.filter(pk=self.topic.condition_id).update(name="<b>&\"'")
        for address in ("/map/", "/map.svg"):
            text = asking.get(client, address)
            assert "<b>&" not in text
            assert "&lt;b&gt;&amp;" in text


@pytest.mark.django_db
def test_without_any_evidence_the_map_says_so(client: Client) -> None:
    assert "There are no topics yet." in asking.get(client, "/map/")
    assert asking.get(client, "/map.csv").count("\r\n") == 1
    assert "0 of 0 cells" in " ".join(texts(asking.get(client, "/map.svg")))


def test_the_map_of_the_starter_evidence_prints_on_one_page(
    page: Page, live_server: LiveServer, transactional_db: None
) -> None:
    load_starter()
    for address in ("/map/", "/map/?as_of=2005", "/map/?area=oncology&status=experimental"):
        page.goto(live_server.url + address)
        pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))
        assert len(pages) == 1, address
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 733, "height": 1062})
    box = page.locator(".map-grid").bounding_box()
    assert box is not None
    assert box["width"] <= 733


def test_a_wide_page_has_the_drawing_and_a_narrow_one_the_tables(
    page: Page, live_server: LiveServer, transactional_db: None
) -> None:
    examples.world()
    page.goto(live_server.url + "/map/")
    drawing, table = page.locator(".map-grid"), page.locator(".map-tables table")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert drawing.is_visible()
    assert not table.is_visible()
    page.set_viewport_size({"width": 360, "height": 900})
    assert not drawing.is_visible()
    assert table.is_visible()


def test_a_cell_is_reached_by_keyboard_and_leads_to_its_list(
    page: Page, live_server: LiveServer, transactional_db: None
) -> None:
    examples.world()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + "/map/")
    name = "HIV infection, intermittent subcutaneous IL-2: variable, 1 study"
    cell = page.get_by_role("link", name=re.compile(name))
    cell.focus()
    drawn = "getComputedStyle(document.activeElement.querySelector('.hit')).strokeWidth"
    assert page.evaluate(drawn) == "2.5px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/?condition=hiv-infection&intervention=intermittent-sc")
    assert page.locator("tbody tr").count() == 1
