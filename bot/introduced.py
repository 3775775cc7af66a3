"""The people and bodies that an article introduces: by which full name, in which role, and how each is named later."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.names import names_of, same_words
from bot.persons import Gender, gender_of, gender_of_name, is_body, is_given, is_title
from bot.role import NO_ROLE, aside, role_before
from ingest.article import Span

READ = 2_000
"""Characters of a sentence that are read: a longer one is a table, or has lost its stops."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands somewhere, without titles; the words it is compared by, and what is told of it there.

    ``owner`` says that something of theirs is spoken of: "Trump's plan".
    """

    name: Span
    words: tuple[str, ...]
    role: Span | None
    gender: Gender
    body: bool
    owner: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody or something with a name: where it stands in full, what it is compared by, and the role given to it."""

    name: Span
    words: tuple[str, ...]
    role: Span | None = None
    gender: Gender = ""
    body: bool = False

    def is_meant(self, mention: Mention) -> bool:
        """Whether a name may stand for this one: a person goes by any of their names, a place by no person's."""
        if mention.body and len(mention.words) == 1 and not self.body:
            return False
        alone = len(mention.words) == 1 and not self.body and mention.words[0] in self.words
        return alone or same_words(self.words, mention.words)

    def with_more(self, mention: Mention) -> "Known":
        """The same with what another mention tells: a longer name, a first role."""
        longer = len(mention.words) > len(self.words)
        return replace(
            self,
            name=mention.name if longer else self.name,
            words=mention.words if longer else self.words,
            role=self.role or mention.role,
            gender=self.gender or mention.gender,
            body=self.body and mention.body,
        )


def mentions(own: str, span: Span) -> tuple[Mention, ...]:
    """The names in a stretch of a text whose quotations are masked."""
    return tuple(_mentions(own, Span(span.start, min(span.end, span.start + READ))))


def _mentions(own: str, span: Span) -> Iterator[Mention]:
    # A word before it, so that the first word counts too: whoever it may be must be reckoned with.
    offset = span.start - 2
    for name in names_of(f"x {span.of(own)}"):
        start, end = offset + name.start, offset + name.end
        parts = [*_WORD.finditer(own, start, end)]
        if start == span.start and len(parts) == 1 and NO_ROLE.fullmatch(parts[0][0]):
            continue
        first = max((at + 1 for at, part in enumerate(parts[:-1]) if is_title(part[0])), default=0)
        the = own.startswith(("The ", "the "), max(start - 4, 0))
        if the and len(parts) - first == 3 and is_given(parts[first + 1][0]):
            first += 1  # the Spaniard Irene Valdés
        bare = Span(parts[first].start(), end)
        telling = tuple(word.lower().rstrip(".") for word in bare.of(own).split())
        if len(telling) == 1 and is_title(telling[0]):
            continue
        role = role_before(own, bare.start, span.start) or aside(own, end, span.end)
        owner = own.startswith(("’s", "'s"), end)
        body = is_body(bare.of(own)) or (the and bare.start == start)
        yield Mention(bare, telling, role, _gender(own, bare, role), body, owner)


def _gender(own: str, name: Span, role: Span | None) -> Gender:
    """Whether somebody is a woman or a man, by the title, the role or the given name."""
    title = own[max(name.start - 20, 0) : name.start].split()[-1:]
    said = [*(title if title and is_title(title[0]) else []), *(role.of(own).split()[:6] if role else [])]
    told = (gender_of(word.strip(".,")) for word in said)
    return next(filter(None, told), gender_of_name(name.of(own)))


def known(own: str, sentences: Sequence[Span]) -> tuple[Known, ...]:
    """Everybody and everything that an article names, each once, by the longest name and the first role.

    A name that several may go by adds nothing to any of them.
    """
    found: list[Known] = []
    for sentence in sentences:
        for mention in mentions(own, sentence):
            same = [at for at, one in enumerate(found) if one.is_meant(mention)]
            if not same:
                found.append(Known(mention.name, mention.words, mention.role, mention.gender, mention.body))
            elif len(same) == 1:
                found[same[0]] = found[same[0]].with_more(mention)
    return tuple(found)
