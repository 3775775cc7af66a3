"""Which sentences answer a question, and whether any does: two small logistic regressions, one after the other.

The first looks at every sentence; the second says whether what it found is an answer at all. Their coefficients, and
the thresholds that go with them, are in ``ranker.json``; ``benchmarks/fit.py`` finds them, by articles that the fit has
not seen.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import closeness, features
from bot.features import Sentences
from bot.question import Asked
from bot.retrieve import Evidence
from ingest.embed import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

FITTED = Path(__file__).with_name("ranker.json")

FEW = 4
"""No more sentences than these are ever quoted for themselves."""

SENTENCE_NAMES = (*features.NAMES, *closeness.NAMES, *(f"{name}_behind" for name in closeness.NAMES))
BEST = (
    *("cosine", "passage_cosine", "passage_score", "said", "said_with_before", "said_so_far", "said_in_passage"),
    *("said_with_title", "pairs", "names_said", "numbers_said", "rarest_said", "rarest_in_passage"),
    *("new_names", "new_numbers", "new_times", "offered", "goes_with"),
)
"""The features of which the best over all sentences also says whether there is an answer at all."""
ANSWERED_NAMES = (
    *("likelihood", "lead", "together", "cosine_stands_out", "close_stands_out", "least_stands_out"),
    *(f"top_{name}" for name in (*features.NAMES, *closeness.NAMES)),
    *(f"best_{name}" for name in (*BEST, *closeness.NAMES)),
)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over named features."""

    intercept: float
    weights: "Table"

    def __call__(self, rows: "Table") -> "Table":
        """The probability for each row."""
        import numpy as np

        probabilities: Table = 1 / (1 + np.exp(-(rows @ self.weights + self.intercept)))
        return probabilities


@dataclass(frozen=True, slots=True)
class Ranker:
    """The two regressions, and where to draw the lines.

    An answer is refused when its likelihood is under ``refuse_below``. Sentences are quoted, best first, while
    their likelihood is at least ``quote_within`` of the best one's.
    """

    sentence: Logistic
    answered: Logistic
    refuse_below: float
    quote_within: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The few best sentences for a question, best first, and what they are worth.

    ``places`` are (evidence, sentence) numbers, ``likelihoods`` the probability that each holds the answer, and
    ``answered`` the probability that there is one. ``passages`` has the likelihood of each passage's best sentence.
    """

    places: tuple[tuple[int, int], ...]
    likelihoods: tuple[float, ...]
    answered: float
    passages: tuple[float, ...]


def rank(ranker: Ranker, asked: Asked, evidence: Sequence[Evidence], embedder: Embedder) -> Ranking:
    """Rank the sentences of the evidence, which must not be empty."""
    sentences = features.describe(asked, evidence)
    close = closeness.closeness(asked, evidence, embedder)
    likelihoods = ranker.sentence(sentence_rows(sentences, close))
    few = descending(likelihoods)[:FEW]
    answered = float(ranker.answered(answered_row(sentences, few, likelihoods[few], close[few])))
    passages = [0.0] * len(evidence)
    for (number, _), likelihood in zip(sentences.places, likelihoods.tolist(), strict=True):
        passages[number] = max(passages[number], likelihood)
    return Ranking(
        places=tuple(sentences.places[n] for n in few),
        likelihoods=tuple(likelihoods[few].tolist()),
        answered=0.0 if features.names_a_stranger(asked, evidence) else answered,
        passages=tuple(passages),
    )


def descending(likelihoods: "Table") -> list[int]:
    """The numbers of the largest first; of equals, the earlier."""
    return sorted(range(len(likelihoods)), key=lambda n: -likelihoods[n])


def sentence_rows(sentences: Sentences, close: "Table") -> "Table":
    """What is known of every sentence: the features named in ``SENTENCE_NAMES``."""
    import numpy as np

    return np.hstack([sentences.rows, close, close - close.max(axis=0)])


def answered_row(sentences: Sentences, few: Sequence[int], likelihoods: "Table", close: "Table") -> "Table":
    """What says whether there is an answer: the features named in ``ANSWERED_NAMES``.

    ``likelihoods`` and ``close`` are those of the ``few`` best sentences, best first.
    """
    import numpy as np

    logits = _logit(likelihoods)
    lead = logits[0] - logits[1] if len(logits) > 1 else 5.0
    anywhere = sentences.rows.max(axis=0)[[features.NAMES.index(name) for name in BEST]]
    whole = np.log(likelihoods.sum() + 1e-9)
    # The sentence that answers is not just near, it is nearer than what else is told of the same.
    cosines, at = sentences.rows[:, features.NAMES.index("cosine")], few[0]
    stands_out = (
        (cosines[at] - cosines.mean()) / (cosines.std() + 0.02),
        *(close[0] - close.mean(axis=0))[[closeness.NAMES.index("close"), closeness.NAMES.index("close_two_least")]],
    )
    top = (*sentences.rows[few[0]], *close[0])
    row: Table = np.array([logits[0], lead, whole, *stands_out, *top, *anywhere, *close.max(axis=0)], np.float64)
    return row


def _logit(probabilities: "Table") -> "Table":
    import numpy as np

    logits: Table = np.log(probabilities + 1e-9) - np.log(1 - probabilities + 1e-9)
    return logits


@lru_cache(maxsize=1)
def load_ranker() -> Ranker:
    """The ranker that ships with the package."""
    fitted = json.loads(FITTED.read_text())
    return Ranker(
        sentence=_logistic(fitted["sentence"], SENTENCE_NAMES),
        answered=_logistic(fitted["answered"], ANSWERED_NAMES),
        refuse_below=fitted["refuse_below"],
        quote_within=fitted["quote_within"],
    )


def _logistic(fitted: dict[str, float], names: tuple[str, ...]) -> Logistic:
    import numpy as np

    return Logistic(fitted["intercept"], np.array([fitted[name] for name in names], np.float64))
