"""A finding whose population or trial is another than its topic's, said in sentences."""

from __future__ import annotations

from evidence.curation.figures import Odd, Values
from evidence.models import Topic, Trial
from evidence.templatetags.names import trial_name
from evidence.vocab import Population, covers


def out_of_place(model_name: str, values: Values) -> tuple[Odd, ...]:
    """Return what does not fit the topic of a finding; of others nothing.

    The values hold rows, not keys, of the topic and the trial. At most one query.
    """
    topic = values.get("topic")
    if model_name != "finding" or not isinstance(topic, Topic):
        return ()
    return (*_population(topic, values), *_trial(topic, values))


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
