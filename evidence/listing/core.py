"""What a listing is: its rows, columns, filters and facets, declared once and read many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, F, IntegerField, Model, OrderBy, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Lower, NullIf

from evidence.listing.apostrophes import curly
from evidence.vocab import shown

if TYPE_CHECKING:
    from evidence.listing.filterset import StrictFilterSet

Row = Mapping[str, Any]
Many = Callable[[Sequence[int]], Mapping[int, Any]]
"""Keys of a chunk of rows in, the value of each out; as many queries for a chunk as for a row."""

JOINT = "; "
"""Between the values of a many-valued cell: MeSH names hold commas."""


class Kind(StrEnum):
    """How a column's values are written: what a CSV cell, a sort and a page make of them."""

    TEXT = "text"
    WORD = "word"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    YESNO = "yesno"
    LIST = "list"
    URL = "url"


SHOWN_AS = {Kind.CODE: "identifier", Kind.LIST: "many", Kind.URL: "address"}
"""How the page shows a kind whose name is not the word for it."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it is called, what it means and where its values come from.

    `source` is a field path or an expression; where there is a `many`, it is the key that `many`
    is asked with. `blank` says that an empty text stands for what is not reported, `whole` that
    numbers have no fractions. `costly` says that it is worked out by a query within the rows' own,
    so that a page reads it only where it is shown. `prefix` stands before a CODE (`T`) or, after
    the site's address, in a URL, and `suffix` after one.
    """

    key: str
    label: str
    about: str
    kind: Kind = Kind.TEXT
    source: Any = ""
    many: Many | None = None
    prefix: str = ""
    suffix: str = ""
    words: tuple[tuple[str, str], ...] = ()
    show: str = ""
    unit: str = ""
    sortable: bool = True
    blank: bool = False
    whole: bool = False
    costly: bool = False

    def __post_init__(self) -> None:
        """Settle how the page shows it, where that is not said."""
        for name in ("label", "about"):
            object.__setattr__(self, name, curly(getattr(self, name)))
        if not self.show:
            object.__setattr__(self, "show", SHOWN_AS.get(self.kind, str(self.kind)))

    @classmethod
    def of(cls, model: type[Model], name: str, *, path: str = "", **given: Any) -> Self:
        """Declare the column of a model's field, whose words and help text it takes over.

        `path` leads to the field from the listing's rows; it is the field's own name by default.
        """
        source: Any = model._meta.get_field(name)
        label = str(source.verbose_name)
        choices = tuple((str(value), shown(word)) for value, word in source.choices or ())
        settled: dict[str, Any] = {
            "key": name,
            "label": label[0].upper() + label[1:],
            "about": str(source.help_text),
            "kind": Kind.WORD if choices else _kind_of(source),
            "blank": source.empty_strings_allowed,
            "whole": "Integer" in source.get_internal_type(),
            "source": path or name,
            "words": choices,
        }
        return cls(**settled | given)

    @property
    def numeric(self) -> bool:
        """Whether its values are set to the right."""
        return self.kind is Kind.NUMBER

    @property
    def expression(self) -> Any:
        """The column's values, for `values_list`; days as text, which no database converts."""
        values = self._values
        return Cast(values, TextField()) if self.kind is Kind.DATE and not self.blank else values

    @property
    def _values(self) -> Any:
        return F(self.source) if isinstance(self.source, str) else self.source

    def order(self, *, descending: bool) -> OrderBy:
        """Return the ordering by this column, what is not reported last either way."""
        by: Any = self._values
        if self.key == "id" and self.kind is Kind.CODE:
            # A row always has its number, and a plain order can follow an index.
            return OrderBy(by, descending=descending)
        if self.kind is Kind.WORD and isinstance(self.source, str):
            # A vocabulary is ordered as its words are, from high to very low, say.
            by = Case(
                *(When(**{self.source: word}, then=i) for i, (word, _) in enumerate(self.words)),
                output_field=IntegerField(null=True),
            )
        elif self.kind is Kind.TEXT:
            by = NullIf(Lower(by), Value(""))
        elif self.blank:
            by = NullIf(by, Value(""))
        return OrderBy(by, descending=descending, nulls_last=True)


def _kind_of(source: Any) -> Kind:
    """Return the kind of column that a model field without choices makes."""
    by_class = {"PartialDateField": Kind.DATE, "LinesField": Kind.LIST}
    internal = source.get_internal_type()
    if type(source).__name__ in by_class:
        return by_class[type(source).__name__]
    if "Integer" in internal or internal in {"FloatField", "BigAutoField"}:
        return Kind.NUMBER
    if internal in {"DateField", "DateTimeField"}:
        return Kind.DATE
    return Kind.YESNO if internal == "BooleanField" else Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A filter that stands in the side panel with its values and their counts.

    Facets of the same `section` follow each other under its heading.
    """

    filter: str
    open: bool = False
    section: str = ""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A filtered list in every format: page, CSV, data dictionary, and what tests promise of it.

    `noun` is singular and plural. `shown` names the columns on the page, in order; the first is
    the row's heading. `link` and `second` make a row's address and second line from its values.
    `of` names the listing whose things the rows are, where that is another; such a listing is not
    in the head of the pages. `also` are addresses worth a look beside it, with their words.

    `at` gives the same listing as of a year: with `year`, what it is `today`, the keys of the
    columns that are `of_the_year`, and a `note` that says what they hold.
    """

    name: str
    title: str
    noun: tuple[str, str]
    about: str
    rows: Callable[[], QuerySet[Any]]
    filterset: type[StrictFilterSet]
    columns: tuple[Column, ...]
    shown: tuple[str, ...]
    facets: tuple[Facet, ...]
    link: Callable[[Row], str]
    order: str
    second: Callable[[Row], str] = field(default=lambda row: "")
    of: str = ""
    also: tuple[tuple[str, str], ...] = ()
    at: Callable[[int], Listing] | None = None
    year: int | None = None
    today: Listing | None = None
    of_the_year: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Write its sentences as readers see them."""
        for name in ("about", "note"):
            object.__setattr__(self, name, curly(getattr(self, name)))

    def column(self, key: str) -> Column:
        """Return a column by its key; KeyError where there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    @property
    def sortable(self) -> tuple[Column, ...]:
        """The columns that a list can be sorted by."""
        return tuple(
            c for c in self.columns if c.sortable and c.many is None and c.kind is not Kind.URL
        )

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/{self.name}/"

    @property
    def things_path(self) -> str:
        """The address under which its rows' things have theirs."""
        return f"/{self.of or self.name}/"

    @property
    def csv_path(self) -> str:
        """The address of its CSV file."""
        return f"/{self.name}.csv"
