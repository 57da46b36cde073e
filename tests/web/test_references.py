"""References are read back by readers of our own: nothing is lost, no field ends early."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.web.references import (
    Medium,
    Reference,
    as_bibtex,
    as_ris,
    in_one_line,
    inverted,
)

PAPER = Reference(
    medium=Medium.ARTICLE,
    key="abrams2002-P12",
    title="IL-2 & {HIV}: 50% of $3_000, #1 ~ a^b \\ c",
    authors=("Abrams DI", "Davey RT Jr", "ESPRIT Study Group"),
    container="N Engl J Med",
    year=2009,
    volume="361",
    first_page="1548",
    doi="10.1056/NEJMoa_0903175",
    pmid=19828532,
    url="https://doi.org/10.1056/NEJMoa_0903175",
)
HANDLE = replace(PAPER, first_page="10019.1/14594")
UNESCAPED = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    **{f"\\{one}": one for one in "%&_$#"},
}
ESCAPE = re.compile("|".join(re.escape(one) for one in UNESCAPED))


def read_ris(text: str) -> list[list[tuple[str, str]]]:
    """Read RIS as its description has it: two letters or figures, two spaces, a dash, a value."""
    found: list[list[tuple[str, str]]] = []
    assert text == "" or text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in filter(None, text.split("\r\n")):
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line, re.DOTALL)
        assert match, line
        if match[1] == "TY":
            found.append([])
        found[-1].append((match[1], match[2]))
    assert all(one[-1] == ("ER", "") for one in found)
    return [one[:-1] for one in found]


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Read entries by counting braces, as BibTeX does: an escaped one counts there too."""
    found: dict[str, dict[str, str]] = {}
    for kind, key, body in re.findall(r"@(\w+)\{([^,\s]+),\n(.*?)\n\}\n", text, re.DOTALL):
        assert key not in found, key
        found[key] = {"@": kind}
        for line in body.split(",\n"):
            name, equals, value = line.strip().partition(" = ")
            assert equals, line
            if value.startswith("{"):
                assert value.endswith("}"), value
                assert depth(value) == 0, value
                value = value[1:-1]
            found[key][name] = value
    return found


def depth(value: str) -> int:
    return value.count("{") - value.count("}")


def unescaped(value: str) -> str:
    # What TeX would take for a command of its own has to be escaped.
    assert not re.search(r"[%&_$#~^\\]", ESCAPE.sub("", value)), value
    return ESCAPE.sub(lambda match: UNESCAPED[match[0]], value)


def test_a_paper_is_written_as_ris() -> None:
    (read,) = read_ris(as_ris([PAPER]))
    assert read == [
        ("TY", "JOUR"),
        ("ID", "abrams2002-P12"),
        ("AU", "Abrams, D. I."),
        ("AU", "Davey, R. T., Jr"),
        ("AU", "ESPRIT Study Group"),
        ("TI", PAPER.title),
        ("T2", "N Engl J Med"),
        ("PY", "2009"),
        ("VL", "361"),
        ("SP", "1548"),
        ("DO", "10.1056/NEJMoa_0903175"),
        ("AN", "19828532"),
        ("DB", "PubMed"),
        ("UR", "https://doi.org/10.1056/NEJMoa_0903175"),
    ]


def test_a_paper_is_written_as_bibtex() -> None:
    read = read_bibtex(as_bibtex([PAPER]))["abrams2002-P12"]
    assert read["@"] == "article"
    assert unescaped(read["title"].removeprefix("{").removesuffix("}")) == PAPER.title
    assert read["author"] == "Abrams, D. I. and Davey, R. T., Jr and {ESPRIT Study Group}"
    assert read["doi"] == "10.1056/NEJMoa_0903175"
    assert (read["journal"], read["year"], read["pages"]) == ("N Engl J Med", "2009", "1548")


