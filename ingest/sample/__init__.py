"""The article that ships with Citedesk, for a first question and for the tests."""

from pathlib import Path

ARTICLE = Path(__file__).with_name("article.md")
