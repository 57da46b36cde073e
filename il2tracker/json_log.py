"""Log records as JSON, one line each, with the id of the request they belong to."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from il2tracker import request_id

# Where the lines go, as logging's configuration spells it. A server's log is its standard output;
# manage.py says otherwise before the settings are read.
stream = "ext://sys.stdout"


class JsonLines(logging.Formatter):
    """Format a record as one line of JSON, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a JSON object without line breaks."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := request_id.current():
            line["request_id"] = name
        # Django hangs the request on its own records. The query string stays out: what people
        # search for is nobody's business but theirs.
        request = getattr(record, "request", None)
        if (method := getattr(request, "method", None)) is not None:
            line |= {"method": method, "path": request.path}  # type: ignore[union-attr]
        if (status := getattr(record, "status_code", None)) is not None:
            line["status"] = status
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
