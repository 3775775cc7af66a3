"""The words of a text, and those of a passage that are worth a vector of their own."""

import re

WORD = re.compile(r"\w+(?:[.,]\d+)*")
"""A word as it stands; a number keeps its separators."""

PLAIN = frozenset(
    WORD.findall(
        "a an the of in on at to for by with from and or but as than that this these those is are was were be been"
        " being am do does did has have had will would can could should may might shall must it its he him his she her"
        " they them their we us our you your i me my who whom whose which what when where why how there here so such"
        " into about also s t"
    )
)
"""Words that join others and are no counterpart of what anyone asks about. They would take as much room again."""


def weighty_words(text: str) -> list[tuple[int, int]]:
    """Where the words stand that say something by themselves."""
    return [word.span() for word in WORD.finditer(text) if word.group().lower() not in PLAIN]
