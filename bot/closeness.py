"""Whether a sentence speaks of what the question asks: each word of the question against the words in context.

Two sentences can be near as a whole while the very thing that is asked, "killed" or "born", has no counterpart. The
words of a passage were read when it was ingested, so that a question waits for no more than its own.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.lexical import stems, words
from bot.question import Asked, telling_words
from bot.retrieve import Evidence
from ingest.embed import Embedder
from ingest.stored import unpack
from ingest.words import weighty_words

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


def closeness(asked: Asked, evidence: Sequence[Evidence], embedder: Embedder) -> "Table":
    """The features named in ``NAMES`` for every sentence of the evidence, a row each, in order.

    A word of the question is as close as its best cosine to a weighty word of the sentence.
    """
    import numpy as np

    telling = telling_words(asked.text)
    asking = _ASKING.search(asked.text)
    spans = [*(span for span, _ in telling), *([asking.span()] if asking else [])]
    asked_words = [word for _, word in telling]
    if not asked_words:
        return np.zeros((sum(len(found.sentences) for found in evidence), len(NAMES)))
    of_question = embedder.embed_words(asked.text, spans)
    names = words(" ".join(asked.names))
    named = np.array([word in names for word in asked_words])
    rarity = evidence[0].rarity  # the question's, so the same in all
    weights = np.array([max(rarity.get(stem, 0.0), 1e-6) for stem in stems(asked_words)])
    close = np.hstack([_best_cosines(of_question, found) for found in evidence])
    of_words = close[: len(asked_words)]
    of_asking = close[-1] if asking else of_words.mean(axis=0)
    return np.column_stack([*_summary(of_words, weights / weights.sum(), named), of_asking])


def _best_cosines(of_question: "NDArray[np.float32]", found: Evidence) -> "Table":
    """For each word of the question, a row each, the best cosine in every sentence of a passage."""
    import numpy as np

    best = np.zeros((len(of_question), len(found.sentences)))
    starts = [start for start, _ in weighty_words(found.found.text)]
    if not starts:
        return best
    cosines = of_question @ unpack(found.found.packed_words, len(starts)).T
    for at, sentence in enumerate(found.sentences):
        first, last = (bisect_left(starts, edge - found.span.start) for edge in (sentence.start, sentence.end))
        best[:, at] = cosines[:, first:last].max(axis=1, initial=0.0)
    return best


def _summary(close: "Table", weights: "Table", named: "NDArray[np.bool_]") -> "list[Table]":
    """What ``NAMES`` say of closenesses, a row for each word of the question, a column for each sentence."""
    import numpy as np

    things = close[~named] if not named.all() else close
    return [
        weights @ close,
        close.mean(axis=0),
        close.min(axis=0),
        np.sort(close, axis=0)[:2].mean(axis=0),
        close[int(np.argmax(weights))],
        things.min(axis=0),
        things.mean(axis=0),
    ]
