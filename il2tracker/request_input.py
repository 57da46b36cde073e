"""What a request may bring: text that a database can hold, in UTF-8, of a sensible length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
ADMIN = "/admin/"
# Every filter with many values is far below this, and every proxy on the way lets this much pass.
LONGEST_QUERY = 4_000
LARGEST_BODY = 10 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"
LOSSLESS = "latin-1"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a request is refused: the status, and a sentence for whoever sent it."""

    status: int
    message: str


def methods_of(request: HttpRequest) -> tuple[str, ...]:
    """Return the methods that an address may be asked with: readers only read."""
    return METHODS if request.path_info.startswith(ADMIN) else ("GET", "HEAD")


def fault_in(request: HttpRequest) -> Fault | None:
    """Return what is wrong with the request as such, before any view reads it."""
    if request.method not in methods_of(request):
        return Fault(status=405, message=f"The method {request.method} is not used here.")
    return _fault_in_address(request) or _fault_in_headers(request) or _fault_in_body(request)


def _fault_in_address(request: HttpRequest) -> Fault | None:
    # Django has decoded the path already, and left the bytes that are not UTF-8 quoted. The query
    # is still as WSGI gives it: quoted, and Latin-1 text of the bytes sent.
    path = request.path_info.encode()
    query = request.META.get("QUERY_STRING", "").encode("latin-1")
    if len(query) > LONGEST_QUERY:
        return Fault(
            status=414,
            message=f"The query of this address is {len(query):,} characters long; "
            f"{LONGEST_QUERY:,} is the most that is read.",
        )
    if b"\0" in path:
        return _nul("address")
    return _broken_utf8(unquote_to_bytes(path), "address") or _fault_in_bytes(query, "query")


def _fault_in_headers(request: HttpRequest) -> Fault | None:
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8"}:
        return Fault(status=400, message="Requests are read as UTF-8 and as nothing else.")
    # A quoted cookie value may spell a NUL as an octal escape.
    if _has_nul(request.COOKIES.values()):
        return Fault(status=400, message="A cookie of this request contains a NUL character.")
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return Fault(status=400, message="The Content-Length of this request is not a number.")
    if length > LARGEST_BODY:
        return _too_large(LARGEST_BODY)
    return None


def _fault_in_body(request: HttpRequest) -> Fault | None:
    if request.method != "POST":
        return None
    request.parse_file_upload = partial(_read_parts, request)  # type: ignore[method-assign]
    try:
        if request.content_type == FORM and (fault := _fault_in_bytes(request.body, "form")):
            return fault
        names = (upload.name or "" for _, files in request.FILES.lists() for upload in files)
        values = (text for key, texts in request.POST.lists() for text in (key, *texts))
        if _has_nul(values) or _has_nul(names):
            return _nul("form")
    except UnicodeDecodeError:
        return _not_utf8("form")
    except RequestDataTooBig:
        return _too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    except (TooManyFieldsSent, TooManyFilesSent):
        return Fault(status=400, message="The form has more fields than are read at once.")
    except (MultiPartParserError, UnreadablePostError):
        return Fault(status=400, message="The form did not arrive whole.")
    return None


class _Parts(MultiPartParser):
    """A multipart form as it streams in: UnicodeDecodeError where a field's text is not UTF-8.

    Django's own reading writes U+FFFD instead, and says nothing. Latin-1 gives back each byte that
    was sent. What files hold is no text and stays as it is.
    """

    def parse(self) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
        fields, files = super().parse()
        try:
            texts = QueryDict(mutable=True)
            for name, values in fields.lists():
                texts.setlist(_again(name), [_again(value) for value in values])
        except UnicodeDecodeError:
            for upload in chain.from_iterable(uploads for _, uploads in files.lists()):
                upload.close()
            raise
        texts._mutable = False
        return texts, files

    def sanitize_file_name(self, file_name: str) -> str | None:
        return super().sanitize_file_name(_again(file_name))

    def handle_file_complete(self, old_field_name: str, counters: list[int]) -> None:
        super().handle_file_complete(_again(old_field_name), counters)


def _read_parts(request: HttpRequest, meta: Any, stream: Any) -> Any:
    return _Parts(meta, stream, request.upload_handlers, LOSSLESS).parse()


def _again(text: str) -> str:
    return text.encode(LOSSLESS).decode("utf-8")


def _fault_in_bytes(quoted: bytes, what: str) -> Fault | None:
    raw = unquote_to_bytes(quoted)
    return _nul(what) if b"\0" in raw else _broken_utf8(raw, what)


def _broken_utf8(raw: bytes, what: str) -> Fault | None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(what)
    return None


def _not_utf8(what: str) -> Fault:
    return Fault(status=400, message=f"The {what} is not valid UTF-8.")


def _has_nul(values: Iterable[str]) -> bool:
    return any("\0" in value for value in values)


def _nul(what: str) -> Fault:
    return Fault(status=400, message=f"The {what} contains a NUL character.")


def _too_large(limit: int) -> Fault:
    return Fault(
        status=413,
        message=f"The form is too large: {limit / 1024 / 1024:.1f} MB is the most that is read.",
    )
