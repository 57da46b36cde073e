"""What a victim does while it is killed: real moves, loads, and looks at a registry."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from evidence.curation import moves
from evidence.ledger.whole import rederive_all
from evidence.models import Finding
from evidence.starter import check_starter, load_starter
from evidence.sync import census, wire
from evidence.vocab import State


def publish(*, edition: int, by: str, note: str) -> None:
    """Publish a finding."""
    moves.publish(Finding.objects.get(pk=edition), by=_person(by), note=note)


def withdraw(*, edition: int, by: str, note: str) -> None:
    """Confirm the withdrawal of a finding."""
    moves.withdraw(Finding.objects.get(pk=edition), by=_person(by), note=note)


def load(*, folder: str) -> None:
    """Load starter evidence: of a folder, or our own."""
    load_starter(Path(folder) if folder else None)


def check(*, folder: str) -> None:
    """Do all that a load does, and keep nothing."""
    check_starter(Path(folder) if folder else None)


def rederive() -> None:
    """Work the rule out again for every topic."""
    rederive_all()


def publish_all(*, writer: str, reader: str, note: str) -> None:
    """Publish next editions of all findings, one after the other and for ever."""
    by, other = _person(writer), _person(reader)
    for record in _for_ever():
        moves.publish(_in_review(record, by), by=other, note=note)


def withdraw_all(*, writer: str, reader: str, note: str) -> None:
    """Withdraw all findings and bring them back, one after the other and for ever."""
    by, other = _person(writer), _person(reader)
    for record in _for_ever():
        shown = Finding.objects.public().filter(record=record).first()
        if shown is None:  # withdrawn before: it comes back
            shown = moves.publish(_in_review(record, by), by=other, note=note)
        if shown.withdrawal_proposed_by_id is None:
            moves.propose_withdrawal(shown, by=by, note=note)
        moves.withdraw(shown, by=other, note=note)


def sync_trials(*, address: str, batch: int) -> None:
    """Look at a registry, few studies at a time."""
    settings.IL2TRACKER_CTGOV_URL = address
    wire.AT_A_TIME = census.AT_A_TIME = batch
    call_command("sync_trials", stdout=io.StringIO())


def _for_ever() -> cycle[int]:
    return cycle(Finding.objects.order_by("record").values_list("record", flat=True).distinct())


def _in_review(record: int, by: Any) -> Finding:
    """Take up the newest edition where a victim before this one left it."""
    last = Finding.objects.filter(record=record).latest("number")
    if last.state not in {State.DRAFT, State.IN_REVIEW}:
        last = moves.revise(last, by=by)
    return moves.submit(last, by=by) if last.state == State.DRAFT else last


def _person(name: str) -> Any:
    return get_user_model().objects.get(username=name)


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act
    for act in (publish, withdraw, load, check, rederive, publish_all, withdraw_all, sync_trials)
}
