"""The closed vocabularies of the field, and which population covers which.

The values are the words that stand in addresses, CSV cells and the database; the labels are what
people read. GRADE, CTCAE, PICO and ClinicalTrials.gov words are used as they are printed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class Status(TextChoices):
    """The three evidence statuses (there is no fourth: an approval is a fact beside them)."""

    EXPERIMENTAL = "experimental", "experimental"
    VARIABLE = "variable", "variable"
    INVESTIGATED = "investigated", "investigated"


STATUS_DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        Status.EXPERIMENTAL: (
            "Given to people, but in studies too early, small, few or uncertain to settle whether "
            "it works and is safe, or in trials that have not reported."
        ),
        Status.VARIABLE: (
            "Results in people that can be compared point different ways: between studies, between "
            "narrower forms of the condition, or between markers and what patients experience."
        ),
        Status.INVESTIGATED: (
            "Neither of these. Always shown with its ground: no treatment of people found, "
            "confirmatory evidence agrees (that it helps, or that it does not), or an approved "
            "use. It does not mean that it works."
        ),
    }
)


class Ground(TextChoices):
    """Why a topic is investigated: inseparable from that status wherever it is shown."""

    NO_TREATMENT = "no-treatment-found", "no treatment of people found"
    CONFIRMED = "confirmatory-evidence-agrees", "confirmatory evidence agrees"
    APPROVED = "approved-use", "an approved use"


class Rule(TextChoices):
    """The lines of the rule, in the order in which they are read."""

    V1 = "V1", "studies disagree"
    V2 = "V2", "markers and patients disagree"
    I2 = "I2", "approved use"
    I3 = "I3", "confirmatory evidence agrees"
    E1 = "E1", "treatment not settled"
    I1 = "I1", "no treatment of people found"


# Of version 1 of the rule; `evidence.assess` is what decides.
RULE_WHEN: Mapping[str, str] = MappingProxyType(
    {
        Rule.V1: "At least two studies have comparable results (for markers and microbiology: of "
        "the same outcome group), and where one favours IL-2 another shows no difference or harm.",
        Rule.V2: "A marker or a microbiological result favours IL-2, and a clinical result shows "
        "no difference or harm; both come from a concurrent comparison.",
        Rule.I2: "An approval in force names this condition (or a wider one), this very "
        "intervention and this population, with IL-2 itself as the approved substance.",
        Rule.I3: "A randomised phase 3 or 4 trial of at least 100 people (phase 2/3 counts as "
        "phase 2), or a review of randomised trials with moderate or high certainty, has decided a "
        "clinical outcome against a concurrent comparison.",
        Rule.E1: "People of this population have been treated otherwise: a finding is published, "
        "or a trial has started.",
        Rule.I1: "Anything else: levels, mechanisms, animals, proposals, or treatment of other "
        "ages only, which we do not borrow.",
    }
)

DISCORDANT = (Rule.V1, Rule.V2)
"""The lines that say that results point different ways."""

RULE_STATUS: Mapping[str, Status] = MappingProxyType(
    {
        Rule.V1: Status.VARIABLE,
        Rule.V2: Status.VARIABLE,
        Rule.I2: Status.INVESTIGATED,
        Rule.I3: Status.INVESTIGATED,
        Rule.E1: Status.EXPERIMENTAL,
        Rule.I1: Status.INVESTIGATED,
    }
)

RULE_GROUND: Mapping[str, Ground] = MappingProxyType(
    {
        Rule.I1: Ground.NO_TREATMENT,
        Rule.I2: Ground.APPROVED,
        Rule.I3: Ground.CONFIRMED,
    }
)


class Direction(TextChoices):
    """What happened to patients or markers in one finding."""

    FAVOURS = "favours", "favours IL-2"
    NO_DIFFERENCE = "no-difference", "no difference"
    HARM = "harm", "harm"
    MIXED = "mixed", "mixed"
    UNCLEAR = "unclear", "unclear"
    RAISED = "raised", "raised"
    LOWERED = "lowered", "lowered"


class TopicDirection(TextChoices):
    """What an assessment says of a whole topic: the directions of findings, and no data."""

    FAVOURS = "favours", "favours IL-2"
    NO_DIFFERENCE = "no-difference", "no difference"
    HARM = "harm", "harm"
    MIXED = "mixed", "mixed"
    UNCLEAR = "unclear", "unclear"
    RAISED = "raised", "raised"
    LOWERED = "lowered", "lowered"
    NO_DATA = "no-data", "no data"


class Certainty(TextChoices):
    """GRADE's certainty of a body of evidence for a named outcome."""

    HIGH = "high", "high"
    MODERATE = "moderate", "moderate"
    LOW = "low", "low"
    VERY_LOW = "very-low", "very low"
    NOT_ASSESSED = "not-assessed", "not assessed"


