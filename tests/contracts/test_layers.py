"""The layers hold, and the contract that guards them sees every module."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]


def contract(name: str) -> dict:
    return next(each for each in CONTRACTS if each["id"] == name)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    command = [str(program), "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_no_layer_imports_an_upper_one_or_its_sibling():
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout
    assert "3 kept, 0 broken" in answer.stdout


def test_every_top_level_module_has_its_place():
    placed = {name for layer in contract("layers")["layers"] for name in layer.split(" | ")}
    found = {
        path.stem
        for path in (ROOT / "evidence").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert found - {"__init__", "migrations"} == placed


def imported_by(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_pure_parts_use_of_the_app_only_its_vocabularies():
    for package in ("assess", "charts", "registries"):
        for file in (ROOT / "evidence" / package).rglob("*.py"):
            for name in imported_by(file):
                assert not name.startswith("django"), f"{file}: {name}"
                if name.startswith("evidence."):
                    assert name.startswith(("evidence.vocab", f"evidence.{package}")), (
                        f"{file}: {name}"
                    )
