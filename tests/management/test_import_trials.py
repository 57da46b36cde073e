"""The operator brings studies in by files, a search or numbers, and reads what came of it."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.models import RegistryRecord, SyncFault, SyncRun, Trial
from evidence.sync import trial_files
from evidence.sync.runs import running
from evidence.vocab import RunKind, RunState
from tests.registries.fake import FakeRegistry
from tests.registries.made_up import many_studies, mentioning_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(settings: Any) -> Iterator[FakeRegistry]:
    """ClinicalTrials.gov on this machine, as the settings name it."""
    with FakeRegistry([*many_studies(3), mentioning_study()]) as served:
        settings.IL2TRACKER_CTGOV_URL = served.base
        yield served


def said(*arguments: Any, **options: Any) -> tuple[str, str]:
    """Run it; give what it printed, and its faults with how it ended."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_trials", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(f"{error} [{error.returncode}]")
    return out.getvalue(), err.getvalue()


def tally(created: int = 0, same: int = 0, not_il2: int = 0, failed: int = 0) -> str:
    return f"{created} created, 0 changed, {same} the same, {not_il2} not IL-2, {failed} failed.\n"


def test_files_of_every_shape_come_in_and_bad_ones_are_told_of(tmp_path: Path) -> None:
    studies = many_studies(6)
    (tmp_path / "a.json").write_text(json.dumps(studies[0]))
    (tmp_path / "b.json").write_text(json.dumps(studies[1:3]))
    (tmp_path / "c.json").write_text(json.dumps({"studies": studies[3:5], "nextPageToken": "x"}))
    rows = "\n".join(map(json.dumps, [studies[5], mentioning_study()]))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    (tmp_path / "e.csv").write_text("NCT Number,Study Title\nNCT00000101,A title\n")
    out, err = said(tmp_path)
    assert out == tally(created=6, not_il2=1, failed=1)
    assert err.startswith("e.csv: ")
    assert err.endswith("1 record failed. [1]")
    assert Trial.objects.count() == 6
    assert SyncFault.objects.get().about == "e.csv"
    assert said(tmp_path / "c.json") == (tally(same=2), "")


def test_a_dry_run_says_what_it_would_do(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(many_studies(2)))
    out, err = said(tmp_path, "--dry-run")
    assert (out, err) == ("Nothing was written. It would be: " + tally(created=2), "")
    assert not RegistryRecord.objects.exists()
    assert not SyncRun.objects.exists()


def test_what_was_cut_short_goes_on_and_ends_with_the_same_tally(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(many_studies(7)))
    monkeypatch.setattr(trial_files, "AT_A_TIME", 2)
    bring_in, left = trial_files.trials.bring_in, [None, None]

    def breaks(*arguments: Any, **options: Any) -> Any:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return bring_in(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(trial_files.trials, "bring_in", breaks)
        out, err = said(tmp_path)
    assert out == "So far: " + tally(created=4)
    assert err == "Interrupted; the next run goes on where this one stood. [130]"
    assert (SyncRun.objects.get().created, Trial.objects.count()) == (4, 4)
    assert said(tmp_path) == (tally(created=7), "")
    assert SyncRun.objects.get().state == RunState.FINISHED


def test_a_dry_run_that_is_interrupted_promises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: Any, **options: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(trial_files.trials, "bring_in", interrupt)
    (tmp_path / "a.json").write_text(json.dumps(many_studies(2)))
    assert said(tmp_path, "--dry-run")[1] == "Interrupted. [130]"


def test_how_far_it_is_is_told_by_files_also_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name, studies in (("a", many_studies(2)), ("below/b", many_studies(3, start=201))):
        (tmp_path / f"{name}.json").write_text(json.dumps(studies))
    (tmp_path / "c.csv").write_text("NCT Number\n")
    told: list[tuple[str, int, int]] = []
    with running(RunKind.IMPORT_TRIALS, dry_run=True) as run:
        trial_files.from_files(
            run, [tmp_path, tmp_path / "none.json"], told=lambda *one: told.append(one)
        )
    assert [one for one in told if one[0] == "Files read"] == [
        ("Files read", done, 4) for done in range(5)
    ]
    assert [one for one in told if one[0] == "Records read"] == [("Records read", 7, 0)]


def test_in_a_terminal_the_bar_counts_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.json").write_text(json.dumps(many_studies(1, start=ord(name))))
    said(tmp_path)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)
    assert re.search(r"Files read .* 3/3", shown)
    assert re.search(r"Records read .* 3/\?", shown)