class RiskOfBias(TextChoices):
    """The overall judgement of one study, in the words of RoB 2."""

    LOW = "low", "low"
    SOME_CONCERNS = "some-concerns", "some concerns"
    HIGH = "high", "high"
    NOT_ASSESSED = "not-assessed", "not assessed"


class OutcomeKind(TextChoices):
    """What sort of thing was measured; only the first three argue in the rule."""

    CLINICAL = "clinical", "clinical"
    SURROGATE = "surrogate", "surrogate"
    MICROBIOLOGICAL = "microbiological", "microbiological"
    LEVEL = "level", "level of a biomarker"
    MECHANISTIC = "mechanistic", "mechanistic"
    SAFETY = "safety", "safety"


class Comparison(TextChoices):
    """The C of PICO."""

    ADDS_IL2 = "adds-il2", "with v without IL-2"
    PACKAGE = "package", "package that holds IL-2"
    ACTIVE = "active", "active comparator"
    DOSE = "dose", "dose v dose"
    NONE = "none", "no comparison"
    GROUPS = "groups", "groups of people, no treatment"


class Analysis(TextChoices):
    """The place of a result in its study's plan."""

    PRIMARY = "primary", "primary"
    SECONDARY = "secondary", "secondary"
    SUBGROUP = "subgroup", "subgroup"
    POST_HOC = "post-hoc", "post hoc"
    NOT_STATED = "not-stated", "not stated"


class Subjects(TextChoices):
    """Whom or what the result comes from."""

    PATIENTS = "patients", "patients"
    HEALTHY = "healthy", "healthy volunteers"
    ANIMAL = "animal", "animals"
    IN_VITRO = "in-vitro", "in vitro"


class Design(TextChoices):
    """How a result was obtained."""

    RANDOMISED = "randomised", "randomised trial"
    NON_RANDOMISED = "non-randomised", "non-randomised comparison"
    SINGLE_ARM = "single-arm", "single arm"
    DOSE_FINDING = "dose-finding", "dose finding"
    OBSERVATIONAL = "observational", "observational"
    CASE_REPORT = "case-report", "case report"
    REVIEW_RANDOMISED = "review-randomised", "review of randomised trials"
    REVIEW = "review", "review or pooled analysis"
    LABORATORY = "laboratory", "laboratory"
    NOT_STATED = "not-stated", "not stated"


class Role(TextChoices):
    """What IL-2 is in a topic."""

    TREATMENT = "treatment", "treatment"
    PREVENTION = "prevention", "prevention"
    VACCINE_ADJUVANT = "vaccine-adjuvant", "vaccine adjuvant"
    PROPOSED_TREATMENT = "proposed-treatment", "proposed treatment"
    BIOMARKER = "biomarker", "biomarker"
    PATHOGENESIS = "pathogenesis", "pathogenesis"
    HOST_DEFENCE = "host-defence", "host defence"


TREATING_ROLES: frozenset[str] = frozenset({Role.TREATMENT, Role.PREVENTION, Role.VACCINE_ADJUVANT})


