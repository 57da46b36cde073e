"""What the search holds of judgements: topics, findings and harm reports, with their sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from evidence import vocab
from evidence.ledger.entries_of_facts import identified
from evidence.ledger.entry import Entry, Keys, Term, many, public
from evidence.models import (
    Assessment,
    Finding,
    HarmReport,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPublication,
)


def findings(keys: Keys) -> Iterator[Entry]:
    """Give the findings with the words of their sources, and their topics' terms."""
    found = list(public(Finding, keys, key="record_id").select_related("topic"))
    sources = _sources_of(found)
    for one in found:
        outcome = one.outcome_group_id
        outcomes = [("o", outcome)] if outcome else []
        yield Entry(
            key=one.record_id,
            title=[one.outcome, f"F{one.record_id}"],
            body=[
                *_finding(one, sources),
                f"T{one.topic_id}",
                _label(vocab.Population, one.population),
            ],
            title_terms=[*_of_topic(one.topic), *outcomes],
        )


def _finding(one: Finding, sources: Sources) -> list[str]:
    kind = _label(vocab.OutcomeKind, one.outcome_kind)
    source = sources.words(paper=one.publication_id, trial=one.trial_id)
    return [one.statement, one.outcome, kind, *source]


def harms(keys: Keys) -> Iterator[Entry]:
    """Give the harm reports with the words of their sources, and the terms that they name."""
    found = list(public(HarmReport, keys, key="record_id").select_related("topic"))
    sources = _sources_of(found)
    for one in found:
        named = [("e", one.adverse_effect_id), ("i", one.intervention_id)]
        topic = _of_topic(one.topic) if one.topic else []
        code = f"T{one.topic_id}" if one.topic_id else ""
        source = sources.words(paper=one.publication_id, trial=one.trial_id)
        yield Entry(
            key=one.record_id,
            title=[one.term_as_printed, f"H{one.record_id}"],
            body=[one.statement, one.arm, one.collected_note, one.follow_up, code, *source],
            title_terms=[*named, *topic],
        )


def topics(keys: Keys) -> Iterator[Entry]:
    """Give the topics, each with the words of all findings that are read for it."""
    questions = public(Topic, keys).order_by("pk")
    said = {one.topic_id: one for one in Assessment.objects.public().filter(topic__in=questions)}
    read = _Read([topic.pk for topic in questions])
    for topic in questions:
        ours = said[topic.pk]
        role = _label(vocab.Role, topic.role)
        population = _label(vocab.Population, topic.population)
        ground = _label(vocab.Ground, ours.ground)
        yield Entry(
            key=topic.pk,
            title=[topic.code, role, population],
            body=[ours.summary, ours.reason, ground, *read.words(topic.pk)],
            title_terms=_of_topic(topic),
            terms=read.effects(topic.pk),
        )


class _Read:
    """What is read for some topics: findings, harms and trials."""

    def __init__(self, topics: Collection[int]) -> None:
        self.reads = many(Topic.reads.through.objects.all(), "from_topic_id", "to_topic_id", topics)
        of = {topic for several in self.reads.values() for topic in several}
        self.findings: dict[int, list[Finding]] = defaultdict(list)
        found = Finding.objects.public().filter(topic__in=of).order_by("record_id")
        for one in found:
            self.findings[one.topic_id].append(one)
        harms = HarmReport.objects.public()
        self.harms = many(harms, "topic_id", "adverse_effect_id", of)
        ties = Topic.read_trials.through.objects.all()
        self.trials = many(ties, "topic_id", "trial_id", topics)
        trials = {trial for several in self.trials.values() for trial in several}
        self.sources = _sources_of(found, trials=trials)

    def words(self, topic: int) -> list[str]:
        found: list[str] = []
        for read in self.reads[topic]:
            for one in self.findings[read]:
                found += _finding(one, self.sources)
        for trial in self.trials[topic]:
            found += self.sources.words(paper=None, trial=trial)
        return found

    def effects(self, topic: int) -> list[Term]:
        return [("e", key) for read in self.reads[topic] for key in self.harms[read]]


def _sources_of(found: Iterable[Any], *, trials: Iterable[int] = ()) -> Sources:
    papers = {one.publication_id for one in found} - {None}
    return Sources(papers=papers, trials={*trials, *(one.trial_id for one in found)} - {None})


def _of_topic(topic: Topic) -> list[Term]:
    return [("c", topic.condition_id), ("i", topic.intervention_id)]


def _label(vocabulary: Any, value: str) -> str:
    return str(vocabulary(value).label) if value else ""


def cited(paper: Publication) -> list[str]:
    """Return the words under which a paper's results are found."""
    authors = "\n".join(paper.author_list)
    return [paper.title, authors, paper.container, str(paper.year or ""), *identified(paper)]


class Sources:
    """The words of papers and trials, each read once for all that rests on them."""

    def __init__(self, *, papers: Collection[int], trials: Collection[int]) -> None:
        ties = TrialPublication.objects.filter(
            trial__in=trials, publication__accepted_at__isnull=False
        )
        self.by_trial: dict[int, list[int]] = defaultdict(list)
        for trial, paper in ties.order_by("publication_id").values_list("trial", "publication"):
            self.by_trial[trial].append(paper)
        others = {paper for several in self.by_trial.values() for paper in several}
        self.papers = Publication.objects.public().in_bulk([*{*papers, *others}])
        self.trials = Trial.objects.public().in_bulk([*trials])
        self.numbers = many(TrialIdentifier.objects.all(), "trial_id", "value", trials)

    def words(self, *, paper: int | None, trial: int | None) -> list[str]:
        """Return the words of a paper and of a trial with the numbers of its other papers."""
        found = cited(self.papers[paper]) if paper in self.papers else []
        if trial in self.trials:
            one = self.trials[trial]
            found += [one.title, one.acronym, one.slug, *self.numbers[one.pk]]
            for other in self.by_trial[one.pk]:
                found += identified(self.papers[other]) if other in self.papers else []
        return found
