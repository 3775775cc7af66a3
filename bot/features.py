"""What can be told of a sentence before anyone reads it: how likely it is to hold the answer, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from bot.countries import kin
from bot.lexical import stems, words
from bot.question import KINDS, Asked, names
from bot.retrieve import Evidence
from bot.told import gives_means, gives_reason, numbers, times

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

NEAR = 3
"""Two words of the question that stand no further apart than this in a sentence stand together."""

_MEANING = ("cosine", "cosine_before", "cosine_after", "passage_cosine", "passage_score", "passage_behind", "rank")
_WORDS = ("said", "said_with_before", "said_so_far", "said_with_after", "said_in_passage", "said_with_title", "pairs",
          "rarest_said", "rarest_in_passage", "title_says")  # fmt: skip
_SHAPE = ("length", "first", "place", "is_question", "names_said", "numbers_said")
_OFFERED = ("new_names", "new_numbers", "new_digits", "new_times")
_KIND = tuple(f"is_{kind}" for kind in KINDS)
_FITS = ("when_time", "when_no_time", "number_digits", "number_number", "number_no_number", "who_name", "who_no_name",
         "where_name", "where_no_name", "what_name", "what_number", "why_reason", "how_means", "who_names")  # fmt: skip
_SOUGHT = ("sought", "offered", "not_offered", "offered_beside", "goes_with", "goes_without", "plainly_not")
_COMPARED = ("cosine", "said", "said_with_before", "said_so_far", "pairs")
_BEHIND = tuple(f"{name}_behind" for name in _COMPARED)
NAMES = (*_MEANING, *_WORDS, *_SHAPE, *_OFFERED, *_KIND, *_FITS, *_SOUGHT, *_BEHIND)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences that may answer a question: ``rows`` has one for each, a column for each of ``NAMES``.

    ``places`` says where each stands: which evidence, which sentence of it.
    """

    rows: "Table"
    places: tuple[tuple[int, int], ...]


def describe(asked: Asked, evidence: Sequence[Evidence]) -> Sentences:
    """The features of every sentence of the evidence, which must not be empty."""
    import numpy as np

    best = max(e.score for e in evidence)
    rows, places = [], []
    for rank, found in enumerate(evidence):
        heard = _Heard(asked, found)
        for at in range(len(found.sentences)):
            meaning = (*_cosines(found, at), found.cosine, found.score, found.score - best, 1 / (1 + rank))
            rows.append((*meaning, *heard.words(at), *heard.shape(at)))
            places.append((rank, at))
    table = np.array(rows, np.float64)
    compared = table[:, [NAMES.index(name) for name in _COMPARED]]
    return Sentences(np.hstack([table, compared - compared.max(axis=0)]), tuple(places))


