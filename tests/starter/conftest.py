"""Fixtures of the loader's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.starter import small


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write the small starter folder, with changes, and return where it is."""
    return lambda **changes: small.write(tmp_path, **changes)
