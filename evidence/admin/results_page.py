"""One showing of a trial's posted adverse events, and what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html

from evidence.admin.panels import address, only
from evidence.admin.results_forms import (
    CauseForm,
    GroupForm,
    TeachForm,
    filled,
    has_strange_groups,
    is_a_map,
)
from evidence.models import AdverseEffect, HarmReport, Intervention, Trial
from evidence.sync import results
from evidence.sync.errors import Refused
from evidence.sync.proposals import Proposal, Term, longest
from evidence.sync.record_texts import attribution_of, cut
from evidence.sync.results import Plan, Posted

# A page stays a page; a trial with more groups is read some groups at a time.
MOST_SHOWN = 500
# The site refuses a query of more than 4,000 signs.
LONGEST_ADDRESS = 3500
FEW, LONGEST_TOLD = 5, 40
LONGEST_NAME = longest(AdverseEffect, "name")
LONGEST_SYSTEM = longest(AdverseEffect, "organ_system")
CHANGED = (
    "What the groups received, or the record itself, was changed since these rows were shown. "
    "Look at them as they are now, then make the drafts."
)
NO_RECORD = "The record that was asked for has no posted adverse events here. Choose one of these."
NO_GROUP = "This names a group that the record does not have. Say again what each group received."
MEND = "Mend what is named below: no row is drawn up from it yet."
NO_IL2 = "Say of at least one group that it received IL-2."
NO_ROW = "Tick the rows that are to become drafts."
NO_TERM = "Choose the term and the effect that it names."
NO_DUTY = "Your duties do not include changing adverse effects."


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows of one group and one kind of event."""

    title: str
    note: str
    rows: Sequence[Proposal]


