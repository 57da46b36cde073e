"""A backup under writes is one moment of the database, and no write fails because of it.

The writer makes a publication and a condition in one transaction and moves the data version with
them: at data version n there are exactly the first n of both.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from evidence.ledger import version
from evidence.management import keeping
from evidence.models import Condition, Publication
from tests.management.backups import exports, said
from tests.models.rows import make
from tests.web.examples import accepted

pytestmark = pytest.mark.django_db(transaction=True)

RATE = 50  # transactions a second
PATIENCE = 30  # seconds


class Writer(threading.Thread):
    """Somebody who saves pairs of rows, one after the other, until told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = threading.Event()
        self.error: Exception | None = None
        self.written = 0

    def run(self) -> None:
        """Write until stopped; keep the first error."""
        try:
            while not self.stopped.wait(1 / RATE):
                write(self.written + 1)
                self.written += 1
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def wait_for(self, number: int) -> None:
        """Wait until that many pairs were written."""
        end = time.monotonic() + PATIENCE
        while self.written < number and self.error is None:
            assert time.monotonic() < end
            time.sleep(0.005)


def write(number: int) -> None:
    with transaction.atomic():
        make(Publication, title=f"Paper {number:06}", pmid=number, **accepted())
        make(Condition, name=f"Condition {number:06}", slug=f"condition-{number:06}")
        version.bump()


@contextmanager
def writing() -> Iterator[Writer]:
    writer = Writer()
    writer.start()
    try:
        yield writer
    finally:
        writer.stopped.set()
        writer.join(PATIENCE)


def first(rows: int, csv: str) -> list[str]:
    return csv.splitlines()[: rows + 1]


def test_each_backup_under_writes_restores_to_the_exports_of_its_data_version(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    times = 20 if pytestconfig.getoption("long") else 3
    made = []
    with writing() as writer:
        for number in range(times):
            writer.wait_for(writer.written + 5)
            made.append(keeping.back_up(tmp_path / f"one-{number}"))
        writer.wait_for(writer.written + 5)
    assert writer.error is None
    last = exports()
    assert version.current().number == writer.written
    versions = [manifest.contents.data_version for _, manifest in made]
    assert len({*versions}) == times
    assert 0 < versions[0] < versions[-1] < writer.written

    for path, manifest in made:
        said("restore", path, force=True)
        number = manifest.contents.data_version
        assert version.current().number == number
        assert Condition.objects.count() == Publication.objects.count() == number
        for name, csv in exports().items():
            assert csv.splitlines() == first(number, last[name]), name


def test_a_restore_waits_for_writers_and_ends_them_at_no_half_transaction(tmp_path: Path) -> None:
    for number in range(1, 4):
        write(number)
    path, _ = keeping.back_up(tmp_path / "one")
    with transaction.atomic():
        write(4)
    said("restore", path, force=True)
    assert version.current().number == Condition.objects.count() == 3
    assert said("verify").startswith("No faults")
