"""What Discord makes of a message: a strict reader of its markdown, which knows nothing of how ours is written.

Discord reads a message twice. Its server looks for mentions and invitations in the message as it was sent; its client
parses the markdown. Here the client never gives up a construct that it might begin, and is deaf to no scheme.
"""

import re
from typing import NamedTuple

UNSEEN = "\u200b"
_SENT = {
    "mention": r"<(?:@[!&]?|\#|/|id:|t:|a?:|sound:)[^>\s]*>|@everyone|@here",
    "invitation": r"discord(?:app)?\.(?:\w+)",
    "address": r"\b[a-z][a-z+.-]*://\S+|\bwww\.\S+",
}
_BEGINS_A_LINE = re.compile(r"\ *(?:>(?:>>)?\s?|\#{1,6}(?:\s|$)|-\#\s?|[-+*](?:\s|$)|\d+[.)](?:\s|$))")
_ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
_LINK = re.compile(r"\[((?:\[[^\]\n]*\]|\\.|[^\[\]\\\n])*)\]\(\s*(<?[^\s)]*>?)[^)\n]*\)")
_BOLD = re.compile(r"\*\*((?:\\.|[^\\*])+)\*\*")
_INLINE = {
    "emphasis": re.compile(r"\*|_"),
    "strike": re.compile(r"~~"),
    "spoiler": re.compile(r"\|\|"),
    "code": re.compile(r"`"),
    "angle": re.compile(r"<[^>\s][^>]*>"),
    "emoji": re.compile(r":[^\s:]+:"),
    "address": re.compile(r"[a-z][a-z+.-]*:/", re.IGNORECASE),
}


class Found(NamedTuple):
    """Something that is more than its characters: what it is, and its text or its address."""

    kind: str
    what: str


def constructs(message: str) -> list[Found]:
    """All in a message that Discord would not show as the characters that they are."""
    found: list[Found] = []
    plain = _LINK.sub("", message)  # the addresses of links are no addresses in the text
    for kind, pattern in _SENT.items():
        found += [Found(kind, hit) for hit in re.findall(pattern, plain, re.IGNORECASE)]
    for line in message.split("\n"):
        if begins := _BEGINS_A_LINE.match(line):
            found.append(Found("block", begins[0].strip()))
        found += _inside(line)
    return found


def _inside(line: str) -> list[Found]:
    found: list[Found] = []
    at = 0
    while at < len(line):
        if escape := _ESCAPE.match(line, at):
            at = escape.end()
        elif link := _LINK.match(line, at):
            found += [Found("link", link[2]), *_inside(link[1])]
            at = link.end()
        elif bold := _BOLD.match(line, at):
            found += [Found("bold", bold[1]), *_inside(bold[1])]
            at = bold.end()
        else:
            found += [Found(kind, hit[0]) for kind, pattern in _INLINE.items() if (hit := pattern.match(line, at))]
            at += 1
    return found


def shown(message: str) -> str:
    """The characters that a reader sees: no backslash that escapes, no link's address, no stars, nothing unseen."""
    message = re.sub(r"(?m)^-# ", "", _LINK.sub(r"\1", message.replace(UNSEEN, "")))
    return re.sub(r"\\([^0-9A-Za-z\s])|\*\*", lambda hit: hit[1] or "", message)
