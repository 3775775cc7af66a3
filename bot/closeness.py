"""Whether a sentence speaks of what the question asks: each word of the question against the words in context.

Two sentences can be near as a whole while the very thing that is asked, "killed" or "born", has no counterpart.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.lexical import stems, words
from bot.question import Asked, telling_words, word_spans
from bot.retrieve import Evidence
from ingest.embed import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

NAMES = (
    "close",  # the closeness of the question's words: their mean, weighted by rarity,
    "close_evenly",  # their plain mean,
    "close_least",  # the least of them,
    "close_two_least",  # the mean of the two least,
    "close_rarest",  # and that of the rarest word;
    "close_things_least",  # the least and the mean of those that are no names
    "close_things",
    "close_asking",  # and that of the word that asks, "who" or "when"
)

_ASKING = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.I)


def closeness(
    asked: Asked, evidence: Sequence[Evidence], places: Sequence[tuple[int, int]], embedder: Embedder
) -> "Table":
    """The features named in ``NAMES`` for the sentences at those places, a row each.

    A word of the question is as close as its best cosine to a word of the sentence, read together with the
    sentence before it.
    """
    import numpy as np

    telling = telling_words(asked.text)
    asking = _ASKING.search(asked.text)
    read = [_with_before(evidence[rank], at) for rank, at in places]
    _, (of_question, *of_sentences) = embedder.embed_with_sentences(
        [asked.text, *(text for text, _ in read)],
        [
            [*(span for span, _ in telling), *([asking.span()] if asking else [])],
            *(_words_from(text, start) for text, start in read),
        ],
    )
    if not telling:
        return np.zeros((len(places), len(NAMES)))
    asked_words = [word for _, word in telling]
    names = words(" ".join(asked.names))
    named = np.array([word in names for word in asked_words])
    rows = []
    for (rank, _), of_sentence in zip(places, of_sentences, strict=True):
        found = evidence[rank]
        weights = np.array([max(found.rarity.get(stem, 0.0), 1e-6) for stem in stems(asked_words)])
        close = (of_question @ of_sentence.T).max(axis=1, initial=0.0).astype(np.float64)
        close, of_asking = (close[:-1], close[-1]) if asking else (close, close.mean())
        rows.append([*_summary(close, weights / weights.sum(), named), float(of_asking)])
    return np.array(rows)


def _summary(close: "Table", weights: "Table", named: "NDArray[np.bool_]") -> list[float]:
    import numpy as np

    things = close[~named] if not named.all() else close
    return [
        float(close @ weights),
        float(close.mean()),
        float(close.min()),
        float(np.sort(close)[:2].mean()),
        float(close[int(np.argmax(weights))]),
        float(things.min()),
        float(things.mean()),
    ]


def _with_before(found: Evidence, at: int) -> tuple[str, int]:
    """A sentence after the one before it in its passage, and where it starts in that."""
    before = f"{found.sentence(at - 1)} " if at else ""
    return before + found.sentence(at), len(before)


def _words_from(text: str, start: int) -> list[tuple[int, int]]:
    return [span for span in word_spans(text) if span[0] >= start]
