"""An answer in Discord that no longer holds: as it was, below what has changed of the articles that it stands on."""

from collections.abc import Iterator, Sequence

from bot.answer import Answer
from bot.render.cited import numbered
from bot.render.discord import PAGES, answer_pages
from bot.render.escaping import choice, escape
from bot.render.pages import LIMIT, Block, Word, words
from bot.stale import Stale

MOST = 3
"""Quotes that are shown with what they have become."""

_QUOTE = 250  # characters of a quote: escaped, so many of them leave most of a message to the answer


def changed_pages(answer: Answer, changed: Sequence[Stale], most: int = PAGES, limit: int = LIMIT) -> tuple[str, ...]:
    """An answer as `most` messages at most, which begin with the quotes that have changed, the old and the new.

    Args:
        answer: as it was given.
        changed: its citations that no longer hold, one at least.
        most: the messages that show it.
        limit: units of UTF-16 that a message may have, from 1,000.
    """
    return answer_pages(answer, limit, above=[*_above(changed)], most=most)[:most]


def _above(changed: Sequence[Stale]) -> Iterator[Block]:
    yield [Word("⚠️ **This is no longer so in the articles.**")]
    for each in changed[:MOST]:
        number = numbered([each.citation.n])
        if each.current is None:
            yield [Word(f"{number} Its article has been removed since.", "\n")]
            continue
        yield [Word(f"{number} said:", "\n"), *words(escape(choice(each.citation.quote, _QUOTE)))]
        if each.sentence:
            yield [Word("It now says:", "\n"), *words(escape(choice(each.sentence, _QUOTE)))]
        else:
            yield [Word("It now says nothing like it.", "\n")]
    if len(changed) > MOST:
        yield [Word(f"And {len(changed) - MOST} more.", "\n")]
