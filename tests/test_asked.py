"""The project's own questions for fitting: each answer stands in its article, and in one paragraph of it."""

import pytest

from benchmarks.data import Question, own

ARTICLES, QUESTIONS = own()
TEXTS = {article.title: article.text for article in ARTICLES}


def test_there_are_questions_with_and_without_an_answer_on_every_article() -> None:
    for title in TEXTS:
        answered = [bool(question.gold) for question in QUESTIONS if question.title == title]
        assert answered.count(True) >= 15
        assert answered.count(False) >= 4


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question.gold], ids=lambda q: q.text)
def test_an_answer_stands_in_one_paragraph(question: Question) -> None:
    assert "\n\n" not in question.paragraph.of(TEXTS[question.title])
    assert all(question.paragraph.covers(gold) for gold in question.gold)


def test_no_question_is_asked_twice_of_an_article() -> None:
    asked = [(question.title, question.text) for question in QUESTIONS]
    assert len(asked) == len(set(asked))
    assert all(question.text.endswith("?") and " | " not in question.text for question in QUESTIONS)
