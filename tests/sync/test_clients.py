"""The clients that the settings name."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.registries.http import Polite, Refused
from evidence.sync import clients
from tests.registries.fake import FakeRegistry
from tests.registries.made_up import many_studies


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.IL2TRACKER_BASE_URL = "https://il2.example.org"
    settings.IL2TRACKER_CONTACT = "mailto:curators@example.org"


def test_the_registries_are_the_official_ones_until_a_setting_says_otherwise():
    assert clients.ctgov().base == "https://clinicaltrials.gov/api/v2"
    assert clients.ctgov().wire.hosts == {"clinicaltrials.gov"}
    assert clients.pubmed_wire().hosts == {"eutils.ncbi.nlm.nih.gov"}
    assert clients.crossref_wire().hosts == {"api.crossref.org"}


def test_a_setting_leads_to_a_registry_on_this_machine(settings: Any):
    with FakeRegistry(many_studies(3)) as fake:
        settings.IL2TRACKER_CTGOV_URL = fake.base
        client = clients.ctgov()
        assert client.version().data_date == "2026-11-20"
        assert len(client.search(intervention="aldesleukin").studies) == 3
        told = fake.asked[0].headers["user-agent"]
    assert told == "il2tracker (+https://il2.example.org; curators@example.org)"


def test_the_official_registries_are_spared(settings: Any):
    assert clients.ctgov().wire.gap == 1
    assert clients.crossref_wire().gap == 1
    assert clients.pubmed_wire().gap == pytest.approx(1 / 3)
    settings.IL2TRACKER_PUBMED_KEY = "0123456789abcdef"
    assert clients.pubmed_wire().gap == pytest.approx(1 / 10)


@pytest.mark.parametrize("make", [clients.pubmed_wire, clients.crossref_wire])
def test_a_wire_asks_no_other_host(make: type[Polite]):
    with pytest.raises(Refused):
        make().get("https://clinicaltrials.gov/api/v2/version")


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("curators@example.org", "curators@example.org"),
        ("mailto:curators@example.org", "curators@example.org"),
        ("mailto:curators@example.org?subject=x", "curators@example.org"),
        ("https://example.org/@corrections", ""),
        ("", ""),
        ("a@b\r\nX-Evil: 1", ""),
        ("kur\u00e4tor@example.org", ""),
    ],
)
def test_the_literature_is_told_an_address_that_is_one(settings: Any, contact: str, address: str):
    settings.IL2TRACKER_CONTACT = contact
    assert clients.mail_address() == address


@pytest.mark.parametrize(
    ("base", "contact", "agent"),
    [
        ("http://127.0.0.1:8000", "", "il2tracker"),
        ("http://127.0.0.1:8000", "a@b.example", "il2tracker (a@b.example)"),
        (
            "https://il2.example.org",
            "https://example.org/write",
            "il2tracker (+https://il2.example.org; https://example.org/write)",
        ),
        ("https://il2.example.org", "a\r\nb: c", "il2tracker (+https://il2.example.org)"),
        ("https://il2.example.org", "\u043a@b.example", "il2tracker (+https://il2.example.org)"),
    ],
)
def test_a_registry_reads_where_to_find_and_write_to_us(
    settings: Any, base: str, contact: str, agent: str
):
    settings.IL2TRACKER_BASE_URL, settings.IL2TRACKER_CONTACT = base, contact
    assert clients.user_agent() == agent
