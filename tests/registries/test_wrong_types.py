"""The promise that no record, however wrong, gives anything but a record or a refusal."""

from __future__ import annotations

import copy
import json
import random

from evidence import vocab
from evidence.registries import ctgov, ictrp
from evidence.registries.records import TrialRecord, Unreadable
from tests.registries.studies import real_studies, study

WRONG = (
    *(None, True, False, 0, -1, 7, 1.5, float("nan"), float("inf"), 10**40, "", " ", "\x00"),
    *("\ud83d", "2015-09-03", "x" * 5000, "<script>", [], {}, [None], [[]], [{}], {"": None}),
    *({"id": []}, {"name": {}}, [{"name": 7, "label": ["a"], "id": {}, "stats": {}}], ["a", 1]),
)


def places(data):
    """Give every place of a tree: the container and its key."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield data, key
        if isinstance(value, dict | list):
            yield from places(value)


def damaged(found, chance, times):
    made = copy.deepcopy(found)
    for _ in range(times):
        container, key = chance.choice([*places(made)])
        container[key] = copy.deepcopy(chance.choice(WRONG))
    return made


def check(record):
    """Look that a record is what its description promises."""
    assert isinstance(record, TrialRecord)
    assert record.title
    assert record.status is None or record.status in vocab.RecruitmentStatus.values
    assert record.design in vocab.TrialDesign.values
    assert {*(record.phases or ())} <= {*vocab.Phase.values}
    assert record.enrolment is None or type(record.enrolment) is int
    assert record.enrolment_type is None or record.enrolment is not None
    assert all(isinstance(arm.label, str) and isinstance(arm.kind, str) for arm in record.arms)
    texts = (record.title, record.acronym, record.summary, record.sponsor, record.why_stopped)
    for text in texts:
        assert text is None or (text.encode() and "\x00" not in text)
    hash(record)


def asked(found):
    """Read a study if it can be read; say whether it could."""
    try:
        payload = ctgov.payload(found)
        json.dumps(payload.data, sort_keys=True)
        check(ctgov.read(payload.data))
    except Unreadable:
        return False
    return True


def test_wrong_types_anywhere_give_a_record_or_a_refusal(pytestconfig):
    chance = random.Random(6)  # noqa: S311
    found = study()
    times = 20_000 if pytestconfig.getoption("--long") else 1_000
    read = sum(asked(damaged(found, chance, chance.choice((1, 1, 2, 5)))) for _ in range(times))
    assert times * 0.5 < read < times


def test_every_place_of_a_study_may_be_of_another_type():
    whole = [*places(study())]
    for at in range(len(whole)):
        for wrong in (None, 7, "text", [], [7], {}, {"a": 7}):
            made = study()
            container, key = [*places(made)][at]
            container[key] = wrong
            asked(made)


def test_what_was_kept_of_a_trial_may_be_of_another_type_too():
    chance = random.Random(6)  # noqa: S311
    kept = {"TrialID": "NCT01234567", "Public_title": "IL-2"}
    for field in sorted(ictrp.FIELDS - kept.keys()):
        for _ in range(20):
            data = {**kept, field: chance.choice(WRONG)}
            check(ictrp.read(data))


def test_wrong_types_in_real_studies_give_a_record_or_a_refusal(registry_folder, pytestconfig):
    chance = random.Random(6)  # noqa: S311
    found = [each for _, each in real_studies(registry_folder)]
    times = 2_000 if pytestconfig.getoption("--long") else 100
    for _ in range(times):
        asked(damaged(chance.choice(found), chance, 20))