class Population(TextChoices):
    """Whose evidence it is, by age at the start of the study."""

    NEONATE_PRETERM = "neonate-preterm", "preterm newborn babies"
    NEONATE_TERM = "neonate-term", "term newborn babies"
    NEONATE = "neonate", "newborn babies (0 to 28 days)"
    INFANT = "infant", "infants (29 days to 23 months)"
    CHILD = "child", "children (2 to 17 years)"
    ADULT = "adult", "adults (18 to 64 years)"
    OLDER_ADULT = "older-adult", "older adults (65 years and over)"
    MIXED_AGES = "mixed-ages", "mixed ages"
    ANY = "any", "any age"


POPULATION_COVERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{population: frozenset({population.value}) for population in Population},
        Population.NEONATE: frozenset(
            {Population.NEONATE, Population.NEONATE_PRETERM, Population.NEONATE_TERM}
        ),
        Population.ANY: frozenset(Population.values),
    }
)


def covers(wider: str, narrower: str) -> bool:
    """Say whether a result in the narrower population counts in the wider one."""
    return narrower in POPULATION_COVERS.get(wider, frozenset({wider}))


class DoseClass(TextChoices):
    """How much IL-2 a day, so that harms and findings of like doses stand together."""

    ULTRA_LOW = "ultra-low", "ultra-low (at most 1 MIU/day)"
    LOW = "low", "low (above 1 and below 6 MIU/day)"
    INTERMEDIATE = "intermediate", "intermediate (6 MIU/day and more, below high)"
    HIGH = "high", "high (600,000 to 720,000 IU/kg every 8 h)"
    NOT_APPLICABLE = "not-applicable", "not applicable (muteins, µg)"
    NOT_REPORTED = "not-reported", "not reported"


# Labels that the database's schema keeps, and that say too little to readers.
SHOWN: Mapping[str, str] = MappingProxyType(
    {
        str(DoseClass.NOT_APPLICABLE.label): (
            "not applicable (not counted in IU: pegylated forms, fusion proteins, muteins)"
        )
    }
)


def shown(label: object) -> str:
    """Give a label as readers see it."""
    return SHOWN.get(str(label), str(label))


class Area(TextChoices):
    """The field of medicine that a condition belongs to."""

    INFECTIOUS = "infectious", "infectious diseases"
    NEONATAL = "neonatal", "neonatal disorders"
    IMMUNE_MEDIATED = "immune-mediated", "immune-mediated diseases"
    IMMUNODEFICIENCY = "immunodeficiency", "immunodeficiency"
    ONCOLOGY = "oncology", "oncology"
    NEUROLOGICAL = "neurological", "neurological diseases"
    CARDIOVASCULAR = "cardiovascular", "cardiovascular diseases"
    OTHER = "other", "other"


class InterventionKind(TextChoices):
    """What sort of IL-2 it is."""

    ENDOGENOUS = "endogenous", "the body's own"
    NATURAL = "natural", "natural (purified)"
    RECOMBINANT = "recombinant", "recombinant"
    PEGYLATED = "pegylated", "pegylated"
    MUTEIN = "mutein", "mutein"
    FUSION = "fusion", "fusion protein"
    COMPLEX = "complex", "antibody complex"
    GENE_OR_CELL = "gene-or-cell", "gene or cell therapy"
    REGIMEN = "regimen", "regimen"
    COMBINATION = "combination", "combination"


class Selectivity(TextChoices):
    """Which cells an IL-2 is made or dosed to move."""

    NON_SELECTIVE = "non-selective", "non-selective"
    TREG_BIASED = "treg-biased", "Treg-biased"
    EFFECTOR_BIASED = "effector-biased", "effector-biased"
    DEPLETING = "depleting", "depleting"
    NOT_APPLICABLE = "not-applicable", "not applicable"


class DevelopmentStage(TextChoices):
    """How far the development of an intervention has come."""

    APPROVED = "approved", "approved"
    INVESTIGATIONAL = "investigational", "investigational"
    DISCONTINUED = "discontinued", "discontinued"
    NOT_A_DRUG = "not-a-drug", "not a drug"


