"""How a judgement moves from draft to published, and who may move it."""

from evidence.curation.errors import NotAllowed

__all__ = ["NotAllowed"]
