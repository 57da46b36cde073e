"""What readers can list: one declaration per listing, by the word in its address."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evidence.catalogue.conditions import CONDITIONS
from evidence.catalogue.discordances import DISCORDANCES
from evidence.catalogue.effects import EFFECTS
from evidence.catalogue.evidence import EVIDENCE
from evidence.catalogue.findings import FINDINGS
from evidence.catalogue.harms import HARMS
from evidence.catalogue.interventions import INTERVENTIONS
from evidence.catalogue.publications import PUBLICATIONS
from evidence.catalogue.trials import TRIALS
from evidence.listing.core import Listing

CATALOGUE: Mapping[str, Listing] = MappingProxyType(
    {
        listing.name: listing
        for listing in (
            EVIDENCE,
            FINDINGS,
            HARMS,
            TRIALS,
            PUBLICATIONS,
            CONDITIONS,
            INTERVENTIONS,
            EFFECTS,
            DISCORDANCES,
        )
    }
)

__all__ = ["CATALOGUE"]
