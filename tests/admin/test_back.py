"""The Back button of a real browser brings back a form as it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.admin.rows import make_publication, make_topic, make_trial
from tests.admin.test_in_browser import choose
from tests.admin.test_in_browser import page as page  # a fixture

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_chosen_by_typing_is_there_again_after_back(page: Page) -> None:
    topic, paper, trial = make_topic(), make_publication(), make_trial()
    page.goto(f"/admin/evidence/finding/add/?topic={topic.pk}")
    choose(page, "publication", "Paper 1")
    page.locator("#id_outcome").fill("Death")
    page.goto("/admin/evidence/finding/")
    page.go_back()
    page.locator(".field-publication .select2-selection", has_text="Paper 1").wait_for()
    assert page.locator("#id_publication").input_value() == str(paper.pk)
    assert page.locator("#id_topic").input_value() == str(topic.pk)
    assert page.locator("#id_outcome").input_value() == "Death"
    page.goto(f"/admin/evidence/finding/add/?trial={trial.pk}")
    assert page.locator("#id_publication").input_value() == "", "a new form starts empty"