class PartnerTiming(TextChoices):
    """How a combination partner is given with IL-2."""

    BACKGROUND = "background", "as background"
    TOGETHER = "together", "together"
    IN_SEQUENCE = "in-sequence", "in sequence"
    INSTEAD = "instead", "instead"


class RecruitmentStatus(TextChoices):
    """ClinicalTrials.gov's fourteen overall statuses."""

    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", "Active, not recruiting"
    COMPLETED = "COMPLETED", "Completed"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", "Enrolling by invitation"
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", "Not yet recruiting"
    RECRUITING = "RECRUITING", "Recruiting"
    SUSPENDED = "SUSPENDED", "Suspended"
    TERMINATED = "TERMINATED", "Terminated"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    AVAILABLE = "AVAILABLE", "Available"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE", "No longer available"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE", "Temporarily not available"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING", "Approved for marketing"
    WITHHELD = "WITHHELD", "Withheld"
    UNKNOWN = "UNKNOWN", "Unknown"


NEVER_BEGUN = frozenset({RecruitmentStatus.WITHDRAWN, RecruitmentStatus.NOT_YET_RECRUITING})
"""What says of a trial that it has not begun, whatever date it was planned to start."""


class Phase(TextChoices):
    """ClinicalTrials.gov's phases; a trial may have two."""

    NA = "NA", "Not applicable"
    EARLY_PHASE1 = "EARLY_PHASE1", "Early phase 1"
    PHASE1 = "PHASE1", "Phase 1"
    PHASE2 = "PHASE2", "Phase 2"
    PHASE3 = "PHASE3", "Phase 3"
    PHASE4 = "PHASE4", "Phase 4"


class Registry(TextChoices):
    """Where a trial is registered."""

    NCT = "NCT", "ClinicalTrials.gov"
    ISRCTN = "ISRCTN", "ISRCTN"
    EUCTR = "EUCTR", "EU Clinical Trials Register"
    CTIS = "CTIS", "CTIS"
    CHICTR = "ChiCTR", "Chinese Clinical Trial Registry"
    OTHER = "other", "other"


class TrialDesign(TextChoices):
    """How a trial allots people to its arms."""

    RANDOMISED = "randomised", "randomised"
    NON_RANDOMISED = "non-randomised", "non-randomised"
    SINGLE_GROUP = "single-group", "single group"
    OBSERVATIONAL = "observational", "observational"
    EXPANDED_ACCESS = "expanded-access", "expanded access"
    NOT_STATED = "not-stated", "not stated"


class EnrolmentType(TextChoices):
    """Whether the number of people is counted or planned."""

    ACTUAL = "actual", "actual"
    ESTIMATED = "estimated", "estimated"


class ArmKind(TextChoices):
    """ClinicalTrials.gov's kinds of arm."""

    EXPERIMENTAL = "experimental", "experimental"
    ACTIVE_COMPARATOR = "active-comparator", "active comparator"
    PLACEBO_COMPARATOR = "placebo-comparator", "placebo comparator"
    SHAM_COMPARATOR = "sham-comparator", "sham comparator"
    NO_INTERVENTION = "no-intervention", "no intervention"
    OTHER = "other", "other"
    NOT_STATED = "not-stated", "not stated"


class DoseUnit(TextChoices):
    """Units of dose as printed; U is never silently IU."""

    IU = "IU", "IU"
    MIU = "MIU", "MIU"
    U = "U", "U"
    MU = "MU", "MU"
    IU_KG = "IU/kg", "IU/kg"
    U_KG = "U/kg", "U/kg"
    IU_M2 = "IU/m²", "IU/m²"
    U_M2 = "U/m²", "U/m²"
    MIU_M2 = "MIU/m²", "MIU/m²"
    MU_M2 = "MU/m²", "MU/m²"
    UG = "µg", "µg"
    UG_KG = "µg/kg", "µg/kg"
    UG_M2 = "µg/m²", "µg/m²"
    MG = "mg", "mg"
    MG_KG = "mg/kg", "mg/kg"


