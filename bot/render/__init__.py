"""An answer for those who read it: what is shown where, and made safe to show."""

import re

# A control character moves the cursor or starts an escape sequence; a line break could fake a line of ours.
_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Marks that turn the direction of what follows, or that nobody can see. The joiners U+200C and U+200D stay:
# Persian and emoji need them.
_UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
_HALF = re.compile(r"[\ud800-\udfff]")


def safe(text: str) -> str:
    """Text from anywhere, as one line that can do nothing but be read.

    Blank space and control characters become a space, unseen and direction marks go, the rest stays as it is.
    """
    return _HALF.sub("\ufffd", _UNSEEN.sub("", _CONTROL.sub(" ", text)))
