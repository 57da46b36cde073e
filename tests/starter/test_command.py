"""The command that loads the starter evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evidence.models import Finding

pytestmark = pytest.mark.django_db
Folder = Callable[..., Path]


def test_it_loads_a_folder_and_says_what_it_did(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_starter", str(folder()))
    assert "2 findings" in capsys.readouterr().out
    assert Finding.objects.count() == 2


def test_check_says_what_it_would_do_and_keeps_nothing(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_starter", str(folder()), check=True)
    assert capsys.readouterr().out.startswith("No faults; nothing was kept. Created 1 outcome,")
    assert not Finding.objects.exists()


@pytest.mark.parametrize("check", [True, False])
def test_faults_go_to_standard_error_and_the_command_fails(
    folder: Folder, capsys: pytest.CaptureFixture[str], check: bool
) -> None:
    path = folder(outcomes=("name: CD4 count", "name: 4"), harms=("key: h001", "key: H"))
    with pytest.raises(CommandError, match="2 faults") as caught:
        call_command("load_starter", str(path), check=check)
    assert caught.value.returncode == 1
    told = capsys.readouterr()
    assert "harms.yaml:1: " in told.err
    assert "outcomes.yaml:2: name: " in told.err
    assert told.out == ""
