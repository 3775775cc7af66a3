"""Whom the words that name a speaker mean: "Yusov", "the minister", "he" are those whom the article introduced."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.introduced import Known, Mention, known, mentions
from bot.persons import BODIES, MANY, gender_of
from bot.quotation import own_words
from bot.role import NO_ROLE, ROLE_PHRASE
from bot.wording import PREPOSITION
from ingest.article import Span

REACH = 3
"""Paragraphs to go back for whom a pronoun may mean."""

PRONOUNS: dict[str, str] = {
    "he": "he", "his": "he", "she": "she", "her": "she", "they": "they", "their": "they", "it": "it", "its": "it",
}  # fmt: skip
_DEFINITE = re.compile(r"(?:the|this|that) (?P<noun>[\w’' -]+)", re.I)
_NO_LONGER = "former|ex|deputy|vice|assistant|acting|associate|then"
_OF = re.compile(r" (?:of|from|at|with|for) ")
_PLACE = re.compile(rf"\b(?:{PREPOSITION}|across|outside|inside|around|through)(?: the)? $", re.I)
_MANY = re.compile(
    rf"(?:[\w-]+ ){{0,3}}(?i:{MANY})\b(?: (?:of|at|from|in|for) (?:the )?(?:[A-ZÀ-Þ][\w’'-]*(?: of)? ?)+)?"
)
_BODY = re.compile(
    rf"(?:The|A|An|Its|Their) (?:[\w-]+ ){{0,3}}?(?i:{BODIES})\b(?: of (?:the )?(?:[A-ZÀ-Þ][\w’'-]*(?: of)? ?)+)?"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as the article has it, and in which role."""

    name: Span
    role: Span | None = None


