"""The evidence that a new copy begins with, and its loader."""

from evidence.starter.loader import check_starter, is_empty, load_starter

__all__ = ["check_starter", "is_empty", "load_starter"]
