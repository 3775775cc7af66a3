"""The notice in which an article says that it was corrected.

A notice opens a line and says so in set words. What an article tells of somebody else's correction is none: that
stands within a sentence or a quotation, or in a headline, which ends without a full stop.
"""

import re
from functools import lru_cache

from ingest.article import Span
from ingest.sentences import paragraphs

LONGEST = 600
"""Characters of a notice, as whole sentences: where lines were lost, the rest of the article follows it."""

_OWN = r"(?:article|story|piece|column|headline|post|interview|analysis|obituary|dispatch)"
_ANY = rf"(?:{_OWN}|report|review|page|item)"  # of which an article may also tell that somebody amended it
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:[\s,(–—-]+(?:on\s)?(?:{_MONTH}|\d{{1,4}}[\s./-])[^\n:;]{{0,30}}(?::\d\d[^\n:;]{{0,15}})?)?"
_MENDS = r"\bto\s(?:correct|clarify|reflect|remove|fix|amend|rectify|make\sclear)\b"
_MISTAKE = r"""(?i:\b(?:correct(?:s|ed|ions?|ing)?|clarif\w+|amended|(?:earlier|previous)\sversion|in\serror|wrongly)\b
    |\b(?:misst|missp|misid|misqu|misattr|misrep|inaccura|incorrect|erroneous|mistake|retract))"""

_NOTICE = re.compile(
    rf"""
    [(\[*_•·–—\s]{{0,4}}
    (?:
      # "Correction:", "Clarification (8 October 2025):"
      C(?i:(?:orrection|larification)s?(?:\s(?:and|&)\sc(?:orrection|larification)s?)?){_DAY}\s?:\s+
      # "Editor's note:", which may speak of anything else
    | E(?i:ditor(?:s['’]|['’]?s)\snote){_DAY}\s?:\s+(?=(?:.|\n(?!\n)){{0,600}}?{_MISTAKE})
      # "(Corrects the date in paragraph two)"
    | \(C(?i:orrects)\s
    | (?:(?:U(?i:pdate)|N(?i:ote)|C(?i:orrection|larification)){_DAY}\s?[:–—-]\s+)?
      (?:
        # "An earlier version of this article"
        An?\s(?:earlier|previous|prior|original)\sversion\sof\sthis\s(?:[\w.]+\s){{0,2}}?{_ANY}\b
        # "This article was amended on", "This Oct. 8 story has been corrected to"
      | This\s(?:[\w.]+\s){{0,3}}?{_OWN}\s(?:was|has\sbeen)\s(?:amended|corrected|clarified)
        (?=\s(?:on|to|because|after|since|at)\b|[.,;:])
      | This\s(?:[\w.]+\s){{0,3}}?{_ANY}\s(?:was|has\sbeen)\s
        (?:amended|corrected|clarified|updated|refiled|changed|revised|edited)\b(?=[^.\n]{{0,60}}{_MENDS})
        # "The headline of this article was changed"
      | The\s(?:headline|text|caption|picture|photo|map|graphic)\b[\w\s,]{{0,40}}\s(?:of|on|in)\sthis\s{_ANY}\s
        (?:was|were|has\sbeen|have\sbeen)\s(?:amended|corrected|clarified|changed)
      )
    )
    """,
    re.VERBOSE,
)
_MAY_BE = re.compile(r"correct|clarif|editor|version of this|this [^\n]{0,60}(?:was|were|has been|have been) ", re.I)
_WHOLE = re.compile(r"[.!?…。！？][\s\"'”’»)\]*_]*$")


@lru_cache(maxsize=32)
def correction(text: str) -> Span | None:
    """The first notice of a correction in the normalised text of an article: its own sentences, to the end of its line.

    An editor's note is one when it speaks of a mistake; that an article was updated is one when it was to mend it.
    """
    if not _MAY_BE.search(text):
        return None
    for paragraph in paragraphs(text):
        for at, opening in enumerate(paragraph):
            begins_a_line = at == 0 or "\n" in text[paragraph[at - 1].end : opening.start]
            if begins_a_line and _NOTICE.match(text, opening.start) and _WHOLE.search(opening.of(text)):
                return _whole(text, paragraph[at:])
    return None


def _whole(text: str, sentences: list[Span]) -> Span:
    """The sentences of a notice: those of its line that there is room for, one at least."""
    start, end = sentences[0].start, sentences[0].end
    for sentence in sentences[1:]:
        if "\n" in text[end : sentence.start] or sentence.end - start > LONGEST:
            break
        end = sentence.end
    return Span(start, end)
