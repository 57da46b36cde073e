"""Which release of the program answers: another whenever a page could come out differently."""

from __future__ import annotations

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

FOLDERS = ("evidence", "il2tracker", "templates")
SHOWN = {".py", ".html", ".txt", ".xml", ".css", ".js", ".svg", ".json", ".yaml"}


def digest(top: Path) -> str:
    """Return the digest of the code, templates and static files that stand under a folder."""
    found = hashlib.blake2b(digest_size=16)
    found.update(django.__version__.encode())
    # Pages name the static files as they were collected.
    found.update(getattr(staticfiles_storage, "manifest_hash", "").encode())
    files = (path for folder in FOLDERS for path in (top / folder).rglob("*"))
    for path in sorted(path for path in files if path.suffix in SHOWN and path.is_file()):
        content = path.read_bytes()
        found.update(f"{path.relative_to(top)}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


# Once, as the process begins: what it has in memory is what stood there then.
RELEASE = digest(settings.BASE_DIR)
