"""What no view ever has to read: NUL, broken UTF-8, odd methods, endless queries, huge forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

ADMIN = "/admin/login/"


@pytest.mark.parametrize(
    "address",
    ["/%00", "/evidence%00/", "/?q=%00", "/?a%00=1", "/evidence.csv?q=a%00b", "/healthz/%00"],
)
def test_a_nul_in_the_address_is_refused(client: Client, address: str):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "contains a NUL character" in answer.text


@pytest.mark.parametrize(
    "address", ["/%FF", "/caf%E9/", "/?q=%FF", "/?q=%C3", "/?%80=1", "/?q=%ED%A0%80"]
)
def test_bytes_that_are_not_utf8_are_refused(client: Client, address: str):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "is not valid UTF-8" in answer.text


def test_utf8_text_passes(client: Client):
    assert client.get("/β-cell/?q=β-cell+naïve").status_code == 404
    assert client.get("/100%25/?q=100%25").status_code == 404


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "latin-1"])
def test_a_request_cannot_choose_how_its_query_is_decoded(client: Client, charset: str):
    answer = client.get("/nowhere/?q=a", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "BREW"])
@pytest.mark.parametrize(
    ("path", "others"),
    [("/", "GET, HEAD"), ("/nowhere/", "GET, HEAD"), ("/admin/", "GET, HEAD, POST, OPTIONS")],
)
def test_a_method_that_nobody_uses_is_a_405_that_lists_the_others(
    client: Client, method: str, path: str, others: str
):
    answer = client.generic(method, path)
    assert answer.status_code == 405
    assert answer["Allow"] == others
    assert f"The method {method} is not used here." in answer.text


def test_an_endless_query_is_refused_with_the_limit(client: Client):
    assert client.get("/nowhere/", {"q": "a" * 3_900}).status_code == 404
    answer = client.get("/nowhere/", {"q": "a" * 4_000})
    assert answer.status_code == 414
    assert "4,000 is the most that is read" in answer.text


def test_a_quoted_cookie_cannot_smuggle_a_nul(client: Client):
    answer = client.get(ADMIN, headers={"cookie": r'sessionid="aaaaaaaaaaaa\000"'})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", ["username=a%00b", "user%00name=a", "username=a\0b"], ids=["value", "name", "raw"]
)
def test_a_nul_in_a_urlencoded_form_is_refused(client: Client, body: str):
    answer = client.generic("POST", ADMIN, body, "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "contains a NUL character" in answer.text


def test_a_nul_in_a_multipart_form_is_refused(client: Client):
    answer = client.post(ADMIN, {"username": "a\0b"})
    assert answer.status_code == 400
    assert "The form contains a NUL character." in answer.text


def test_broken_utf8_in_a_form_is_refused(client: Client):
    answer = client.generic("POST", ADMIN, "username=%FF", "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "The form is not valid UTF-8." in answer.text


def parts(*sent: tuple[bytes, bytes]) -> bytes:
    """Give the body of a multipart form: each part by what names it, and its bytes."""
    disposition = b"--x\r\nContent-Disposition: form-data; "
    return b"".join(disposition + n + b"\r\n\r\n" + v + b"\r\n" for n, v in sent) + b"--x--\r\n"


def send_parts(client: Client, *sent: tuple[bytes, bytes]) -> Any:
    return client.generic("POST", ADMIN, parts(*sent), "multipart/form-data; boundary=x")


@pytest.mark.parametrize(
    "broken", [b"\xff\xfe", b"caf\xe9", b"\xed\xa0\x80", b"a" * 70_000 + b"\xc3"]
)
@pytest.mark.parametrize("beside", [(), ((b'name="f"; filename="f.pdf"', b"\xff"),)])
def test_broken_utf8_in_a_multipart_form_is_refused(client: Client, broken: bytes, beside: Any):
    answer = send_parts(client, (b'name="username"', broken), *beside)
    assert answer.status_code == 400
    assert "The form is not valid UTF-8." in answer.text


@pytest.mark.django_db
def test_a_multipart_form_keeps_what_was_typed(client: Client):
    typed = "β-cell naïve 試験 \N{REPLACEMENT CHARACTER} \x85"
    answer = client.post(ADMIN, {"username": typed, "größe": ["a", "ß"]})
    assert answer.status_code == 200
    assert answer.wsgi_request.POST["username"] == typed
    assert answer.wsgi_request.POST.getlist("größe") == ["a", "ß"]


@pytest.mark.django_db
@pytest.mark.parametrize("size", [10, 3 * 1024 * 1024])
def test_a_file_in_a_form_may_hold_any_bytes(client: Client, size: int):
    held = (b"\xff\xfe\0" * size)[:size]
    named = 'name="größe"; filename="größe à Å.pdf"'.encode()
    answer = send_parts(client, (b'name="username"', b"a"), (named, held))
    assert answer.status_code == 200
    (upload,) = answer.wsgi_request.FILES.getlist("größe")
    assert (upload.name, upload.size) == ("größe à Å.pdf", size)
    upload.close()


def test_a_multipart_form_with_too_much_text_is_a_413(client: Client):
    answer = send_parts(client, (b'name="username"', b"a" * (3 * 1024 * 1024)))
    assert answer.status_code == 413


def test_a_form_with_broken_parts_is_refused(client: Client):
    answer = client.generic("POST", ADMIN, "--x", "multipart/form-data; boundary=")
    assert answer.status_code == 400
    assert "did not arrive whole" in answer.text


def test_a_form_with_too_many_fields_is_refused(client: Client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = client.generic("POST", ADMIN, "a=1&b=2&c=3&d=4", "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "more fields than are read" in answer.text


def test_a_form_that_is_too_large_is_a_413_with_the_limit(client: Client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    body = "a=" + "b" * (1024 * 1024)
    answer = client.generic("POST", ADMIN, body, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "1.0 MB is the most" in answer.text


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(client: Client):
    answer = client.post(ADMIN, {"a": "b"}, CONTENT_LENGTH=str(11 * 1024 * 1024))
    assert answer.status_code == 413


def test_a_query_with_too_many_fields_is_a_400(client: Client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = client.get(ADMIN + "?a=1&b=2&c=3&d=4")
    assert answer.status_code == 400
    assert "more fields than are read" in answer.text
