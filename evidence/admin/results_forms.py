"""The forms of posted adverse events: what groups received, of what cause, and other names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator

from evidence.models import AdverseEffect, Intervention
from evidence.registries.records import EventGroup
from evidence.sync import results
from evidence.sync.proposals import Term
from evidence.sync.results import Received
from evidence.vocab import Attribution, Comparator, DoseClass, Given

LONGEST_WORDS = 80
SLOT = re.compile(r"g\d+-")
WHICH_IL2 = "Say which form of IL-2 this group received."
USES = (
    (results.LEFT_OUT, "leave out"),
    (results.IL2, "IL-2"),
    *(
        (value, f"comparator: {label}")
        for value, label in Comparator.choices
        if value != Comparator.NONE
    ),
)


class GroupForm(forms.Form):
    """What one group of the record received."""

    use = forms.ChoiceField(label="Take it as", choices=USES, required=False)
    intervention = forms.ChoiceField(label="Form of IL-2", required=False)
    dose_class = forms.ChoiceField(
        label="Dose class", choices=DoseClass.choices, initial=DoseClass.NOT_REPORTED
    )
    given = forms.ChoiceField(label="Given", choices=Given.choices, initial=Given.NOT_STATED)

    def __init__(
        self, *args: Any, group: EventGroup, forms_of_il2: Mapping[str, Intervention], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        # Read once for all groups, not once for each.
        self.group, self.forms_of_il2 = group, forms_of_il2
        field: Any = self.fields["intervention"]
        field.choices = [("", "choose"), *((key, str(one)) for key, one in forms_of_il2.items())]
        for name, one in self.fields.items():
            one.widget.attrs["aria-label"] = f"{one.label}: {group.title}"
            if name != "use":
                one.required = False

    def clean(self) -> dict[str, Any]:
        """Ask which form of IL-2 a group received that is said to have received it."""
        said = self.cleaned_data
        unsaid = said.get("intervention") == ""
        if said.get("use") == results.IL2 and unsaid:
            self.add_error("intervention", WHICH_IL2)
        return said

    def received(self) -> Received:
        """Return what a form that is in order says."""
        said = self.cleaned_data
        return Received(
            use=said["use"],
            intervention=self.forms_of_il2.get(said["intervention"]),
            dose_class=said["dose_class"] or DoseClass.NOT_REPORTED,
            given=said["given"] or Given.NOT_STATED,
        )

    def said(self) -> dict[str, str]:
        """Return for an address what a form that is in order says; nothing where it is left out."""
        use = self.cleaned_data["use"]
        names = [*self.fields] if use == results.IL2 else ["use"] if use else []
        return {self.add_prefix(name): self.cleaned_data[name] for name in names}


class CauseForm(forms.Form):
    """Whether the record held treatment responsible for what it counts."""

    serious = forms.ChoiceField(label="Serious events", choices=Attribution.choices)
    other = forms.ChoiceField(label="Other events", choices=Attribution.choices)

    def attribution(self) -> dict[bool, str]:
        """Return it by whether events are serious."""
        return {True: self.cleaned_data["serious"], False: self.cleaned_data["other"]}

    def said(self) -> dict[str, str]:
        """Return for an address what a form that is in order says."""
        return {self.add_prefix(name): self.cleaned_data[name] for name in self.fields}


def is_a_map(sent: Mapping[str, Any]) -> bool:
    """Say whether an address or a form says anything of what groups received, or of causes."""
    return any(SLOT.match(name) or name.startswith("cause-") for name in sent)


def has_strange_groups(sent: Mapping[str, Any], known: Sequence[forms.Form]) -> bool:
    """Say whether something is said of a group that the record has not."""
    prefixes = {f"{form.prefix}-" for form in known}
    return any((slot := SLOT.match(name)) and slot[0] not in prefixes for name in sent)


def filled(form: forms.Form, sent: QueryDict) -> QueryDict:
    """Return what was sent, with what a form starts with where nothing was said."""
    whole = sent.copy()
    for name in form.fields:
        start = form.get_initial_for_field(form.fields[name], name)
        whole.setdefault(form.add_prefix(name), "" if start is None else str(start))
    return whole


class TeachForm(forms.Form):
    """A term that none of our effects has, and the effect whose other name it is."""

    term = forms.ChoiceField(label="Term", required=False)
    effect = forms.ModelChoiceField(
        label="is another name of",
        queryset=AdverseEffect.objects.none(),
        required=False,
        empty_label="choose",
    )

    def __init__(self, *args: Any, terms: Sequence[Term], **more: Any) -> None:
        super().__init__(*args, **more)
        said = sorted({one.term for one in terms}, key=str.casefold)
        fields: Any = self.fields
        words = ((one, Truncator(one).chars(LONGEST_WORDS)) for one in said)
        fields["term"].choices = [("", "choose"), *words]
        fields["effect"].queryset = AdverseEffect.objects.public()
