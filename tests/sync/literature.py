"""Made-up papers brought in, and changed as people change them."""

from __future__ import annotations

from typing import Any

from evidence.ledger.actors import acting
from evidence.models import Publication
from evidence.registries import pubmed, ris
from evidence.registries.records import Fault, Payload
from evidence.sync import publications
from evidence.sync.tally import Counts
from tests.models.rows import someone
from tests.registries.papers import article, article_set
from tests.web import examples

PMID = 11111111
REFERENCE = "TY  - JOUR\nTI  - {title}\nJO  - J Made Up Med\nPY  - 2012\nSP  - 9\n{more}ER  - \n"


def paper(pmid: int = PMID, **changes: Any) -> Payload:
    (one,) = pubmed.payloads(article_set(article(pmid, **changes)))
    assert isinstance(one, Payload)
    return one


def reference(title: str = "Interleukin 2 in made-up fever", more: str = "") -> Payload:
    (one,) = ris.payloads(REFERENCE.format(title=title, more=more).encode())
    assert isinstance(one, Payload)
    return one


def bring_in(*several: Payload, **how: Any) -> tuple[Counts, list[str]]:
    """Bring payloads in; give the tally and the faults."""
    said: list[str] = []

    def write_down(counts: Counts, faults: list[Fault]) -> None:
        said.extend(f"{one.about}: {one.sentence}" for one in faults)
        assert counts.failed == len(faults)

    return publications.bring_in(several, write_down=write_down, **how), said


def the_one() -> Publication:
    return Publication.objects.get()


def edit(publication: Publication, **changes: Any) -> None:
    """Change a publication as a person does."""
    with acting(someone()):
        for name, value in changes.items():
            setattr(publication, name, value)
        publication.save()


def known(**changes: Any) -> Publication:
    """An accepted publication that PubMed has been read for."""
    bring_in(paper(**changes))
    Publication.objects.update(**examples.accepted())
    return the_one()
