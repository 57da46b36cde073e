"""Every setting of the site: read from the environment, with a default that is safe to run with.

`.env.example` has a sentence on each; a test compares the two.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from il2tracker import json_log, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
_env_file = BASE_DIR / os.environ.get("IL2TRACKER_ENV_FILE", ".env")
if _env_file.is_file():
    environ.Env.read_env(_env_file)  # the environment wins over the file

# --- Who we are, and whether the public sees it -------------------------------------------------

PRODUCTION = env.bool("IL2TRACKER_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
# One folder holds all that a running copy writes: database, secret key, collected static files.
DATA_DIR = BASE_DIR / env.str("IL2TRACKER_DATA_DIR", default="data")

IL2TRACKER_BASE_URL = env.str("IL2TRACKER_BASE_URL", default="").rstrip("/")
IL2TRACKER_CONTACT = env.str("IL2TRACKER_CONTACT", default="")
IL2TRACKER_REGISTRY = env.str("IL2TRACKER_REGISTRY", default="")

SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])

if PRODUCTION:
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "IL2TRACKER_PRODUCTION is set, so SECRET_KEY must be set too: "
            "50 or more random characters that are kept out of the checkout."
        )
    if not IL2TRACKER_BASE_URL:
        raise ImproperlyConfigured(
            "IL2TRACKER_PRODUCTION is set, so IL2TRACKER_BASE_URL must be set too: the public "
            "address of the site, such as https://il2.example.org. Links in exports and the host "
            "names that the site answers to (unless ALLOWED_HOSTS names them) come from it."
        )
    if DEBUG:
        raise ImproperlyConfigured(
            "IL2TRACKER_PRODUCTION and DEBUG are both set: DEBUG shows settings and source code "
            "to anybody who finds a fault. Unset one of them."
        )
else:
    SECRET_KEY = SECRET_KEY or secret_key.kept_in(DATA_DIR / "secret-key")
    _port = env.str("PORT", default="") or "8000"
    if not (_port.isascii() and _port.isdigit() and 0 < int(_port) < 65_536):
        raise ImproperlyConfigured(f"PORT is “{_port}”: give a whole number from 1 to 65535.")
    IL2TRACKER_BASE_URL = IL2TRACKER_BASE_URL or f"http://127.0.0.1:{_port}"

if not ALLOWED_HOSTS:
    ALLOWED_HOSTS = [urlsplit(IL2TRACKER_BASE_URL).hostname or ""]
    if not PRODUCTION:
        ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]

# --- Parts --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "evidence.apps.CurationConfig",  # Django's admin, grouped as curators think
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",  # for its static files: every answer is the whole page, whoever asks
    "auditlog",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "evidence.apps.EvidenceConfig",
]

MIDDLEWARE = [
    "il2tracker.middleware.name_request",
    "il2tracker.middleware.add_security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Probes come by address and without TLS: before anything that asks for a host or redirects.
    "il2tracker.middleware.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "il2tracker.middleware.refuse_bad_input",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "il2tracker.middleware.forget_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "il2tracker.sessions.end_sessions",
    "il2tracker.middleware.name_actor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "il2tracker.urls"
WSGI_APPLICATION = "il2tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------

_database: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA_DIR / "il2tracker.sqlite3"),
}
if env.str("DATABASE_URL", default=""):
    _database = env.db("DATABASE_URL")
    if not _database.get("ENGINE"):
        raise ImproperlyConfigured(
            "DATABASE_URL is not the address of a database that is known here. Write "
            "postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
        )
DATABASES = {"default": _database}
if _database["ENGINE"] == "django.db.backends.sqlite3":
    if _database["NAME"] != ":memory:":
        _database["NAME"] = str(BASE_DIR / _database["NAME"])
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # With Django's own defaults two of three concurrent writes fail at once: a transaction that
    # reads and then writes cannot wait. IMMEDIATE takes the write lock at its start and waits.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA journal_size_limit=67108864"
        ),
    } | _database.get("OPTIONS", {})
else:
    _database["CONN_HEALTH_CHECKS"] = True  # else the first request after its restart is a 500
# For SQLite too: to open the file takes five times as long as to answer with a page that is kept.
_database["CONN_MAX_AGE"] = env.int("IL2TRACKER_CONN_MAX_AGE", default=60)
# Off with intent: a CSV is streamed after the view has returned, readers need no transaction, and
# the admin and the moves open their own around every write.
_database["ATOMIC_REQUESTS"] = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Pages kept in memory -----------------------------------------------------------------------


def _whole(*, least: int = 1, **said: str) -> int:
    """Return a setting's number; a word, a minus or too little is refused in a sentence."""
    ((name, text),) = said.items()
    if not re.fullmatch(r"0|[1-9][0-9]{0,4}", text) or int(text) < least:
        raise ImproperlyConfigured(
            f"{name} is “{text}”: give a whole number from {least} to 99999."
        )
    return int(text)


