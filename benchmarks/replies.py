"""What is shown for a question, sentence by sentence, and what is cited for each: of a model that is believed, of one
that is checked, and of quotes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.answer import Answer, Citation, Retrieved
from bot.write import Written, read

_PASSAGE = re.compile(r"^passage \[\d+\] (\w+)\n(.*?)\nend \[\d+\] \1$", re.M | re.S)


class Shown(NamedTuple):
    """A sentence that is shown, the words that are cited for it, and whose it is.

    ``moved`` is a model's sentence that rests on a passage other than those that the model cited.
    """

    text: str
    cited: tuple[str, ...]
    of: Literal["model", "moved", "article"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown for a question, the ranges that it cites, and the sentences of the model that are not shown."""

    shown: tuple[Shown, ...]
    ranges: tuple[Citation | Retrieved, ...]
    dropped: tuple[Written, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.shown)

    @property
    def written(self) -> int:
        """Sentences that the model wrote."""
        return len(self.dropped) + sum(sentence.of != "article" for sentence in self.shown)


def believed(said: str, prompt: str, retrieved: Sequence[Retrieved]) -> Reply:
    """All that a model said, resting on the whole passages of its prompt, which are the first of those retrieved."""
    passages = [found[2] for found in _PASSAGE.finditer(prompt)]
    sentences = [(sentence, [n - 1 for n in sentence.cited if 0 < n <= len(passages)]) for sentence in _told(said)]
    return Reply(
        tuple(Shown(sentence.text, tuple(passages[n] for n in cited), "model") for sentence, cited in sentences),
        tuple(retrieved[n] for n in dict.fromkeys(n for _, cited in sentences for n in cited)),
    )


def checked(said: str, answer: Answer) -> Reply:
    """What Citedesk shows of what a model said, and what it shows beside or instead."""
    told = {sentence.text: sentence for sentence in _told(said)} if answer.mode == "llm" else {}
    citations = {citation.n: citation for citation in answer.citations}
    shown = []
    for statement in answer.statements:
        rests = [citations[n] for n in statement.citations]
        written = told.get(statement.text)
        of: Literal["model", "moved", "article"] = "article"
        if written:
            of = "model" if any(_is_of(c, n, answer) for c in rests for n in written.cited) else "moved"
        shown.append(Shown(statement.text, tuple(citation.quote for citation in rests), of))
    texts = {statement.text for statement in answer.statements} if answer.mode == "llm" else set()
    dropped = tuple(sentence for sentence in _told(said) if sentence.text not in texts)
    return Reply(tuple(shown), answer.citations if answer.answered else (), dropped)


def _told(said: str) -> list[Written]:
    """The sentences of a model's answer that claim something, each once."""
    return [*{sentence.text: sentence for sentence in read([said]) if not sentence.refuses}.values()]


def _is_of(citation: Citation, number: int, answer: Answer) -> bool:
    """Whether a quote is of the passage of that number."""
    if not 0 < number <= len(answer.retrieved):
        return False
    passage, around = answer.retrieved[number - 1], citation.passage
    of_one = (passage.article_id, passage.version) == (citation.article_id, citation.version)
    return of_one and around.start <= passage.start and passage.end <= around.end
