"""Text into passages: whole sentences, paragraph by paragraph, never more than the embedding model reads."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.article import Passage, Span
from ingest.sentences import is_item, paragraphs, sentences

__all__ = ["CountTokens", "Shape", "passages", "sentences"]

_COMBINING = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u093a-\u094f\u200d\ufe0f\U0001f3fb-\U0001f3ff]")

CountTokens = Callable[[list[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What passages look like. ``max_tokens`` is a limit, the rest are wishes."""

    max_tokens: int
    """What the model reads, less what is embedded with the passage; as ``count_tokens`` counts."""
    merge_chars: int = 700
    """Neighbouring paragraphs become one passage while it is no longer than this; 0: never."""
    cut_chars: int = 0
    """A longer paragraph is cut even if the model could read it whole; 0: it stays whole."""
    overlap: int = 0
    """Sentences that a piece of a cut paragraph repeats from the piece before it."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of one that is too long, and what it costs."""

    span: Span
    tokens: int


def passages(text: str, count_tokens: CountTokens, shape: Shape) -> tuple[Passage, ...]:
    """The passages of a normalised text, in order: every sentence is in at least one, none is over the limit.

    A paragraph that fits stays whole, short neighbours are joined, and a heading goes with what it heads.
    One that does not fit is cut at sentence ends into pieces of about the same size. A sentence that the
    model could not read whole is cut at white space (anywhere, if there is none): then the passages'
    ``sentences`` are its pieces. ``count_tokens`` gets whole batches, and few of them.
    """
    packer = _Packer(text, count_tokens, shape)
    groups = packer.checked(packer.merged(packer.blocks()))
    return tuple(
        Passage(Span(units[0].span.start, units[-1].span.end), tuple(unit.span for unit in units)) for units in groups
    )


