"""How a test says that the search holds what a rebuild would give it, and nothing else."""

from __future__ import annotations

from evidence.ledger import engines, index


def assert_whole() -> None:
    """Compare the entries, as they were written one by one, with those of a rebuild."""
    written = engines.contents()
    index.rebuild()
    assert written == engines.contents()


def holds(word: str) -> bool:
    """Say whether an entry holds a token, whoever might look for it."""
    return any(word in str(row[1:]) for row in engines.contents())
