"""What a payload that is no v2 study looks like, in one sentence for whoever brought it."""

from __future__ import annotations

from collections.abc import Mapping

AGAIN = "which is not read; download it again from ClinicalTrials.gov as JSON."
# Keys that tell a format, in the order in which they are asked.
SIGNS: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"FullStudiesResponse", "StudyFieldsResponse", "FullStudy", "ProtocolSection"}),
        "This is a record of the old API v1, which is not read; download it again as version 2.",
    ),
    (
        frozenset({"id_info", "required_header", "clinical_study"}),
        f"This is a legacy ClinicalTrials.gov record that another program wrote as JSON, {AGAIN}",
    ),
    (
        frozenset({"isrctn", "trialDescription"}),
        "This is a record of ISRCTN, whose own format is not read.",
    ),
    (
        frozenset({"ctNumber", "ctStatus", "authorizedApplication"}),
        "This is a record of the EU register CTIS, whose own format is not read.",
    ),
    (
        frozenset({"a2_eudract_number", "x5_trial_status", "e83_the_trial_involves_single_site"}),
        "This is a record of the EU Clinical Trials Register, whose own format is not read.",
    ),
    (
        frozenset({"studies"}),
        "This is a page of studies where one study is due.",
    ),
)
NAMES: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}


def sentence(found: object) -> str:
    """Say what stands where a v2 study of ClinicalTrials.gov is due."""
    if not isinstance(found, dict):
        return f"A study is due, and {NAMES.get(type(found), 'something else')} stands here."
    study = found.get("Study")
    keys = found.keys() | (study.keys() if isinstance(study, dict) else set())
    for signs, words in SIGNS:
        if keys & signs:
            return words
    return "This is no study of ClinicalTrials.gov's API v2: it has no protocol section."