class _Packer:
    """One run of `passages`."""

    def __init__(self, text: str, count_tokens: CountTokens, shape: Shape) -> None:
        self.text, self.shape, self.count = text, shape, count_tokens
        empty, gap = count_tokens(["", "\n\n"])
        self.overhead, self.gap = empty, max(0, gap - empty)
        self.budget = shape.max_tokens - empty
        if self.budget < 1:
            raise ValueError(f"max_tokens is {shape.max_tokens}, but an empty text already takes {empty}")
        # A tokenizer may make one "unknown" token of a very long word, so characters are limited as well.
        self.longest = 8 * shape.max_tokens
        self.heads: set[int] = set()

    def blocks(self) -> list[list[_Unit]]:
        """The measured paragraphs, each heading together with the paragraph after it."""
        groups = list(paragraphs(self.text))
        units = iter(self._measured(span for group in groups for span in group))
        unit = next(units, None)
        blocks: list[list[_Unit]] = []
        heading = False
        for group in groups:
            block: list[_Unit] = []
            while unit and unit.span.start < group[-1].end:
                block.append(unit)
                unit = next(units, None)
            before, heading = heading, bool(self.shape.merge_chars) and self._is_heading(block)
            if heading:
                self.heads.add(block[0].span.start)
            elif before:
                block = blocks.pop() + block
            blocks.append(block)
        return blocks

    def _measured(self, spans: Iterable[Span]) -> list[_Unit]:
        """The spans in order with their tokens; what is too long for the model comes in pieces."""
        spans = [piece for span in spans for piece in self._cut(span, self.longest)]
        units = [_Unit(span, tokens - self.overhead) for span, tokens in zip(spans, self._counts(spans), strict=True)]
        fine: list[_Unit] = []
        pieces: list[Span] = []
        for unit in units:
            length = unit.span.end - unit.span.start
            if unit.tokens <= self.budget or length == 1:
                fine.append(unit)
            else:
                pieces += self._cut(unit.span, max(1, length * self.budget // unit.tokens))
        return sorted(fine + self._measured(pieces), key=lambda unit: unit.span) if pieces else fine

    def _counts(self, spans: Sequence[Span]) -> Sequence[int]:
        return self.count([span.of(self.text) for span in spans]) if spans else []

    def _cut(self, span: Span, size: int) -> list[Span]:
        """Pieces of about the same length, none over ``size`` characters, if possible cut at white space."""
        text, lo, pieces = self.text, span.start, []
        while (left := span.end - lo) > size:
            ideal = lo + -(-left // -(-left // size))
            at = max(text.rfind(space, lo + (ideal - lo) // 2, ideal + 1) for space in " \n\t\u3000")
            if at <= lo:
                near = range(ideal, max(lo, ideal - 8), -1)  # no accent is cut off, unless there are too many
                at = next((i for i in near if not _COMBINING.match(text, i)), ideal)
            pieces.append(Span(lo, lo + len(text[lo:at].rstrip())))
            lo = at
            while text[lo].isspace():
                lo += 1
        return [*pieces, Span(lo, span.end)]

    def _is_heading(self, units: list[_Unit]) -> bool:
        span, end = units[0].span, self.text[units[-1].span.end - 1]
        short = len(units) == 1 and span.end - span.start <= 100
        return short and (end.isalnum() or end in ":)") and not is_item(self.text, span.start)

    def merged(self, blocks: list[list[_Unit]]) -> list[list[_Unit]]:
        """Blocks that fit, whole or several together, and the pieces of those that do not."""
        groups: list[list[_Unit]] = []
        open_tokens = -1  # of the last group, if it may still grow
        for block in blocks:
            tokens = sum(unit.tokens + self.gap for unit in block)
            whole = tokens - self.gap <= self.budget and _length(block) <= self._limit()
            if whole and 0 <= open_tokens <= self.budget - tokens and self._joins(groups[-1], block):
                groups[-1] = groups[-1] + block
                open_tokens += tokens
            else:
                groups += [block] if whole else self._pieces(block)
                open_tokens = tokens if whole else -1
        return groups

    def _joins(self, group: list[_Unit], block: list[_Unit]) -> bool:
        """Whether a block belongs with the blocks before it: it is short, and begins nothing new."""
        if block[-1].span.end - group[0].span.start > self.shape.merge_chars:
            return False
        return block[0].span.start not in self.heads or all(unit.span.start in self.heads for unit in group)

    def _limit(self) -> int:
        return min(self.longest, self.shape.cut_chars or self.longest)

    def _pieces(self, block: list[_Unit]) -> list[list[_Unit]]:
        """The block cut into as few pieces as the limits allow, the longest as short as possible."""
        starts = [unit.span.start for unit in block] + [block[-1].span.end]
        lengths = [b - a for a, b in pairwise(starts)]
        weights = [
            max((unit.tokens + self.gap) / self.budget, length / self._limit())
            for unit, length in zip(block, lengths, strict=True)
        ]
        cuts, low, high = _packed(weights, 1.0), 0.0, 1.0
        for _ in range(10):
            middle = (low + high) / 2
            if len(closer := _packed(weights, middle)) > len(cuts):
                low = middle
            else:
                cuts, high = closer, middle
        groups = [block[a:b] for a, b in zip([0, *cuts], [*cuts, len(block)], strict=True)]
        return self._overlapping(groups) if self.shape.overlap else groups

    def _overlapping(self, groups: list[list[_Unit]]) -> list[list[_Unit]]:
        """Each piece with the last sentences of the one before, as far as they fit, but never all of it."""
        wider = groups[:1]
        for before, group in pairwise(groups):
            room = self.budget - sum(unit.tokens + self.gap for unit in group)
            for unit in reversed(before[1:][-self.shape.overlap :]):
                room -= unit.tokens + self.gap
                if room < 0 or group[-1].span.end - unit.span.start > self._limit():
                    break
                group = [unit, *group]
            wider.append(group)
        return wider

    def checked(self, groups: list[list[_Unit]]) -> list[list[_Unit]]:
        """The groups, each counted as it is: parts need not add up to what the whole takes."""
        spans = [Span(units[0].span.start, units[-1].span.end) for units in groups]
        result: list[list[_Unit]] = []
        for units, span, tokens in zip(groups, spans, self._counts(spans), strict=True):
            if tokens <= self.shape.max_tokens or span.end - span.start == 1:
                result.append(units)
            elif len(units) > 1:
                half = len(units) // 2
                result += self.checked([units[:half], units[half:]])
            else:
                size = -(-(span.end - span.start) // 2)
                result += self.checked([[unit] for unit in self._measured(self._cut(span, size))])
        return result


def _length(units: list[_Unit]) -> int:
    return units[-1].span.end - units[0].span.start


def _packed(weights: list[float], limit: float) -> list[int]:
    """Where to cut so that each part, filled in order, weighs no more than the limit (or is one alone)."""
    cuts, total = [], 0.0
    for i, weight in enumerate(weights):
        if i and total + weight > limit:
            cuts.append(i)
            total = 0.0
        total += weight
    return cuts