def test_files_that_have_changed_since_are_read_from_their_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_files, "AT_A_TIME", 2)
    (tmp_path / "a.json").write_text(json.dumps(many_studies(4)))
    said(tmp_path)
    last = SyncRun.objects.get()
    SyncRun.objects.update(state=RunState.BROKEN_OFF, cursor=f"{'0' * 16} 4", sentence="It fell.")
    assert said(tmp_path)[1] == ""
    last.refresh_from_db()
    assert (last.created, last.same) == (4, 4)


def test_a_search_and_numbers_ask_the_registry(registry: FakeRegistry) -> None:
    out, err = said("--ids", "NCT00000101", "NCT00000999")
    assert out == tally(created=1, failed=1)
    assert err == (
        "NCT00000999: ClinicalTrials.gov knows no study of this number.\n1 record failed. [1]"
    )
    out, err = said("--search", "aldesleukin", "--condition", "lupus")
    assert (out, err) == (tally(created=2, same=1), "")
    assert any("lupus" in one.query.values() for one in registry.asked)


def test_a_known_study_that_the_registry_does_not_know_any_more_is_flagged(
    registry: FakeRegistry,
) -> None:
    said("--ids", "NCT00000101", "NCT00000102")
    del registry.studies["NCT00000101"]
    gone = "NCT00000101: ClinicalTrials.gov does not know it any more.\n"
    tally_with_one = "0 created, 0 changed, 1 the same, 0 not IL-2, 1 vanished, 0 failed.\n"
    asked = ("--ids", "NCT00000101", "NCT00000102")
    assert said(*asked, "--dry-run") == (
        "Nothing was written. It would be: " + tally_with_one,
        gone,
    )
    assert not RegistryRecord.objects.exclude(vanished_on=None).exists()
    assert said(*asked) == (tally_with_one, gone)
    assert RegistryRecord.objects.exclude(vanished_on=None).get().value == "NCT00000101"
    assert str(SyncFault.objects.get()) == gone.strip()
    # Whoever asks for it again is told again, and it is counted no more.
    assert said(*asked) == (tally(same=2), gone)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a.json", "--search", "x"),
        ("--search", "x", "--ids", "NCT00000101"),
        ("a.json", "--condition", "lupus"),
        ("",),
        ("a.json", ""),
        ("--search", "  "),
        ("--search", "x", "--condition", " "),
        ("--search", "x" * 2_001),
        ("--ids", "NCT1"),
        ("--ids", "../../etc/passwd"),
        ("--ids", "NCT00000101\nX"),
    ],
    ids=str,
)
def test_what_was_asked_wrongly_is_refused_in_a_sentence(arguments: tuple[str, ...]) -> None:
    out, err = said(*arguments)
    assert out == ""
    assert err.endswith(" [2]")
    assert not SyncRun.objects.exists()


def test_real_files_come_in_and_a_second_run_writes_nothing(registry_folder: Path) -> None:
    first, _ = said(registry_folder)
    records = list(RegistryRecord.objects.order_by("pk").values())
    found = list(Trial.objects.order_by("pk").values())
    assert found
    second, _ = said(registry_folder)
    assert "0 created, 0 changed" in second
    assert first != second
    assert list(RegistryRecord.objects.order_by("pk").values()) == records
    assert list(Trial.objects.order_by("pk").values()) == found
