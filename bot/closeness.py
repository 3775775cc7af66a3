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
    "close_asking",  # and that of the word that asks, "who" or "when";
    "close_with_before",  # the mean and the least where the sentence before is heard too,
    "close_with_before_least",
    "close_in_passage",  # and where the whole passage is
    "close_in_passage_least",
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
    weights /= weights.sum()
    best = [_best_cosines(of_question, found) for found in evidence]
    close, of_asking = np.hstack(best)[: len(asked_words)], np.hstack(best)[-1]
    before = np.hstack([_with_before(each) for each in best])[: len(asked_words)]
    whole = np.hstack([each.max(axis=1, keepdims=True).repeat(each.shape[1], axis=1) for each in best])
    whole = whole[: len(asked_words)]
    return np.column_stack(
        [
            *_summary(close, weights, named),
            of_asking if asking else close.mean(axis=0),
            *(weights @ before, before.min(axis=0)),
            *(weights @ whole, whole.min(axis=0)),
        ]
    )


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


def _with_before(best: "Table") -> "Table":
    """The same where each sentence is heard together with the one before it."""
    import numpy as np

    together = best.copy()
    np.maximum(together[:, 1:], best[:, :-1], out=together[:, 1:])
    return together


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
