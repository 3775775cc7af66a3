"""An answer for Discord as long as it grows: how its messages will begin, in one of them."""

from bot.answer import Answer
from bot.render.escaping import escape
from bot.render.pages import LIMIT, Word, pages, units, words

MORE = Word("-# More may follow.", "\n")
"""What stands below: who reads it knows that it is not the whole, also if the whole never comes."""


def growing_page(answer: Answer, limit: int = LIMIT) -> str:
    """The statements that there are, as many as fit: later pages, and the whole answer's, only add to them.

    Args:
        answer: what is known of an answer, with a statement at least.
        limit: units of UTF-16 that a message may have, from 1,000.
    """
    said = [words(escape(s.text), numbers=s.citations) for s in answer.statements]
    first = next(pages(said, limit - units(MORE.blank + MORE.text)), "")
    return f"{first}{MORE.blank}{MORE.text}"
