"""The words of a text, and those of a passage that are worth a vector of their own."""

import re

WORD = re.compile(r"\w+(?:[.,]\d+)*")
"""A word as it stands; a number keeps its separators."""

LONG = 4
"""Letters of a word that says something by itself, be it no name and no number."""


def weighty_words(text: str) -> list[tuple[int, int]]:
    """Where the words stand that say something by themselves: long ones, names and numbers.

    "Of", "the" and "was" would take as much room again, and are no counterpart of what anyone asks about.
    """
    return [word.span() for word in WORD.finditer(text) if len(word.group()) >= LONG or not word.group()[0].islower()]
