"""A starter folder with one entry of each kind, for tests to spoil."""

from __future__ import annotations

from pathlib import Path

SMALL = {
    "outcomes.yaml": """\
- slug: cd4-count
  name: CD4 count
  kind: surrogate
""",
    "cell-targets.yaml": """\
- slug: treg
  name: Treg
""",
    "partners.yaml": """\
- slug: antiretroviral-therapy
  name: antiretroviral therapy
""",
    "conditions.yaml": """\
- slug: advanced-hiv-infection
  name: advanced HIV infection
  area: infectious
  parent: hiv-infection
- slug: hiv-infection
  name: HIV infection
  area: infectious
  synonyms: [HIV, AIDS]
  mesh_id: D015658
""",
    "interventions.yaml": """\
- slug: aldesleukin
  name: aldesleukin
  kind: recombinant
  stage: approved
  cell_targets: [treg]
  partners:
    - partner: antiretroviral-therapy
      timing: background
""",
    "adverse-effects.yaml": """\
- slug: capillary-leak-syndrome
  name: Capillary leak syndrome
  organ_system: Vascular disorders
  serious: true
  leads_to: [oedema]
- slug: oedema
  name: Oedema
  organ_system: General disorders
""",
    "approvals.yaml": """\
- intervention: aldesleukin
  condition: hiv-infection
  population: adult
  agency: other
  from_year: 1999
  substance_is_il2: false
""",
    "publications.yaml": """\
- key: losso-2000
  title: A trial of IL-2 with antiretroviral therapy
  authors: [Losso, Belloso]
  year: 2000
  pmid: 10000001
  doi: 10.1000/Losso
- key: source-page
  kind: narrative-page
  title: The source page
""",
    "trials.yaml": """\
- slug: NCT00000001
  title: A trial of IL-2
  design: randomised
  phases: [PHASE1, PHASE2]
  start: "1999-04"
  checked_on: "2025-01-31"
  conditions: [hiv-infection]
  interventions: [aldesleukin]
  countries: [Argentina, Thailand]
  identifiers:
    - registry: NCT
      value: NCT00000001
    - registry: ISRCTN
      value: ISRCTN00000001
  arms:
    - label: IL-2
      kind: experimental
      intervention: aldesleukin
      dose_low: 7.5
      dose_unit: MIU
  publications:
    - publication: losso-2000
      relation: reports
""",
    "topics/hiv-infection.yaml": """\
- condition: hiv-infection
  intervention: aldesleukin
  role: treatment
  population: adult
  trials: [NCT00000001]
  assessment:
    key: hiv-a
    status: experimental
    direction: favours
    summary: >-
      IL-2 raised the CD4 count
      in a small trial.
    narrative_source: source-page
  findings:
    - key: hiv-f1
      publication: losso-2000
      trial: NCT00000001
      outcome: CD4 count at week 24
      outcome_kind: surrogate
      outcome_group: cd4-count
      analysis: primary
      comparison: adds-il2
      population: adult
      direction: favours
      effect_measure: mean-difference
      estimate: 159
      ci_low: 145
      ci_high: 174
      ci_level: 95
      p_value: "<0.001"
      statement: The CD4 count rose more with IL-2 than without.
    - key: hiv-f2
      publication: losso-2000
      outcome: Viral load
      outcome_kind: microbiological
      analysis: secondary
      comparison: adds-il2
      population: adult
      direction: unclear
      statement: The figure was not seen.
      state: draft
      note: Look at the paper.
  harms:
    - key: hiv-h1
      adverse_effect: oedema
      publication: losso-2000
      term_as_printed: Edema
      dose_class: intermediate
      collected: all-grades
      affected: 0
      at_risk: 36
""",
    "harms.yaml": """\
- key: h001
  intervention: aldesleukin
  adverse_effect: capillary-leak-syndrome
  publication: losso-2000
  term_as_printed: Capillary leak syndrome
  dose_class: high
  collected: not-stated
""",
    "considerations.yaml": """\
- key: leak
  kind: challenge
  statement: Leaking vessels limit the dose.
  interventions: [aldesleukin]
  cell_targets: [treg]
  publication: source-page
  locator: paragraph 4
""",
    "claims.yaml": """\
- id: ID1
  claim: IL-2 is tried in HIV infection.
  held_by: ["assessment:hiv-a", "condition:hiv-infection"]
- id: ID2
  claim: This states nothing about the world.
  held_by: ["page:/about/"]
""",
}


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the small folder; each change names a file and replaces one text in it.

    The file is named without its ending, and with `_` for `-`.
    """
    files = dict(SMALL)
    for word, (old, new) in changes.items():
        name = word.replace("_", "-") + ".yaml"
        if files[name].count(old) != 1:
            raise ValueError(f"{old!r} does not stand exactly once in {name}")
        files[name] = files[name].replace(old, new)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
