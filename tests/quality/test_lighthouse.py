"""Lighthouse, as for a telephone on a slow line, gives each page that search engines read 95."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from tests.conftest import CHROMIUM_ARGUMENTS
from tests.quality.conftest import Site

LEAST = 0.95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The machine's other work counts against a page as if it were the page's own.
TRIES = 3
PAGES = (
    "/",
    "/evidence/",
    "/map/",
    "/evidence/{topic}/",
    "/conditions/hiv-infection/",
    "/interventions/aldesleukin/",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_score_is_95_or_more(lighthouse: str, site: Site, path: str) -> None:
    address = site.url + path.format(topic=site.ids("evidence")[0])
    faults: list[str] = []
    for _ in range(TRIES):
        faults = _faults(_asked(lighthouse, address))
        if not faults:
            return
    assert faults == []


def _asked(lighthouse: str, address: str) -> dict:
    arguments = " ".join(("--headless=new", *CHROMIUM_ARGUMENTS))
    done = subprocess.run(
        [
            lighthouse,
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={arguments}",
            "--no-enable-error-reporting",
        ],
        env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    # Chromium may fail to tell it what it saw; that is a try like any other.
    return json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr}


def _faults(report: dict) -> list[str]:
    """Each score that is too low, with the audits that cost it most."""
    if "failed" in report:
        return [report["failed"]]
    found = []
    for name in CATEGORIES:
        category = report["categories"][name]
        if (category["score"] or 0) < LEAST:
            lost = {
                one["id"]: round(one["weight"] * (1 - score), 1)
                for one in category["auditRefs"]
                if one["weight"] and (score := report["audits"][one["id"]]["score"]) is not None
            }
            why = sorted((key for key in lost if lost[key]), key=lost.__getitem__, reverse=True)
            found.append(f"{name} {category['score']}: {', '.join(why)}")
    return found
