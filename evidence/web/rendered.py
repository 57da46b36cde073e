"""Pages rendered once for each version of the data; a 304 to whoever has them already.

Around every public view. A page depends on its path, its query, the data version and today's date
(UTC), and on nothing else that changes while the process runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from evidence.ledger import version
from evidence.listing.search import TRACKING
from evidence.web.pages_kept import MEGABYTE, Basis, Kept, PagesKept
from evidence.web.release import RELEASE

View = Callable[..., HttpResponseBase]

PAGES = PagesKept()


def rendered(view: View) -> View:
    """Answer from what is kept, and ask the view once for each version of the data.

    Caches on the way and browsers may keep what they get and must ask each time whether it still
    stands: what is withdrawn is gone at once.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        # With DEBUG on templates change while the process runs.
        if request.method not in ("GET", "HEAD") or settings.DEBUG:
            return view(request, *args, **words)
        _forget_tracking(request)
        basis = _basis()
        asked = _Asked(request, basis, partial(view, request, *args, **words))
        # Without a token nobody would know when the data had changed.
        return asked.answer() if basis[0] else asked.view()

    return answered


class _Asked:
    """One request for a page of one basis."""

    def __init__(
        self, request: HttpRequest, basis: Basis, view: Callable[[], HttpResponseBase]
    ) -> None:
        self.request = request
        self.basis = basis
        self.view = view
        query = request.GET.urlencode()
        self.address = f"{request.path}?{query}" if query else request.path
        self.etag = _etag(basis, self.address)
        self.packed = reads_gzip(request.headers.get("Accept-Encoding", ""))
        self.response: HttpResponseBase | None = None

    def answer(self) -> HttpResponseBase:
        """Return a 304, the page as it is kept, or what the view makes of it."""
        known = parse_etags(self.request.headers.get("If-None-Match", ""))
        if any(one.removeprefix("W/") == self.etag.removeprefix("W/") for one in known):
            return self._stamped(HttpResponseNotModified())
        page = self._page()
        if page is not None:
            response: HttpResponseBase = page.answer(self.request, packed=self.packed)
        else:
            response = self.view() if self.response is None else self.response
        if response.status_code == 200 and "*" in known:
            response = HttpResponseNotModified()
        return self._stamped(response)

    def _page(self) -> Kept | None:
        room = settings.IL2TRACKER_PAGES_KEPT_MB * MEGABYTE
        if not room:
            return self._render(room) if self.packed else None
        return PAGES.get(self.basis, self.address) or PAGES.once(
            self.basis, self.address, partial(self._render, room)
        )

    def _render(self, room: int) -> Kept | None:
        """Ask the view, and keep what it answers; None where that is no page that stands."""
        self.response = response = self.view()
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return None
        if "no-store" in response.get("Cache-Control", ""):
            return None
        page = Kept.of(response)
        # Read again: what changed meanwhile may be in the page or not, and under the old token it
        # would be found again where a backup brings that back.
        if self.basis != _basis():
            return None
        PAGES.keep(self.basis, self.address, page, room=room)
        return page

    def _stamped(self, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cache-Control", "no-cache")
        if response.status_code in (200, 304):
            response.headers.setdefault("ETag", self.etag)
            patch_vary_headers(response, ["Accept-Encoding"])
        return response


def reads_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding header takes gzip; a weight of 0, or an odd one, does not."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        weights[name] = weight or "1"
    try:
        return float(weights.get("gzip", weights.get("*", "0"))) > 0
    except ValueError:
        return False


def _basis() -> Basis:
    return (
        version.current().token,
        timezone.now().date().isoformat(),
        RELEASE,
        settings.IL2TRACKER_BASE_URL,
        settings.IL2TRACKER_CONTACT,
    )


def _etag(basis: Basis, address: str) -> str:
    """Return a weak tag: it stands for the page, however that is packed on its way."""
    whole = "\0".join((*basis, address)).encode()
    return f'W/"{hashlib.blake2b(whole, digest_size=16).hexdigest()}"'


def _forget_tracking(request: HttpRequest) -> None:
    """Take the keys of other sites out of the query, so that one page is kept once."""
    asked = request.GET
    if any(key.lower().startswith(TRACKING) for key in asked):
        kept = asked.copy()
        for key in asked:
            if key.lower().startswith(TRACKING):
                del kept[key]
        request.META["QUERY_STRING"] = query = kept.urlencode()
        request.GET = QueryDict(query, encoding=asked.encoding)  # read-only, as it came