def names_a_stranger(asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Whether the question gives someone or something by two names or more, and the evidence has none of them.

    Then it does not speak of that at all. A single name is no such sign, for it may go by another; and several may
    go by their first letters, as the United States do.
    """
    texts = [f"{found.article.title} {found.found.text}" for found in evidence]
    heard = {stem for text in texts for stem in stems(words(text))}
    strangers = [unit for unit in asked.units if len(unit) > 1 and heard.isdisjoint(unit)]
    initials = ["".join(stem[0] for stem in unit).upper() for unit in strangers]
    return any(not any(letters in text or ".".join(letters) in text for text in texts) for letters in initials)


def _cosines(found: Evidence, at: int) -> tuple[float, float, float]:
    cosines = found.sentence_cosines
    return cosines[at], cosines[at - 1] if at else 0.0, cosines[at + 1] if at + 1 < len(cosines) else 0.0


class _Heard:
    """The words of the question as one passage has them, sentence by sentence."""

    def __init__(self, asked: Asked, found: Evidence) -> None:
        import numpy as np

        self._asked = asked
        self._texts = [found.sentence(at) for at in range(len(found.sentences))]
        self._asked_stems = _folded(asked.stems)
        self._units = [_folded(unit) for unit in asked.units]
        self._stems = [_folded(stems(words(text))) for text in self._texts]
        self._offered = [asked.sought.offered(text) for text in self._texts]
        rarity = [max(found.rarity.get(stem, 0.0) for stem in unit) for unit in asked.units]
        self._weights = _normal(np.array(rarity or [1.0]))
        self._stem_weights = _normal(np.array([found.rarity.get(stem, 0.0) for stem in asked.stems] or [1.0]))
        self._rarest = int(np.argmax(self._weights))
        self._said = np.array([_said(self._units, frozenset(heard)) for heard in self._stems])
        self._title = np.array(_said(self._units, frozenset(_folded(stems(words(found.article.title))))))

    def words(self, at: int) -> tuple[float, ...]:
        import numpy as np

        said, weights = self._said, self._weights
        here = said[at]
        before = said[at - 1] if at else 0 * here
        after = said[at + 1] if at + 1 < len(said) else 0 * here
        return (
            float(weights @ here),
            float(weights @ np.maximum(here, before)),
            float(weights @ said[: at + 1].max(axis=0)),
            float(weights @ np.maximum(here, after)),
            float(weights @ said.max(axis=0)),
            float(weights @ np.maximum(here, self._title)),
            self._pairs(at),
            float(here[self._rarest]),
            float(said[:, self._rarest].max()),
            float(weights @ self._title),
        )

    def _pairs(self, at: int) -> float:
        """The share of the question's neighbouring words that stand together in the sentence, in order."""
        asked, weights = self._asked_stems, self._stem_weights
        where: dict[str, list[int]] = {}
        for place, stem in enumerate(self._stems[at]):
            where.setdefault(stem, []).append(place)
        together = whole = 0.0
        for n, (left, right) in enumerate(pairwise(asked)):
            weight = float(weights[n] + weights[n + 1])
            whole += weight
            if any(0 < b - a <= NEAR for a in where.get(left, ()) for b in where.get(right, ())):
                together += weight
        return together / whole if whole else 0.0

    def shape(self, at: int) -> tuple[float, ...]:
        asked, text = self._asked, self._texts[at]
        new_names = [word for word in names(text) if stems([word])[0] not in asked.all_stems]
        new_numbers = [number for number in numbers(text) if number not in asked.numbers]
        new_times = [time for time in times(text) if time not in asked.text.lower()]
        digits = sum(number[0].isdigit() for number in new_numbers)
        return (
            log(1 + len(self._stems[at])),
            float(at == 0),
            1 / (1 + at),
            float(text.endswith("?")),
            _share([name in text for name in asked.names]),
            _share([number in text.lower() for number in asked.numbers]),
            float(min(len(new_names), 4)),
            float(min(len(new_numbers), 4)),
            float(min(digits, 4)),
            float(min(len(new_times), 4)),
            *(float(asked.kind == kind) for kind in KINDS),
            *_fits(asked, text, len(new_names), len(new_numbers), digits, bool(new_times)),
            *self._sought(at),
        )

    def _sought(self, at: int) -> tuple[float, ...]:
        """Whether the sentence, or one beside it, offers the sort of thing that is sought."""
        sought, offered = self._asked.sought, self._offered
        known = bool(sought.sort)
        beside = any(offered[max(at - 1, 0) : at + 2])
        fits = offered[at] and sought.goes_with(self._texts[at])
        return (
            float(known),
            float(known and offered[at]),
            float(known and not offered[at]),
            float(known and beside),
            float(known and fits),
            float(known and not fits),
            float(sought.is_plain and not beside),
        )


def _said(units: Sequence[Sequence[str]], heard: frozenset[str]) -> list[float]:
    """How far each unit of the question is said: a name is by its last word, and half by its others."""
    said = [(unit[-1] in heard, [stem in heard for stem in unit[:-1]]) for unit in units]
    return [1.0 if last else _share(others) / 2 if others else 0.0 for last, others in said] or [0.0]


def _folded(found: Sequence[str]) -> list[str]:
    """Stems with a country's people as its name: who is asked of "Cuba" hears of "Cubans" too."""
    pairs = _kin()
    return [pairs.get(stem, stem) for stem in found]


@lru_cache(maxsize=1)
def _kin() -> dict[str, str]:
    pairs = kin()
    return dict(zip(stems(list(pairs)), stems(list(pairs.values())), strict=True))


def _normal(weights: "Table") -> "Table":
    """Weights that sum to one; none at all counts as all the same."""
    import numpy as np

    known: Table = np.maximum(weights, 1e-6)
    normal: Table = known / known.sum()
    return normal


def _fits(asked: Asked, text: str, names: int, numbers: int, digits: int, time: bool) -> tuple[float, ...]:
    """Whether the sentence holds the kind of thing that is asked for and that the question did not say itself."""
    kind = asked.kind
    return (
        float(kind == "when" and time),
        float(kind == "when" and not time),
        float(kind == "number" and digits > 0),
        float(kind == "number" and numbers > 0),
        float(kind == "number" and not numbers),
        float(kind == "who" and names > 0),
        float(kind == "who" and not names),
        float(kind == "where" and names > 0),
        float(kind == "where" and not names),
        float(kind == "what" and names > 0),
        float(kind == "what" and numbers > 0),
        float(kind == "why" and gives_reason(text)),
        float(kind == "how" and gives_means(text)),
        float((kind == "who") * min(names, 3)),
    )


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 1.0