def test_a_page_of_ours_says_when_it_was_read() -> None:
    page = Reference(
        medium=Medium.PAGE,
        key="il2tracker-T12-1",
        title="Topic T12, edition 1",
        authors=("il2tracker",),
        year=2026,
        published_on=dt.date(2026, 11, 2),
        edition="1",
        url="https://il2.example.org/evidence/?area=neonatal&q=50%25",
        note="Data version 7",
        read_on=dt.date(2026, 11, 21),
    )
    (ris,) = read_ris(as_ris([page]))
    assert {("TY", "ELEC"), ("Y2", "2026/11/21/"), ("DA", "2026/11/02/"), ("ET", "1")} <= set(ris)
    bib = read_bibtex(as_bibtex([page]))["il2tracker-T12-1"]
    assert (bib["month"], bib["urldate"], bib["author"]) == ("nov", "2026-11-21", "{il2tracker}")
    assert bib["url"] == page.url


def test_keys_never_come_twice() -> None:
    assert list(read_bibtex(as_bibtex([PAPER, PAPER]))) == ["abrams2002-P12", "abrams2002-P12-2"]


def test_what_is_not_known_is_not_said() -> None:
    bare = Reference(medium=Medium.OTHER, key="P1", title="A title")
    assert read_ris(as_ris([bare])) == [[("TY", "GEN"), ("ID", "P1"), ("TI", "A title")]]
    assert read_bibtex(as_bibtex([bare])) == {"P1": {"@": "misc", "title": "{A title}"}}


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Abrams DI", "Abrams, D. I."),
        ("von der Maase H", "von der Maase, H."),
        ("Jason R. Thonhoff", "Thonhoff, Jason R."),
        ("M.N. Formiga", "Formiga, M.N."),
        ("Richard T Davey Jr", "Davey, Richard T, Jr"),
        ("Dudley, Mark E", "Dudley, Mark E"),
        ("INSIGHT-ESPRIT Study Group", "INSIGHT-ESPRIT Study Group"),
        ("Anonymous", "Anonymous"),
    ],
)
def test_family_names_come_first(printed: str, wanted: str) -> None:
    assert inverted(printed) == wanted


def test_what_steers_a_machine_is_left_out() -> None:
    assert in_one_line("a\x00b\x0b\nc\ud800 d\ufffe") == "a b c d"


@given(st.text(max_size=60))
def test_no_title_breaks_a_file(title: str) -> None:
    one = Reference(medium=Medium.ARTICLE, key="P1", title=title, container=title, note=title)
    wanted = in_one_line(title)
    (ris,) = read_ris(as_ris([one]))
    assert [value for tag, value in ris if tag in ("TI", "T2", "N1")] == [wanted] * (
        3 * bool(wanted)
    )
    title_field = re.search(r"  title = \{\{(.*)\}\}(?:,\n|\n\}\n)", as_bibtex([one]))
    assert title_field is not None
    assert unescaped(title_field[1]) == wanted
    assert depth(title_field[1]) == 0


@given(st.text(min_size=1, max_size=40))
def test_no_author_breaks_a_file(author: str) -> None:
    one = Reference(medium=Medium.ARTICLE, key="P1", title="A title", authors=(author,))
    assert read_ris(as_ris([one]))
    assert depth(as_bibtex([one])) == 0


@pytest.mark.parametrize("number", ["DRKS 1, 2", "a}b", "x=1#y%", "β-7", "2005-003", "AG/87/1"])
def test_no_number_of_a_registry_breaks_a_file(number: str) -> None:
    key = f"registry-{number}"
    one = Reference(medium=Medium.PAGE, key=key, title="A trial", registered_as=number)
    (written,) = read_bibtex(as_bibtex([one]))
    assert re.fullmatch(r"registry[A-Za-z0-9-]+", written)
    assert ("ID", written) in read_ris(as_ris([one]))[0]


def test_an_author_whose_name_has_an_and_stays_one_author() -> None:
    one = Reference(medium=Medium.ARTICLE, key="P1", title="T", authors=("Smith, John and Ann",))
    assert read_bibtex(as_bibtex([one]))["P1"]["author"] == "{Smith, John and Ann}"


@given(st.text(max_size=40))
def test_no_address_breaks_a_file(address: str) -> None:
    one = Reference(medium=Medium.PAGE, key="P1", title="A title", url=address, doi=address)
    assert depth(as_bibtex([one])) == 0
    assert read_ris(as_ris([one]))


def test_a_repositorys_handle_is_no_page() -> None:
    assert "1548" in as_ris([PAPER])
    assert "10019.1" not in as_ris([HANDLE])
    assert "1548" in as_bibtex([PAPER])
    assert "10019.1" not in as_bibtex([HANDLE])
