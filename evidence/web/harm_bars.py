"""Harm reports by dose class, what was collected alike together and drawn on one axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils.safestring import SafeString

from evidence import vocab
from evidence.charts.bars import Share, bars, percent_axis, scale, share
from evidence.charts.strips import Scale, tick_words
from evidence.models import HarmReport
from evidence.templatetags.names import study_name

# The classes of IL-2 itself, which are named even where nothing is reported of them.
ALWAYS = frozenset(
    {
        vocab.DoseClass.ULTRA_LOW,
        vocab.DoseClass.LOW,
        vocab.DoseClass.INTERMEDIATE,
        vocab.DoseClass.HIGH,
    }
)

# The other group of these had IL-2 as well, so that it is no control of what IL-2 does.
IL2_TOO = frozenset({vocab.Comparator.IL2_BOTH, vocab.Comparator.OTHER_DOSE})

Key = tuple[str, str, str]
"""What was collected, how, and the study where another's may be unlike."""

Place = tuple[str, Key]
"""A dose class, and what its reports share."""

Pair = tuple[Share | None, Share | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A harm report and its shares as a strip, which is empty where neither is reported."""

    report: HarmReport
    strip: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """Harm reports of sources that counted the same events in the same way, on one axis.

    `highest` is where the axis ends, in per cent, or empty where nothing is drawn.
    `study` is the only one where nobody says what others counted; `more` are not shown.
    """

    word: str
    note: str
    study: str
    bars: tuple[Bar, ...]
    axis: SafeString
    highest: str
    more: int

    @property
    def reports(self) -> tuple[HarmReport, ...]:
        """The harm reports that are shown."""
        return tuple(bar.report for bar in self.bars)


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseGroup:
    """The harm reports of one dose class; none is said in words."""

    word: str
    label: str
    collections: tuple[Collection, ...]


def harm_bars(
    reports: Iterable[HarmReport], *, most: int | None = None, by_source: bool = False
) -> tuple[DoseGroup, ...]:
    """Group harm reports by dose class and, within it, by what was collected.

    The classes of IL-2 itself are named even when empty, after the others. Each way of collecting
    has one scale in all of them, so that places in the drawn column can be compared. Rows stand by
    share, the greatest first, or with `by_source` by year. `most` cuts each collection, and how
    many there are of single studies in a dose class; what is left out is counted.
    """
    apart: dict[Place, list[HarmReport]] = {}
    for report in sorted(reports, key=_by_year if by_source else _by_share):
        apart.setdefault((report.dose_class, _alike(report)), []).append(report)
    beside = _left_out(apart, most=most)
    drawn: dict[str, list[Pair]] = {}
    for (_, (word, _, _)), held in apart.items():
        drawn.setdefault(word, []).extend(_shares(one) for one in held[:most])
    scales = {word: scale(chain.from_iterable(pairs)) for word, pairs in drawn.items()}
    collections = {
        place: _collection(
            place[1],
            held[:most],
            scales[place[1][0]],
            more=len(held) - len(held[:most]) + beside[place],
        )
        for place, held in apart.items()
    }
    return _groups(collections) if collections else ()


def _left_out(apart: dict[Place, list[HarmReport]], *, most: int | None) -> Counter[Place]:
    """Take out the collections of single studies beyond `most` of a kind in a dose class.

    Give how many reports each that stays stands for, besides its own.
    """
    kept: dict[tuple[str, str, str], list[Place]] = {}
    beside: Counter[Place] = Counter()
    for place in list(apart):
        dose_class, (word, note, study) = place
        if most is None or not study:
            continue
        same = kept.setdefault((dose_class, word, note), [])
        if len(same) < most:
            same.append(place)
        else:
            beside[same[-1]] += len(apart.pop(place))
    return beside


def _collection(alike: Key, held: Sequence[HarmReport], on: Scale, *, more: int) -> Collection:
    """Draw a collection on its scale."""
    word, note, study = alike
    shown = tuple(Bar(report=one, strip=_strip(one, on)) for one in held)
    is_drawn = any(bar.strip for bar in shown)
    return Collection(
        word=word,
        note=note,
        study=study,
        bars=shown,
        axis=SafeString(percent_axis(on) if is_drawn else ""),
        highest=tick_words(on.high) if is_drawn else "",
        more=more,
    )


def _strip(report: HarmReport, on: Scale) -> SafeString:
    return SafeString(bars(*_shares(report), on, too=report.comparator in IL2_TOO))


def _groups(collections: Mapping[Place, Collection]) -> tuple[DoseGroup, ...]:
    """Put collections under their dose class, both as the vocabulary orders them."""
    order = vocab.Collected.values
    in_order = sorted(collections, key=lambda key: (order.index(key[1][0]), key[1]))
    groups = (
        DoseGroup(
            word=word.value,
            label=vocab.shown(word.label),
            collections=tuple(collections[key] for key in in_order if key[0] == word),
        )
        for word in vocab.DoseClass
    )
    held = [one for one in groups if one.collections or one.word in ALWAYS]
    return tuple(sorted(held, key=lambda group: not group.collections))


def _alike(report: HarmReport) -> Key:
    """Give what reports share that may stand on one axis.

    Where nobody says what was collected, or above which threshold, only a study is like itself.
    """
    collected, note = report.collected, report.collected_note
    unknown = collected == vocab.Collected.NOT_STATED or (
        collected == vocab.Collected.ABOVE_THRESHOLD and not note
    )
    return collected, note, _study(report) if unknown else ""


def _study(report: HarmReport) -> str:
    """Tell a study from any other, even one of the same name: by its trial, else by its paper."""
    number = f"trial {report.trial_id}" if report.trial_id else f"paper {report.publication_id}"
    return f"{study_name(report)}, {number}"


def _shares(report: HarmReport) -> Pair:
    """Give the share of people with IL-2 and that of the other group."""
    return (
        share(report.affected, report.at_risk, report.percent),
        share(report.comparator_affected, report.comparator_at_risk, report.comparator_percent),
    )


def _by_share(report: HarmReport) -> tuple[bool, float, str, int]:
    """Order by the share of people with IL-2, the greatest first, what is not reported last."""
    found, _ = _shares(report)
    greatest_first = -found.percent if found else 0.0
    return found is None, greatest_first, str(report.adverse_effect), report.pk


def _by_year(report: HarmReport) -> tuple[bool, int, str, int]:
    """Order by the year of the source, what has none last."""
    return report.year is None, report.year or 0, study_name(report), report.pk
