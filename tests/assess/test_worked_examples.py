"""The rule on the topics that the project began with, in miniature."""

from datetime import date

from tests.assess.given import derived, finding, late, lines, marker, reasons, review, trial

NO_DIFFERENCE = {"direction": "no-difference"}
HIV = [
    marker("kovacs", id="F1", year=1996),
    marker("ilstim", id="F2", year=2002),
    marker("esprit", id="F3", year=2009, people=4111),
    late("esprit", id="F4", people=4111, outcome_group="aids-or-death", **NO_DIFFERENCE),
    late("silcaat", id="F5", people=1695, outcome_group="aids-or-death", **NO_DIFFERENCE),
    review("pooled", id="F6", year=2000, direction="unclear", includes=frozenset({"kovacs"})),
    finding("esprit", id="F7", outcome="Grade 4 events", outcome_kind="safety", direction="harm"),
]
TUBERCULOSIS = [
    finding(
        "johnson",
        id="F11",
        year=2003,
        condition="pulmonary-tuberculosis",
        outcome="Culture conversion",
        outcome_group="sputum-conversion",
        outcome_kind="microbiological",
        **NO_DIFFERENCE,
    ),
    finding(
        "shen",
        id="F12",
        year=2015,
        condition="multidrug-resistant-tuberculosis",
        outcome="Sputum conversion",
        outcome_group="sputum-conversion",
        outcome_kind="microbiological",
        randomised=False,
    ),
    review(
        "meta",
        id="F13",
        year=2022,
        condition="tuberculosis",
        outcome="Culture conversion",
        outcome_group="sputum-conversion",
        outcome_kind="microbiological",
        includes=frozenset({"johnson", "shen"}),
    ),
]


def test_hiv_is_variable_because_markers_and_patients_disagree():
    said = derived(*HIV, trials=[trial()])
    assert (said.rule, said.status) == ("V2", "variable")
    assert lines(said) == ["V2", "I3"]
    assert [r.study for r in said.trace.studies_for] == ["kovacs", "ilstim", "esprit"]
    assert [r.study for r in said.trace.studies_against] == ["esprit", "silcaat"]
    assert reasons(said) == {"F6": "undecided", "F7": "kind"}
    assert "ESPRIT shows no difference (AIDS or death)" in said.trace.lines[0].sentence


def test_a_small_clinical_result_in_favour_makes_the_studies_of_hiv_disagree_too():
    said = derived(*HIV, finding("actg328", year=2006))
    assert lines(said) == ["V1", "V2", "I3"]


def test_hiv_is_experimental_from_its_first_trial_and_variable_from_the_large_ones():
    words = []
    for year in range(1985, 2027):
        then = derived(*HIV, trials=[trial()], on=date(year, 12, 31), as_of=True)
        if not words or words[-1][1] != then.status:
            words.append((year, then.status))
    assert words == [(1985, "investigated"), (1993, "experimental"), (2009, "variable")]


def test_hiv_rests_on_both_large_trials_for_its_clinical_side():
    studies = {f.study for f in HIV}
    without = {s: derived(*(f for f in HIV if f.study != s)).status for s in studies}
    assert set(without.values()) == {"variable"}
    neither = [f for f in HIV if f.study not in {"esprit", "silcaat"}]
    assert derived(*neither).status == "experimental"


def test_tuberculosis_is_variable_because_its_narrower_forms_are_read_together():
    said = derived(*TUBERCULOSIS)
    assert (said.rule, said.status) == ("V1", "variable")
    assert said.trace.lines[0].sentence == (
        "Studies that can be compared (with v without IL-2) disagree: SHEN favours IL-2 (Sputum "
        "conversion in multidrug resistant tuberculosis); JOHNSON shows no difference (Culture "
        "conversion in pulmonary tuberculosis)."
    )
    assert reasons(said) == {"F13": "review-yields"}


def test_each_narrower_form_of_tuberculosis_alone_is_experimental():
    for only in TUBERCULOSIS[:2]:
        assert derived(only).status == "experimental"


def test_neonatal_sepsis_has_levels_and_animals_and_adults_and_so_no_treatment():
    said = derived(
        finding("levels", outcome_kind="level", comparison="groups", population="neonate"),
        finding("mice", subjects="animal", population="neonate"),
        late("adults", condition="sepsis"),
        population="neonate",
    )
    assert (said.rule, said.ground, said.trace.borrowed) == ("I1", "no-treatment-found", True)
