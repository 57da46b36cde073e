"""The site's own settings, with an environment of our making and without what only slows tests."""

import atexit
import os
import shutil
import tempfile

# The suite must not change with whoever runs it: of the environment only the database and what
# the tests themselves are told is read.
TOLD = {"IL2TRACKER_REQUIRE", "IL2TRACKER_REGISTRY", "IL2TRACKER_LIGHTHOUSE", "IL2TRACKER_VNU"}
for name in [*os.environ]:
    if name.startswith("IL2TRACKER_") and name not in TOLD:
        del os.environ[name]
for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "PORT"):
    os.environ.pop(name, None)
os.environ["IL2TRACKER_ENV_FILE"] = ""
os.environ["SECRET_KEY"] = "tests-only-" + "x" * 50
# Of this process alone, so that any number of runs can go on in one checkout.
ROOM = tempfile.mkdtemp(prefix="il2tracker-tests-")
atexit.register(shutil.rmtree, ROOM, ignore_errors=True)
os.environ["IL2TRACKER_DATA_DIR"] = ROOM
# Tests write rows without moving the data version; those of the kept pages switch them on.
os.environ["IL2TRACKER_PAGES_KEPT_MB"] = "0"

from il2tracker.settings import *  # noqa: E402, F403
from il2tracker.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads then have connections, locks and waits of their own, as when the
    # site runs. Only what survives a power cut does not matter here.
    DATABASES["default"]["TEST"] = {"NAME": f"{ROOM}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"

STORAGES |= {
    # The hashed names of the running site exist only after collectstatic.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
