"""W3C's validator has nothing to say about any kind of page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.quality import pages
from tests.quality.conftest import Site


def test_the_validator_is_clean_on_every_kind_of_page(
    validator: list[str], site: Site, tmp_path: Path
) -> None:
    files, refused = {}, []
    for number, address in enumerate(pages.every_page(site)):
        status, content_type, body = site.get(address)
        assert content_type == "text/html; charset=utf-8", address
        file = tmp_path / f"{number:03}.html"
        file.write_bytes(body)
        files[file.name] = address
        if status != 200:
            refused.append((status, address))
    # The pages that say no are among them, and no other says no.
    assert sorted(status for status, _ in refused) == [400, 404, 404, 410], refused
    done = subprocess.run(
        [*validator, "--format", "json", "--stdout", "--exit-zero-always", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = [
        f"{files[one['url'].rpartition('/')[2]]}: {one['message']} {one.get('extract', '')!r}"
        for one in json.loads(done.stdout)["messages"]
    ]
    assert told == []