# How much memory each worker process keeps pages in; 0 keeps none.
IL2TRACKER_PAGES_KEPT_MB = _whole(
    least=0, IL2TRACKER_PAGES_KEPT_MB=env.str("IL2TRACKER_PAGES_KEPT_MB", default="64")
)

# --- Registries and literature ------------------------------------------------------------------


def _api(**said: str) -> str:
    """Return a registry's address; one that would not be asked is refused in a sentence."""
    ((name, text),) = said.items()
    try:
        parts = urlsplit(text)
        here = parts.hostname in ("127.0.0.1", "localhost", "::1")
        good = bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and here)
        )
        good = good and not (parts.query or parts.fragment or parts.username or parts.port == 0)
    except ValueError:
        good = False
    if not good:
        raise ImproperlyConfigured(
            f"{name} is “{text}”: give an https address without a query, such as "
            "https://clinicaltrials.gov/api/v2 (http is for 127.0.0.1 alone)."
        )
    return text.rstrip("/")


IL2TRACKER_CTGOV_URL = _api(
    IL2TRACKER_CTGOV_URL=env.str(
        "IL2TRACKER_CTGOV_URL", default="https://clinicaltrials.gov/api/v2"
    )
)
IL2TRACKER_PUBMED_URL = _api(
    IL2TRACKER_PUBMED_URL=env.str(
        "IL2TRACKER_PUBMED_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    )
)
IL2TRACKER_CROSSREF_URL = _api(
    IL2TRACKER_CROSSREF_URL=env.str("IL2TRACKER_CROSSREF_URL", default="https://api.crossref.org")
)
IL2TRACKER_PUBMED_KEY = env.str("IL2TRACKER_PUBMED_KEY", default="")

# --- People -------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses who is locked out, and lets nobody in
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

IL2TRACKER_SESSION_HOURS = _whole(
    IL2TRACKER_SESSION_HOURS=env.str("IL2TRACKER_SESSION_HOURS", default="8")
)
IL2TRACKER_SESSION_IDLE_MINUTES = _whole(
    IL2TRACKER_SESSION_IDLE_MINUTES=env.str("IL2TRACKER_SESSION_IDLE_MINUTES", default="30")
)
SESSION_COOKIE_AGE = IL2TRACKER_SESSION_HOURS * 60 * 60

# Whether reviewers, administrators and superusers must set up a second factor.
IL2TRACKER_SECOND_FACTOR = env.bool("IL2TRACKER_SECOND_FACTOR", default=PRODUCTION)
OTP_TOTP_ISSUER = "il2tracker"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

# Who guesses passwords is locked out: that name at that address, nobody else and not for ever.
IL2TRACKER_SIGN_IN_FAILURES = _whole(
    IL2TRACKER_SIGN_IN_FAILURES=env.str("IL2TRACKER_SIGN_IN_FAILURES", default="5")
)
IL2TRACKER_SIGN_IN_WAIT = _whole(
    IL2TRACKER_SIGN_IN_WAIT=env.str("IL2TRACKER_SIGN_IN_WAIT", default="15")
)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = IL2TRACKER_SIGN_IN_FAILURES
AXES_COOLOFF_TIME = timedelta(minutes=IL2TRACKER_SIGN_IN_WAIT)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "evidence.web.errors.handle_lock_out"
AXES_CLIENT_IP_CALLABLE = "evidence.admin.sign_in.address_of"
# Failures are forgotten after the wait, and who signed in from where is nobody's business.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

AUDITLOG_CID_GETTER = "il2tracker.request_id.current"
AUDITLOG_DISABLE_REMOTE_ADDR = True

# --- What a request may bring -------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a topic with its findings and harm reports inline
CSRF_FAILURE_VIEW = "evidence.web.errors.handle_csrf_failure"

# --- Security headers ---------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = env.bool("IL2TRACKER_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("IL2TRACKER_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("IL2TRACKER_HSTS_SUBDOMAINS", default=PRODUCTION)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
IL2TRACKER_BEHIND_PROXY = env.bool("IL2TRACKER_BEHIND_PROXY", default=False)
if IL2TRACKER_BEHIND_PROXY:
    # Only behind a proxy that sets this header itself: otherwise any client could claim TLS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [IL2TRACKER_BASE_URL]

# --- Log ----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "il2tracker.json_log.JsonLines"}},
    "handlers": {
        "lines": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": json_log.stream,
        }
    },
    "root": {"handlers": ["lines"], "level": env.str("IL2TRACKER_LOG_LEVEL", default="INFO")},
    # Django's own handlers off: each record is written once, by the root.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "level": "NOTSET", "propagate": True},
        "axes": {"level": "WARNING"},  # its INFO says that nothing happened
    },
}
