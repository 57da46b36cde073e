"""Filters of a list of editions by what waits in it: unread starter evidence, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from evidence.admin.relations import is_key
from evidence.sync import due
from evidence.vocab import Origin, State

ME = "me"
NOBODY = "nobody"


class Strict(admin.SimpleListFilter):
    """A filter that refuses a word which it does not offer."""

    def value(self) -> str | None:
        """Return what is asked for; a word that cannot be is refused, never ignored."""
        asked = super().value()
        if asked is not None and not self.is_known(asked):
            said = f"“{asked}” is nothing to filter by here."
            raise IncorrectLookupParameters(ValidationError(said))
        return asked

    def is_known(self, asked: str) -> bool:
        """Say whether a word means something here."""
        return asked in {str(word) for word, _ in self.lookup_choices}


class StarterEvidence(Strict):
    """Starter evidence that nobody here has read: what may be taken over."""

    title = "starter evidence"
    parameter_name = "starter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer what was not read, and all else."""
        return (("unread", "not yet read here"), ("other", "all else"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        unread = {"origin": Origin.STARTER, "state": State.PUBLISHED}
        if self.value() == "unread":
            return queryset.filter(**unread)
        return queryset.exclude(**unread) if self.value() == "other" else queryset


class AssignedTo(Strict):
    """To whom a draft or what is in review is assigned."""

    title = "assigned to"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer oneself, nobody, and everybody who has something."""
        self.person = request.user
        busy = model_admin.model.objects.exclude(assignee=None).order_by()
        others = get_user_model().objects.filter(pk__in=busy.values("assignee"))
        others = others.exclude(pk=request.user.pk or 0).order_by("username")
        return ((ME, "me"), (NOBODY, "nobody"), *((str(one.pk), str(one)) for one in others))

    def is_known(self, asked: str) -> bool:
        """Let a person be asked for who has nothing any more."""
        return asked in {ME, NOBODY} or is_key(asked)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        asked = self.value()
        if asked is None:
            return queryset
        if asked == NOBODY:
            return queryset.filter(assignee=None, state__in=(State.DRAFT, State.IN_REVIEW))
        return queryset.filter(assignee=request.user.pk if asked == ME else int(asked))


class LocatorGiven(Strict):
    """Whether it says where in its source it stands: what lacks that cannot be submitted."""

    title = "locator"
    parameter_name = "locator"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer what lacks a locator, and what has one."""
        return (("missing", "missing"), ("given", "given"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        if self.value() == "missing":
            return queryset.filter(locator="")
        return queryset.exclude(locator="") if self.value() == "given" else queryset


class Checked(Strict):
    """Whether its source was looked at of late."""

    title = "last checked"
    parameter_name = "checked"
    due: Callable[[], QuerySet[Any]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer what is due, and all else."""
        return (("due", f"not for {due.DAYS} days"), ("fresh", "all else"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        if self.value() is None:
            return queryset
        rows = type(self).due().values("pk")
        found = queryset.filter(pk__in=rows)
        return found if self.value() == "due" else queryset.exclude(pk__in=rows)


class TrialsChecked(Checked):
    """Trials by when the registry was looked at."""

    due = staticmethod(due.trials)


class PublicationsChecked(Checked):
    """Publications by when it was looked up what has become of them."""

    due = staticmethod(due.publications)


WAITING: tuple[type[admin.SimpleListFilter], ...] = (StarterEvidence, AssignedTo)