class Page:
    """One showing of the page: what was sent, the rows that follow from it, and what is wrong."""

    plan: Plan
    teach: TeachForm

    def __init__(self, trial: Trial, posted: Sequence[Posted], request: HttpRequest) -> None:
        self.trial, self.posted, self.request = trial, posted, request
        self.said: list[str] = []
        self.taught = ""
        asked = request.POST.get("record") or request.GET.get("record")
        source = next((one for one in posted if one.number == asked), None)
        self.source = source or posted[0]
        # What the groups received stands in the address, but where a button sends it.
        sent = request.POST if request.method == "POST" else request.GET
        self.sent = sent if request.method == "POST" or is_a_map(sent) else None
        known = {str(one.pk): one for one in Intervention.objects.public()}
        initial = {"intervention": only(self.trial.interventions.values_list("pk", flat=True))}
        self.groups = [
            GroupForm(self.sent, prefix=f"g{n}", group=group, forms_of_il2=known, initial=initial)
            for n, group in enumerate(self.source.events.groups)
        ]
        supposed = attribution_of(self.source.events)
        given = {"serious": supposed[True], "other": supposed[False]}
        self.cause = CauseForm(self.sent, prefix="cause", initial=given)
        if asked and source is None:
            self.said.append(NO_RECORD)
        elif self.sent is not None and has_strange_groups(self.sent, self.groups):
            self.said.append(NO_GROUP)
        self._draw_up()
        if request.method != "POST" and self.sent is not None and not self.said and not self._il2:
            self.said.append(NO_IL2)

    def _draw_up(self) -> None:
        """Work the rows out from what the groups are said to have received."""
        forms: list[GroupForm | CauseForm] = [*self.groups, self.cause]
        if self.sent is not None:
            for form in forms:
                form.data = filled(form, self.sent)
        wrong = [form for form in forms if self.sent is not None and not form.is_valid()]
        in_order = self.sent is not None and not wrong and not self._is_strange
        received = {form.group.id: form.received() for form in self.groups} if in_order else {}
        attribution = self.cause.attribution() if in_order else attribution_of(self.source.events)
        self.received, self.attribution = received, attribution
        self.plan = results.plan(self.trial, self.source, received, attribution=attribution)
        self.teach = TeachForm(terms=self.plan.unmatched, prefix="teach")
        if wrong:
            self.said.append(MEND)

    @property
    def _is_strange(self) -> bool:
        """Whether what was sent is of another record than the one that is shown."""
        return bool({NO_RECORD, NO_GROUP}.intersection(self.said))

    @property
    def _il2(self) -> bool:
        """Whether a group received IL-2."""
        return any(one.use == results.IL2 for one in self.received.values())

    # --- What was asked -----------------------------------------------------------------------

    def act(self) -> HttpResponse | None:
        """Do what the button says; None where the page is shown again."""
        if "teach" in self.request.POST:
            self._teach()
        elif not self.said and not self._il2:
            self.said.append(NO_IL2)
        elif "make" in self.request.POST and not self.said:
            return self._make()
        elif not self.said and len(self.way_back) <= LONGEST_ADDRESS:
            return HttpResponseRedirect(f"{self.way_back}#rows")
        return None

    @property
    def way_back(self) -> str:
        """The address of the page with what the groups received, for the way back and others."""
        query = {"record": self.source.number}
        forms: list[GroupForm | CauseForm] = [*self.groups, self.cause]
        for form in forms if self.received else ():
            query |= form.said()
        return address(Trial, "adverse_events", args=[self.trial.pk], query=query)

    def _make(self) -> HttpResponse | None:
        keys = self.request.POST.getlist("row")
        if self.request.POST.get("shown") != self.shown:
            self.said.append(CHANGED)
            return None
        if not keys:
            self.said.append(NO_ROW)
            return None
        try:
            made = results.make_drafts(
                self.trial,
                self.source,
                self.received,
                attribution=self.attribution,
                keys=keys,
                by=self.request.user,
            )
        except Refused as reason:
            self.said.append(str(reason))
            return None
        self._tell(made, keys=keys)
        where = address(HarmReport, "changelist", query={"trial__id__exact": self.trial.pk})
        return HttpResponseRedirect(where)

    def _tell(self, made: Sequence[HarmReport], *, keys: Sequence[str]) -> None:
        """Say what was made, what of it may be held already, and where the other rows are."""
        alike = [
            one
            for one in self.plan.proposals
            if one.key in keys and one.may_be_drafted and one.near
        ]
        said = _told(made, asked=len({*keys})) + (_told_alike(alike) if made else "")
        tell = messages.success if made else messages.warning
        link = format_html('<a href="{}#rows">Back to the rows</a>', self.way_back)
        tell(self.request, format_html("{} {}", said, link))

    def _teach(self) -> None:
        form = TeachForm(self.request.POST, terms=self.plan.unmatched, prefix="teach")
        if not self.request.user.has_perm("evidence.change_adverseeffect"):
            raise PermissionDenied(NO_DUTY)
        self.teach = form  # what was chosen stays chosen
        if not form.is_valid() or not all(form.cleaned_data.values()):
            self.said.append(NO_TERM)
            return
        term, effect = form.cleaned_data["term"], form.cleaned_data["effect"]
        try:
            results.teach(effect, term, by=self.request.user)
        except Refused as reason:
            self.said.append(str(reason))
            return
        self.taught = term
        messages.success(self.request, f"“{term}” is another name of {effect} now.")
        self._draw_up()

    # --- What is shown --------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """Name the rows that are shown: the record as read, and what its groups received."""
        said = [
            f"{key}:{one.use}:{getattr(one.intervention, 'pk', '')}:{one.dose_class}:{one.given}"
            for key, one in self.received.items()
        ]
        return " ".join([self.source.as_read[:12], *said, *map(str, self.attribution.values())])

    @property
    def tables(self) -> list[Table]:
        """The rows by group and kind of event, as many as a page holds."""
        found = groupby(
            self.plan.proposals[:MOST_SHOWN], lambda one: (one.group.id, one.event.serious)
        )
        return [_table(list(rows)) for _, rows in found]

    @property
    def left_out(self) -> int:
        """How many rows are not shown for want of room."""
        return max(0, len(self.plan.proposals) - MOST_SHOWN)

    @property
    def ticked(self) -> set[str]:
        """The rows that are ticked: what was, of those still there, or else what is proposed.

        Rows of a term that was taught a moment ago are new, so they are as proposed.
        """
        offered = [one for one in self.plan.proposals if one.may_be_drafted]
        if "offered" not in self.request.POST:
            return {one.key for one in offered if one.is_ticked}
        kept = {*self.request.POST.getlist("row")}
        fresh = {one.key for one in offered if one.is_ticked and one.event.term == self.taught}
        return {one.key for one in offered if one.key in kept} | fresh

    @property
    def counted(self) -> str:
        """How many rows there are, and how many of them are ticked."""
        rows, ticked = len(self.plan.proposals), len(self.ticked)
        return f"{rows:,} {'row' if rows == 1 else 'rows'}, {ticked:,} ticked"

    @property
    def others(self) -> list[tuple[Term, str]]:
        """The terms that are none of our effects, each with the form of a new effect."""
        return [(term, _new_effect(term)) for term in self.plan.unmatched[:MOST_SHOWN]]


def _table(rows: list[Proposal]) -> Table:
    first = rows[0]
    kind = "serious events" if first.event.serious else "other events"
    return Table(
        title=f"{first.group.title} ({first.group.id}), {kind}",
        note=str(first.values["collected_note"]),
        rows=rows,
    )


def _told(made: Sequence[HarmReport], *, asked: int) -> str:
    """Say what was made, and what was not because somebody else had made it meanwhile."""
    said = "1 draft was made." if len(made) == 1 else f"{len(made)} drafts were made."
    left = asked - len(made)
    return f"{said} Left out, as held already: {left}." if left else said


def _told_alike(alike: Sequence[Proposal]) -> str:
    """Say of which reports the new drafts may be a second reading."""
    if not alike:
        return ""
    few = [
        f"“{cut(one.event.term, LONGEST_TOLD)}” may be {one.near.code}"
        for one in alike[:FEW]
        if one.near
    ]
    more = f", and {len(alike) - FEW} more" if len(alike) > FEW else ""
    return f" Look at these again: {', '.join(few)}{more}."


def _new_effect(term: Term) -> str:
    """Return the form of a new effect that starts with a term."""
    starts = {"name": term.term[:LONGEST_NAME]}
    if term.organ_system:
        starts["organ_system"] = term.organ_system[:LONGEST_SYSTEM]
    return address(AdverseEffect, "add", query=starts)
