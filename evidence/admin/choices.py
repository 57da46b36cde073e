"""Filters of a list by a fixed choice: a word that is none of them is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import BadRequest
from django.db import models
from django.http import QueryDict


def refuse_unknown_choices(
    model: type[models.Model], list_filter: Sequence[Any], query: QueryDict
) -> None:
    """Raise BadRequest where an address asks for a choice that a field does not have."""
    for item in list_filter:
        if not isinstance(item, str):
            continue
        field: Any = get_fields_from_path(model, item)[-1]
        known = {str(value) for value, _ in getattr(field, "flatchoices", ())}
        for word in query.getlist(f"{item}__exact") if known else ():
            if word and word not in known:
                raise BadRequest(f"There is no {field.verbose_name} “{word}” to filter by.")