class Route(TextChoices):
    """How a dose is given."""

    SUBCUTANEOUS = "subcutaneous", "subcutaneous"
    IV_BOLUS = "intravenous-bolus", "intravenous bolus"
    IV_CONTINUOUS = "intravenous-continuous", "intravenous continuous"
    INTRAVENOUS = "intravenous", "intravenous, not further stated"
    INTRAMUSCULAR = "intramuscular", "intramuscular"
    INTRADERMAL = "intradermal", "intradermal"
    INHALED = "inhaled", "inhaled"
    INTRALESIONAL = "intralesional", "intralesional"
    OTHER = "other", "other"
    NOT_REPORTED = "not-reported", "not reported"


class PublicationKind(TextChoices):
    """What sort of text a source is."""

    TRIAL_REPORT = "trial-report", "trial report"
    OBSERVATIONAL_STUDY = "observational-study", "observational study"
    CASE_REPORT = "case-report", "case report"
    POOLED_ANALYSIS = "pooled-analysis", "pooled or serial analysis"
    SYSTEMATIC_REVIEW = "systematic-review", "systematic review"
    REVIEW = "review", "review"
    LABEL = "label", "product label"
    LABORATORY_STUDY = "laboratory-study", "laboratory study"
    CONFERENCE_ABSTRACT = "conference-abstract", "conference abstract"
    NARRATIVE_PAGE = "narrative-page", "narrative page"
    OTHER = "other", "other"


class Standing(TextChoices):
    """What has become of a publication since it appeared."""

    CURRENT = "current", "current"
    CORRECTED = "corrected", "corrected"
    CONCERN = "concern", "expression of concern"
    RETRACTED = "retracted", "retracted"


class PublicationRelation(TextChoices):
    """How a publication stands to a trial."""

    REPORTS = "reports", "reports its results"
    PROTOCOL = "protocol", "describes its protocol"
    SECONDARY = "secondary", "reports a secondary analysis"
    FOLLOW_UP = "follow-up", "reports its follow-up"
    INCLUDES = "includes", "includes it in a review"
    MENTIONS = "mentions", "mentions it"


class Agency(TextChoices):
    """Who approved a use."""

    FDA = "FDA", "FDA (United States)"
    EMA = "EMA", "EMA (European Union)"
    MHRA = "MHRA", "MHRA (United Kingdom)"
    PMDA = "PMDA", "PMDA (Japan)"
    NMPA = "NMPA", "NMPA (China)"
    OTHER = "other", "other"


class EffectMeasure(TextChoices):
    """What an estimate is, so that its scale and its null are known."""

    HAZARD_RATIO = "hazard-ratio", "hazard ratio"
    RISK_RATIO = "risk-ratio", "risk ratio"
    ODDS_RATIO = "odds-ratio", "odds ratio"
    RATE_RATIO = "rate-ratio", "rate ratio"
    RISK_DIFFERENCE = "risk-difference", "risk difference"
    MEAN_DIFFERENCE = "mean-difference", "mean difference"
    STANDARDISED_MEAN_DIFFERENCE = "standardised-mean-difference", "standardised mean difference"
    PROPORTION = "proportion", "proportion"
    MEDIAN = "median", "median"
    COEFFICIENT = "coefficient", "regression coefficient"
    OTHER = "other", "other"


class Collected(TextChoices):
    """Which events a source collected; unlike collections never share an axis."""

    ALL_GRADES = "all-grades", "all grades"
    SERIOUS_ONLY = "serious-only", "serious events only"
    GRADE_3_UP = "grade-3-and-up", "grade 3 and above"
    GRADE_4 = "grade-4", "grade 4 only"
    ABOVE_THRESHOLD = "above-threshold", "events above a reporting threshold"
    NOT_STATED = "not-stated", "not stated"


