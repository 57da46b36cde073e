"""How gunicorn serves the site: `gunicorn -c python:il2tracker.gunicorn il2tracker.wsgi`."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4

# Longer than the longest query that the site reads, so that the refusal is in our words.
limit_request_line = 8_190
# Whether a request came by TLS is Django's to say (IL2TRACKER_BEHIND_PROXY), and no header names
# the address: gunicorn's defaults let any client on this machine claim both.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# Its default is one socket per user, over which two copies on one machine would fall out.
control_socket_disable = True

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "il2tracker.json_log.JsonLines"}},
    "handlers": {
        "lines": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stdout",
        }
    },
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
