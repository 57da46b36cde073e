"""Reading a form out of a page and sending it, as a browser without scripts would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse


def url(model: type[models.Model], page: str, *args: object) -> str:
    """Give the admin's address of a page about a model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


class _Form(HTMLParser):
    """The values that a page's form would send."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "input" and name and "__prefix__" not in name:
            if found.get("type") not in {"submit", "checkbox", "radio"} or "checked" in found:
                self.values[name] = found.get("value", "on" if "checked" in found else "")
        elif tag == "select" and "__prefix__" not in name:
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.values.setdefault(self.select, []).append(found.get("value", ""))
        elif tag == "textarea" and "__prefix__" not in name:
            self.textarea, self.values[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea] += data.lstrip("\n")


def form_of(client: Client, address: str) -> dict[str, Any]:
    """Open a page and give what its form would send."""
    answer = client.get(address)
    assert answer.status_code == 200, answer
    form = _Form()
    form.feed(answer.text)
    for noise in ("csrfmiddlewaretoken", "q", "_save", ""):
        form.values.pop(noise, None)
    return form.values


def send(client: Client, address: str, **changes: Any) -> Any:
    """Open a form, change some of its fields and send it."""
    return client.post(address, form_of(client, address) | changes)


def faults(answer: Any) -> dict[str, list[str]]:
    """Give the sentences of a form that came back, field by field."""
    assert answer.status_code == 200, answer
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}
