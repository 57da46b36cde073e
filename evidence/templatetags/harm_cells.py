"""The rows of harm reports on pages, written without templates, as those of a listing are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags.names import publication_name, study_name
from evidence.templatetags.things import affected, grades, printed_term, source_link
from evidence.templatetags.words import day, label_of, running, unbroken
from evidence.vocab import Attribution, Comparator, Given, Standing

NO_COMPARATOR = '<span class="none">no comparator</span>'
# A group that had IL-2 as well is never called a control: fewer events there say nothing of IL-2.
OTHER_GROUPS = {
    Comparator.IL2_BOTH.value: "other group, IL-2 too",
    Comparator.OTHER_DOSE.value: "other group, another dose",
}


def given(harm: Any) -> str:
    """Name what the group received, and whether IL-2 came alone or in a package."""
    name = unbroken(str(harm.intervention.name))
    if harm.given == Given.NOT_STATED:
        return name
    alone = "alone" if harm.given == Given.ALONE else "in a package"
    return f"{name}, {alone}"


def arm(harm: Any) -> str:
    """Name the group as the source does, where that says more than what it received."""
    name = str(harm.arm).strip()
    same = name.casefold() == str(harm.intervention.name).casefold()
    return "" if same else unbroken(name)


def attribution(harm: Any) -> str:
    """Say which events were counted: all causes, or those that the source put down to treatment."""
    if harm.attribution == Attribution.NOT_STATED:
        return "attribution not stated"
    return escape(label_of(harm.attribution, vocabulary="Attribution"))


def source(harm: Any) -> str:
    """Link to where a harm report was read."""
    paper, trial = harm.publication, harm.trial
    if paper is None:
        return _posted(harm)
    link: str = source_link(paper)
    if not link:
        link = f'<a href="/publications/{paper.code}/">{unbroken(publication_name(paper))}</a>'
    if paper.standing != Standing.CURRENT:
        link += f" <b>{escape(label_of(paper.standing, vocabulary='Standing'))}</b>"
    return f"{link}; {_posted(harm)}" if harm.results_posted and trial is not None else link


def _posted(harm: Any) -> str:
    slug = escape(harm.trial.slug)
    return f'<a href="/trials/{slug}/">{slug}</a>, results posted {day(harm.results_posted)}'


def study(harm: Any) -> str:
    """Name the study of a harm report and link to where it was read."""
    named = harm.publication is None and study_name(harm) == harm.trial.slug
    return source(harm) if named else f"{unbroken(study_name(harm))}: {source(harm)}"


# What is the same in all rows of a collection is said once, above them.
SHARED: tuple[Callable[[Any], str], ...] = (given, arm, attribution, study)


def shared(harms: Iterable[Any]) -> list[str]:
    """Give, for each thing in `SHARED`, what all of these harm reports say; else nothing."""
    rows = list(harms)
    said = ({of(harm) for harm in rows} for of in SHARED)
    return [words.pop() if len(words) == 1 else "" for words in said]


def render_above(harms: Iterable[Any]) -> SafeString:
    """Say in a line what all of these harm reports have in common."""
    line = ". ".join(_capital(words) for words in shared(harms) if words)
    return SafeString(f'<span class="second">{line}.</span>' if line else "")


def render_bars(bars: Iterable[Any], *, by_source: bool) -> SafeString:
    """Give the rows of a collection; each is named by its effect, or by its study."""
    rows = list(bars)
    common = shared(bar.report for bar in rows)
    return SafeString("\n".join(_row(bar, common, by_source=by_source) for bar in rows))


def _row(bar: Any, common: list[str], *, by_source: bool) -> str:
    harm = bar.report
    return (
        '<tr><th scope="row">'
        f'<a class="name" href="/harms/{harm.code}/">{_name(harm, by_source=by_source)}</a>'
        f"{_second(harm, common, by_source=by_source)}</th>"
        f'<td data-l="With IL-2"><span>{_counts(harm)}</span></td>'
        f'<td data-l="{_other(harm)}"><span>{_control(harm)}</span></td>'
        f'<td class="full">{bar.strip}</td></tr>'
    )


def _name(harm: Any, *, by_source: bool) -> str:
    if not by_source:
        return escape(harm.adverse_effect.name)
    name, year = study_name(harm), harm.year
    return unbroken(name if year is None or str(year) in name else f"{name}, {year}")


def _second(harm: Any, common: list[str], *, by_source: bool) -> str:
    """Say beside the name what is not said above all rows."""
    lines = [_printed(harm)]
    if by_source and harm.topic is not None:
        lines.append(unbroken(running(str(harm.topic.condition.name))))
    said_here = (given, arm, attribution, source if by_source else study)
    lines += [of(harm) for of, said in zip(said_here, common, strict=True) if not said]
    return "".join(f'<span class="second">{line}</span>' for line in lines if line)


def _printed(harm: Any) -> str:
    words = (printed_term(harm), grades(harm) if harm.grades_as_printed else "")
    return ", ".join(word for word in words if word)


def _counts(harm: Any) -> str:
    return affected(harm.affected, harm.at_risk, harm.percent)


def _control(harm: Any) -> str:
    if harm.comparator == Comparator.NONE:
        return NO_COMPARATOR
    counts = affected(harm.comparator_affected, harm.comparator_at_risk, harm.comparator_percent)
    label = label_of(harm.comparator, vocabulary="Comparator")
    kind = escape(OTHER_GROUPS.get(harm.comparator, label))
    return f'{counts}<span class="second">{unbroken(kind)}</span>'


def _other(harm: Any) -> str:
    return "Other group" if harm.comparator in OTHER_GROUPS else "Control"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
