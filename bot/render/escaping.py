"""Text from outside, made safe for Discord: as markdown that shows as it is, or as a label."""

import re

from bot.render import safe
from bot.render.pages import BREAK, beginning, units

_ACTS = re.compile(
    r"""
      [\\*_~|`\[\]@]                       # emphasis, spoilers, code, masked links; names
    | ^\(                                  # would be the address of what stands in brackets before it
    | <(?!\s)                              # mentions, emoji, timestamps, addresses in angle brackets
    | (?<!\S)(?:>|-\#|(?:\#+|-|\+)(?!\S)) # quotes, headings, lists, subtext, wherever a line may come to begin
    | :(?=/|[^\s:]*:)                      # addresses and :emoji:
    | (?i:(?<=www)|(?<=discord)|(?<=discordapp))\.   # addresses, and invitations without a scheme
    """,
    re.VERBOSE,
)
_COUNTS = re.compile(r"(?<!\S)(\d+)(?=[.)](?!\S))")
_CALLS = re.compile(r"\\<|\\@(?=everyone|here|[^\w\s])", re.IGNORECASE)


def escape(text: str) -> str:
    r"""Any text as one line that Discord shows as it is, wherever it is put among markdown of ours.

    A backslash, which the client does not show, stands before all that could begin or end something: ``\ * _ ~ |``,
    backquotes, square brackets, ``@`` and ``<`` everywhere; ``> # -# - +`` and ``1.`` as words of their own, since a
    page may break there and put them first on a line; the colon of ``https://`` and of ``:emoji:``; the full stop of
    ``www.`` and of Discord's own addresses, which are invitations even without ``https://``.

    Who is mentioned is read from the message as it was sent, backslashes or not. So ``<``, ``@everyone`` and
    ``@here`` are also broken by a zero width space. Each alone should do; Discord has at times stripped unseen
    characters, and at times ignored backslashes.
    """
    return _CALLS.sub(r"\g<0>" + BREAK, _COUNTS.sub(r"\1\\", _ACTS.sub(r"\\\g<0>", safe(text))))


def choice(text: str, limit: int = 100) -> str:
    """A text as a label, where Discord reads no markdown: one line of 1 to ``limit`` characters, cut after a word."""
    line = safe(text).strip()
    if not any(c.isprintable() and not c.isspace() for c in line):
        return "untitled"
    if units(line) <= limit:
        return line
    kept = beginning(line, limit - 1)
    whole, _, torn = kept.rpartition(" ")
    if (torn[-1:] + line[len(kept)]).isalnum() and len(whole) > limit // 3:
        kept = whole
    return kept.rstrip(" ,;:–—-") + "…"
