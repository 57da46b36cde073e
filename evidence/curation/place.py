"""A finding whose population or trial is not its topic's or its paper's, said in sentences."""

from __future__ import annotations

from evidence.curation.figures import Odd, Values
from evidence.models import Publication, Topic, Trial
from evidence.templatetags.names import registered, trial_name
from evidence.vocab import Population, PublicationRelation, Subjects, covers

# A paper that stands so to a trial gives results of the people in it.
OF_ITS_PEOPLE = (
    PublicationRelation.REPORTS,
    PublicationRelation.SECONDARY,
    PublicationRelation.FOLLOW_UP,
)


def out_of_place(model_name: str, values: Values) -> tuple[Odd, ...]:
    """Return what does not fit the topic of a finding; of others nothing.

    The values hold rows, not keys, of the topic, the trial and the publication. At most one query.
    """
    topic = values.get("topic")
    if model_name != "finding" or not isinstance(topic, Topic):
        return ()
    return (*_population(topic, values), *_trial(topic, values), *_trial_of_paper(values))


def _population(topic: Topic, values: Values) -> list[Odd]:
    population = values.get("population")
    if population not in Population.values or covers(topic.population, population):
        return []
    said = (
        f"{topic.code} is about {Population(topic.population).label}, and this result is from "
        f"{Population(population).label}."
    )
    return [Odd("population", said, judged=True)]


def _trial(topic: Topic, values: Values) -> list[Odd]:
    trial = values.get("trial")
    if not isinstance(trial, Trial) or topic.trials.filter(pk=trial.pk).exists():
        return []
    said = f"{trial_name(trial)} is not among the trials of {topic.code}."
    return [Odd("trial", said, judged=True)]


def _trial_of_paper(values: Values) -> list[Odd]:
    """Ask for the trial that a paper reports: without it the same people count as two studies."""
    publication = values.get("publication")
    if values.get("trial") is not None or values.get("subjects") == Subjects.ANIMAL:
        return []
    if not isinstance(publication, Publication):
        return []
    tied = publication.trial_rows.filter(relation__in=OF_ITS_PEOPLE)
    trials = [row.trial for row in tied.select_related("trial")[:2]]
    if len(trials) != 1:
        return []
    (trial,) = trials
    number = f" ({trial.slug})" if trial.acronym and registered(trial.slug) else ""
    said = (
        f"This paper reports {trial_name(trial)}{number}. Without the trial named, it counts as a "
        "study of its own: name the trial, unless the people are others."
    )
    return [Odd("trial", said, judged=True)]
