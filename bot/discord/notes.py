"""What is noted below an answer, in words for people in Discord: its own notes are for the command line as well."""

from bot.answer import Answer
from bot.calling import Why, failure_of

NO_ARTICLES = "There are no articles here yet."

FAILED = "The language model did not finish: ask again in a minute."
NOT_SET_UP = "The language model cannot be used: tell whoever runs me."

_SET_UP_WRONGLY: frozenset[Why] = frozenset(("key", "forbidden", "unknown", "rejected"))
"""What asking again does not help; the log says which."""


def notes(answer: Answer, *, may_add: bool) -> tuple[str, ...]:
    """The notes of an answer, each a sentence that the person who asked can act on.

    Args:
        answer: an answer.
        may_add: whether somebody could add articles where it was asked for.
    """
    if not answer.retrieved:  # its note names the desk as it is stored
        return (f"{NO_ARTICLES} Whoever manages the server can add one: /ingest." if may_add else NO_ARTICLES,)
    return tuple(map(_note, answer.notes))


def _note(note: str) -> str:
    failure = failure_of(note)
    if failure is None:
        return note
    return NOT_SET_UP if failure in _SET_UP_WRONGLY else FAILED
