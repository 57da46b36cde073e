"""Which kinds of entry there are, and which keys each has.

The keys are the model's own editable fields; only what no model says is declared here: how an
entry is named, in which files it stands, and what is written inside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models

from evidence.models import (
    AdverseEffect,
    Approval,
    Arm,
    Assessment,
    CellTarget,
    CombinationPartner,
    Condition,
    Consideration,
    Edition,
    Finding,
    HarmReport,
    Intervention,
    InterventionPartner,
    Outcome,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of entry, such as a trial, or of what stands inside one, such as an arm."""

    name: str
    plural: str
    model: type[models.Model]
    # Glob pattern below the starter folder; empty for what only stands inside another kind.
    files: str = ""
    # The keys that name an entry; `key` is the name of what has no name of its own.
    named: tuple[str, ...] = ()
    # The model's field for the entry that this one stands in.
    parent: str = ""
    inside: Mapping[str, Kind] = field(default_factory=dict)
    # One mapping inside its parent, not a list of them.
    single: bool = False
    # The field that a bare word fills, where entries are written as a list of words.
    bare: str = ""
    # Keys that are the parent's where they are left out.
    inherited: tuple[str, ...] = ()

    @property
    def is_judgement(self) -> bool:
        """Whether it is an edition of a record, with a key and a state."""
        return issubclass(self.model, Edition)

    @cached_property
    def fields(self) -> dict[str, models.Field[Any, Any]]:
        """The fields that hold plain values, by key."""
        return {name: f for name, f in self._editable.items() if not f.is_relation}

    @cached_property
    def links(self) -> dict[str, models.Field[Any, Any]]:
        """The fields that name one other entry, by key."""
        return {name: f for name, f in self._editable.items() if f.is_relation}

    @cached_property
    def many(self) -> dict[str, models.ManyToManyField[Any, Any]]:
        """The fields that name several other entries, by key."""
        return {
            f.name: f
            for f in self.model._meta.many_to_many
            if f.editable and f.name not in self.inside
        }

    @cached_property
    def _editable(self) -> dict[str, models.Field[Any, Any]]:
        left_out = {self.parent, "merged_into"}
        return {
            f.name: f
            for f in self.model._meta.concrete_fields
            if f.editable and not f.primary_key and f.name not in left_out
        }

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key that an entry may have."""
        own = {*self.fields, *self.links, *self.many, *self.inside, *self.named}
        return frozenset(own | ({"state"} if self.is_judgement else set()))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The keys that an entry must have, in the model's order."""
        needed = [
            name
            for name, f in self._editable.items()
            if not f.blank and not f.has_default() and name not in self.named
        ]
        return (*self.named, *needed)


PARTNER_OF = Kind(
    "combination", "combinations", InterventionPartner, named=("partner",), parent="intervention"
)
PHASE = Kind("phase", "phases", TrialPhase, named=("phase",), parent="trial", bare="phase")
IDENTIFIER = Kind(
    "identifier", "identifiers", TrialIdentifier, named=("registry", "value"), parent="trial"
)
ARM = Kind("arm", "arms", Arm, parent="trial")
PAPER = Kind("paper", "papers of trials", TrialPublication, named=("publication",), parent="trial")
ASSESSMENT = Kind(
    "assessment", "assessments", Assessment, named=("key",), parent="topic", single=True
)
FINDING = Kind("finding", "findings", Finding, named=("key",), parent="topic")
HARM = Kind(
    "harm report",
    "harm reports",
    HarmReport,
    files="harms*.yaml",
    named=("key",),
    parent="topic",
    inherited=("intervention",),
)
TOPIC = Kind(
    "topic",
    "topics",
    Topic,
    files="topics/*.yaml",
    named=("condition", "intervention", "role", "population"),
    inside={"assessment": ASSESSMENT, "findings": FINDING, "harms": HARM},
)
TRIAL = Kind(
    "trial",
    "trials",
    Trial,
    files="trials*.yaml",
    named=("slug",),
    inside={"phases": PHASE, "identifiers": IDENTIFIER, "arms": ARM, "publications": PAPER},
)
PUBLICATION = Kind(
    "publication", "publications", Publication, files="publications*.yaml", named=("key",)
)
CONSIDERATION = Kind(
    "consideration",
    "considerations",
    Consideration,
    files="considerations*.yaml",
    named=("key",),
)


def _term(name: str, plural: str, model: type[models.Model], **more: Any) -> Kind:
    files = more.pop("files", f"{plural.replace(' ', '-')}*.yaml")
    return Kind(name, plural, model, files=files, named=("slug",), **more)


# In the order in which they are loaded: what others name comes first.
KINDS: tuple[Kind, ...] = (
    _term("outcome", "outcomes", Outcome),
    _term("cell target", "cell targets", CellTarget),
    _term(
        "combination partner", "combination partners", CombinationPartner, files="partners*.yaml"
    ),
    _term("condition", "conditions", Condition),
    _term("intervention", "interventions", Intervention, inside={"partners": PARTNER_OF}),
    _term("adverse effect", "adverse effects", AdverseEffect),
    PUBLICATION,
    Kind(
        "approval",
        "approvals",
        Approval,
        files="approvals*.yaml",
        named=("intervention", "condition", "population", "agency"),
    ),
    TRIAL,
    TOPIC,
    HARM,
    CONSIDERATION,
)
KIND_OF: Mapping[Any, Kind] = {kind.model: kind for kind in KINDS}
