"""What changed between two texts of an article, sentence by sentence."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from ingest.article import Span
from ingest.sentences import sentences

LIKE = 0.5
"""The least likeness of two sentences of which one has become the other."""

AHEAD = 20
"""Sentences among which the one is looked for that another has become: a longer way off it is a new one."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")  # Chinese and Japanese put no space between their words


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that was removed, added or changed: where it stood before, and where it stands now."""

    before: Span | None
    after: Span | None

    @property
    def kind(self) -> Literal["removed", "added", "changed"]:
        if self.after is None:
            return "removed"
        return "added" if self.before is None else "changed"


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The sentences that differ between two normalised texts, in reading order.

    How the lines of a sentence are broken makes no difference. One that has moved is removed there and added here.
    """
    old, new = sentences(before), sentences(after)
    # A sentence that comes again and again ("Advertisement") is not what the rest is aligned by: difflib's own rule.
    steps = SequenceMatcher(None, [_line(s.of(before)) for s in old], [_line(s.of(after)) for s in new]).get_opcodes()
    return tuple(
        change
        for step, start, end, from_, to in steps
        if step != "equal"
        for change in _paired(old[start:end], new[from_:to], before, after)
    )


def stands(quote: str, text: str) -> bool:
    """Whether a text still has those words, however its lines are broken."""
    return _line(quote) in _line(text)


def nearest(quote: str, text: str) -> Span | None:
    """The sentence of a text that is most like what no longer stands of a quote; None where nothing is like it."""
    gone = next((s.of(quote) for s in sentences(quote) if not stands(s.of(quote), text)), quote)
    found = sentences(text)
    likeness = [_likeness(gone, s.of(text)) for s in found]
    best = max(likeness, default=0.0)
    return found[likeness.index(best)] if best >= LIKE else None


def row(change: Change, before: tuple[str, str], after: tuple[str, str]) -> dict[str, Any]:
    """A change as JSON. ``before`` and ``after`` are each the name of a version and its text."""
    return {
        "change": change.kind,
        "before": _place(change.before, *before),
        "after": _place(change.after, *after),
    }


def _paired(old: Sequence[Span], new: Sequence[Span], before: str, after: str) -> Iterator[Change]:
    """Sentences that gave way to others: each with the one that it became, if there is one."""
    at = 0
    for gone in old:
        likeness = [_likeness(gone.of(before), span.of(after)) for span in new[at : at + AHEAD]]
        if max(likeness, default=0.0) < LIKE:
            yield Change(gone, None)
            continue
        became = at + likeness.index(max(likeness))
        yield from (Change(None, span) for span in new[at:became])
        yield Change(gone, new[became])
        at = became + 1
    yield from (Change(None, span) for span in new[at:])


def _likeness(one: str, other: str) -> float:
    """The share of their words that two sentences have in common, from 0 to 1."""
    words, others = (Counter(word.lower() for word in _WORD.findall(text)) for text in (one, other))
    return 2 * (words & others).total() / max(words.total() + others.total(), 1)


def _line(text: str) -> str:
    return " ".join(text.split())


def _place(span: Span | None, version: str, text: str) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"version": version, "start": span.start, "end": span.end, "quote": span.of(text)}
