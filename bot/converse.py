"""A follow-up and what was said before it: a question that stands alone.

No model reads it. Whatever is put in stands in the history, and only words are taken from there: no marks, no links,
no mentions.
"""

from collections.abc import Sequence
from typing import NamedTuple

TURNS, QUESTION, ANSWER = 6, 300, 1000
"""What is read: the last turns, and so many characters of a question and of an answer."""

LONGEST = 2 * QUESTION
"""Characters of a question that was made to stand alone; a longer one was made of what is no conversation."""


class Turn(NamedTuple):
    """A question that was asked, as it stood alone, and the text of its answer."""

    question: str
    answer: str


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from the turns before written out; unchanged where it takes nothing."""
    if not history or not question.strip() or len(question) > QUESTION:
        return question
    from bot.followup import rewritten  # its patterns take longer to compile than a first question needs
    from bot.said import Said

    turns = [Said.read(turn.question[:QUESTION], turn.answer[:ANSWER]) for turn in reversed(history[-TURNS:])]
    made = rewritten(" ".join(question.split()), [said for said in turns if said.question])
    return made if made and len(made) <= LONGEST else question
