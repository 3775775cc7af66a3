"""The article that the project began with, and the questions on it, where the folder that has them is at hand."""

import os
from pathlib import Path

import pytest

from benchmarks.right import article_figures

SHARED = Path(os.environ.get("CITEDESK_SHARED") or Path(__file__).parents[2] / "shared")
ARTICLE = SHARED / "articles" / "russia-cuba-venezuela-2025-10-08.txt"

pytestmark = pytest.mark.skipif(not ARTICLE.exists(), reason=f"not in {SHARED}; CITEDESK_SHARED names the folder")


def test_its_questions_are_answered_or_refused_rightly() -> None:
    figures = article_figures(ARTICLE, ARTICLE.with_name("questions.jsonl"))
    assert figures["wrongly refused"] <= 1
    assert figures["wrongly answered"] <= 1
    assert figures["right"] >= figures["answerable"] - 1
