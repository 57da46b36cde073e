"""A browser without scripts, over the wire: what a person sends while seven others send theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from tests.admin.pages import form_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PATIENCE = 60  # seconds
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the site answered."""

    status_code: int
    text: str


class Browser:
    """Somebody who is signed in on a running site."""

    def __init__(self, site: str, person: User) -> None:
        self.place = urlsplit(site).netloc
        client = Client()
        client.force_login(person, backend=BACKEND)
        self.cookies = {name: cookie.value for name, cookie in client.cookies.items()}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._send("GET", path)

    def post(self, path: str, values: Mapping[str, Any]) -> Answer:
        """Send a form."""
        token = {"csrfmiddlewaretoken": self.cookies[settings.CSRF_COOKIE_NAME]}
        return self._send("POST", path, urlencode({**values, **token}, doseq=True))

    def fill_in(self, path: str, **changes: Any) -> dict[str, Any]:
        """Open a form, and return what it would send with some changes."""
        client: Any = self  # as far as opening pages goes
        return form_of(client, path) | changes

    def _send(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        wire = HTTPConnection(self.place, timeout=PATIENCE)
        try:
            wire.request(method, path, body, headers)
            reply = wire.getresponse()
            for cookie in reply.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(status_code=reply.status, text=reply.read().decode())
        finally:
            wire.close()
