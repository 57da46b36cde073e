"""Random topics with all that the rule reads of them; every line holds now and then."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from evidence.assess import ApprovalFacts, Derivation, FindingFacts, Pivot, TrialFacts, derive
from evidence.assess import rests_on as assess_rests_on
from evidence.vocab import (
    TREATING_ROLES,
    Analysis,
    Certainty,
    Comparison,
    Direction,
    OutcomeKind,
    Population,
    RecruitmentStatus,
    Role,
    Subjects,
)

SEED = 1985
# Worked out once: an enumeration gives its values anew each time.
WORDS = {
    vocabulary: [*vocabulary.values]
    for vocabulary in (
        Analysis,
        Certainty,
        Comparison,
        Direction,
        OutcomeKind,
        Population,
        RecruitmentStatus,
        Role,
        Subjects,
    )
}
TREATING = sorted(map(str, TREATING_ROLES))
SINGLE = ("trial:1", "trial:2", "trial:3", "publication:4")
REVIEWS = ("publication:8", "publication:9")
ARGUING = ("clinical", "surrogate", "microbiological")
ASKED = ("adult", "adult", "adult", "any", "any", "neonate", "mixed-ages")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The arguments of one derivation."""

    role: str
    population: str
    findings: tuple[FindingFacts, ...]
    approvals: tuple[ApprovalFacts, ...]
    trials: tuple[TrialFacts, ...]
    on: date
    as_of: bool

    def derived(self) -> Derivation:
        """Ask the rule."""
        return derive(**vars(self))

    def rests_on(self) -> tuple[Pivot, ...]:
        """Ask what its word rests on."""
        return assess_rests_on(**vars(self))

    def but(self, **changes) -> "Asked":
        """Ask something else."""
        return replace(self, **changes)

    def without_reviews(self) -> "Asked":
        """Ask of single studies alone."""
        return self.but(findings=tuple(f for f in self.findings if not f.is_review))

    def with_finding(self, finding: FindingFacts) -> "Asked":
        """Ask with one finding more."""
        return self.but(findings=(*self.findings, finding))


def dice(seed=SEED):
    """Give a generator that falls the same way each time."""
    return Random(seed)  # noqa: S311 (nothing secret hangs on it)


def topics(number, *, seed=SEED, **fixed):
    """Give so many random topics; always the same ones for a seed."""
    rng = dice(seed)
    return (asked(rng, **fixed) for _ in range(number))


def asked(rng, *, reviews=True):
    """Give a random topic, with or without reviews."""
    role = rng.choice(TREATING if rng.random() < 0.95 else WORDS[Role])
    studies = (*SINGLE, *REVIEWS) if reviews else SINGLE
    return Asked(
        role=role,
        population=rng.choice(ASKED),
        findings=tuple(
            finding(rng, id=f"F{n}", study=rng.choice(studies)) for n in range(rng.randrange(12))
        ),
        approvals=tuple(approval(rng, id=f"{n}") for n in range(_few(rng, 0.15))),
        trials=tuple(trial(rng, id=f"NCT{n}") for n in range(_few(rng, 0.5))),
        on=date(rng.choice([1999, 2009, 2026]), 11, 21),
        as_of=rng.random() < 0.2,
    )


def finding(rng, *, study=None, **fixed):
    """Give a random finding that argues more often than not."""
    study = study or rng.choice((*SINGLE, *REVIEWS))
    usual = {
        "id": "F99",
        "study": study,
        "study_label": study.partition(":")[2],
        "year": rng.choice([None, 1990, 1996, 1999, 2004, 2009, 2015]),
        "outcome": rng.choice(["Death", "CD4 count"]),
        "outcome_group": rng.choice(["", "death", "death", "death"]),
        "outcome_kind": _mostly(rng, ARGUING, WORDS[OutcomeKind]),
        "analysis": _mostly(rng, ["primary"], WORDS[Analysis]),
        "comparison": _mostly(rng, ["adds-il2"], WORDS[Comparison]),
        "subjects": _mostly(rng, ["patients"], WORDS[Subjects]),
        "population": _mostly(rng, ["adult", "adult", "neonate-term"], WORDS[Population]),
        "direction": _mostly(rng, ["favours", "no-difference", "harm"], WORDS[Direction]),
        "retracted": rng.random() < 0.05,
        "is_review": study in REVIEWS,
        "of_randomised": rng.random() < 0.7,
        "certainty": rng.choice(WORDS[Certainty]),
        "includes": frozenset(s for s in SINGLE if study in REVIEWS and rng.random() < 0.4),
        "randomised": rng.random() < 0.7,
        "phases": rng.choice([(), ("PHASE2", "PHASE3"), ("PHASE3",), ("PHASE3",)]),
        "people": rng.choice([None, 99, 100, 4111]),
        "condition": rng.choice(["tuberculosis", "pulmonary-tuberculosis"]),
        "superseded": rng.random() < 0.05,
    }
    return FindingFacts(**usual | fixed)


def approval(rng, **fixed):
    """Give a random approval, more often in force than not."""
    usual = {
        "id": "99",
        "agency": "FDA",
        "population": _mostly(rng, ["adult", "any"], WORDS[Population]),
        "from_year": rng.choice([None, 1992, 1992, 2030]),
        "withdrawn_year": rng.choice([None, None, None, 2004]),
        "il2_is_the_substance": rng.random() < 0.8,
    }
    return ApprovalFacts(**usual | fixed)


def trial(rng, **fixed):
    """Give a random trial, now and then of a study that has findings, or one of its own."""
    usual = {
        "id": "NCT99",
        "label": "NCT99",
        "start": rng.choice(["", "1993-03", "2003", "2015-09-03", "2031-01-01"]),
        "status": rng.choice(WORDS[RecruitmentStatus]),
        "population": _mostly(rng, ["adult"], WORDS[Population]),
        "study": rng.choice(["", "trial:1", "trial:2", "trial:7"]),
    }
    return TrialFacts(**usual | fixed)


def _mostly(rng, usual, others):
    return rng.choice(usual) if rng.random() < 0.85 else rng.choice(others)


def _few(rng, chance):
    return sum(rng.random() < chance for _ in range(2))