@dataclass(frozen=True)
class Cast:
    """The sentences of an article, and whom they introduce."""

    text: str
    sentences: tuple[Span, ...]

    @cached_property
    def own(self) -> str:
        return own_words(self.text)

    @cached_property
    def known(self) -> tuple[Known, ...]:
        return known(self.own, self.sentences)

    def paragraph(self, at: int) -> int:
        """Where the paragraph of a sentence begins."""
        return self.text.rfind("\n\n", 0, self.sentences[at].start) + 1

    def named(self, who: Span) -> Speaker | None:
        """Who is meant by a name or a description; None where it may be one of several."""
        mention = self._head(who)
        if mention is None:
            return self._described(who)
        same = [one for one in self.known if one.is_meant(mention)]
        if len(same) != 1:
            return None if same else Speaker(who)
        [one] = same
        if len(one.words) == 1 and self.own[who.start : mention.name.start] and not mention.role:
            return Speaker(who, one.role)  # "Ms. Park", "the firm Blackwattle"
        if one.body and (len(one.words) <= len(mention.words) or one.name.start > who.start):
            return Speaker(who, one.role)
        return Speaker(one.name, one.role)

    def _head(self, who: Span) -> Mention | None:
        """The name in some words that name somebody, unless it only says where they belong."""
        found = mentions(self.own, who)
        if len(found) > 1 and re.search(r"\band\b", who.of(self.own)):
            return None
        for mention in found:
            start = mention.role.start if mention.role else mention.name.start
            before, after = self.own[who.start : start], self.own[mention.name.end : who.end]
            ends = not after and not re.search(rf"\b(?:{PREPOSITION})(?: the)? $", before, re.I)
            titled = not before or re.fullmatch(r"(?:the|[\w.]+\.?) ", before, re.I)
            if (ends and titled) or (
                titled and len(mention.words) > 1 and not mention.owner and _OF.match(after) and not mention.body
            ):
                return mention
        return None

    def _described(self, who: Span) -> Speaker | None:
        """The only one who has been called so, as "the minister" may be, or those words themselves."""
        definite = _DEFINITE.fullmatch(who.of(self.own))
        holders = self._holders(definite["noun"]) if definite else []
        if len(holders) > 1:
            return None
        return Speaker(holders[0].name, holders[0].role) if holders else Speaker(who)

    def _holders(self, noun: str) -> list[Known]:
        """Those whose role it is."""
        role = re.compile(
            rf"(?P<more>(?:(?!(?:{PREPOSITION}|{_NO_LONGER}) )\S+ )*){re.escape(noun)}(?: (?:{PREPOSITION}) .*)?", re.I
        )
        return [one for one in self.known if one.role and role.fullmatch(" ".join(one.role.of(self.text).split()))]

    # -- pronouns

    def meant(self, pronoun: str, at: int, before: int, last: Speaker | None) -> Speaker | None:
        """Whom a pronoun means; None unless only one can be.

        Args:
            pronoun: "he", "her", "they".
            at: the sentence that it stands in.
            before: where it stands.
            last: who speaks in the sentence before it, if anybody does.
        """
        who = PRONOUNS[pronoun.lower()]
        if who in ("they", "it"):
            return self._group(who, at, last)
        start = self.sentences[at].start
        here = [*self._candidates(Span(start, before), who)]
        if (
            len({name for name, _ in here}) == 1
            and here[0][1].name.start - start < 40
            and self._opens(here[0][1].name, start)
        ):
            return here[0][1]
        back = self._only(who, at, last)
        return back if back and all(name == back.name for name, _ in here) else None

    def _opens(self, name: Span, start: int) -> bool:
        """Whether a sentence begins with somebody, or with the role or the comma before the name."""
        lead = self.own[start : name.start]
        return not lead or re.fullmatch(r"(?:The|A|An|Its|Their|Her|His)? ?[\w’' -]+,? ", lead) is not None

    def _only(self, who: str, at: int, last: Speaker | None) -> Speaker | None:
        if last and at and self._is(who, last):
            others = {name for name, _ in self._candidates(self.sentences[at - 1], who)} - {last.name}
            if not others:
                return last
        sentence, paragraph, left = at - 1, self.paragraph(at), REACH
        found: dict[Span, Speaker] = {}
        while sentence >= 0:
            if self.paragraph(sentence) != paragraph:
                paragraph, left = self.paragraph(sentence), left - 1
                if found or not left:
                    break
            found.update(self._candidates(self.sentences[sentence], who))
            sentence -= 1
        return next(iter(found.values())) if len(found) == 1 else None

    def _is(self, who: str, speaker: Speaker) -> bool:
        """Whether a speaker is a person who may be called "he", or "she"."""
        one = next((one for one in self.known if one.name == speaker.name), None)
        if one:
            return not one.body and one.gender in (who, "")
        found = ROLE_PHRASE.match(speaker.name.of(self.text))
        return bool(found) and gender_of(found[1]) in (who, "") if found else False

    def _candidates(self, span: Span, who: str) -> Iterator[tuple[Span, Speaker]]:
        """The persons of a stretch of text who may be called "he", or "she"."""
        found = mentions(self.own, span)
        taken = [mention.role for mention in found if mention.role]
        for mention in found:
            same = [one for one in self.known if one.is_meant(mention)]
            one = same[0] if len(same) == 1 else Known(mention.name, mention.words, mention.role, mention.gender)
            person = not one.body and not mention.body and not self._elsewhere(mention, one, span)
            if person and not mention.owner and one.gender in (who, ""):
                yield one.name, Speaker(one.name, one.role)
        for phrase in ROLE_PHRASE.finditer(self.own, span.start, span.end):
            noun = Span(*phrase.span(1))
            owner = self.own.startswith(("’s", "'s"), noun.end)
            if owner or any(role.start < noun.end and noun.start < role.end for role in taken):
                continue
            if gender_of(phrase[1]) in (who, ""):
                speaker = self._described(Span(*phrase.span())) or Speaker(Span(*phrase.span()))
                if self._is(who, speaker):
                    yield speaker.name, speaker

    def _elsewhere(self, mention: Mention, one: Known, span: Span) -> bool:
        """Whether a single word is more likely a place, or what merely begins a sentence, than somebody."""
        if len(one.words) > 1 or one.role or one.gender:
            return False
        before = self.own[span.start : mention.name.start]
        opens = not before.strip(" \0,")
        after = re.match(r" ([a-zà-þ]+)", self.own[mention.name.end : mention.name.end + 20])
        names_thing = after is not None and not NO_ROLE.fullmatch(after[1])  # "Tomahawk missiles"
        return names_thing or bool(_PLACE.search(before)) or (opens and mention.words[0].endswith("s"))

    def _group(self, who: str, at: int, last: Speaker | None) -> Speaker | None:
        """What "they" or "it" means: who spoke last, or what the sentence before begins with."""
        if not at or self.paragraph(at - 1) != self.paragraph(at):
            return None
        if last:
            person = self._is("he", last) or self._is("she", last)
            many = re.search(rf"\b(?:{MANY})\b|\band\b", last.name.of(self.text), re.I) is not None
            return last if many == (who == "they") and not person else None
        shape, before = (_MANY if who == "they" else _BODY), self.sentences[at - 1]
        subject = shape.match(self.own, before.start, before.end)
        if subject is None and who == "it":
            return self._body_named(before)
        if subject is None:
            return None
        end = subject.start() + len(subject[0].rstrip())
        others = re.search(rf"\b(?:{MANY if who == 'they' else BODIES})\b", self.own[end : before.end], re.I)
        return None if others else Speaker(Span(subject.start(), end))

    def _body_named(self, sentence: Span) -> Speaker | None:
        found = [mention for mention in mentions(self.own, sentence) if mention.body and not mention.owner]
        if found and found[0].name.start - sentence.start in (0, 4):
            return self.named(found[0].name)
        return None