class Comparator(TextChoices):
    """What the other group of a harm report received."""

    NONE = "none", "no comparator"
    PLACEBO = "placebo", "placebo"
    NO_IL2 = "no-il2", "no IL-2"
    OTHER_DOSE = "other-dose", "another dose"
    IL2_BOTH = "il2-in-both-arms", "IL-2 in both arms"


class Attribution(TextChoices):
    """Whether the source held the drug responsible; we never do."""

    ALL_CAUSE = "all-cause", "all causes"
    TREATMENT_RELATED = "treatment-related", "judged treatment-related by the source"
    NOT_STATED = "not-stated", "not stated"


class Given(TextChoices):
    """Whether the arm received IL-2 alone or within a package."""

    ALONE = "alone", "IL-2 alone"
    PACKAGE = "package", "in a package"
    NOT_STATED = "not-stated", "not stated"


class ConsiderationKind(TextChoices):
    """What a consideration is about."""

    MECHANISM = "mechanism", "mechanism"
    CHALLENGE = "challenge", "challenge"
    FUTURE_DIRECTION = "future-direction", "future direction"


class State(TextChoices):
    """Where an edition stands; moved by calls, never by a form."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in-review", "in review"
    PUBLISHED = "published", "published"
    SUPERSEDED = "superseded", "superseded"
    WITHDRAWN = "withdrawn", "withdrawn"


class Origin(TextChoices):
    """Where an edition came from."""

    CURATOR = "curator", "a curator"
    STARTER = "starter", "starter evidence"
    IMPORT = "import", "an import"


class Verb(TextChoices):
    """What was done to a record: a move, an assignment, or a comment."""

    COMMENTED = "commented", "commented"
    SUBMITTED = "submitted", "submitted"
    RETURNED = "returned", "returned to the author"
    PUBLISHED = "published", "published"
    BEGAN = "began", "began this edition"
    DISCARDED = "discarded", "discarded the draft"
    ASSIGNED = "assigned", "assigned"
    PROPOSED_WITHDRAWAL = "withdrawal-proposed", "proposed to withdraw"
    KEPT = "withdrawal-turned-down", "turned the withdrawal down"
    WITHDRAWN = "withdrawn", "withdrew"


class Source(TextChoices):
    """Where a record comes from."""

    CTGOV = "ctgov", "ClinicalTrials.gov"
    ICTRP = "ictrp", "WHO ICTRP"
    PUBMED = "pubmed", "PubMed"
    CROSSREF = "crossref", "Crossref"
    RIS = "ris", "a citation file"


class Verdict(TextChoices):
    """Whether a registered study gives IL-2, by its interventions and arms."""

    GIVES = "gives", "gives IL-2"
    GREY = "grey", "may give IL-2"
    NOT_IL2 = "not-il2", "does not give IL-2"


class DriftDecision(TextChoices):
    """What a person decided of a change at the registry."""

    ACCEPTED = "accepted", "accepted"
    KEPT = "kept", "ours kept"


class RunKind(TextChoices):
    """The commands that bring records in."""

    IMPORT_TRIALS = "import-trials", "import of trials"
    IMPORT_PUBLICATIONS = "import-publications", "import of publications"
    SYNC_TRIALS = "sync-trials", "look at the registry"
    CHECK_STANDING = "check-standing", "look for retractions"


class RunState(TextChoices):
    """What has become of a run."""

    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    STOPPED = "stopped", "stopped"
    BROKEN_OFF = "broken-off", "broken off"


class RecordKind(TextChoices):
    """The letter that stands before a record's number."""

    ASSESSMENT = "A", "assessment"
    FINDING = "F", "finding"
    HARM_REPORT = "H", "harm report"
    CONSIDERATION = "C", "consideration"


class YesNo(TextChoices):
    """A plain question in an address."""

    YES = "yes", "yes"
    NO = "no", "no"
