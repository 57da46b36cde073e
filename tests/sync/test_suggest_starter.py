"""What is suggested for real trials, against what the curators chose for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidence.models import Trial
from evidence.registries import ctgov
from evidence.sync.suggest import Suggester

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_evidence")]


def test_the_curators_own_terms_are_found_for_nearly_all_real_trials(
    registry_folder: Path,
) -> None:
    suggester = Suggester()
    there = {"conditions": 0, "interventions": 0}
    right, suggested = dict(there), dict(there)
    for folder in ("ctgov_v2_CONVERTED_from_xml_il2", "ctgov_v2_real_il2"):
        for path in (registry_folder / folder).glob("*.json"):
            read = ctgov.read(ctgov.payload(json.loads(path.read_text())).data)
            trial = Trial.objects.get(identifiers__value=read.id.value)
            found = suggester.of(read)
            for kind in there:
                ours = set(getattr(trial, kind).values_list("name", flat=True))
                said = {one.term.name for one in getattr(found, kind)}
                there[kind] += len(ours)
                right[kind] += len(ours & said)
                suggested[kind] += len(said)
    assert right["conditions"] > 0.95 * there["conditions"]
    assert right["conditions"] > 0.95 * suggested["conditions"]
    # Which regimen and which background a trial gave, its interventions seldom say.
    assert right["interventions"] > 0.75 * there["interventions"]
    assert right["interventions"] > 0.8 * suggested["interventions"]
