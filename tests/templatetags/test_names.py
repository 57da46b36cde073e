"""Studies, papers and trials have names that readers can tell apart."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from evidence.templatetags import names


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Kovacs JA", "Kovacs"),
        ("Slingluff CL Jr", "Slingluff"),
        ("Johnson B.J.", "Johnson"),
        ("Johnson, JL", "Johnson"),
        ("Lina Sheng", "Sheng"),
        ("M Onji", "Onji"),
        ("F. Le Duff", "Le Duff"),
        ("Brian O Porter", "Porter"),
        ("van der Berg A", "van der Berg"),
        ("INSIGHT-ESPRIT Study Group", "INSIGHT-ESPRIT Study Group"),
        ("Onji", "Onji"),
    ],
)
def test_the_family_name_is_found_in_either_order(author: str, family: str) -> None:
    assert names.family_name(author) == family


@pytest.mark.parametrize(
    ("slug", "title", "name"),
    [
        ("NCT00004978", "A trial", "NCT00004978"),
        ("EudraCT-2015-003369-27", "A trial", "EudraCT-2015-003369-27"),
        ("2015-003369-27", "A trial", "2015-003369-27"),
        ("tan-2017", "IL-2 in eastern China", "Tan 2017"),
        ("johnson-2003-uganda", "", "Johnson 2003"),
        ("anrs-079", "", "ANRS 079"),
        ("actg-a5102", "", "ACTG A5102"),
        ("australian-study", "Australian IL-2 Study: by infusion", "Australian IL-2 Study"),
        ("il2-pilot", "A pilot study", "A pilot study"),
        ("il2-pilot", "", "il2 pilot"),
    ],
)
def test_a_trial_without_an_acronym_has_a_name(slug: str, title: str, name: str) -> None:
    assert names.slug_name(slug, title=title) == name


def publication(*authors: str, **given: object) -> SimpleNamespace:
    return SimpleNamespace(**{"author_list": authors, "title": "A paper", "year": 1996} | given)


def test_a_paper_is_named_by_its_first_author() -> None:
    assert names.publication_name(publication("Kovacs JA")) == "Kovacs, 1996"
    assert names.publication_name(publication("Kovacs JA", "B C")) == "Kovacs and others, 1996"
    assert names.publication_label(publication("Kovacs JA", "B C")) == "Kovacs 1996"
    assert names.publication_label(publication("Kovacs JA", year=None)) == "Kovacs"


def test_a_paper_without_authors_has_its_title_cut_between_words() -> None:
    long = "word " * 40
    name = names.publication_name(publication(title=long))
    assert name.endswith("word…")
    assert len(name) <= names.LONGEST_NAME


def test_a_study_has_the_name_that_readers_know_best() -> None:
    trial = SimpleNamespace(acronym="", slug="NCT00001354", title="A trial")
    esprit = SimpleNamespace(acronym="ESPRIT", slug="NCT00004978", title="A trial")
    kovacs = publication("Kovacs JA")

    def study(*, of: object = None, read_in: object = None) -> str:
        return names.study_name(SimpleNamespace(trial=of, publication=read_in))

    assert study(of=esprit, read_in=kovacs) == "ESPRIT"
    assert study(of=trial, read_in=kovacs) == "Kovacs 1996"
    assert study(of=trial, read_in=publication()) == "NCT00001354"
    assert study(of=trial) == "NCT00001354"
    assert study(read_in=publication()) == "A paper"
