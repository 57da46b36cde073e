"""PubMed's words for what sort of text something is and what became of it, as ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from evidence.vocab import PublicationKind, Standing

STANDINGS: Mapping[str, str] = {
    "RetractionIn": Standing.RETRACTED,
    "RetractedandRepublishedIn": Standing.RETRACTED,
    "ExpressionOfConcernIn": Standing.CONCERN,
    "ErratumIn": Standing.CORRECTED,
    "CorrectedandRepublishedIn": Standing.CORRECTED,
    # A retraction of a part leaves the rest standing.
    "PartialRetractionIn": Standing.CORRECTED,
}
"""What a RefType of CommentsCorrections makes of the article that has it."""

RETRACTIONS = ("RetractionOf", "PartialRetractionOf", "RetractedandRepublishedFrom")

CORRECTIONS = frozenset(
    {*STANDINGS, *RETRACTIONS, "ErratumFor", "ExpressionOfConcernFor"},
)
"""Which of them are kept; comments and updates are not."""

RETRACTED = "Retracted Publication"
"""The type of an article that was taken back."""

# In order: the first line of which a text has a type says what it is.
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        PublicationKind.OTHER,
        frozenset({"Retraction of Publication", "Retraction Notice", "Published Erratum"}),
    ),
    (PublicationKind.SYSTEMATIC_REVIEW, frozenset({"Systematic Review", "Meta-Analysis"})),
    (
        PublicationKind.TRIAL_REPORT,
        frozenset(
            {
                "Adaptive Clinical Trial",
                "Clinical Study",
                "Clinical Trial",
                "Clinical Trial, Phase I",
                "Clinical Trial, Phase II",
                "Clinical Trial, Phase III",
                "Clinical Trial, Phase IV",
                "Controlled Clinical Trial",
                "Equivalence Trial",
                "Pragmatic Clinical Trial",
                "Randomized Controlled Trial",
            }
        ),
    ),
    (PublicationKind.OBSERVATIONAL_STUDY, frozenset({"Observational Study"})),
    (PublicationKind.CASE_REPORT, frozenset({"Case Reports"})),
    (PublicationKind.REVIEW, frozenset({"Review", "Scoping Review"})),
    (PublicationKind.CONFERENCE_ABSTRACT, frozenset({"Meeting Abstract", "Congress"})),
)


def kind_of(types: Collection[str]) -> str:
    """Return the kind of a text by its publication types; `other` where they do not say."""
    for kind, names in KINDS:
        if not names.isdisjoint(types):
            return kind
    return PublicationKind.OTHER


def retracts(types: Collection[str], corrections: Collection[str]) -> bool:
    """Say whether a text is the notice that takes another one back."""
    named = {"Retraction of Publication", "Retraction Notice"}
    return not named.isdisjoint(types) or "RetractionOf" in corrections
