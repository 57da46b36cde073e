"""Two to four interventions, or conditions, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence.catalogue.compare import AXES, FEWEST, MOST, Axis, compared, nested
from evidence.catalogue.compare_harms import harms
from evidence.catalogue.compare_topics import findings, topics
from evidence.catalogue.compare_trials import trials
from evidence.ledger.trees import Node, Tree, grow
from evidence.listing.filters import closest, known_words
from evidence.listing.search import TRACKING
from evidence.listing.years import AS_OF
from evidence.models import Assessment
from evidence.templatetags.words import running
from evidence.web import compare_terms, errors
from evidence.web.addresses import standing_for
from evidence.web.compare_sections import sections, shown
from evidence.web.render import page

SHOWN_NOTHING = "What is ignored would compare something else, so nothing is shown."


class CannotCompareError(Exception):
    """A query that asks for no comparison that can be made, said in sentences."""

    def __init__(self, *messages: str) -> None:
        super().__init__(messages[0])
        self.messages = messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Chooser:
    """A form that asks what to compare: the terms to choose from, and those chosen already."""

    axis: Axis
    options: tuple[Node, ...]
    chosen: tuple[str, ...]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show terms side by side; fewer than two are asked for with a form, as far as they are known.

    A term that was merged into another leads to the comparison with that one.
    """
    trees = {key: grow(axis.model) for key, axis in AXES.items()}
    try:
        key, words = _asked(request.GET)
        slugs = _slugs(AXES[key], trees[key], words) if key else ()
    except CannotCompareError as error:
        first, *details = error.messages
        return errors.bad_request(request, first, details=(*details, SHOWN_NOTHING))
    if key and slugs != words:
        return HttpResponsePermanentRedirect(_path(key, slugs))
    if len(slugs) < FEWEST:
        return _choose(trees, key, slugs)
    return _side_by_side(AXES[key], trees[key], slugs)


def _asked(params: QueryDict) -> tuple[str, tuple[str, ...]]:
    """Give the kind of what is compared and its words, each once; "" where nothing is asked."""
    asked = {}
    for key, values in params.lists():
        given = tuple(dict.fromkeys(value for value in values if value))
        if key in AXES and given:
            asked[key] = given
        elif key not in AXES and not key.lower().startswith(TRACKING) and (given or key != AS_OF):
            raise CannotCompareError(_unknown_key(key))
    if len(asked) > 1:
        raise CannotCompareError(
            "Interventions are compared with interventions, and conditions with conditions: give "
            "one of the two."
        )
    key, words = next(iter(asked.items()), ("", ()))
    if any("\0" in word for word in words):
        raise CannotCompareError(f"{key} contains a NUL character.")
    if len(words) > MOST:
        raise CannotCompareError(
            f"At most {MOST} {AXES[key].plural} stand side by side; here are {len(words)}."
        )
    return key, words


def _unknown_key(key: str) -> str:
    close = closest(key, list(AXES))
    meant = f" Did you mean {close}?" if close else ""
    return f"There is no key called “{key[:80]}” here.{meant} Known: {', '.join(AXES)}."


def _slugs(axis: Axis, tree: Tree, words: Iterable[str]) -> tuple[str, ...]:
    """Give the words of public terms, each once; that of a merged term leads to its successor."""
    slugs: dict[str, None] = {}
    for word in words:
        # A public word stands for itself; only another is asked what took its place.
        term = tree.by_slug.get(word) or standing_for(axis.model, word)
        if term is None or term.slug not in tree.by_slug:
            known = known_words([node.slug for node in tree.nodes], word)
            raise CannotCompareError(f"“{word[:80]}” is not a known {axis.key}. {known}")
        slugs[term.slug] = None
    return tuple(slugs)


def _path(key: str, slugs: Sequence[str]) -> str:
    asked = f"?{urlencode([(key, slug) for slug in slugs])}" if slugs else ""
    return reverse("evidence:compare") + asked


def _choose(trees: Mapping[str, Tree], key: str, slugs: tuple[str, ...]) -> HttpResponse:
    """Ask what to compare; with one term given, what to compare it with."""
    axes = [AXES[key]] if key else list(AXES.values())
    return page(
        "evidence/compare_choose.html",
        path=_path(key, slugs),
        title="Compare",
        description="Two to four forms of IL-2, or conditions, side by side.",
        choosers=[_chooser(axis, trees[axis.key], slugs) for axis in axes],
        chosen=trees[key].by_slug[slugs[0]] if slugs else None,
        fields=range(MOST),
    )


def _chooser(axis: Axis, tree: Tree, chosen: tuple[str, ...]) -> Chooser:
    """Offer the terms that a topic stands at or below, and those that are chosen."""
    held = Assessment.objects.public().order_by().values_list(f"{axis.topic}_id", flat=True)
    keys = frozenset(held.distinct())
    offered = tuple(
        node
        for node in tree.nodes
        if node.slug in chosen or not keys.isdisjoint(tree.below[node.pk])
    )
    empty = ("",) * (MOST - len(chosen))
    return Chooser(axis=axis, options=offered, chosen=(*chosen, *empty))


def _side_by_side(axis: Axis, tree: Tree, slugs: tuple[str, ...]) -> HttpResponse:
    found = {term.slug: term for term in compare_terms.rows(axis, slugs)}
    terms = [found[slug] for slug in slugs]
    side = compared(axis, terms, tree)
    by_status, by_apart, in_common = topics(side)
    names = [term.name for term in terms]
    title = f"{_and([names[0], *map(running, names[1:])])} side by side"
    return page(
        "evidence/compare.html",
        path=_path(axis.key, slugs),
        title=title,
        description=f"What is known of {_and(names)}: topics, findings, harms and trials.",
        section=axis.plural,
        axis=axis,
        terms=terms,
        nested=nested(side),
        about=shown(compare_terms.about(side), names),
        sections=sections(
            axis,
            names,
            statuses=by_status,
            apart=by_apart,
            in_common=in_common,
            findings=findings(side),
            harms=harms(side),
            trials=trials(side),
        ),
        columns=len(terms) + 1,
        chooser=_chooser(axis, tree, slugs),
    )


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
